"""Separability against scikit-learn, and its p-values by simulation under the null."""

import numpy as np
import pytest
from scipy.stats import kstest
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_samples

from lib.metrics.separability import balanced_rows, principal_plane, separability
from lib.metrics.silhouettes import pairwise, silhouettes


def classes(n, *names):
    return [name for name in names for _ in range(n)]


def test_silhouettes_are_those_of_scikit_learn_for_every_labeling():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 3))
    codes = np.stack(
        [rng.permutation(np.r_[np.zeros(25), np.ones(10), 2 * np.ones(4), 3]).astype(int) for _ in range(7)]
    )
    expected = [silhouette_samples(x, row) for row in codes]
    assert silhouettes(pairwise(x), codes) == pytest.approx(np.stack(expected))


def test_the_plane_is_that_of_scikit_learn():
    x = np.random.default_rng(0).normal(size=(60, 5)) * [3, 2, 1, 1, 1]
    assert np.abs(principal_plane(x)) == pytest.approx(np.abs(PCA(2).fit_transform(x)))


def test_rows_are_one_a_group_and_equally_many_of_a_class():
    labels = ["walk", "run", "walk", "", "run", "walk", "walk", "run"]
    groups = [0, 0, 1, 2, 3, 4, 4, 5]
    for seed in range(20):
        rows, codes = balanced_rows(labels, groups, 2, rng=np.random.default_rng(seed))
        assert len({groups[row] for row in rows}) == len(rows) and np.bincount(codes).tolist() == [2, 2]
        assert [labels[row] for row in rows] == ["run", "run", "walk", "walk"]


def test_a_difference_hidden_from_the_plane_is_found_in_the_full_space():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 12)) * [6, 6, *[1] * 10]
    x[:150, 11] += 6
    found = separability(x, classes(150, "a", "b"), np.arange(300), rng=rng, permutations=199).set_index("measure")
    probe = found.loc["probe accuracy"]
    assert probe["full"] > 0.9 and probe["plane"] < 0.65 and probe["p_full"] == 1 / 200 > probe["p_difference"] > 0
    assert 0.2 < probe["low"] < probe["difference"] < probe["high"] and probe["n"] == 300


def test_classes_that_fill_the_plane_are_not_said_to_be_clearer_in_the_full_space():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 12))
    x[:100, 0] += 12
    x[100:, 1] += 12
    found = separability(x, classes(100, "a", "b"), np.arange(200), rng=rng, permutations=199).set_index("measure")
    assert found.loc["probe accuracy", "plane"] == 1 and found.loc["probe accuracy", "p_difference"] > 0.2
    assert found.loc["silhouette", "p_difference"] == 1 / 200 and found.loc["silhouette", "high"] < 0


def test_the_spaces_exchanged_turn_the_difference_and_leave_its_p():
    rng = np.random.default_rng(3)
    shift = np.repeat([[0.0, 0.0], [0.6, 0.6]], 30, axis=0)
    sides = [rng.normal(size=(60, 2)) + times * shift for times in (1, 2)]
    sides = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in sides]
    there, back = (
        separability(full, classes(30, "a", "b"), np.arange(60), rng=np.random.default_rng(4), plane=plane)
        for full, plane in (sides, sides[::-1])
    )
    assert there["difference"].tolist() == pytest.approx((-back["difference"]).tolist())
    assert there["p_difference"].tolist() == back["p_difference"].tolist() and there["p_difference"].max() < 0.5


def test_permutation_p_values_are_uniform_when_labels_mean_nothing():
    """Exact tests: at most a share alpha of null data sets may reach alpha, and silhouettes (no ties) are uniform."""
    tables = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(36, 4))
        tables.append(separability(x, classes(12, "a", "b", "c"), np.arange(36), rng=rng, folds=3, permutations=59))
    for place in ("p_plane", "p_full"):
        silhouette = np.array([t.loc[0, place] for t in tables])
        probe = np.array([t.loc[1, place] for t in tables])
        assert kstest(silhouette, "uniform").pvalue > 0.01
        for alpha in (0.05, 0.2, 0.5):
            assert (probe <= alpha).mean() <= alpha + 3 * np.sqrt(alpha * (1 - alpha) / 150)
        assert np.mean([t.loc[1, place[2:]] for t in tables]) == pytest.approx(1 / 3, abs=0.025)


def test_sign_flips_are_uniform_when_neither_space_is_better():
    """Both spaces see their own independent coordinates of equal worth, so neither is clearer."""
    p = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        shift = np.repeat([[0.0], [1.0]], 20, axis=0)
        full, plane = (rng.normal(size=(40, 2)) + shift for _ in range(2))
        lengths = np.linalg.norm(plane, axis=1, keepdims=True)
        table = separability(
            full, classes(20, "a", "b"), np.arange(40), rng=rng, plane=plane / lengths, permutations=59
        )
        p.append(table.loc[1, "p_difference"])
    for alpha in (0.1, 0.3):
        assert (np.array(p) <= alpha).mean() <= alpha + 3 * np.sqrt(alpha * (1 - alpha) / 150)


def test_the_same_seed_gives_the_same_table():
    x = np.random.default_rng(0).normal(size=(40, 4))
    twice = [
        separability(x, classes(20, "a", "b"), np.arange(40), rng=np.random.default_rng(5), permutations=50)
        for _ in range(2)
    ]
    assert twice[0].equals(twice[1])


@pytest.mark.parametrize(("labels", "words"), [(["a"] * 6, "two classes"), (["a", "a", "a", "b", "b", "b"], "too few")])
def test_too_little_data_is_refused_in_one_clear_line(labels, words):
    with pytest.raises(ValueError, match=words):
        separability(np.ones((6, 2)), labels, np.arange(6), rng=np.random.default_rng(0))
