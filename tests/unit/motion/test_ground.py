"""Floor, skating and movement of motions whose values are known beforehand, and of clips spoiled on purpose."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.motion.clip_defects import SPOILED
from lib.motion.ground import ground, movement
from lib.motion.high_pass import high_pass_score
from lib.motion.skeleton import PARENTS

from .bodies import swinging


def still(frames: int = 60) -> np.ndarray:
    joints = np.zeros((frames, 22, 3))
    joints[..., 1] = np.arange(22) / 10 + 1.0
    joints[:, [10, 11], 1] = 0.01
    return joints


@pytest.mark.parametrize("fps", [10.0, 20.0, 30.0])
def test_a_body_that_glides_skates_at_its_speed(fps: float) -> None:
    joints = still()
    joints[..., 0] += 0.03 * np.arange(60)[:, None]
    joints[..., 2] += 0.04 * np.arange(60)[:, None]
    assert ground(joints, fps=fps).skate == pytest.approx(0.05 * fps)
    assert movement(joints, fps=fps) == pytest.approx(0)


def test_one_foot_that_drags_while_the_other_stands_does_not_skate() -> None:
    joints = still()
    joints[:, 10, 0] = 0.05 * np.arange(60)
    assert ground(joints).skate == 0
    joints[31:, 11, 0] = 0.05 * np.arange(1, 30)  # both slide in 29 of 59 steps
    assert ground(joints).skate == 0
    joints[30:, 11, 0] = 0.05 * np.arange(1, 31)  # and in 30
    assert ground(joints).skate == pytest.approx(1)


def test_a_hand_on_the_floor_holds_a_body_that_kneels() -> None:
    joints = still()
    joints[:, [10, 11], 2] = 0.05 * np.arange(60)[:, None]
    joints[:, 20, 1] = 0.02
    assert ground(joints).skate == 0


def test_without_any_contact_nothing_skates() -> None:
    joints = still()
    joints[::2, [10, 11], 1] = 0.9  # no two poses after one another have a joint near the floor
    assert ground(joints).skate == 0.0


def test_a_jump_is_not_flying_and_a_second_in_the_air_is() -> None:
    jump = still()
    jump[20:36, :, 1] += 0.5  # 0.8 s
    assert ground(jump).off(0.01) == pytest.approx(0)
    flight = still()
    flight[20:44, :, 1] += 0.5
    assert ground(flight).off(0.01) == pytest.approx(0.5)


def test_below_the_floor_counts_at_once_and_the_floor_may_be_anywhere() -> None:
    sunk = still()
    sunk[30, 11, 1] = -0.3
    assert ground(sunk).off(0.01) == pytest.approx(0.31)
    assert ground(sunk + np.array([0, 7.0, 0])).off(7.01) == pytest.approx(0.31)
    assert ground(still() + np.array([0, 0.4, 0])).off(0.0) == pytest.approx(0.41)  # a whole clip that hovers


@given(st.integers(1, 70), st.floats(-3, 3))
def test_place_and_length_do_not_matter(frames: int, away: float) -> None:
    joints = swinging(frames)
    here, there = ground(joints), ground(joints + np.array([away, 0.0, -away]))
    assert there.skate == pytest.approx(here.skate, abs=1e-9) and there.floor == here.floor
    assert here.lowest <= here.floor <= here.highest


def test_movement_is_the_mean_speed_from_the_pelvis() -> None:
    joints = still(21)
    joints[:, 20, 0] = 0.1 * np.arange(21)  # one joint of 22 at 2 m/s
    assert movement(joints) == pytest.approx(2 / 22)
    joints[..., 2] += 0.3 * np.arange(21)[:, None]
    assert movement(joints) == pytest.approx(2 / 22)
    assert np.isnan(movement(joints[:1]))


def test_each_way_of_spoiling_does_what_its_name_says() -> None:
    clip = swinging(100, speed=0.2)
    spoiled = {name: spoil(clip, 20.0, np.random.default_rng(0)) for name, spoil in SPOILED.items()}
    assert all(made.shape == clip.shape and np.isfinite(made).all() for made in spoiled.values())
    assert high_pass_score(spoiled["jitter"]).score > 10 * high_pass_score(clip).score
    assert movement(spoiled["frozen"]) < movement(clip) / 20
    floor = ground(clip).floor
    assert 0.3 <= ground(spoiled["flying"]).highest - ground(clip).highest <= 0.8
    assert 0.3 <= ground(clip).lowest - ground(spoiled["sunk"]).lowest <= 0.8
    assert ground(spoiled["sunk"]).off(floor) > 0.25
    glide = np.diff(spoiled["foot skate"] - clip, axis=0)[..., [0, 2]]
    speed = np.linalg.norm(glide, axis=-1) * 20
    assert np.ptp(speed) < 1e-9 and 0.5 <= speed.mean() <= 1.0
    bones = [np.linalg.norm(made[:, 1:] - made[:, PARENTS[1:]], axis=-1) for made in (clip, spoiled["foot skate"])]
    np.testing.assert_allclose(*bones, atol=1e-9)
    changed = (np.abs(spoiled["impossible passage"] - clip).max(axis=(1, 2)) > 1e-6).sum()
    assert changed == 20
