"""Where K-means begins: rows far from one another, by k-means++."""

import numpy as np
import numpy.typing as npt
from sklearn.cluster import kmeans_plusplus

from lib.base.arrays import Place
from lib.clustering.points import Singles

SEEDED_FROM = 20
"""Rows a centroid that k-means++ chooses among: it reads them once a centroid, which all rows would make the cost."""


def seeds(rows: Singles, n_centroids: int, seed: int, place: Place) -> Singles:
    """Starting centroids (k, d): rows of a random sample, far from one another.

    Args:
        rows: (n, d).
        n_centroids: k.
        seed: of the sample and of the choice.
        place: scikit-learn chooses on a processor; where PyTorch has a place, `chosen` does, by the same draws.
    """
    rng = np.random.default_rng(seed)
    size = min(len(rows), SEEDED_FROM * n_centroids)
    sample = rows[np.sort(rng.choice(len(rows), size, replace=False))] if size < len(rows) else rows
    if place.device is None:
        found: Singles = kmeans_plusplus(sample, n_centroids, random_state=seed)[0]
    else:
        found = sample[chosen(sample, n_centroids, seed, place)]
    return np.ascontiguousarray(found, dtype=np.float32)


def chosen(rows: npt.NDArray[np.floating], count: int, seed: int, place: Place) -> npt.NDArray[np.int64]:
    """Rows (k,) that greedy k-means++ chooses; all is computed in float64 where arrays lie, a row at a time.

    A row is drawn with a chance proportional to its squared distance from those chosen before; of 2 + ln k drawn ones
    the one is taken that leaves the least of these distances.

    Source: Arthur and Vassilvitskii 2007 + scikit-learn: cluster/_kmeans.py (`_kmeans_plusplus`), whose draws these are
    in their order, so that of rows of float64 the same ones are chosen.

    Args:
        rows: (n, d).
        count: k, at most n.
        seed: of the draws.
        place: where distances are computed.

    Example:
        >>> from lib.base.arrays import place_of
        >>> np.sort(chosen(np.array([[0.0], [0.1], [9.0], [9.1]]), 2, 0, place_of("cpu")) // 2).tolist()
        [0, 1]
    """
    draws, library = np.random.RandomState(seed), place.library
    first = draws.choice(len(rows), p=np.full(len(rows), 1 / len(rows)))
    chances = place.put(draws.uniform(size=(count - 1, 2 + int(np.log(count)))))
    wide = np.asarray(rows, dtype=np.float64)
    there = place.put(wide - wide.mean(axis=0))
    squares = library.square(there).sum(axis=1)
    nearest = library.square(there - there[first]).sum(axis=1)
    picked = place.put(np.full(count, first))
    for at in range(1, count):
        reached = nearest.cumsum(axis=0)
        some = library.searchsorted(reached, chances[at - 1] * reached[-1]).clip(max=len(rows) - 1)
        apart = squares[some][:, None] + squares - 2 * there[some] @ there.T
        nearer = library.minimum(nearest, apart.clip(min=0))
        best = nearer.sum(axis=1).argmin()
        picked[at], nearest = some[best], nearer[best]
    return place.back(picked).astype(np.int64)
