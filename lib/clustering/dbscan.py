"""DBSCAN, exact at any number of points: pairs are looked at tile by tile and never held all at once."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from lib.base.errors import ParamsError
from lib.base.processes import processors
from lib.clustering.cells import cells, separation
from lib.clustering.core_graph import CoreGraph, Flags
from lib.clustering.distances import Distances, Metric, Rows
from lib.clustering.k_distance import KDistances, k_distances

__all__ = ["Dbscan", "KDistances", "dbscan", "k_distances"]

BLOCK = 1024
LOOKED_AT = 256


@dataclass(frozen=True)
class Dbscan:
    """A clustering by density.

    Args:
        labels: (n,) 0 to clusters - 1, -1 for noise.
        core: (n,) which points are core.
        note: what to know about a degenerate result, in one line; empty otherwise.
    """

    labels: Rows
    core: Flags
    note: str = ""

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return int(self.labels.max()) + 1

    @property
    def noise_share(self) -> float:
        """The share of points in no cluster."""
        return float((self.labels < 0).mean())


def dbscan(
    vectors: npt.ArrayLike,
    *,
    eps: float,
    min_samples: int,
    metric: Metric = "euclidean",
    block: int = BLOCK,
) -> Dbscan:
    """Density-based clusters, with scikit-learn's labels, in memory that does not grow with the number of pairs.

    Rows are grouped into cells; cells and rows that the triangle inequality puts beyond ``eps`` are skipped, and so are
    pairs of core points already known to be connected. What remains goes through float32 products, and pairs too close
    to ``eps`` for float32 are decided in float64. Pairs join components as they are found.

    Source: Ester et al. 1996 + scikit-learn: sklearn/cluster/_dbscan.py, which holds every neighbourhood. Labels are
    the same numbers, border points included (they go to the cluster whose lowest core point comes first), except where
    a distance equals ``eps`` up to the rounding of float64.

    Args:
        vectors: (n, d) finite floats.
        eps: the radius, inclusive: a distance, or 1 - cosine.
        min_samples: points within the radius, itself included, that make a point core.
        metric: ``euclidean`` or ``cosine``.
        block: rows of a tile. Memory is the vectors once more in float32, 24 bytes a point, a few tiles
            (40 * block ** 2 bytes) and at most 16 * n * min_samples bytes, far less unless most points are noise.

    Returns:
        Labels, core flags and a note.

    Raises:
        UserError: values that are not finite, rows of zeros with ``cosine``, eps, min_samples or block not positive.

    Example:
        >>> found = dbscan([[0.0], [1.0], [2.0], [9.0], [10.0], [30.0]], eps=1.5, min_samples=2)
        >>> found.labels.tolist(), found.clusters, round(found.noise_share, 3)
        ([0, 0, 0, 1, 1, -1], 2, 0.167)
    """
    for name, value in (("eps", eps), ("min_samples", min_samples), ("block", block)):
        if not 0 < value < np.inf:
            raise ParamsError(f"{name} must be positive, not {value}")
    distances = Distances(vectors, metric)
    graph = CoreGraph(len(distances), min_samples)
    for rows, columns, near in _compared(distances, graph, eps, block):
        if near.any():
            graph.add(rows, columns, near)
    labels = graph.labels()
    return Dbscan(labels, graph.core(np.arange(len(labels))), _note(distances, labels, eps, min_samples))


def _compared(distances: Distances, graph: CoreGraph, eps: float, block: int) -> Iterator[tuple[Rows, Rows, Flags]]:
    # A processor a tile: BLAS's own threads wait for each other at every product, and worse where others compute too.
    ahead: deque[tuple[Rows, Rows, Future[Flags]]] = deque()
    workers = processors()
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(workers) as pool:
        for rows, columns in _tiles(distances, eps, block):
            for some, others in [(rows, columns)] if rows is columns else graph.unsettled(rows, columns):
                ahead.append((some, others, pool.submit(distances.within, some, others, eps)))
            while len(ahead) > workers:
                one, two, near = ahead.popleft()
                yield one, two, near.result()
        for one, two, near in ahead:
            yield one, two, near.result()


def _tiles(distances: Distances, eps: float, block: int) -> Iterator[tuple[Rows, Rows]]:
    # Cells with themselves first: most points become core there, and what is settled is not compared again.
    made = cells(distances, block)
    for rows in made.members:
        yield rows, rows
    radius = float(np.sqrt(distances.limit(eps))) / distances.scale
    slack = distances.margin(2 * float(distances.length.max()))
    for one, rows in enumerate(made.members):
        for other in made.near(one, radius, slack)[1:]:
            columns = made.members[other]
            near = separation(distances.laid[rows], made.centre[other], slack) <= made.radius[other] + radius
            far = separation(distances.laid[columns], made.centre[one], slack) <= made.radius[one] + radius
            if near.any() and far.any():
                yield rows[near], columns[far]


def _note(distances: Distances, labels: Rows, eps: float, min_samples: int) -> str:
    n = len(labels)
    if labels.max() < 0:
        if n < min_samples:
            return f"all {n} points are noise: min_samples {min_samples} is more than there are points"
        rng = np.random.default_rng(0)
        need = k_distances(distances, min_samples=min_samples, sample=LOOKED_AT, rng=rng).radius
        return (
            f"all {n} points are noise: none has {min_samples} points within eps {eps:.4g}; "
            f"half of {len(need)} sampled points need {np.median(need):.4g}, the nearest {need[0]:.4g}"
        )
    if labels.min() == labels.max() == 0 and n > 1:
        return f"all {n} points are in one cluster: eps {eps:.4g} joins everything; try a smaller one"
    return ""
