"""Likeness within clusters against all pairs, one by one."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from lib.clustering.closeness import Likeness
from lib.metrics.directions import unit


def by_pairs(rows: np.ndarray, labels: np.ndarray) -> list[float]:
    """The mean inner product with the other rows of a cluster, by its definition."""
    alike = rows @ rows.T
    others = [[j for j in range(len(rows)) if j != i and labels[j] == labels[i] >= 0] for i in range(len(rows))]
    return [float(np.mean([alike[i, j] for j in some])) if some else float("nan") for i, some in enumerate(others)]


@pytest.mark.parametrize("kind", ["dense", "directions", "sparse"])
def test_likeness_is_the_mean_over_the_other_rows_of_a_cluster(kind: str) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(-1, 4, size=50)
    labels[7] = 9  # alone
    rows = rng.normal(size=(50, 6)) * (rng.random((50, 6)) < 0.4)
    rows[3] = 0  # a caption without words
    if kind == "directions":
        made, plain = Likeness(rows.astype(np.float32), directions=True), unit(rows.astype(np.float32))
    else:
        made, plain = Likeness(csr_array(rows) if kind == "sparse" else rows), rows
    np.testing.assert_allclose(made.within(labels), by_pairs(plain, labels), atol=1e-9)
    assert np.isnan(made.within(labels)[7]) and np.isnan(made.within(labels)[labels < 0]).all()
    pairs = (plain @ plain.T)[np.triu_indices(50, 1)]
    assert made.at_random == pytest.approx(pairs.mean(), abs=1e-9)


def test_random_clusters_have_the_likeness_of_random_pairs_whatever_their_sizes() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(loc=0.3, size=(400, 5))
    labels = np.repeat([0, 1, 2], [300, 80, 20])
    made = Likeness(rows)
    drawn = [made.within(rng.permutation(labels)).mean() for _ in range(200)]
    assert np.mean(drawn) == pytest.approx(made.at_random, abs=3 * np.std(drawn) / np.sqrt(200))
