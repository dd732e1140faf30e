"""Agreement of labelings against scikit-learn, and what noise, groups and chance do to it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from lib.clustering.agreement import agreement
from lib.clustering.partition_scores import adjusted_mutual_information, adjusted_rand, normalised


def tabled(one, two):
    return metrics.cluster.contingency_matrix(one, two).astype(float)


labelings = st.integers(1, 60).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 5), min_size=n, max_size=n) for _ in range(2)])
)


@settings(max_examples=100, deadline=None)
@given(labelings)
def test_scores_are_scikit_learns(pair):
    table = tabled(*pair)
    assert adjusted_rand(table) == pytest.approx(metrics.adjusted_rand_score(*pair), abs=1e-9)
    assert normalised(table) == pytest.approx(metrics.normalized_mutual_info_score(*pair), abs=1e-9)
    # Where the room above chance is nothing, both divide rounding errors by it.
    if len(set(pair[0])) < len(pair[0]) and len(set(pair[1])) < len(pair[1]):
        assert adjusted_mutual_information(table) == pytest.approx(metrics.adjusted_mutual_info_score(*pair), abs=1e-6)


def test_scores_of_many_rows_are_scikit_learns():
    rng = np.random.default_rng(0)
    one = rng.choice(12, p=rng.dirichlet(np.ones(12)), size=40_000)
    two = np.where(rng.random(40_000) < 0.02, one, rng.choice(9, size=40_000))
    expected = metrics.adjusted_mutual_info_score(one, two)
    assert adjusted_mutual_information(tabled(one, two)) == pytest.approx(expected, abs=1e-9)


def test_unrelated_labelings_are_not_significant_and_related_ones_are():
    rng = np.random.default_rng(1)
    one, two = rng.integers(0, 4, size=(2, 600))
    apart = agreement(one, two, rng=rng, permutations=199)
    assert abs(apart.scores["ARI"].value) < 0.01 and apart.p["ARI"] > 0.01 and apart.p["AMI"] > 0.01
    close = agreement(one, np.where(rng.random(600) < 0.5, one, two), rng=rng, permutations=199)
    assert close.p == {"ARI": 0.005, "AMI": 0.005, "NMI": 0.005}
    for score in close.scores.values():
        assert score.low < score.value < score.high


def test_noise_is_dropped_or_kept():
    one, two = [0, 0, 1, 1, -1, -1], [0, 0, 1, 1, 0, -1]
    dropped = agreement(one, two, rng=np.random.default_rng(0), permutations=9)
    assert dropped.left_out == 2 and dropped.scores["ARI"].value == 1 and dropped.table.shape == (2, 2)
    kept = agreement(one, two, rng=np.random.default_rng(0), permutations=9, noise="keep")
    assert kept.left_out == 0 and kept.table.shape == (3, 3)
    assert kept.scores["ARI"].value == pytest.approx(metrics.adjusted_rand_score(one, two))
    with pytest.raises(ValueError, match="calls all 2 noise"):
        agreement([-1, -1], [0, 1], rng=np.random.default_rng(0))


def test_mirrors_widen_the_interval_and_do_not_make_significance():
    rng = np.random.default_rng(2)
    one, two = rng.integers(0, 3, size=(2, 40))
    alone = agreement(one, two, rng=np.random.default_rng(0), permutations=199)
    rows = np.repeat(np.arange(40), 25)
    grouped = agreement(one[rows], two[rows], groups=rows, rng=np.random.default_rng(0), permutations=199)
    naive = agreement(one[rows], two[rows], rng=np.random.default_rng(0), permutations=199)
    widths = [a.scores["NMI"].high - a.scores["NMI"].low for a in (alone, grouped, naive)]
    assert widths[1] == pytest.approx(widths[0], rel=0.2) and widths[2] < widths[0] / 2
    assert abs(grouped.p["ARI"] - alone.p["ARI"]) < 0.05


@pytest.mark.parametrize("clusters", [4, 15])
def test_intervals_cover_the_score_of_the_law_that_rows_come_from(clusters):
    """Many small clusters are where copies in a bootstrap lift the score above its own estimate."""
    rng = np.random.default_rng(3)
    law = lambda n: (
        one := rng.integers(0, clusters, n),
        np.where(rng.random(n) < 0.6, one, rng.integers(0, clusters, n)),
    )
    truth = adjusted_rand(tabled(*law(400_000)))
    found = [agreement(*law(600), rng=rng, draws=100, permutations=1).scores["ARI"] for _ in range(40)]
    assert sum(one.low <= truth <= one.high for one in found) >= 33
    assert all(one.low < one.value < one.high for one in found)


def test_labelings_of_different_length_are_refused():
    with pytest.raises(ValueError, match="cannot be compared"):
        agreement([0, 1], [0], rng=np.random.default_rng(0))
