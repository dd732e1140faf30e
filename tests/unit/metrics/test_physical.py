"""Physical measures of motions whose values are known beforehand."""

import numpy as np
import pytest

from lib.metrics.physical import UNITS, bone_drift, floor_penetration, foot_skate, jerk, physical, skating_steps


def still(frames=20):
    joints = np.zeros((frames, 22, 3))
    joints[..., 1] = np.arange(22) / 10 + 1.0
    joints[:, [10, 11], 1] = 0.01
    return joints


def test_feet_that_stand_do_not_skate_and_feet_in_the_air_have_no_value():
    assert foot_skate(still()) == 0 and skating_steps(still()) == 0
    high = still() + np.array([0, 1.0, 0])
    assert np.isnan(foot_skate(high)) and np.isnan(skating_steps(high))


@pytest.mark.parametrize("fps", [8.0, 20.0])
def test_a_sliding_body_skates_at_its_speed(fps):
    joints = still()
    joints[..., 0] += 0.03 * np.arange(20)[:, None]
    joints[..., 2] += 0.04 * np.arange(20)[:, None]
    assert foot_skate(joints, fps=fps) == pytest.approx(0.05 * fps)
    assert skating_steps(joints, fps=fps) == (1.0 if 0.05 * fps > 0.5 else 0.0)


def test_only_steps_on_the_floor_count():
    joints = still(11)
    joints[:, 10, 0] = 0.1 * np.arange(11)
    joints[5:, 10, 1] = 0.3  # lifted: 4 of 10 steps of the left toe are on the floor throughout, all 10 of the right
    assert foot_skate(joints) == pytest.approx(4 * 2.0 / 14)
    assert skating_steps(joints) == pytest.approx(4 / 14)
    assert foot_skate(joints, floor=-1.0) != foot_skate(joints)


def test_vertical_movement_is_not_skating():
    joints = still()
    joints[:, 10, 1] = 0.02 * (np.arange(20) % 2)
    assert foot_skate(joints) == 0


def test_jerk_of_polynomials():
    t = np.arange(12)[:, None] / 20
    path = still(12)
    path[..., 0] += 3 * t**2 - t
    assert jerk(path) == pytest.approx(0, abs=1e-9)
    path[..., 2] += 2 * t**3
    assert jerk(path) == pytest.approx(12.0)
    assert jerk(path, fps=10.0) == pytest.approx(12.0 / 8)
    assert np.isnan(jerk(still(3)))


def test_jerk_of_noise():
    """Third differences of noise of size s have variance 20 s^2; three such are 2 sqrt(2 / pi) sqrt(20) s long."""
    noise = np.random.default_rng(0).normal(scale=0.01, size=(2000, 22, 3))
    assert jerk(noise) == pytest.approx(0.01 * np.sqrt(20) * 2 * np.sqrt(2 / np.pi) * 8000, rel=0.01)


def test_depth_below_the_floor():
    joints = still(10)
    assert floor_penetration(joints) == 0
    joints[:5, 10, 1] = -0.04
    joints[0, 11, 1] = -0.10
    assert floor_penetration(joints) == pytest.approx((4 * 0.04 + 0.10) / 10)
    assert floor_penetration(joints, floor=-0.04) == pytest.approx(0.06 / 10)


def test_bones_that_stretch():
    rng = np.random.default_rng(1)
    pose = rng.normal(size=(22, 3))
    rigid = np.repeat(pose[None], 9, axis=0) + rng.normal(size=(9, 1, 3))
    assert bone_drift(rigid) == pytest.approx(0, abs=1e-12)
    scale = np.array([1, 1, 1, 1, 1, 1, 1, 1, 1.5])[:, None, None]
    from lib.motion.skeleton import PARENTS

    lengths = np.linalg.norm(pose[1:] - pose[list(PARENTS[1:])], axis=1)
    assert bone_drift(pose * scale) == pytest.approx(0.5 * lengths.mean() / 9)


def test_the_table_has_a_row_a_clip_and_a_unit_a_column():
    table = physical([still(), still(3)])
    assert list(table.columns) == list(UNITS) and len(table) == 2
    assert np.isnan(table["jerk"].iloc[1]) and table["jerk"].iloc[0] == 0
    with pytest.raises(ValueError, match="joints must be"):
        physical([np.zeros((0, 22, 3))])
