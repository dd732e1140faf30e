"""What is done to real motions so that metrics should notice: closed forms on motions made by hand."""

import numpy as np
import pytest

from lib.metrics.movement import motion_energy
from lib.metrics.physical import foot_skate, jerk
from lib.motion.alterations import ALTERATIONS, damped, interpolated, shaken, shuffled, sliding, slowed
from lib.motion.features import FEATURE_BLOCKS, from_joints, recover_joints, recover_poses
from lib.motion.skeleton import BONE_LENGTHS, OFFSETS, PARENTS

TURN = 0.3


def swinging(frames: int = 81) -> np.ndarray:
    """A body that stands and turns its left forearm up and down, four frames a way."""
    pose = OFFSETS.copy()
    for joint, parent in list(enumerate(PARENTS))[1:]:
        pose[joint] += pose[parent]
    joints = np.repeat(pose[None], frames, axis=0)
    angle = TURN * np.abs(np.arange(frames) % 8 - 4)
    swing = BONE_LENGTHS[20] * np.stack([np.cos(angle), np.sin(angle), np.zeros(frames)], axis=-1)
    joints[:, 20] = joints[:, 18] + swing
    return from_joints(joints)


def test_the_amplitude_is_about_the_mean_over_time() -> None:
    features = swinging()
    frozen = damped(features, 0.0)
    assert np.allclose(frozen, features.mean(axis=0), atol=1e-6) and np.ptp(frozen, axis=0).max() == 0
    assert np.allclose(damped(features, 1.0), features, atol=1e-6)
    half = damped(features, 0.5)
    assert np.allclose(half, (frozen + features) / 2, atol=1e-6)
    assert np.allclose(half.mean(axis=0), features.mean(axis=0), atol=1e-6)


def test_shuffled_frames_are_the_same_frames() -> None:
    features = np.random.default_rng(0).normal(size=(30, 263)).astype(np.float32)
    made = shuffled(features, np.random.default_rng(1))
    assert not np.array_equal(made, features)
    assert np.array_equal(np.sort(made[:, 0]), np.sort(features[:, 0]))
    place = np.argsort(features[:, 0])[np.searchsorted(np.sort(features[:, 0]), made[:, 0])]
    assert np.array_equal(made, features[place])  # whole frames moved
    assert np.array_equal(made, shuffled(features, np.random.default_rng(1)))


@pytest.mark.parametrize(("heading", "way"), [(0.0, [0, 0, 1]), (np.pi / 2, [1, 0, 0]), (np.pi, [0, 0, -1])])
def test_a_sliding_body_has_the_speed_it_was_given_and_moves_as_before(heading: float, way: list[int]) -> None:
    features = swinging()
    made = sliding(features, 0.6, heading)
    assert made.shape == features.shape
    before, after = recover_joints(features), recover_joints(made)
    drift = 0.6 / 20 * np.arange(len(before))[:, None, None] * np.array(way)
    assert np.allclose(after - before, drift, atol=2e-3)
    assert foot_skate(before) == pytest.approx(0, abs=1e-3) and foot_skate(after) == pytest.approx(0.6, abs=1e-2)
    assert motion_energy(made) == pytest.approx(motion_energy(features), rel=1e-3)


def test_at_half_the_speed_the_first_half_takes_the_whole_time() -> None:
    features = swinging()
    made = slowed(features, 2.0)
    assert made.shape == features.shape
    before, after = recover_joints(features), recover_joints(made)
    start = made[0, 3] - features[0, 3]  # the floor is found anew
    assert abs(start) < 1e-6
    assert np.allclose(after[::2], before[: (len(before) + 1) // 2], atol=3e-3)
    assert np.allclose(after[1:-1:2], (before[:39] + before[1:40]) / 2, atol=3e-3)
    assert motion_energy(made) == pytest.approx(motion_energy(features) / 2, rel=0.03)
    assert np.allclose(slowed(features, 1.0), features, atol=1e-3)


def test_every_other_frame_is_half_way_between_its_neighbours() -> None:
    """A straight line has a corner at each frame that is kept: a smooth swing gets far more jerk."""
    features = swinging(82)
    made = interpolated(features, 2)
    assert made.shape == features.shape and len(features) % 2 == 1  # 82 poses: the last goes on straight
    before, after = recover_poses(features).astype(float), recover_poses(made).astype(float)
    assert np.allclose(after[::2], before[::2], atol=3e-3)
    assert np.allclose(after[1:-1:2], (before[:-2:2] + before[2::2]) / 2, atol=3e-3)
    assert np.allclose(after[-1], 2 * after[-2] - after[-3], atol=3e-3)
    assert np.allclose(interpolated(features, 1), features, atol=1e-3)
    angle = 0.5 * np.sin(np.arange(81) / 10)[:, None]
    smooth = recover_poses(swinging(81))
    smooth[:, 20] = smooth[:, 18] + BONE_LENGTHS[20] * np.c_[np.cos(angle), np.sin(angle), 0 * angle]
    motion = from_joints(smooth, fix_skeleton=False)
    assert jerk(recover_joints(interpolated(motion, 2))) > 3 * jerk(recover_joints(motion))


def test_joints_tremble_by_as_much_as_is_asked_for() -> None:
    features = swinging(401)
    moved = [recover_poses(shaken(features, np.random.default_rng(0), level)) for level in (0.0, 0.01, 0.02)]
    once, twice = (
        (some - moved[0])[:, :, 1].astype(float) for some in moved[1:]
    )  # heights: the floor moves as a whole
    assert once.std() == pytest.approx(0.01, rel=0.1) and abs(once.mean()) < 0.05
    once, twice = (some - some.mean() for some in (once, twice))
    assert np.allclose(twice, 2 * once, atol=2e-3)
    assert np.allclose(moved[0], recover_poses(features), atol=1e-3)


def test_every_alteration_keeps_frames_and_is_not_the_motion_itself() -> None:
    features = swinging(60)
    for name, alter in ALTERATIONS.items():
        made = alter(features, np.random.default_rng(0))
        assert made.shape == features.shape and made.dtype == np.float32 and np.isfinite(made).all(), name
        assert np.abs(made - features).max() > 0.01, name
    energy = {name: motion_energy(alter(features, np.random.default_rng(0))) for name, alter in ALTERATIONS.items()}
    real = motion_energy(features)
    assert energy["frozen"] == 0 and energy["half the amplitude"] == pytest.approx(real / 2, rel=1e-4)
    assert energy["a quarter of the amplitude"] == pytest.approx(real / 4, rel=1e-4)
    assert energy["sliding"] == pytest.approx(real, rel=1e-3) and energy["frames shuffled"] > real


def test_what_is_made_of_joints_keeps_the_blocks_consistent() -> None:
    """Velocities and root of a slid motion are those of its own positions."""
    made = sliding(swinging(), 0.5, 0.3)
    steps = np.diff(recover_joints(made), axis=0)
    assert np.linalg.norm(made[:-1, FEATURE_BLOCKS["root velocity"]], axis=1) == pytest.approx(
        np.linalg.norm(steps[:, 0, [0, 2]], axis=1), abs=1e-5
    )
