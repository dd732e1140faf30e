"""Trivial answers: what stands in the place of a generator, and what it must score by the definitions alone."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.metrics.movement import UNITS
from lib.models.generated_latents import TestSet
from lib.sections.evaluation import generation
from lib.sections.evaluation.trivial_answers import CONSTANT, FROZEN, GLIDING, SHUFFLED, others, trivial_answers

N, FRAMES, POOL = 40, 12, 10


class Clips:
    """A corpus whose motions are random features (T, 263)."""

    def motion(self, clip_id: str) -> np.ndarray:
        return np.random.default_rng(int(clip_id)).normal(size=(FRAMES, 263)).astype(np.float32)


class Means:
    """A judge whose latent of a motion is the variance over time and the mean of its first features."""

    def __init__(self, prompts: object) -> None:
        self.prompts = prompts
        self.seen: list[list[np.ndarray]] = []

    def latents(self, motions: list[np.ndarray]) -> np.ndarray:
        self.seen.append(motions)
        return np.stack([np.r_[motion[:, :4].mean(axis=0), motion.var(axis=0).max()] for motion in motions])


@pytest.fixture(scope="module")
def made() -> tuple[dict, TestSet, Means]:
    rng = np.random.default_rng(0)
    text = rng.normal(size=(N, 5))
    groups = np.array([f"base{n // 2}" for n in range(N)])
    test = TestSet(text, text.copy(), groups, {name: rng.uniform(size=N) for name in UNITS})
    clips = pd.DataFrame({"clip_id": [str(n) for n in range(N)], "begin": 0, "end": [0, 6] * (N // 2)})
    means = Means(SimpleNamespace(clips=clips, test=test))
    return trivial_answers(Clips(), means, seed=3), test, means


def test_frozen_and_gliding_bodies_hold_the_mean_pose_of_the_captioned_segment(made: tuple) -> None:
    *_, means = made
    frozen, gliding = means.seen
    for number, (still, glides) in enumerate(zip(frozen, gliding, strict=True)):
        assert len(still) == len(glides) == (6 if number % 2 else FRAMES)
        assert (still == still[0]).all() and (glides == glides[0]).all()
        whole = Clips().motion(str(number))[: len(still)]
        assert glides[0] == pytest.approx(whole.mean(axis=0), abs=1e-6)
        assert still[0, 3:193] == pytest.approx(whole.mean(axis=0)[3:193], abs=1e-6)  # height, joints, rotations
        assert not still[0, :3].any() and not still[0, 193:259].any()  # it neither turns nor goes, nor does any joint


def test_neither_has_energy_and_the_standing_one_stays_where_it_is(made: tuple) -> None:
    answers, *_ = made
    for name in (FROZEN, GLIDING):
        assert not answers[name].physical["motion energy"].any() and not answers[name].physical["pose spread"].any()
    assert np.nanmax(answers[FROZEN].physical["foot skate"]) == 0  # NaN where the pose is off the floor


def test_every_prompt_has_every_trivial_answer_and_a_frozen_body_keeps_its_bones(made: tuple) -> None:
    answers, *_ = made
    assert set(answers) == {FROZEN, GLIDING, SHUFFLED, CONSTANT}
    assert all(answer.latents.shape == (1, 1, N, 5) and answer.present.all() for answer in answers.values())
    assert answers[FROZEN].physical["bone drift"].max() < 1e-5


def test_real_motions_of_other_clips_keep_the_distribution_and_lose_the_text(made: tuple) -> None:
    answers, test, _ = made
    shuffled = answers[SHUFFLED].latents[0, 0]
    assert np.sort(shuffled, axis=0) == pytest.approx(np.sort(test.motion, axis=0))
    scores = generation.table(test, answers, seed=0, draws=100, pool=POOL).set_index(["model", "metric"])["expected"]
    assert scores["real", "R@1"] == 1.0  # a text is its own motion here
    assert scores[CONSTANT, "R@1"] == pytest.approx(1 / POOL, abs=1e-9)
    assert scores[CONSTANT, "R@3"] == pytest.approx(3 / POOL, abs=1e-9)
    assert scores[SHUFFLED, "R@1"] < 0.25 and scores[SHUFFLED, "FID"] == pytest.approx(0, abs=1e-6)


def test_a_test_split_of_one_clip_and_its_mirror_has_no_other_clips_motion() -> None:
    text = np.eye(2, 5)
    test = TestSet(text, text.copy(), np.array(["base", "base"]), {name: np.ones(2) for name in UNITS})
    clips = pd.DataFrame({"clip_id": ["0", "1"], "begin": 0, "end": FRAMES})
    answers = trivial_answers(Clips(), Means(SimpleNamespace(clips=clips, test=test)), seed=3)
    assert [*answers] == [FROZEN, GLIDING, CONSTANT]
    assert answers[CONSTANT].latents[0, 0].tolist() == [[1, 0, 0, 0, 0]] * 2


@settings(max_examples=60)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=40), st.integers(0, 9))
def test_no_row_keeps_its_group(groups: list[int], seed: int) -> None:
    order = others(groups, np.random.default_rng(seed))
    if 2 * max(groups.count(group) for group in groups) > len(groups):
        assert order is None
        return
    assert order is not None and sorted(order.tolist()) == list(range(len(groups)))
    assert all(groups[row] != groups[other] for row, other in enumerate(order))
