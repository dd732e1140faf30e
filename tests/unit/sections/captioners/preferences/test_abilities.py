"""Bradley-Terry against its closed form and against other implementations."""

import choix
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from lib.sections.captioners.preferences.abilities import abilities, bradley_terry
from lib.sections.captioners.preferences.ballots import from_table
from tests.unit.sections.captioners.preferences.simulated import simulate


@given(st.integers(1, 200), st.integers(1, 200), st.sampled_from([0.0, 0.5]))
def test_two_captioners_have_the_log_odds_as_their_difference(won, lost, prior):
    first, second = bradley_terry(np.array([[0.0, won], [lost, 0.0]]), prior=prior)
    assert first - second == pytest.approx(np.log((won + prior) / (lost + prior)), abs=1e-8)
    assert first + second == pytest.approx(0)


def minorise_maximise(wins: np.ndarray) -> np.ndarray:
    """Hunter 2004, equation 3, to convergence."""
    strength = np.ones(len(wins))
    for _ in range(5000):
        met = wins + wins.T
        strength = wins.sum(axis=1) / (met / (strength[:, None] + strength[None, :])).sum(axis=1)
        strength /= strength.sum()
    return np.log(strength) - np.log(strength).mean()


def test_five_captioners_agree_with_three_independent_fits():
    wins = np.random.default_rng(0).integers(1, 40, size=(5, 5)).astype(float)
    np.fill_diagonal(wins, 0)
    found = bradley_terry(wins, prior=0)
    assert found == pytest.approx(minorise_maximise(wins), abs=1e-8)
    assert found == pytest.approx(choix.ilsr_pairwise_dense(wins), abs=1e-6)
    i, j = np.triu_indices(5, 1)
    design = np.zeros((len(i), 5))
    design[np.arange(len(i)), i], design[np.arange(len(i)), j] = 1, -1
    fit = sm.GLM(np.column_stack([wins[i, j], wins[j, i]]), design[:, 1:], family=sm.families.Binomial()).fit()
    logit = np.append(0, fit.params)
    assert found == pytest.approx(logit - logit.mean(), abs=1e-6)


def test_many_tables_are_fitted_at_once_as_one_by_one():
    wins = np.random.default_rng(1).integers(0, 30, size=(7, 4, 4)).astype(float)
    assert bradley_terry(wins) == pytest.approx(np.stack([bradley_terry(one) for one in wins]), abs=1e-9)


def test_a_captioner_that_always_wins_has_a_finite_ability():
    wins = np.array([[0, 90, 90], [0, 0, 45], [0, 45, 0]], dtype=float)
    found = bradley_terry(wins)
    assert np.isfinite(found).all() and found[0] > 3 and found[1] == pytest.approx(found[2])


def test_the_planted_order_is_recovered_with_intervals_that_hold_the_abilities():
    planted = np.array([1.2, 0.4, -0.3, -1.3])
    ballots = simulate(list(planted), items=20, rng=np.random.default_rng(0))
    table = abilities(ballots, draws=300, rng=np.random.default_rng(0))
    assert table["captioner"].tolist() == list("abcd")
    assert ((table["low"] <= planted) & (planted <= table["high"])).all()
    assert (table["low"] < table["ability"]).all() and (table["clips_low"] < table["clips_high"]).all()


def test_two_respondents_give_wide_intervals_and_one_gives_none():
    rows = [(r, f"c{i}", name, rank) for r in ("r1", "r2") for i in range(3) for name, rank in (("x", 1), ("y", 2))]
    table = pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank"])
    table.loc[0, "rank"], table.loc[1, "rank"] = 2, 1
    two = abilities(from_table(table), draws=100, rng=np.random.default_rng(0))
    assert two["low"].notna().all() and (two["low"] <= two["ability"]).all() and (two["ability"] <= two["high"]).all()
    one = abilities(from_table(table[table["respondent"] == "r1"]), draws=100, rng=np.random.default_rng(0))
    assert one["low"].isna().all() and one["ability"].notna().all()
