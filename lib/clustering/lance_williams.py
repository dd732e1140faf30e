"""Agglomeration of groups that stand for many rows each, by the recurrence of Lance and Williams."""

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import linkage as unweighted
from scipy.spatial.distance import pdist, squareform

Floats = npt.NDArray[np.float64]
Linkage = Literal["ward", "average", "centroid", "single", "complete", "weighted", "median"]
Metric = Literal["euclidean", "cosine"]
SIZED: tuple[Linkage, ...] = ("ward", "average", "centroid")
"""Linkages in which a group's size matters; in the others a repeated row changes nothing."""
SQUARED: tuple[Linkage, ...] = ("ward", "centroid", "median")
"""Linkages that are defined by squared Euclidean distances."""


def merges(rows: npt.ArrayLike, *, linkage: Linkage, metric: Metric, sizes: npt.ArrayLike | None = None) -> Floats:
    """The merges of a hierarchy, as scipy writes them.

    With sizes, row i counts as sizes[i] equal rows that have merged already; without, this is scipy's ``linkage``.

    Source: Lance and Williams 1967; Müllner 2011, with the nearest neighbour of every group kept. It takes O(k^2)
    memory and, but for contrived rows, O(k^2) time.

    Args:
        rows: (k, d), k at least 2.
        linkage: how far apart two groups are.
        metric: of two rows.
        sizes: (k,) positive.

    Returns:
        (k - 1, 4): the two groups, the height, and how many of the k rows the new group holds.

    Example:
        >>> merges([[0.0], [1.0], [5.0]], linkage="ward", metric="euclidean", sizes=[1, 1, 9])[:, 2:].round(3).tolist()
        [[1.0, 2.0], [8.141, 3.0]]
    """
    vectors = np.asarray(rows, dtype=np.float64)
    if sizes is None or linkage not in SIZED:
        return np.asarray(unweighted(vectors, linkage, metric))
    counts = np.asarray(sizes, dtype=np.float64)
    distances = squareform(pdist(vectors, metric))
    if linkage in SQUARED:
        distances **= 2
    if linkage == "ward":
        distances *= 2 * counts[:, None] * counts / (counts[:, None] + counts)
    made = _agglomerated(distances, counts, _ward if linkage == "ward" else _average, linkage == "centroid")
    if linkage in SQUARED:
        made[:, 2] = np.sqrt(np.maximum(made[:, 2], 0))
    return made


Update = Callable[[Floats, Floats, float, Floats, float, float], Floats]


def _ward(one: Floats, two: Floats, between: float, others: Floats, n: float, m: float) -> Floats:
    return np.asarray(((n + others) * one + (m + others) * two - others * between) / (n + m + others))


def _average(one: Floats, two: Floats, between: float, others: Floats, n: float, m: float) -> Floats:
    return np.asarray((n * one + m * two) / (n + m))


def _agglomerated(distances: Floats, sizes: Floats, update: Update, centroid: bool) -> Floats:
    k = len(sizes)
    np.fill_diagonal(distances, np.inf)
    sizes, names, held = sizes.copy(), np.arange(k), np.ones(k)
    near = distances.argmin(axis=1)
    least = distances[np.arange(k), near]
    made = np.empty((k - 1, 4))
    for step in range(k - 1):
        one = int(least.argmin())
        two = int(near[one])
        between, n, m = least[one], sizes[one], sizes[two]
        made[step] = (*sorted((names[one], names[two])), between, held[one] + held[two])
        joined = update(distances[one], distances[two], between, sizes, n, m)
        if centroid:
            joined -= n * m * between / (n + m) ** 2
        joined[[one, two]] = np.inf
        joined[sizes == 0] = np.inf
        distances[one] = distances[:, one] = joined
        distances[two] = distances[:, two] = np.inf
        sizes[one], sizes[two], names[one] = n + m, 0, k + step
        held[one] += held[two]
        least[two] = np.inf
        closer = joined < least
        near[closer], least[closer] = one, joined[closer]
        stale = np.flatnonzero(((near == one) | (near == two)) & ~closer & (sizes > 0))
        stale = np.union1d(stale, [one])
        near[stale] = distances[stale].argmin(axis=1)
        least[stale] = distances[stale, near[stale]]
    return made
