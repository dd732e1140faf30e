"""The body: one tree, plausible proportions, and a mirror that undoes itself."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lib.motion.skeleton import (
    BONE_LENGTHS,
    JOINT_NAMES,
    KINEMATIC_CHAINS,
    LEFT,
    OFFSETS,
    PARENTS,
    RIGHT,
    mirror,
)

from .bodies import standing

POSES = arrays(np.float32, (3, 22, 3), elements=st.floats(-5, 5, width=32))


def test_chains_walk_the_tree_and_reach_every_joint() -> None:
    links = {(chain[i + 1], chain[i]) for chain in KINEMATIC_CHAINS for i in range(len(chain) - 1)}
    assert links == {(joint, parent) for joint, parent in enumerate(PARENTS) if parent >= 0}


def test_sides_name_their_joints() -> None:
    assert [JOINT_NAMES[joint].replace("left", "right") for joint in LEFT] == [JOINT_NAMES[joint] for joint in RIGHT]
    assert sorted(LEFT + RIGHT + KINEMATIC_CHAINS[2]) == list(range(22))


def test_t_pose_stands_upright_with_its_left_at_positive_x() -> None:
    pose = standing()[0]
    np.testing.assert_allclose(np.linalg.norm(OFFSETS, axis=1), BONE_LENGTHS)
    assert 1.55 < np.ptp(pose[:, 1]) < 1.65
    assert (pose[list(LEFT), 0] > 0).all() and (pose[list(RIGHT), 0] < 0).all()
    assert (pose[[10, 11], 2] > pose[[7, 8], 2]).all()


@given(POSES)
def test_mirror_twice_is_the_motion_itself(joints: np.ndarray) -> None:
    np.testing.assert_array_equal(mirror(mirror(joints)), joints)


@given(POSES)
def test_mirror_keeps_the_distance_between_hands(joints: np.ndarray) -> None:
    gap = np.linalg.norm(joints[:, 20] - joints[:, 21], axis=-1)
    seen = mirror(joints)
    np.testing.assert_allclose(np.linalg.norm(seen[:, 20] - seen[:, 21], axis=-1), gap, rtol=1e-5)
