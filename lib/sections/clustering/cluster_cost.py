"""What clustering costs as clips grow in number: one tree over all of them, beside K-means and a tree of centroids.

K-means may be fit on a sample of them; what that loses is said here too.
"""

import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from lib.base.prose import listed
from lib.clustering.lance_williams import Linkage, merges
from lib.clustering.points import Singles
from lib.clustering.semantic import cluster
from lib.sections.clustering.two_spaces import Clusters

FULL, STEPS = "one tree", "two steps"
GB = 1e9


def growth(rows: Singles, sizes: Sequence[int], *, centroids: int, linkage: Linkage, seed: int) -> pd.DataFrame:
    """Processor time and memory of either way on random parts of the clips, drawn with replacement.

    The two steps are also measured at 4 and at 16 times the largest size.

    Returns:
        ``way, clips, seconds, gigabytes`` (the peak beyond the clips themselves, as Python's allocator counts it).
    """
    rng, found = np.random.default_rng(seed), []
    linked: dict[str, Any] = {"linkage": linkage, "metric": "euclidean"}
    for size in [min(sizes), *sizes, 4 * max(sizes), 16 * max(sizes)]:
        some = rows[rng.integers(len(rows), size=size)] + rng.normal(scale=1e-4, size=(size, rows.shape[1]))
        asked = {"n_centroids": min(centroids, size), "n_clusters": 1, "seed": seed, **linked}
        ways: dict[str, Callable[[], object]] = {STEPS: partial(cluster, some, **asked)}
        if size <= max(sizes):
            ways[FULL] = partial(merges, some, **linked)
        found += [(way, size, *_measured(run)) for way, run in ways.items()]
    # The first size is measured twice: the first time everything is loaded.
    return pd.DataFrame(found[2:], columns=["way", "clips", "seconds", "gigabytes"])


def extrapolated(measured: pd.DataFrame, clips: int) -> pd.DataFrame:
    """What each way would take at a number of clips: ``way, clips, seconds, gigabytes, time_grows``.

    One tree: a power law through the measured times, and the distances of all pairs, 4 n (n - 1) bytes, at least. Two
    steps: straight lines from the origin through the largest measurement.
    """
    tree, steps = (measured[measured["way"] == way].sort_values("clips") for way in (FULL, STEPS))
    power, constant = np.polyfit(np.log(tree["clips"]), np.log(np.maximum(tree["seconds"], 1e-9)), 1)
    seconds, last = float(np.exp(constant + power * np.log(clips))), steps.iloc[-1]
    times = clips / int(last["clips"])
    rows = [
        (FULL, clips, seconds, 4 * clips * (clips - 1) / GB, f"clips to the power {power:.1f}"),
        (STEPS, clips, float(last["seconds"]) * times, float(last["gigabytes"]) * times, "as the clips"),
    ]
    return pd.DataFrame(rows, columns=["way", "clips", "seconds", "gigabytes", "time_grows"])


def costs(measured: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """What either way costs, in the digits that are known: two.

    Args:
        measured: from `growth`; of each way the largest size counts.
        expected: from `extrapolated`.

    Returns:
        ``way, known`` (measured or extrapolated), ``clips, seconds, gigabytes, time_grows``.
    """
    last = measured.sort_values("clips").groupby("way", sort=False).tail(1).assign(known="measured")
    table = pd.concat([last, expected.assign(known="extrapolated")], ignore_index=True)
    for column in ("seconds", "gigabytes"):
        table[column] = [f"{two_digits(value):,.10g}" for value in table[column]]
    order = {way: place for place, way in enumerate((FULL, STEPS))}
    table = table.sort_values("way", key=lambda ways: ways.map(order), kind="stable", ignore_index=True)
    return table[["way", "known", "clips", "seconds", "gigabytes", "time_grows"]]


def two_digits(value: float) -> float:
    """A number rounded to two significant digits.

    Example:
        >>> two_digits(577.6), two_digits(0.01234), two_digits(0.0), two_digits(98765.0)
        (580.0, 0.012, 0.0, 99000.0)
    """
    return float(f"{value:.2g}")


def sample_loss(found: Clusters) -> dict[str, float | int | str]:
    """On how many clips K-means was fit, and how much farther all clips lie from its centroids than these.

    Args:
        found: the clusters of each space.

    Returns:
        ``fit``, sentences; ``fit_clips``, and of each space ``…_fit_distance`` and ``…_fit_sample_distance``, the mean
        squared distance of a clip to its centroid, of all clips and of those that it was fit on. Nothing where it was
        fit on all.
    """
    one = next(iter(found.values()))
    if one.fitted == len(one.labels):
        return {}
    told: dict[str, float | int | str] = {"fit_clips": one.fitted}
    parts = []
    for space, of in found.items():
        whole, own = of.inertia / len(of.labels), of.fit_inertia / of.fitted
        told |= {f"{space}_fit_distance": whole, f"{space}_fit_sample_distance": own}
        parts.append(f"{whole:.3g} for {space} ({own:.3g} in the sample)")
    text = (
        f"K-means was fit on {one.fitted:,} of {len(one.labels):,} clips, drawn at random; all were assigned to its "
        f"centroids. The mean squared distance of a clip to its centroid is {listed(parts)}."
    )
    return told | {"fit": text}


def _measured(run: Callable[[], object]) -> tuple[float, float]:
    tracemalloc.start()
    try:
        start = time.process_time()
        run()
        return time.process_time() - start, tracemalloc.get_traced_memory()[1] / GB
    finally:
        tracemalloc.stop()


def values(measured: pd.DataFrame, expected: pd.DataFrame) -> dict[str, float | int]:
    """Measured sizes, and extrapolated costs in two digits."""
    full, steps = (expected[expected["way"] == way].iloc[0] for way in (FULL, STEPS))
    return {
        "tree_measured_clips": int(measured.loc[measured["way"] == FULL, "clips"].max()),
        "steps_measured_clips": int(measured.loc[measured["way"] == STEPS, "clips"].max()),
        "extrapolated_clips": int(full["clips"]),
        "tree_gigabytes": two_digits(full["gigabytes"]),
        "tree_hours": two_digits(full["seconds"] / 3600),
        "steps_minutes": two_digits(steps["seconds"] / 60),
        "steps_gigabytes": two_digits(steps["gigabytes"]),
    }
