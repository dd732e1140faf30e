"""How large and how wide clusters are, and how close together rows lie where the clusters are."""

from typing import TYPE_CHECKING

import faiss
import numpy as np
import numpy.typing as npt

from lib.base.arrays import Place, place_of
from lib.clustering.assignment import Labels
from lib.clustering.points import ROWS_AT_ONCE, Singles, points
from lib.metrics.directions import Floats
from lib.metrics.intervals import Measure, bootstrap_groups, percentile_interval

if TYPE_CHECKING:
    import torch

TILE = 2048


def radii(vectors: npt.ArrayLike, labels: Labels) -> Floats:
    """Root mean square distance of the rows of each cluster to their mean.

    Args:
        vectors: (n, d) finite floats.
        labels: cluster of each row (n,), 0 to k - 1, each with rows.

    Returns:
        Radii (k,).

    Example:
        >>> radii([[0.0], [2.0], [5.0]], np.array([0, 0, 1])).tolist()
        [1.0, 0.0]
    """
    rows = np.asarray(vectors, dtype=np.float64)
    sizes = np.bincount(labels)
    sums = np.zeros((len(sizes), rows.shape[1]))
    np.add.at(sums, labels, rows)
    apart = np.square(rows - (sums / sizes[:, None])[labels]).sum(axis=1)
    return np.asarray(np.sqrt(np.bincount(labels, weights=apart) / sizes))


def spacing(vectors: npt.ArrayLike, *, neighbours: int, device: "str | torch.device | None" = None) -> Floats:
    """Distance of each row to its neighbour of this rank, itself left out: small where rows lie dense.

    The neighbour is found by faiss on a processor and by PyTorch on a GPU, in blocks; its distance is float64's.

    Args:
        vectors: (n, d) finite floats.
        neighbours: rank of the neighbour; the last one where there are fewer.
        device: as `lib.base.arrays.place_of` takes it; by default that of the run.

    Returns:
        Distances (n,); 0 of a single row.

    Example:
        >>> spacing([[0.0], [1.0], [5.0]], neighbours=1).tolist()
        [1.0, 1.0, 4.0]
    """
    rows, place = points(vectors), place_of(device)
    rank = min(neighbours, len(rows) - 1) + 1
    last = _by_faiss(rows, rank) if place.device is None else _by_torch(rows, rank, place)
    found = np.empty(len(rows))
    for at in range(0, len(rows), ROWS_AT_ONCE):  # from differences: products cancel near 0
        some = slice(at, at + ROWS_AT_ONCE)
        found[some] = np.linalg.norm(rows[some].astype(np.float64) - rows[last[some]], axis=1)
    return found


def _by_faiss(rows: Singles, rank: int) -> Labels:
    index = faiss.IndexFlatL2(rows.shape[1])
    index.add(rows)
    starts = range(0, len(rows), ROWS_AT_ONCE)
    return np.concatenate([index.search(rows[at : at + ROWS_AT_ONCE], rank)[1][:, -1] for at in starts])


def _by_torch(rows: Singles, rank: int, place: Place) -> Labels:
    """The neighbour of a rank (n,): the nearest ones of every tile are merged with those of the tiles before it."""
    library, block, last = place.library, place.block(TILE), np.empty(len(rows), dtype=np.int64)
    centre = rows[:block].mean(axis=0)  # near the origin, products in float32 lose little
    for top in range(0, len(rows), block):
        queries = place.put(rows[top : top + block] - centre)
        far, at = place.put(np.empty((len(queries), 0), np.float32)), place.put(np.empty((len(queries), 0), np.int64))
        for left in range(0, len(rows), block):
            there = place.put(rows[left : left + block] - centre)
            tile = library.square(there).sum(axis=1) - 2 * queries @ there.T
            near, column = tile.topk(min(rank, len(there)), dim=1, largest=False)
            far, at = library.cat([far, near], 1), library.cat([at, column + left], 1)
            far, kept = far.topk(min(rank, far.shape[1]), dim=1, largest=False)
            at = at.gather(1, kept)
        last[top : top + block] = place.back(at[:, -1])
    return last


def medians(values: npt.ArrayLike, labels: Labels) -> Floats:
    """The median value of the rows of each cluster (k,).

    Example:
        >>> medians([1.0, 2.0, 9.0, 4.0], np.array([0, 0, 0, 1])).tolist()
        [2.0, 4.0]
    """
    numbers = np.asarray(values, dtype=np.float64)
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(np.bincount(labels))[:-1]
    return np.array([np.median(some) for some in np.split(numbers[order], ends)])


def variation(values: npt.ArrayLike, *, draws: int, rng: np.random.Generator) -> Measure:
    """The coefficient of variation, standard deviation over mean, with a percentile bootstrap over the values.

    Args:
        values: (k,) positive numbers, such as sizes.
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        0 where all are equal; n counts values.

    Example:
        >>> variation([1.0, 3.0], draws=100, rng=np.random.default_rng(0)).value
        0.5
    """
    numbers = np.asarray(values, dtype=np.float64)

    def statistic(weights: Floats) -> Floats:
        mean = weights @ numbers / len(numbers)
        square = weights @ np.square(numbers - numbers.mean()) / len(numbers)
        spread = np.sqrt(np.clip(square - np.square(mean - numbers.mean()), 0.0, None))
        return np.asarray(np.divide(spread, mean, out=np.zeros_like(mean), where=mean > 0))

    whole = float(statistic(np.ones((1, len(numbers))))[0])
    low, high = percentile_interval(bootstrap_groups(statistic, len(numbers), draws=draws, rng=rng))
    return Measure(whole, float(low), float(high), len(numbers), digits=2)
