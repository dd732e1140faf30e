"""Features against the three clips HumanML3D released both ways; tolerances are the measured residuals, rounded up."""

from pathlib import Path

import numpy as np
import pytest

from lib.motion.features import from_joints, recover_joints, recover_poses, residuals

SAMPLES = ("000000", "007005", "012314")
# Largest difference over the three clips, all T rows, the T+1 poses taken from the released features themselves:
# what float32 in the notebook leaves.
WHOLE = {
    "yaw rate": 5e-6,
    "root velocity": 2e-6,
    "root height": 2e-6,
    "positions": 1e-5,
    "rotations": 2e-5,
    "velocities": 5e-6,
    "contacts": 0.0,
}
# From `new_joints`, which lacks the last pose: T-1 rows. The facing is smoothed over 4 seconds, so its absence shows.
WITHOUT_LAST = {
    "yaw rate": 5e-4,
    "root velocity": 6e-4,
    "root height": 2e-6,
    "positions": 8e-3,
    "rotations": 2e-2,
    "velocities": 2e-3,
    "contacts": 0.0,
}


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest, shared_data: Path) -> tuple[np.ndarray, np.ndarray]:
    folder = shared_data / "humanml3d"
    joints, vectors = (np.load(folder / kind / f"{request.param}.npy") for kind in ("new_joints", "new_joint_vecs"))
    return joints, vectors


def test_recovered_joints_are_the_released_ones(sample: tuple[np.ndarray, np.ndarray]) -> None:
    joints, vectors = sample
    recovered = recover_joints(vectors)
    assert recovered.dtype == np.float32
    np.testing.assert_allclose(recovered, joints, atol=1e-6)


def test_features_of_the_whole_clip(sample: tuple[np.ndarray, np.ndarray]) -> None:
    _, vectors = sample
    found = residuals(from_joints(recover_poses(vectors)), vectors)
    assert all(found[block] <= WHOLE[block] for block in WHOLE), found


def test_features_of_the_released_joints(sample: tuple[np.ndarray, np.ndarray]) -> None:
    joints, vectors = sample
    found = residuals(from_joints(joints), vectors[:-1])
    assert all(found[block] <= WITHOUT_LAST[block] for block in WITHOUT_LAST), found


def test_away_from_the_missing_pose_released_joints_agree_to_float32(sample: tuple[np.ndarray, np.ndarray]) -> None:
    joints, vectors = sample
    reach = 4 * 20 + 2
    found = residuals(from_joints(joints)[:-reach], vectors[: -1 - reach])
    assert all(found[block] <= WHOLE[block] for block in WHOLE), found


def test_contacts_are_exact(sample: tuple[np.ndarray, np.ndarray]) -> None:
    joints, vectors = sample
    np.testing.assert_array_equal(from_joints(joints)[:, 259:], vectors[:-1, 259:])


def test_bodies_of_other_sizes_give_the_released_features(sample: tuple[np.ndarray, np.ndarray]) -> None:
    _, vectors = sample
    found = residuals(from_joints(1.17 * recover_poses(vectors)), vectors)
    assert all(found[block] <= 2 * WHOLE[block] for block in WHOLE), found
