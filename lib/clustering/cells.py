"""Rows in cells of near neighbours, with bounds that tell which cells can be too far apart to matter."""

from dataclasses import dataclass

import numpy as np

from lib.clustering.distances import Distances, Rows, Singles, slices, turned
from lib.metrics.directions import Floats


@dataclass(frozen=True)
class Cells:
    """Rows grouped by the nearest of some pivots.

    Args:
        members: rows of each cell.
        centre: (c, d + 2) centre of each cell, laid out as `Distances.laid`.
        radius: (c,) how far the cell's rows reach from it, in the scaled space.
    """

    members: list[Rows]
    centre: Singles
    radius: Floats

    def near(self, one: int, radius: float, slack: float) -> Rows:
        """The cells from ``one`` on that may hold a row within a radius of a row of ``one``."""
        between = separation(self.centre[one:], self.centre[one], slack)
        return np.flatnonzero(between <= self.radius[one:] + self.radius[one] + radius) + one


def cells(distances: Distances, size: int, *, seed: int = 0) -> Cells:
    """Groups rows by the nearest of n / size pivots; pivots are rows drawn at random, moved to the mean of a sample.

    The grouping decides what is skipped, never what is found.

    Args:
        distances: the rows.
        size: rows of a cell at most.
        seed: of the draw.

    Returns:
        The cells; within a group near and far rows are kept apart, so that a few far ones do not widen every cell.

    Example:
        >>> made = cells(Distances(np.arange(6.0)[:, None], "euclidean"), 2)
        >>> sorted(np.concatenate(made.members).tolist()), max(map(len, made.members))
        ([0, 1, 2, 3, 4, 5], 2)
    """
    laid, n = distances.laid, len(distances)
    rng = np.random.default_rng(seed)
    count = -(-n // size)
    sample = laid[np.sort(rng.choice(n, size=min(n, 64 * count), replace=False))]
    pivots = sample[rng.choice(len(sample), size=count, replace=False)]
    for _ in range(3):
        pivots = _means(sample, _nearest(sample, pivots)[0], pivots)
    own, closeness = _nearest(laid, pivots)
    order = np.lexsort((-closeness, own))
    members = []
    for group in np.split(order, np.flatnonzero(np.diff(own[order])) + 1):
        members += [group[some] for some in slices(len(group), size)]
    centre = np.concatenate([_means(laid[rows], np.zeros(len(rows), dtype=np.int64), laid[:1]) for rows in members])
    slack = distances.margin(2 * float(distances.length.max()))
    radius = [
        np.sqrt(max(0.0, -2 * float((laid[rows] @ turned(middle[None])[0]).min()) + 2 * slack))
        for rows, middle in zip(members, centre, strict=True)
    ]
    return Cells(members, centre, np.asarray(radius))


def separation(rows: Singles, centre: Singles, slack: float) -> Floats:
    """Lower bounds (n,) of the distances of rows from a centre, in the scaled space; slack as `Distances.margin`."""
    half = (rows @ turned(centre[None])[0]).astype(np.float64) + slack
    return np.asarray(np.sqrt(np.maximum(0.0, -2 * half)))


def _nearest(rows: Singles, pivots: Singles) -> tuple[Rows, Singles]:
    own, closeness = np.empty(len(rows), dtype=np.int64), np.empty(len(rows), dtype=np.float32)
    other = turned(pivots).T
    for some in slices(len(rows)):
        tile = rows[some] @ other
        own[some], closeness[some] = tile.argmax(axis=1), tile.max(axis=1)
    return own, closeness


def _means(rows: Singles, own: Rows, before: Singles) -> Singles:
    pivots = before.copy()
    order = np.argsort(own, kind="stable")
    used, starts = np.unique(own[order], return_index=True)
    sizes = np.diff(np.append(starts, len(own)))
    pivots[used, :-2] = np.add.reduceat(rows[order, :-2].astype(np.float64), starts, axis=0) / sizes[:, None]
    pivots[:, -2] = -np.square(pivots[:, :-2], dtype=np.float64).sum(axis=1) / 2
    return pivots
