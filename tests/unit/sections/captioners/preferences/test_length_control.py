"""Length as a covariate of Bradley and Terry's model, against an independent regression and planted effects."""

from itertools import combinations

import numpy as np
import pytest
import statsmodels.api as sm

from lib.sections.captioners.preferences.abilities import bradley_terry
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.preferences.length_control import fit, length_control
from tests.unit.sections.captioners.preferences.simulated import simulate

PAIRS = np.array(list(combinations(range(3), 2)))


def test_abilities_and_effect_are_those_of_an_unpenalised_logistic_regression() -> None:
    rng = np.random.default_rng(0)
    pairs = np.repeat(PAIRS, 7, axis=0)
    longer = rng.normal(size=len(pairs))
    wins, losses = rng.integers(1, 30, size=(2, len(pairs))).astype(float)
    found = fit(wins, losses, pairs, longer, 3)
    every, far = np.concatenate([pairs, PAIRS]), np.concatenate([longer, np.zeros(3)])
    design = np.zeros((len(every), 4))
    design[np.arange(len(every)), every[:, 0]], design[np.arange(len(every)), every[:, 1]] = 1, -1
    design[:, 3] = far
    counts = np.column_stack([np.append(wins, [0.5] * 3), np.append(losses, [0.5] * 3)])
    other = sm.GLM(counts, design[:, 1:], family=sm.families.Binomial()).fit(tol=1e-12).params
    abilities = np.append(0, other[:2])
    assert found[:3] == pytest.approx(abilities - abilities.mean(), abs=1e-5)
    assert found[3] == pytest.approx(other[2], abs=1e-5)


def test_without_differences_of_length_abilities_are_those_without_the_covariate() -> None:
    wins = np.random.default_rng(1).integers(0, 30, size=(5, 3, 3)).astype(float)
    won = np.stack([wins[:, i, j] for i, j in PAIRS], axis=-1)
    lost = np.stack([wins[:, j, i] for i, j in PAIRS], axis=-1)
    found = fit(won, lost, PAIRS, np.zeros(3), 3)
    assert found[:, :3] == pytest.approx(bradley_terry(wins), abs=1e-7) and found[:, 3] == pytest.approx(0)


def voted(effect: float, *, people: int = 40, items: int = 30) -> tuple[Ballots, np.ndarray]:
    """Ballots on three captioners who are alike but for the length of what they say; the last is the wordiest."""
    rng = np.random.default_rng(0)
    ballots = simulate([0.0] * 3, people=people, items=items, rng=rng)
    of_clip = rng.poisson([10, 20, 40], size=(items, 3)).astype(float)
    words = of_clip[np.searchsorted(np.unique(ballots.clips), ballots.clips)]
    utility = effect * words / 10 + rng.gumbel(size=words.shape)
    ranks = np.argsort(np.argsort(-utility, axis=1), axis=1) + 1.0
    return Ballots(ballots.captioners, ballots.respondents, ballots.clips, ranks), words


def test_a_preference_for_length_alone_leaves_no_ability_at_equal_length() -> None:
    ballots, words = voted(0.5)
    found = length_control(ballots, words, draws=200, rng=np.random.default_rng(0))
    table = found.table.set_index("captioner")
    assert table.index[0] == "c" and table.loc["c", "low"] > 0.3 > 0 > table.loc["a", "high"]
    assert (table["equal_low"] < 0.25).all() and (table["equal_high"] > -0.25).all()
    assert found.effect is not None and found.effect_over_clips is not None
    assert found.effect.low < 0.5 < found.effect.high and found.effect_over_clips.n == 30 != found.effect.n
    assert table["words"].to_dict() == pytest.approx(dict(zip("abc", words.mean(axis=0), strict=True)))


def test_lengths_that_do_not_differ_from_clip_to_clip_tell_nothing() -> None:
    ballots, words = voted(0.0, people=5, items=4)
    assert length_control(ballots, np.full_like(words, 7.0), draws=20, rng=np.random.default_rng(0)).table.empty
    unknown = length_control(ballots, np.full_like(words, np.nan), draws=20, rng=np.random.default_rng(0))
    assert unknown.table.empty and unknown.effect is None
