"""Davidson's model against its closed form for two, and against an optimiser that knows only its likelihood."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from lib.sections.captioners.preferences.abilities import bradley_terry
from lib.sections.captioners.preferences.ballots import from_table
from lib.sections.captioners.preferences.davidson import davidson, tied_abilities

COUNTS = st.integers(1, 500)


def of_two(w: float, lost: float, t: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([[0, w], [lost, 0]], dtype=float), np.array([[0, t], [t, 0]], dtype=float)


@given(COUNTS, COUNTS, COUNTS)
def test_two_captioners_have_a_closed_form(w: int, lost: int, t: int) -> None:
    abilities, log_nu = davidson(*of_two(w, lost, t), prior=0)
    assert abilities.sum() == pytest.approx(0, abs=1e-9)
    assert abilities[0] - abilities[1] == pytest.approx(np.log(w / lost), abs=1e-6)
    assert np.exp(log_nu) == pytest.approx(t / np.sqrt(w * lost), rel=1e-6)


def test_four_captioners_agree_with_an_optimiser_of_the_likelihood() -> None:
    dice = np.random.default_rng(5)
    wins = dice.integers(1, 30, (4, 4)).astype(float) * (1 - np.eye(4))
    ties = np.triu(dice.integers(1, 12, (4, 4)), 1).astype(float)
    ties = ties + ties.T

    def surprise(x: np.ndarray) -> float:
        worth, nu, total = np.exp([*x[:3], -x[:3].sum()]), np.exp(x[3]), 0.0
        for i in range(4):
            for j in range(i):
                level = nu * np.sqrt(worth[i] * worth[j])
                whole = worth[i] + worth[j] + level
                total -= wins[i, j] * np.log(worth[i] / whole) + wins[j, i] * np.log(worth[j] / whole)
                total -= ties[i, j] * np.log(level / whole)
        return total

    best = minimize(surprise, np.zeros(4), method="BFGS", options={"gtol": 1e-8})
    abilities, log_nu = davidson(wins, ties, prior=0)
    np.testing.assert_allclose([*abilities[:3], log_nu], best.x, atol=1e-4)
    many, logs = davidson(np.stack([wins, wins * 2]), np.stack([ties, ties * 2]), prior=0)
    np.testing.assert_allclose(many, [abilities, abilities], atol=1e-8)
    np.testing.assert_allclose(logs, [log_nu, log_nu], atol=1e-8)


def test_with_few_ties_the_abilities_are_bradleys_and_terrys() -> None:
    wins, ties = of_two(30, 10, 1e-9)
    np.testing.assert_allclose(davidson(wins, ties, prior=0)[0], bradley_terry(wins, prior=0), atol=1e-6)
    beaten, _ = davidson(*of_two(20, 0, 0))
    assert np.isfinite(beaten).all() and beaten[0] > beaten[1]


def test_a_survey_with_ties_gets_abilities_and_how_often_equals_tie() -> None:
    dice, rows = np.random.default_rng(0), []
    for person in range(12):
        for clip in range(10):
            x, y = ((1, 1), (1, 2), (2, 1))[dice.choice(3, p=[0.3, 0.5, 0.2])]
            rows += [(f"r{person}", f"c{clip}", "x", x), (f"r{person}", f"c{clip}", "y", y)]
    ballots = from_table(pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank"]))
    found = tied_abilities(ballots, draws=200, rng=np.random.default_rng(1))
    assert found is not None and found.table.captioner.tolist() == ["x", "y"]
    tied = sum(a[3] == b[3] for a, b in zip(rows[::2], rows[1::2], strict=True))
    won, lost = (
        sum((a[3] < b[3]) == first and a[3] != b[3] for a, b in zip(rows[::2], rows[1::2], strict=True))
        for first in (True, False)
    )
    assert found.ties[["tied", "of"]].values.tolist() == [[tied, 120]]
    half = np.log((won + 0.5) / (lost + 0.5)) / 2
    np.testing.assert_allclose(found.table.ability, [half, -half], atol=1e-6)
    nu = (tied + 0.5) / np.sqrt((won + 0.5) * (lost + 0.5))
    assert (
        found.ties.even[0] == pytest.approx(nu / (2 + nu))
        and found.ties.low[0] < found.ties.even[0] < found.ties.high[0]
    )
    assert (found.table.low < found.table.ability).all() and (found.table.ability < found.table.clips_high).all()
    strict = from_table(
        pd.DataFrame([("r", "c", "x", 1), ("r", "c", "y", 2)], columns=["respondent", "clip_id", "captioner", "rank"])
    )
    assert tied_abilities(strict, draws=10, rng=np.random.default_rng(1)) is None
