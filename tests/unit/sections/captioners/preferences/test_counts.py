"""Shares, mean ranks and Friedman's test, by hand and by simulation."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import friedmanchisquare, t
from statsmodels.stats.proportion import proportion_confint

from lib.metrics.clusters import expanded_interval
from lib.metrics.intervals import bootstrap_groups
from lib.sections.captioners.preferences.abilities import abilities
from lib.sections.captioners.preferences.ballots import from_table
from lib.sections.captioners.preferences.pairs import paired_preferences, respondents_needed
from lib.sections.captioners.preferences.places import first_place_shares, first_places, friedman, mean_ranks
from tests.unit.sections.captioners.preferences.simulated import simulate

rng = np.random.default_rng


def test_shares_by_hand_with_wilson_s_interval():
    rows = [
        ("r1", "c1", "x", 1),
        ("r1", "c1", "y", 2),
        ("r2", "c1", "x", 1),
        ("r2", "c1", "y", 1),
        ("r3", "c1", "x", 2),
        ("r3", "c1", "y", 1),
    ]
    table = first_place_shares(
        from_table(pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank"])), draws=50, rng=rng(0)
    ).set_index("captioner")
    assert table.loc["x", "first"] == 1.5 and table.loc["x", "share"] == 0.5 and table.loc["x", "chance"] == 0.5
    low, high = proportion_confint(1.5, 3, method="wilson")
    assert (table.loc["x", "wilson_low"], table.loc["x", "wilson_high"]) == pytest.approx((low, high))


def test_votes_of_a_ballot_add_up_to_one():
    ballots = simulate([0.5, 0, -0.5], rng=rng(0))
    assert first_places(ballots.ranks).sum(axis=1) == pytest.approx(1)
    assert first_place_shares(ballots, draws=50, rng=rng(0))["share"].sum() == pytest.approx(1)


def test_friedman_agrees_with_scipy_and_names_what_it_lacks():
    ballots = simulate([0.5, 0, -0.5], rng=rng(2))
    table = friedman(ballots).set_index("blocks_are")
    assert table.loc["ballots", ["chi2", "p"]].tolist() == pytest.approx(friedmanchisquare(*ballots.ranks.T))
    people = ballots.ranks.reshape(17, 6, 3).mean(axis=1)
    assert table.loc["respondents", ["chi2", "p"]].tolist() == pytest.approx(friedmanchisquare(*people.T))
    assert table.loc["ballots", "kendall_w"] == pytest.approx(table.loc["ballots", "chi2"] / (102 * 2))
    two = friedman(simulate([0.5, 0], rng=rng(0)))
    assert two["chi2"].isna().all() and two["note"].str.contains("three captioners").all()


def test_friedman_says_when_everybody_ties_everything():
    rows = [(r, "c1", name, 1) for r in ("r1", "r2") for name in "xyz"]
    table = friedman(from_table(pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank"])))
    assert table["note"].str.contains("ties all").all() and table["p"].isna().all()


def test_the_expanded_interval_is_as_wide_as_a_t_interval():
    x = rng(0).normal(size=17)
    low, high = expanded_interval(bootstrap_groups(lambda w: w @ x / 17, 17, draws=20000, rng=rng(1)), 17)
    half = t.ppf(0.975, 16) * x.std(ddof=1) / np.sqrt(17)
    assert high - low == pytest.approx(2 * half, rel=0.06)


def worlds(planted: list[float], times: int, **options) -> list:
    source = rng(21)
    return [simulate(planted, rng=source, **options) for _ in range(times)]


def test_intervals_of_shares_and_mean_ranks_hold_the_truth_at_the_stated_rate():
    """300 surveys of 17 people whose tastes differ; the truth is the mean over all; 3 Monte Carlo errors either way."""
    surveys = worlds([0.8, 0.0, -0.8], 300, taste=0.7)
    for measure, column in ((first_place_shares, "share"), (mean_ranks, "mean_rank")):
        tables = [measure(one, draws=150, rng=rng(i)).sort_values("captioner") for i, one in enumerate(surveys)]
        values, low, high = (np.stack([table[name] for table in tables]) for name in (column, "low", "high"))
        covered = ((low <= values.mean(axis=0)) & (values.mean(axis=0) <= high)).mean(axis=0)
        assert (np.abs(covered - 0.95) <= 3 * np.sqrt(0.95 * 0.05 / 300) + 0.005).all(), (column, covered)


def test_intervals_of_abilities_hold_the_planted_ones_at_the_stated_rate():
    planted = np.array([0.8, 0.0, -0.8])
    tables = [
        abilities(one, draws=120, rng=rng(i)).sort_values("captioner")
        for i, one in enumerate(worlds(list(planted), 250))
    ]
    low, high = (np.stack([table[name] for table in tables]) for name in ("low", "high"))
    covered = ((low <= planted) & (planted <= high)).mean(axis=0)
    assert (np.abs(covered - 0.95) <= 3 * np.sqrt(0.95 * 0.05 / 250) + 0.005).all(), covered


def test_captioners_that_are_alike_are_told_apart_in_at_most_one_survey_in_twenty():
    """Tastes differ from person to person but favour nobody; the share with any significant pair."""
    surveys = worlds([0.0, 0.0, 0.0], 250, taste=1.0)
    wrong = np.mean(
        [paired_preferences(one, draws=400, rng=rng(i))["different"].any() for i, one in enumerate(surveys)]
    )
    assert wrong <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 250)


def test_ballots_taken_for_independent_would_be_called_different_far_too_often():
    """Why respondents are the unit: the same surveys under Friedman's test over ballots."""
    surveys = worlds([0.0, 0.0, 0.0], 150, taste=1.0)
    p = np.array([friedman(one)["p"] for one in surveys])
    assert (p[:, 0] < 0.05).mean() > 0.2 > (p[:, 1] < 0.05).mean()


