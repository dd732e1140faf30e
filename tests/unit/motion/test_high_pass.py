"""The high-pass score against the filter's own formula, and on real motion with planted jitter."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from lib.base.errors import ParamsError
from lib.motion.high_pass import high_pass_score

from .bodies import swinging


def sway(frequency: float, *, amplitude: float = 0.1, frames: int = 2000, fps: float = 20.0) -> np.ndarray:
    joints = np.zeros((frames, 22, 3))
    joints[:, 20, 0] = amplitude * np.sin(2 * np.pi * frequency * np.arange(frames) / fps + 0.3)
    return joints


def expected(
    frequency: float, *, amplitude: float = 0.1, fps: float = 20.0, cutoff: float = 5.0, order: int = 4
) -> float:
    # First difference of a sinusoid; bilinear Butterworth magnitude, squared since it runs both ways.
    speed = 2 * amplitude * np.sin(np.pi * frequency / fps) * fps / np.sqrt(2)
    ratio = np.tan(np.pi * cutoff / fps) / np.tan(np.pi * frequency / fps)
    return float(speed / (1 + ratio ** (2 * order)))


@pytest.mark.parametrize("frequency", [1.0, 2.0, 4.0, 5.0, 6.0, 9.0])
def test_sinusoid_comes_through_as_the_formula_says(frequency: float) -> None:
    found = high_pass_score(sway(frequency)).per_joint
    assert found[20] == pytest.approx(expected(frequency), rel=0.02, abs=2e-3)
    assert np.delete(found, 20).max() == 0


@pytest.mark.parametrize(("fps", "cutoff", "order"), [(30.0, 5.0, 4), (60.0, 8.0, 2), (20.0, 3.0, 4)])
def test_rate_cutoff_and_order_are_honoured(fps: float, cutoff: float, order: int) -> None:
    joints = sway(7.0, fps=fps)
    found = high_pass_score(joints, fps=fps, cutoff=cutoff, order=order).per_joint[20]
    assert found == pytest.approx(expected(7.0, fps=fps, cutoff=cutoff, order=order), rel=0.02)


def test_score_is_the_root_mean_square_of_joints_and_of_frames() -> None:
    joints = swinging() + np.random.default_rng(0).normal(scale=0.01, size=(60, 22, 3))
    found = high_pass_score(joints)
    assert found.score == pytest.approx(np.sqrt((found.per_joint**2).mean()))
    assert found.score == pytest.approx(np.sqrt((found.per_frame**2).mean()))
    hands = high_pass_score(joints, joints_used=[20, 21])
    assert hands.score == pytest.approx(np.sqrt((found.per_joint[[20, 21]] ** 2).mean()))


@given(st.floats(0.1, 10), st.integers(0, 100))
def test_score_grows_with_the_motion_and_forgets_the_place(scale: float, seed: int) -> None:
    joints = np.random.default_rng(seed).normal(size=(40, 22, 3))
    score = high_pass_score(joints).score
    assert high_pass_score(joints * scale + 5.0).score == pytest.approx(scale * score, rel=1e-6)


def test_steady_travel_is_not_jitter() -> None:
    assert high_pass_score(np.cumsum(np.full((50, 22, 3), 0.2), axis=0)).score < 1e-9


def test_a_jump_of_one_frame_is_found_where_it_is() -> None:
    joints = np.repeat(swinging(1), 80, axis=0)
    joints[41, 20] += 0.3
    found = high_pass_score(joints)
    assert found.per_joint.argmax() == 20
    assert found.per_frame.argmax() in (40, 41)


@pytest.mark.parametrize("frames", [8, 9, 12, 16, 17])
def test_short_clips_are_scored(frames: int) -> None:
    assert high_pass_score(swinging(frames)).score < 0.1
    shaken = swinging(frames) + np.random.default_rng(1).normal(scale=0.02, size=(frames, 22, 3))
    assert high_pass_score(shaken).score > 0.3


@pytest.mark.parametrize("frames", [0, 1, 2, 7])
def test_shorter_clips_have_no_score(frames: int) -> None:
    found = high_pass_score(swinging(8)[:frames])
    assert np.isnan(found.score) and np.isnan(found.per_joint).all() and len(found.per_frame) == max(frames - 1, 0)


@pytest.mark.parametrize("cutoff", [0.0, -1.0, 10.0, 50.0])
def test_impossible_cutoff_is_refused(cutoff: float) -> None:
    with pytest.raises(ParamsError, match="choose one below 10 Hz"):
        high_pass_score(swinging(), cutoff=cutoff)


def test_jitter_and_spikes_are_told_from_fast_clean_motion(shared_data: Path) -> None:
    clips = pd.read_parquet(shared_data / "bandai_namco" / "clips.parquet")
    packed = np.load(shared_data / "bandai_namco" / "joints.npy", mmap_mode="r")
    rng = np.random.default_rng(0)
    chosen = clips.sample(250, random_state=0)
    clean = [packed[at : at + n] / 1000 for at, n in zip(chosen["offset"], chosen["n_frames"], strict=True)]
    shaken = [joints + rng.normal(scale=0.01, size=joints.shape) for joints in clean]
    spiked = [joints.copy() for joints in clean]
    for joints in spiked:
        for _ in range(max(1, len(joints) // 20)):
            joints[rng.integers(len(joints)), rng.integers(22)] += rng.normal(scale=0.2, size=3)
    scores = [[high_pass_score(joints).score for joints in clip_set] for clip_set in (clean, shaken, spiked)]
    truth = np.repeat([0, 1], len(clean))
    assert roc_auc_score(truth, scores[0] + scores[1]) > 0.999
    assert roc_auc_score(truth, scores[0] + scores[2]) > 0.99
    assert max(scores[0]) < min(scores[1])
