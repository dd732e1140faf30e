"""DBSCAN, exact at any number of points: neighbours are searched cell by cell and never held all at once."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from threadpoolctl import threadpool_limits

from lib.clustering.cells import Cells, Pairs
from lib.clustering.k_distance import KDistances, k_distances
from lib.clustering.lance_williams import Metric
from lib.clustering.neighbours import Neighbours, Rows
from lib.errors import ParamsError

__all__ = ["Dbscan", "KDistances", "dbscan", "k_distances"]

Flags = npt.NDArray[np.bool_]
BLOCK = 1024
SAMPLED = 256
"""Rows whose k-distance the note on a result of noise alone names."""


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

    The neighbours of a point are searched, by faiss, until there are enough to make it core; a point that is not core
    has all its neighbours listed. Core points are then joined pair by pair, and cells that lie in one component already
    are skipped.

    Source: Ester et al. 1996 + scikit-learn: sklearn/cluster/_dbscan.py, which holds every neighbourhood. Labels are
    the same numbers, border points included (they go to the cluster whose lowest core point comes first), except where
    a distance equals ``eps`` up to the rounding of float64.

    Args:
        vectors: (n, d) finite floats.
        eps: the radius, inclusive: a distance, or 1 - cosine.
        min_samples: points within the radius, itself included, that make a point core.
        metric: ``euclidean`` or ``cosine``.
        block: rows of a cell. Memory is the vectors once more in float32, a few tiles (50 * block ** 2 bytes each) and
            at most 40 * n * min_samples bytes of neighbours.

    Returns:
        Labels, core flags and a note.

    Raises:
        UserError: values that are not finite, rows of zeros with ``cosine``, eps, min_samples or block not positive.

    Example:
        >>> clusters = dbscan([[0.0], [1.0], [2.0], [9.0], [10.0], [30.0]], eps=1.5, min_samples=2)
        >>> clusters.labels.tolist(), clusters.clusters, round(clusters.noise_share, 3)
        ([0, 0, 0, 1, 1, -1], 2, 0.167)
    """
    for name, value in (("eps", eps), ("min_samples", min_samples), ("block", block)):
        if not 0 < value < np.inf:
            raise ParamsError(f"{name} must be positive, not {value}")
    near = Neighbours(vectors, metric)
    count = np.zeros(len(near), dtype=np.int64)
    component = np.arange(len(near))
    with _threads() as pool:
        cells = Cells(near, eps, block)
        listed = [*pool.map(lambda cell: _neighbours(cells, cell, count, min_samples), range(len(cells)))]
        first, second = np.concatenate(listed, axis=1)
        core = count >= min_samples
        joins = core[first] & core[second]
        component = _joined(component, (first[joins], second[joins]))
        for edges in pool.map(lambda cell: _edges(cells, cell, core, component), range(len(cells))):
            # In place, so that later searches skip more; a thread that reads older components loses nothing but time.
            component[:] = _joined(component, edges)
    labels = np.full(len(near), -1)
    labels[core] = np.unique(component[core], return_inverse=True)[1]
    border = ~core[first] & core[second]
    lowest = np.full(len(near), len(near))
    np.minimum.at(lowest, first[border], labels[second[border]])
    labels = np.where(lowest < len(near), lowest, labels)
    return Dbscan(labels, core, _note(near, labels, eps, min_samples))


def _neighbours(cells: Cells, cell: int, count: Rows, min_samples: int) -> npt.NDArray[np.int32]:
    """Counts the neighbours of a cell's rows until they are core, and lists at most min_samples a search of each."""
    members, listed = cells.members[cell], [np.empty((2, 0), dtype=np.int32)]
    for other in cells.touching(cell):
        rows = members[count[members] < min_samples]
        if not len(rows):
            break
        first, second = cells.pairs(rows, cell, cells.members[other], other)
        starts = np.flatnonzero(np.diff(first, prepend=-1))
        sizes = np.diff(starts, append=len(first))
        count[first[starts]] += sizes
        few = np.arange(len(first)) - np.repeat(starts, sizes) < min_samples
        listed.append(np.stack([first[few], second[few]]).astype(np.int32))
    return np.concatenate(listed, axis=1)


def _edges(cells: Cells, cell: int, core: Flags, component: Rows) -> Pairs:
    """The components that core points of a cell join with those of the cells from it on."""
    rows = cells.members[cell][core[cells.members[cell]]]
    edges = [np.empty(0, dtype=np.int64)]
    for other in cells.touching(cell):
        columns = cells.members[other][core[cells.members[other]]]
        if other < cell or len(np.unique(component[np.concatenate([rows, columns])])) < 2:
            continue
        first, second = cells.pairs(rows, cell, columns, other)
        one, two = component[first], component[second]
        apart = one != two
        edges.append(np.unique(one[apart] * len(component) + two[apart]))
    return np.divmod(np.concatenate(edges), len(component))


def _joined(component: Rows, edges: Pairs) -> Rows:
    """The components (n,), each named by its lowest point, after edges between points of theirs."""
    first, second = component[edges[0]], component[edges[1]]
    names, codes = np.unique(np.stack([first, second])[:, first != second], return_inverse=True)
    if not len(names):
        return component
    row, column = codes.reshape(2, -1)
    graph = coo_array((np.ones(len(row), dtype=np.int8), (row, column)), shape=(len(names), len(names)))
    group = connected_components(graph, directed=False)[1]
    target = np.arange(len(component))
    target[names] = names[np.unique(group, return_index=True)[1]][group]
    return target[component]


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    """A thread a processor; faiss and BLAS start none of their own, which would wait for each other."""
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    one_thread = ThreadPoolExecutor(workers, initializer=faiss.omp_set_num_threads, initargs=(1,))
    with threadpool_limits(1), one_thread as pool:
        yield pool


def _note(near: Neighbours, labels: Rows, eps: float, min_samples: int) -> str:
    n = len(labels)
    if labels.max() < 0:
        if n < min_samples:
            return f"all {n} points are noise: min_samples {min_samples} is more than there are points"
        rng = np.random.default_rng(0)
        need = k_distances(near, min_samples=min_samples, sample=SAMPLED, rng=rng).radius
        return (
            f"all {n} points are noise: none has {min_samples} points within eps {eps:.4g}; "
            f"half of {len(need)} sampled points need {np.median(need):.4g}, the nearest {need[0]:.4g}"
        )
    if labels.min() == labels.max() == 0 and n > 1:
        return f"all {n} points are in one cluster: eps {eps:.4g} joins everything; try a smaller one"
    return ""
