"""Features of synthetic motion, against what its geometry says, and round trips."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.base.errors import CorpusError
from lib.motion.canonical import canonical, forward, yaw
from lib.motion.features import FEATURE_BLOCKS, from_joints, recover_joints, recover_poses, residuals
from lib.motion.rotations import about_y
from lib.motion.skeleton import BONE_LENGTHS, LEFT, PARENTS, RIGHT, mirror

from .bodies import swinging

SEEDS = st.integers(0, 2**16)


def test_blocks_tile_the_columns() -> None:
    columns = np.concatenate([np.arange(263)[block] for block in FEATURE_BLOCKS.values()])
    assert columns.tolist() == list(range(263))


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(-np.pi, np.pi), st.floats(-9, 9), st.floats(-9, 9), st.floats(-4, 4))
def test_place_and_facing_do_not_matter(seed: int, angle: float, x: float, z: float, height: float) -> None:
    joints = swinging(seed=seed, turn=1.0, speed=0.5)
    moved = about_y(joints, np.array(angle)) + np.array([x, height, z])
    np.testing.assert_allclose(from_joints(moved), from_joints(joints), atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(-9, 9), st.booleans())
def test_recovered_joints_are_the_canonical_clip(seed: int, turn: float, fix_skeleton: bool) -> None:
    joints = swinging(seed=seed, turn=turn, speed=1.0)
    features = from_joints(joints, fix_skeleton=fix_skeleton)
    expected = canonical(joints, fix_skeleton=fix_skeleton)
    np.testing.assert_allclose(recover_poses(features), expected, atol=1e-4)
    np.testing.assert_array_equal(recover_joints(features), recover_poses(features)[:-1])
    again = residuals(from_joints(recover_poses(features)), features)
    assert max(again.values()) < 1e-3 or not fix_skeleton


@pytest.mark.parametrize("turn", [2 * np.pi, -2 * np.pi])
def test_yaw_rate_keeps_its_sign_where_the_body_faces_backwards(turn: float) -> None:
    still = np.repeat(swinging(1), 400, axis=0)
    features = from_joints(about_y(still, np.linspace(0, turn, 400)[:, None]))
    # Features hold the turn that undoes the body's, by half angles.
    np.testing.assert_allclose(features[100:300, 0], -turn / 399 / 2, rtol=1e-2)


def test_canonical_stands_on_the_floor_at_the_origin_facing_z() -> None:
    placed = canonical(swinging(seed=3, turn=2.0) * 1.2 + [3.0, 0.7, -2.0])
    assert placed[..., 1].min() == 0
    np.testing.assert_allclose(placed[0, 0, [0, 2]], 0, atol=1e-12)
    np.testing.assert_allclose(yaw(forward(placed[0])), 0, atol=1e-12)
    bones = np.linalg.norm(placed[:, 1:] - placed[:, PARENTS[1:]], axis=-1)
    np.testing.assert_allclose(bones, np.broadcast_to(BONE_LENGTHS[1:], bones.shape), atol=1e-12)


def test_travel_scales_with_the_legs() -> None:
    joints = swinging(speed=1.0)
    np.testing.assert_allclose(from_joints(joints * 1.3), from_joints(joints), atol=1e-5)


def test_fixed_skeleton_can_be_declined() -> None:
    features = from_joints(swinging() * 1.3, fix_skeleton=False)
    lengths = np.linalg.norm(recover_joints(features)[0, 4] - recover_joints(features)[0, 1])
    assert lengths == pytest.approx(1.3 * BONE_LENGTHS[4], abs=1e-5)


def test_steady_walk_has_its_speed_in_the_root_frame() -> None:
    features = from_joints(swinging(speed=2.0))
    speed = np.linalg.norm(features[:, 1:3], axis=1) * 20
    np.testing.assert_allclose(speed, 2.0, rtol=1e-3)


def test_velocities_are_the_steps_of_the_joints() -> None:
    joints = swinging(turn=1.0, speed=0.3)
    features = from_joints(joints)
    steps = np.linalg.norm(np.diff(canonical(joints), axis=0), axis=-1)
    found = np.linalg.norm(features[:, FEATURE_BLOCKS["velocities"]].reshape(-1, 22, 3), axis=-1)
    np.testing.assert_allclose(found, steps, atol=1e-6)


@pytest.mark.parametrize(("step", "contact"), [(0.0440, 1.0), (0.0454, 0.0)])
def test_contact_is_a_squared_step_under_two_thousandths(step: float, contact: float) -> None:
    joints = np.repeat(swinging(1), 6, axis=0)
    # 0.0447 m is the square root of 0.002; the axis differs so that all three count.
    for joint, axis in zip((7, 10, 8, 11), (0, 1, 2, 0), strict=True):
        slid = joints.copy()
        slid[:, joint, axis] += step * np.arange(6)
        contacts = from_joints(slid, fix_skeleton=False)[:, FEATURE_BLOCKS["contacts"]]
        column = (7, 10, 8, 11).index(joint)
        np.testing.assert_array_equal(contacts[:, column], contact)
        np.testing.assert_array_equal(np.delete(contacts, column, axis=1), 1.0)


def test_mirrored_clip_has_mirrored_features() -> None:
    joints = swinging(turn=1.0, speed=0.5)
    joints = (joints + mirror(joints)[::-1]) / 2
    features = from_joints(joints, fix_skeleton=False)
    seen = from_joints(mirror(joints), fix_skeleton=False)
    np.testing.assert_allclose(seen[:, 0], -features[:, 0], atol=1e-6)
    np.testing.assert_allclose(seen[:, 1], -features[:, 1], atol=1e-6)
    np.testing.assert_allclose(seen[:, 2:4], features[:, 2:4], atol=1e-6)
    order = np.arange(22)
    order[list(LEFT)], order[list(RIGHT)] = RIGHT, LEFT
    positions = features[:, 4:67].reshape(-1, 21, 3)[:, order[1:] - 1] * (-1, 1, 1)
    np.testing.assert_allclose(seen[:, 4:67].reshape(-1, 21, 3), positions, atol=1e-6)
    np.testing.assert_array_equal(seen[:, 259:], features[:, [261, 262, 259, 260]])


def test_limb_opposite_to_its_rest_direction_is_no_nan() -> None:
    joints = np.repeat(swinging(1), 5, axis=0)
    joints[:, 18] = joints[:, 16] + [0.0, 0.25, 0.0]
    assert np.isfinite(from_joints(joints)).all()


@pytest.mark.parametrize(
    ("joints", "message"),
    [
        (np.zeros((5, 21, 3)), "shape (5, 21, 3), expected (T, 22, 3)"),
        (np.zeros((22, 3)), "shape (22, 3)"),
        (swinging(1), "at least 2 frames"),
        (np.where(np.arange(5)[:, None, None] == 3, np.nan, swinging(5)), "not finite, first in frame 3"),
        (np.zeros((5, 22, 3)), "left_hip lies on its parent joint in frame 0"),
    ],
)
def test_unusable_joints_are_refused_in_one_line(joints: np.ndarray, message: str) -> None:
    with pytest.raises(CorpusError) as refusal:
        from_joints(joints)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_unusable_features_are_refused() -> None:
    with pytest.raises(CorpusError, match="expected"):
        recover_joints(np.zeros((5, 262)))
    with pytest.raises(CorpusError, match="not finite"):
        recover_joints(np.full((5, 263), np.inf))
