"""Intervals of scores and of their differences over test clips."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from lib.metrics.directions import Floats
from lib.metrics.intervals import Measure, bootstrap_groups, percentile_interval
from lib.metrics.jackknife import jackknife, spread
from lib.metrics.names import METRICS
from lib.sections.evaluation.generation_scores import Scores

FEWEST_CLIPS = 5
"""Base clips without which no interval over clips is given: fewer do not show how much clips differ."""


def named(metric: str) -> dict[str, str]:
    """A metric with its unit and which way is better ("" when neither is).

    Example:
        >>> named("jerk")
        {'metric': 'jerk', 'unit': 'm/s³', 'better': 'like real'}
    """
    return {"metric": metric, "unit": METRICS[metric].unit, "better": METRICS[metric].better}


def possible(metric: str, ends: Sequence[float]) -> list[float]:
    """Ends of intervals, none beyond the values that a metric can have; its unbiased estimate lets KID be below 0.

    Example:
        >>> possible("skating steps", [-0.04, 1.2]), possible("KID", [-0.04])
        ([0.0, 1.0], [-0.04])
    """
    highest = 1.0 if METRICS[metric].unit == "share" else np.inf
    return [*map(float, np.clip(ends, -np.inf if metric == "KID" else 0.0, highest))]


def clip_interval(scored: Scores, metric: str, *, draws: int, seed: int) -> Measure:
    """A score with its 95 % interval over test clips, the trainings as they are.

    Bootstrap percentiles over base clips; for FID and KID, which a bootstrap would move, the jackknife over blocks.
    NaN ends under `FEWEST_CLIPS`.
    """
    n, value = len(scored.groups), float(scored.of_seeds(metric).mean())
    if metric in scored.of_set:
        return jackknife(value, scored.of_set[metric][1].mean(axis=0), n=n)
    values = scored.clips[metric].mean(axis=0)
    if _units(values, scored.groups) < FEWEST_CLIPS:
        return Measure(value, np.nan, np.nan, n)
    low, high = percentile_interval(resampled(values, scored.groups, draws=draws, seed=seed))
    return Measure(value, float(low), float(high), n)


def difference_over_clips(
    ours: Scores, theirs: Scores, metric: str, *, draws: int, seed: int
) -> tuple[float, float, float, int]:
    """Standard error and 95 % interval over test clips of a paired difference, and the independent units behind it.

    NaN under `FEWEST_CLIPS`, whatever the trainings say.
    """
    if metric in ours.of_set:
        left_out = ours.of_set[metric][1].mean(axis=0) - theirs.of_set[metric][1].mean(axis=0)
        value = float(ours.of_seeds(metric).mean() - theirs.of_seeds(metric).mean())
        over = jackknife(value, left_out, n=len(ours.groups))
        return float(spread(left_out)), over.low, over.high, len(left_out)
    paired = ours.clips[metric].mean(axis=0) - theirs.clips[metric].mean(axis=0)
    units = _units(paired, ours.groups)
    if units < FEWEST_CLIPS:
        return np.nan, np.nan, np.nan, units
    drawn = resampled(paired, ours.groups, draws=draws, seed=seed)
    low, high = percentile_interval(drawn)
    return float(np.nanstd(drawn, ddof=1)), float(low), float(high), units


def resampled(values: Floats, groups: np.ndarray, *, draws: int, seed: int) -> Floats:
    """Means (draws,) of values (n,) over resampled base clips; clips without a value (NaN) do not count.

    Example:
        >>> resampled(np.array([1.0, 1.0, np.nan]), np.array(["a", "b", "c"]), draws=2, seed=0).round(6).tolist()
        [1.0, 1.0]
    """
    known = np.isfinite(values)
    if not known.any():
        return np.full(draws, np.nan)
    names, group_of = np.unique(groups[known], return_inverse=True)
    sums, sizes = np.bincount(group_of, weights=values[known]), np.bincount(group_of).astype(np.float64)
    drawn = _weights(len(names), draws, seed)
    return np.asarray((drawn @ sums) / (drawn @ sizes))


def _units(values: Floats, groups: np.ndarray) -> int:
    return len(np.unique(groups[np.isfinite(values)]))


@lru_cache(maxsize=4)
def _weights(groups: int, draws: int, seed: int) -> Floats:
    # One draw of the clips serves every metric and model: that pairs them, and saves the time.
    return bootstrap_groups(lambda w: w, groups, draws=draws, rng=np.random.default_rng(seed))
