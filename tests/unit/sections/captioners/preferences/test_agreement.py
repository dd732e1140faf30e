"""Alpha against published examples; position bias and random respondents as planted."""

import numpy as np
import pandas as pd
import pytest

from lib.metrics.rank_correlation import spearman
from lib.sections.captioners.preferences.agreement import agreement, alpha
from lib.sections.captioners.preferences.ballots import from_table
from lib.sections.captioners.preferences.position import position_bias
from lib.sections.captioners.preferences.random_respondents import random_respondents, without_random
from tests.unit.sections.captioners.preferences.simulated import simulate

rng = np.random.default_rng
NAN = float("nan")
# Krippendorff 2011, section C: four observers, twelve units, missing data.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_agrees_with_krippendorff_s_worked_example(level, published):
    assert alpha(OBSERVERS, level) == pytest.approx(published, abs=0.0006)


def test_alpha_agrees_with_the_two_observer_examples():
    """Krippendorff 2011, sections A and B: binary data .095, nominal data .692."""
    meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert alpha([meg, owen], "nominal") == pytest.approx(0.095, abs=0.0006)
    ben, gerry = [1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1], [1, 2, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4]
    assert alpha([ben, gerry], "nominal") == pytest.approx(0.692, abs=0.0006)


def test_agreement_grows_with_what_tells_captioners_apart_and_is_zero_for_blind_choice():
    strong, blind = (simulate(x, items=12, rng=rng(0)) for x in ([3.0, 0.0, -3.0], [0.0, 0.0, 0.0]))
    first, second = (agreement(one, draws=60, rng=rng(0)).iloc[0] for one in (strong, blind))
    assert first["low"] > 0.4 and second["low"] < 0 + 0.03 and abs(second["alpha"]) < 0.05
    assert first["low"] <= first["alpha"] <= first["high"] and first["clips"] == 12


def test_ranks_of_one_respondent_or_of_different_clips_have_no_alpha():
    rows = [("r1", "c1", "x", 1), ("r1", "c1", "y", 2), ("r2", "c2", "x", 1), ("r2", "c2", "y", 2)]
    ballots = from_table(pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank"]))
    assert agreement(ballots, draws=20, rng=rng(0))["alpha"].isna().all()
    table = random_respondents(ballots, draws=20, rng=rng(0))
    assert table["note"].str.contains("nobody else").all() and not table["random"].any()


def test_two_respondents_who_agree_have_an_alpha_of_one():
    rows = [(r, c, name, rank) for r in ("r1", "r2") for c in ("c1", "c2") for name, rank in (("x", 1), ("y", 2))]
    ballots = from_table(pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank"]))
    assert agreement(ballots, draws=20, rng=rng(0))["alpha"].tolist() == [1.0, 1.0]


def test_a_planted_preference_for_the_first_place_is_found_and_its_absence_is_not():
    planted = position_bias(simulate([0.5, 0.0, -0.5], place=0.6, rng=rng(0)), draws=199, rng=rng(0))
    assert planted.p < 0.02 and planted.table["rank_shift"].is_monotonic_increasing and not planted.confounded
    assert planted.table["first_share"].iloc[0] > planted.table["chance"].iloc[0]
    assert planted.p_text == "p = 0.005 (Monte-Carlo, 0.005 at least)"
    p = [position_bias(simulate([0.5, 0.0, -0.5], rng=rng(i)), draws=59, rng=rng(i)).p for i in range(60)]
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


def test_places_that_go_with_captioners_are_called_confounded():
    ballots = simulate([1.0, 0.0, -1.0], rng=rng(0))
    fixed = ballots.rows(np.arange(len(ballots)))
    fixed.positions[:] = [1, 2, 3]
    found = position_bias(fixed, draws=50, rng=rng(0))
    assert found.confounded and found.p > 0.5


def test_positions_that_were_not_recorded_are_no_bias():
    rows = [("r1", "c1", "x", 1), ("r1", "c1", "y", 2)]
    assert (
        position_bias(
            from_table(pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank"])), draws=9, rng=rng(0)
        )
        is None
    )


def test_respondents_planted_as_random_are_the_ones_found():
    ballots = simulate([1.5, 0.5, -0.5, -1.5], items=10, at_random=3, rng=rng(4))
    table = random_respondents(ballots, draws=600, rng=rng(0)).set_index("respondent_id")
    assert set(table.index[table["random"]]) == {"r14", "r15", "r16"}
    assert table.loc["r00", "p_holm"] < 0.05
    assert set(table["test"]) == {"Monte-Carlo, 0.0017 at least"} and table["p"].min() == pytest.approx(1 / 601)
    assert len(without_random(ballots, table.reset_index()).people) == 14


def test_respondents_who_choose_blindly_pass_for_others_as_often_as_stated():
    ballots = [simulate([1.0, 0.0, -1.0], people=8, items=5, at_random=1, rng=rng(i)) for i in range(80)]
    p = [random_respondents(one, draws=79, rng=rng(0)).set_index("respondent_id").loc["r07", "p"] for one in ballots]
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 80)


def test_orders_of_few_things_are_compared_exactly():
    found = spearman([1, 2, 3, 4], [1, 2, 4, 3], rng=rng(0))
    assert (
        found.rho == pytest.approx(0.8) and found.p == pytest.approx(8 / 24) and found.least_p == pytest.approx(2 / 24)
    )
    assert np.isnan(spearman([1, 1], [1, 2], rng=rng(0)).rho) and np.isnan(spearman([1], [1], rng=rng(0)).p)
