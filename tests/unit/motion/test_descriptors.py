"""What bodies do that move in a known way."""

import numpy as np
import pytest

from lib.motion.descriptors import UNITS, descriptors
from lib.motion.skeleton import OFFSETS, PARENTS

FPS = 20
TIME = np.arange(41) / FPS


def standing() -> np.ndarray:
    """A body in the T-pose for two seconds, its feet on the floor (T, 22, 3)."""
    pose = np.zeros((22, 3))
    for joint in range(1, 22):
        pose[joint] = pose[PARENTS[joint]] + OFFSETS[joint]
    pose[:, 1] -= pose[:, 1].min()
    return np.repeat(pose[None], len(TIME), axis=0)


def turned(joints: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Every frame turned about the vertical through the origin."""
    cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
    x, y, z = np.moveaxis(joints, -1, 0)
    return np.stack([cos * x + sin * z, y, -sin * x + cos * z], axis=-1)


def test_a_body_that_stands_has_height_and_reach_and_nothing_else() -> None:
    body = standing()
    found = descriptors(body)
    assert list(found) == list(UNITS)
    assert found["height"] == pytest.approx(body[0, 0, 1]) and 0.8 < found["height"] < 1.1
    assert found["reach"] == pytest.approx(body[0, [20, 21], 1].max() - body[0, 0, 1])
    assert all(found[name] == pytest.approx(0) for name in ("speed", "turning", "rise", "hands", "feet"))


def test_going_turning_rising_and_waving_are_each_seen_in_their_unit() -> None:
    going = standing()
    going[..., 2] += 1.5 * TIME[:, None]
    assert descriptors(going, fps=FPS)["speed"] == pytest.approx(1.5)
    assert descriptors(going, fps=2 * FPS)["speed"] == pytest.approx(3.0)
    spun = turned(standing(), 2 * np.pi * TIME)  # past half a turn, where angles jump
    assert descriptors(spun)["turning"] == pytest.approx(2 * np.pi)
    crouched = standing()
    crouched[:, :, 1] += np.where(TIME < 1, 0.0, 0.5)[:, None]
    assert descriptors(crouched)["rise"] == pytest.approx(0.5)
    waving = standing()
    waving[:, [20, 21], 1] += 0.4 * TIME[:, None]
    assert descriptors(waving)["hands"] == pytest.approx(0.4) and descriptors(waving)["feet"] == pytest.approx(0)


def test_where_a_body_stands_and_faces_does_not_matter() -> None:
    rng = np.random.default_rng(0)
    moving = standing() + 0.05 * rng.normal(size=(len(TIME), 22, 3)).cumsum(axis=0)
    there = turned(moving, np.full(len(TIME), 1.1)) + np.array([3.0, 0.0, -7.0])
    for name, value in descriptors(moving).items():
        assert descriptors(there)[name] == pytest.approx(value), name


def test_a_single_frame_has_no_speed() -> None:
    found = descriptors(standing()[:1])
    assert found["speed"] == found["turning"] == found["hands"] == 0 and found["height"] > 0.8
