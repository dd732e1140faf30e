"""What clustering costs as clips grow in number: one tree over all of them, beside K-means and a tree of centroids."""

import time
import tracemalloc
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from lib.clustering.lance_williams import Linkage, merges
from lib.clustering.semantic import cluster
from lib.metrics.directions import Floats

FULL, STEPS = "one tree", "two steps"
GB = 1e9


def growth(rows: Floats, sizes: Sequence[int], *, centroids: int, linkage: Linkage, seed: int) -> pd.DataFrame:
    """Processor time and memory of either way on random parts of the clips, drawn with replacement.

    Returns:
        ``way, clips, seconds, gigabytes`` (the peak beyond the clips themselves, as Python's allocator counts it).
    """
    rng, found = np.random.default_rng(seed), []
    cluster(rows[: 2 * centroids], n_centroids=min(centroids, len(rows)), n_clusters=1, seed=seed)  # warms up
    for size in sizes:
        some = rows[rng.integers(len(rows), size=size)] + rng.normal(scale=1e-4, size=(size, rows.shape[1]))
        count = min(centroids, size)
        ways: dict[str, Callable[[], object]] = {
            FULL: lambda some=some: merges(some, linkage=linkage, metric="euclidean"),  # type: ignore[misc]
            STEPS: lambda some=some, count=count: cluster(  # type: ignore[misc]
                some, n_centroids=count, n_clusters=min(12, count), linkage=linkage, seed=seed
            ),
        }
        found += [(way, size, *_measured(run)) for way, run in ways.items()]
    return pd.DataFrame(found, columns=["way", "clips", "seconds", "gigabytes"])


def extrapolated(measured: pd.DataFrame, clips: int) -> pd.DataFrame:
    """What each way would take at a number of clips: ``way, clips, seconds, gigabytes, power`` (of the time).

    Memory of one tree is at least the distances of all pairs, 8 n (n - 1) / 2 bytes; the rest is a power law through
    the measurements.
    """
    rows = []
    for way, table in measured.groupby("way", sort=False):
        power, seconds = _law(table["clips"], table["seconds"], clips)
        _, gigabytes = _law(table["clips"], table["gigabytes"], clips)
        pairs = 4 * clips * (clips - 1) / GB
        rows.append((way, clips, seconds, max(gigabytes, pairs) if way == FULL else gigabytes, power))
    return pd.DataFrame(rows, columns=["way", "clips", "seconds", "gigabytes", "power"])


def _measured(run: Callable[[], object]) -> tuple[float, float]:
    tracemalloc.start()
    try:
        start = time.process_time()
        run()
        return time.process_time() - start, tracemalloc.get_traced_memory()[1] / GB
    finally:
        tracemalloc.stop()


def _law(x: "pd.Series[int]", y: "pd.Series[float]", at: int) -> tuple[float, float]:
    power, constant = np.polyfit(np.log(x), np.log(np.maximum(y, 1e-9)), 1)
    return float(power), float(np.exp(constant + power * np.log(at)))