def test_a_planted_order_is_distinguished_by_many_respondents_and_not_by_two():
    ballots = simulate([1.0, 0.0, -1.0], items=10, rng=rng(3))
    tested = paired_preferences(ballots, draws=500, rng=rng(0))
    assert tested["different"].all() and (tested["share"] > 0.5).all()
    two = paired_preferences(ballots.rows(np.isin(ballots.respondents, ["r00", "r01"])), draws=500, rng=rng(0))
    assert not two["different"].any() and two["p"].min() >= 0.5


def test_the_p_of_a_pair_counts_all_flips_of_whole_respondents():
    """Seventeen people have 2^17 sign patterns, which are tried one by one here; the p do not depend on a seed."""
    ballots = simulate([0.5, 0.2, -0.7], items=4, taste=0.5, rng=rng(6))
    tested = paired_preferences(ballots, draws=50, rng=rng(0)).set_index(["first", "second"])
    signs = 1 - 2 * ((np.arange(2**17)[:, None] >> np.arange(17)) & 1)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        above = np.sign(ballots.ranks[:, j] - ballots.ranks[:, i]).reshape(17, 4).sum(axis=1)
        row = tested.loc[(ballots.captioners[i], ballots.captioners[j])]
        assert row["p"] == pytest.approx((np.abs(signs @ above) >= abs(above.sum())).mean())
        assert row["test"] == "exact"
    again = paired_preferences(ballots, draws=50, rng=rng(1)).set_index(["first", "second"])
    assert (again["p"] == tested["p"]).all()


def test_respondents_needed_follow_mean_and_spread_of_their_surplus():
    surplus = rng(4).normal(0.3, 1.0, size=40)
    wanted = ((1.959964 + 0.841621) * surplus.std(ddof=1) / surplus.mean()) ** 2
    found = respondents_needed(surplus, alpha=0.05, power=0.8, draws=400, rng=rng(0))
    assert found[0] == pytest.approx(wanted, rel=1e-4) and found[1] < found[0] < found[2]
    stricter = respondents_needed(surplus, alpha=0.01, power=0.8, draws=400, rng=rng(0))
    assert stricter[0] > found[0]
    for nothing in ([0.0] * 9, [1.0, -1.0], [1.0]):
        assert np.isnan(respondents_needed(np.array(nothing), alpha=0.05, power=0.8, draws=100, rng=rng(0))).all()
