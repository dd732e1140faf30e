"""The three intervals of a generation metric: over replications, over test clips, over training seeds."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from lib.metrics.intervals import Measure

Value = TypeVar("Value")
REPLICATIONS = 20
OVER_REPLICATIONS = "interval over replications"
OVER_SEEDS = "95 % CI over training seeds"


def replicate(
    statistic: Callable[[np.random.Generator, int], Value], *, times: int = REPLICATIONS, seed: int
) -> list[Value]:
    """Values of a statistic that draws at random, one independent stream a replication.

    Args:
        statistic: takes a generator and the replication's number, from 0; gives whatever it measures.
        times: replications.
        seed: of the streams; a replication's stream does not depend on how many there are.

    Returns:
        The values, one a replication.

    Example:
        >>> len(replicate(lambda rng, number: rng.integers(6), times=3, seed=0))
        3
    """
    streams = np.random.SeedSequence(seed).spawn(times)
    return [statistic(np.random.default_rng(stream), number) for number, stream in enumerate(streams)]


def replication_interval(values: npt.ArrayLike, *, unit: str = "", digits: int = 3) -> Measure:
    """Mean of replications with the interval that papers print: 1.96 * std(ddof=0) / sqrt(replications).

    It covers what a replication draws anew (pools, pairs, motions sampled from one model) and nothing else: neither
    the choice of test clips nor that of the training seed, which are usually much larger.

    Source: Guo et al. 2022 + text-to-motion: final_evaluation.py (`get_metric_statistics`), 20 replications.

    Args:
        values: one value a replication (r,).
        unit: of the values.
        digits: decimals shown.

    Returns:
        The estimate; n counts replications.

    Example:
        >>> found = replication_interval([1.0, 3.0] * 10)
        >>> found.value, round(found.high - found.value, 4)
        (2.0, 0.4383)
    """
    drawn = np.asarray(values, dtype=np.float64)
    mean, reach = float(drawn.mean()), float(1.96 * drawn.std(ddof=0) / np.sqrt(len(drawn)))
    return Measure(mean, mean - reach, mean + reach, len(drawn), unit, digits, OVER_REPLICATIONS)


def seed_interval(values: npt.ArrayLike, *, unit: str = "", digits: int = 3) -> Measure:
    """Mean over trainings that differ by their seed, with a t interval; the ends are NaN for a single training.

    With 3 seeds the interval reaches 4.30 standard errors each way: few seeds say little, and it shows.

    Args:
        values: one value a training (s,).
        unit: of the values.
        digits: decimals shown.

    Returns:
        The estimate; n counts trainings.

    Example:
        >>> found = seed_interval([1.0, 2.0, 3.0])
        >>> found.value, round(found.high - found.value, 3)
        (2.0, 2.484)
    """
    found = np.asarray(values, dtype=np.float64)
    mean, n = float(found.mean()), len(found)
    reach = float(student.ppf(0.975, n - 1) * found.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
    return Measure(mean, mean - reach, mean + reach, n, unit, digits, OVER_SEEDS)


def difference_interval(
    ours: npt.ArrayLike, baseline: npt.ArrayLike, *, clip_error: float, clips: int, n: int, digits: int = 3
) -> Measure:
    """Difference of two regimes' mean over seeds, uncertain in its seeds and in its test clips at once.

    The variance is the seeds' (Welch: the trainings of two regimes are independent) plus that of the clips; its
    degrees of freedom are Satterthwaite's. A bootstrap of 3 seeds would be too narrow by a third: it never sees more
    spread than 3 seeds show, and takes it for known. The seeds' variance holds the interaction of seeds and clips and
    so does the clips', which errs on the wide side.

    Args:
        ours: one value a training (s,).
        baseline: one value a training (b,).
        clip_error: standard error over test clips of the difference, the seeds given (`spread`, or a bootstrap's); NaN
            where it is not known.
        clips: independent clips behind it, for its degrees of freedom.
        n: number of rows.
        digits: decimals shown.

    Returns:
        ``ours`` less ``baseline``. With a single training a side only the clips are in the interval. Its ends are NaN
        where the error over clips is.

    Example:
        >>> found = difference_interval([1.0, 2.0, 3.0], [0.0, 1.0, 2.0], clip_error=0.0, clips=99, n=99)
        >>> found.value, round(found.high - found.value, 3)  # Welch's t, 4 degrees of freedom
        (1.0, 2.267)
    """
    value, error, freedom = _difference(ours, baseline, clip_error, clips)
    reach = float(student.ppf(0.975, freedom) * error) if error else 0.0
    return Measure(value, value - reach, value + reach, n, digits=digits)


def difference_p(ours: npt.ArrayLike, baseline: npt.ArrayLike, *, clip_error: float, clips: int) -> float:
    """The two-sided p of the test whose interval `difference_interval` is: below 0.05 where that excludes zero.

    Example:
        >>> round(difference_p([1.0, 2.0, 3.0], [0.0, 1.0, 2.0], clip_error=0.0, clips=99), 3)
        0.288
    """
    value, error, freedom = _difference(ours, baseline, clip_error, clips)
    if error == 0:
        return 1.0 if value == 0 else 0.0
    return float(2 * student.sf(abs(value) / error, freedom))


def _difference(
    ours: npt.ArrayLike, baseline: npt.ArrayLike, clip_error: float, clips: int
) -> tuple[float, float, float]:
    """The difference, its standard error and the degrees of freedom of that."""
    sides = [np.asarray(side, dtype=np.float64) for side in (ours, baseline)]
    parts = [(float(clip_error) ** 2, clips - 1)]
    parts += [(float(side.var(ddof=1)) / len(side), len(side) - 1) for side in sides if len(side) > 1]
    total = sum(variance for variance, _ in parts)
    value = float(sides[0].mean() - sides[1].mean())
    if not total > 0:
        return value, float(total), float("nan")
    freedom = total**2 / sum(variance**2 / df for variance, df in parts if variance > 0)
    return value, float(np.sqrt(total)), float(freedom)
