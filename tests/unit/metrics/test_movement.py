"""How much a body moves: measures of motions whose values are known beforehand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.metrics.movement import NAMES, UNITS, bodies, motion_energy, movement, pose_spread, ratio_to_real
from lib.metrics.physical import physical
from lib.motion.alterations import damped
from lib.motion.features import from_joints, recover_joints
from lib.motion.skeleton import BONE_LENGTHS, OFFSETS, PARENTS


def standing(frames: int = 41) -> np.ndarray:
    pose = OFFSETS.copy()
    for joint, parent in list(enumerate(PARENTS))[1:]:
        pose[joint] += pose[parent]
    pose[:, 1] -= pose[:, 1].min()
    return np.repeat(pose[None], frames, axis=0)


def test_a_mannequin_that_glides_and_turns_has_no_energy_and_no_spread() -> None:
    features = np.repeat(from_joints(standing())[:1], 40, axis=0)
    features[:, :3] = 0.03, 0.02, 0.05
    joints = recover_joints(features)
    gone = np.linalg.norm(np.diff(joints - joints[:, :1], axis=0), axis=-1)[:, 20].mean()
    assert gone > 0.03 and np.linalg.norm(joints[-1, 0] - joints[0, 0]) > 0.3  # its hand does go round, and it is away
    assert motion_energy(features) == 0
    assert pose_spread(features) == pytest.approx(0, abs=1e-12)


def test_a_forearm_that_swings_has_its_speed_and_its_spread() -> None:
    joints, length = standing(401), BONE_LENGTHS[20]
    angle = 0.5 * np.sin(2 * np.pi * np.arange(401) / 40)  # half a turn a second at 20 fps
    swing = length * np.stack([np.cos(angle), np.sin(angle), np.zeros(401)], axis=-1)
    joints[:, 20] = joints[:, 18] + swing
    features = from_joints(joints)
    speed = (2 * length * np.sin(np.abs(np.diff(angle[:-1])) / 2)).mean() * 20
    assert motion_energy(features) == pytest.approx(speed / 21, rel=1e-3)
    assert motion_energy(features, fps=40.0) == pytest.approx(2 * speed / 21, rel=1e-3)
    assert speed == pytest.approx(length * 0.5 * 4 / 40 * 20, rel=0.01)  # four amplitudes a period
    assert pose_spread(features) == pytest.approx(swing[:-1].std(axis=0).sum() / 63, rel=1e-3)


@given(st.floats(0, 3), st.integers(0, 99))
def test_both_grow_with_the_amplitude(factor: float, seed: int) -> None:
    features = np.random.default_rng(seed).normal(size=(12, 263)).astype(np.float32)
    less = damped(features, factor)
    assert motion_energy(less) == pytest.approx(factor * motion_energy(features), rel=1e-4, abs=1e-4)
    assert pose_spread(less) == pytest.approx(factor * pose_spread(features), rel=1e-4, abs=1e-4)


def test_neither_reads_anything_but_positions() -> None:
    features = np.random.default_rng(0).normal(size=(9, 263))
    other = features.copy()
    other[:, :4] += 3
    other[:, 67:] -= 2
    assert motion_energy(features) == motion_energy(other) and pose_spread(features) == pose_spread(other)


def test_a_table_has_a_row_a_clip_and_a_single_frame_has_no_energy() -> None:
    table = movement([np.zeros((5, 263)), np.zeros((1, 263))])
    assert tuple(table) == NAMES == ("motion energy", "pose spread") and [UNITS[name] for name in NAMES] == ["m/s", "m"]
    assert np.isnan(table.loc[1, "motion energy"]) and table.loc[1, "pose spread"] == 0


def test_bodies_have_both_measures_and_those_of_whether_they_could_move_so_a_row_a_clip_in_order() -> None:
    clips = [np.repeat(from_joints(standing())[:1], frames, axis=0) for frames in (12, 30)]
    clips[1][:, 4:67] += np.linspace(0, 0.1, len(clips[1]))[:, None]
    table = bodies(iter(clips))
    assert list(table) == list(UNITS) and len(table) == 2 and table.loc[0, "motion energy"] == 0
    pd.testing.assert_frame_equal(table[[*NAMES]], movement(clips))
    possible = physical(recover_joints(clip) for clip in clips)
    pd.testing.assert_frame_equal(table[[*possible]], possible)
    twice = bodies(clips, fps=40.0)
    assert twice.loc[1, "motion energy"] == pytest.approx(2 * table.loc[1, "motion energy"])


@pytest.mark.parametrize("shape", [(0, 263), (5, 259), (5, 22, 3)])
def test_shapes_that_are_no_features_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="features must be"):
        motion_energy(np.zeros(shape))


def test_a_ratio_is_of_means_and_its_interval_is_the_bootstraps() -> None:
    """Against every one of the 27 resamples of three base clips, the second of which has two rows."""
    made, real, groups = np.array([1.0, 2, 3, 8]), np.array([2.0, 4, 2, 4]), np.array(["a", "b", "b", "c"])
    found = ratio_to_real(made, real, groups, draws=40_000, rng=np.random.default_rng(0))
    assert found.value == pytest.approx(14 / 12) and found.n == 4
    sums = np.array([[1.0, 2], [5, 6], [8, 4]])
    resamples = [sums[[i, j, k]].sum(axis=0) for i in range(3) for j in range(3) for k in range(3)]
    ratios = np.array([a / b for a, b in resamples])
    ends = np.quantile(ratios, [0.025, 0.975], method="inverted_cdf")
    assert (found.low, found.high) == pytest.approx(tuple(ends))


def test_rows_that_lack_a_measure_do_not_count_on_either_side() -> None:
    nan = float("nan")
    found = ratio_to_real([1, nan, 5], [2, 100, nan], list("abc"), draws=50, rng=np.random.default_rng(0))
    assert (found.value, found.n) == (0.5, 1)
    for made, real in (([nan], [1.0]), ([1.0], [0.0])):
        with pytest.raises(ValueError, match="real mean above 0"):
            ratio_to_real(made, real, ["a"], draws=50, rng=np.random.default_rng(0))
