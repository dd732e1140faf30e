"""Estimates with intervals; the resampling unit is a group of rows that are not independent (a base clip)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from lib.base.prose import number as number

Floats = npt.NDArray[np.float64]
CELLS = 4_000_000
AGREE = 1e-9
MANY = 1 << 16
"""Groups from which on a resample is made by counting the groups drawn, one by one: a ninth of the time."""


@dataclass(frozen=True)
class Measure:
    """A number that prose quotes, with its interval and what it was counted on.

    Args:
        value: the point estimate; a share is a fraction, not a percentage.
        low: lower end of the interval.
        high: upper end of the interval.
        n: number of rows counted.
        unit: ``share`` (shown in %), or the unit's name.
        digits: decimals shown.
        kind: what the interval is.

    Example:
        >>> Measure(0.1234, 0.1, 0.15, 2192, "share").text
        '12.3 % (95 % CI 10.0–15.0, N = 2,192)'
        >>> Measure(5.5, 5.25, 6.0, 10, "words").text
        '5.5 words (95 % CI 5.2–6.0, N = 10)'
    """

    value: float
    low: float
    high: float
    n: int
    unit: str = ""
    digits: int = 1
    kind: str = "95 % CI"

    @property
    def text(self) -> str:
        """The measure as prose quotes it."""
        scale, unit = (100.0, " %") if self.unit == "share" else (1.0, f" {self.unit}".rstrip())
        ends = span(scale * self.low, scale * self.high, self.digits)
        return f"{number(scale * self.value, self.digits)}{unit} ({self.kind} {ends}, N = {self.n:,})"

    def __neg__(self) -> "Measure":
        """The same difference seen from the other side."""
        return Measure(-self.value, -self.high, -self.low, self.n, self.unit, self.digits, self.kind)

    def as_dict(self) -> dict[str, Any]:
        """The form kept in ``values.json``."""
        numbers = {"value": float(self.value), "low": float(self.low), "high": float(self.high), "n": int(self.n)}
        return {**numbers, "unit": self.unit, "text": self.text}


@dataclass(frozen=True)
class Counted:
    """A number that prose quotes and that has no interval, since nothing was sampled.

    Args:
        value: the number; a share is a fraction.
        unit: ``share`` (shown in %), or the unit's name.
        digits: decimals shown; None shows three significant digits, and an integer in full.

    Example:
        >>> Counted(344476).text, Counted(0.30474).text, Counted(0.3, "share", 1).text, Counted(4.84, "times", 1).text
        ('344,476', '0.305', '30.0 %', '4.8 times')
    """

    value: float
    unit: str = ""
    digits: int | None = None

    @property
    def text(self) -> str:
        """The number as prose quotes it."""
        value, unit = (100 * self.value, " %") if self.unit == "share" else (self.value, f" {self.unit}".rstrip())
        return f"{number(value, self.digits)}{unit}"

    def as_dict(self) -> dict[str, Any]:
        """The form kept in ``values.json``."""
        return {"value": self.value, "low": None, "high": None, "n": None, "unit": self.unit, "text": self.text}


def span(low: float, high: float, digits: int | None) -> str:
    """The ends of an interval: joined by a dash, or by "to" where a dash could be read as a minus sign.

    Example:
        >>> span(1.25, 2, 1), span(-1, 2, 0)
        ('1.2–2.0', '−1 to 2')
    """
    joint = " to " if low < 0 or high < 0 else "–"
    return f"{number(low, digits)}{joint}{number(high, digits)}"


def told(table: pd.DataFrame, digits: int) -> list[str]:
    """Each row's ``value`` with the interval ``low, high`` behind it.

    Example:
        >>> told(pd.DataFrame({"value": [0.5], "low": [-0.1], "high": [1.0]}), 1)
        ['0.5 (−0.1 to 1.0)']
    """
    rows = table[["value", "low", "high"]].to_numpy(dtype=np.float64)
    return [f"{number(value, digits)} ({span(low, high, digits)})" for value, low, high in rows]


def percent(fraction: float, digits: int = 1) -> str:
    """A share as prose writes it.

    Example:
        >>> percent(0.30474)
        '30.5 %'
    """
    return f"{100 * fraction:.{digits}f} %"


def bootstrap_groups(
    statistic: Callable[[Floats], Floats], n_groups: int, *, draws: int, rng: np.random.Generator
) -> Floats:
    """Replicates a statistic over resampled groups.

    Args:
        statistic: maps weights (b, n_groups), how often each group was drawn, to values (b, …).
        n_groups: number of groups.
        draws: number of replicates.
        rng: source of randomness.

    Returns:
        Replicates (draws, …). Weights are made a few rows at a time, so memory does not grow with ``draws``.
    """
    rows = max(1, CELLS // max(n_groups, 1))
    parts = [statistic(_resamples(n_groups, min(rows, draws - start), rng)) for start in range(0, draws, rows)]
    return np.concatenate(parts)


def _resamples(n_groups: int, size: int, rng: np.random.Generator) -> Floats:
    """How often each group is drawn in each of several resamples (size, n_groups)."""
    if n_groups < MANY:
        return rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=size).astype(np.float64)
    counts = [np.bincount(rng.integers(n_groups, size=n_groups), minlength=n_groups) for _ in range(size)]
    return np.array(counts, dtype=np.float64)


def percentile_interval(replicates: Floats, level: float = 0.95) -> tuple[Any, Any]:
    """The central interval of replicates (draws, …) along the first axis, NaN replicates left out."""
    tail = (1 - level) / 2
    low, high = np.nanquantile(replicates, [tail, 1 - tail], axis=0)
    return low, high


def group_sums(values: npt.ArrayLike, groups: npt.ArrayLike) -> Floats:
    """Sums rows (n,) by group label (n,), in the order of the sorted labels.

    Example:
        >>> group_sums([1, 2, 3], ["b", "a", "b"]).tolist()
        [2.0, 4.0]
    """
    _, inverse = np.unique(np.asarray(groups), return_inverse=True)
    return np.bincount(inverse, weights=np.asarray(values, dtype=np.float64)).astype(np.float64)


def share(flags: npt.ArrayLike, groups: npt.ArrayLike, *, draws: int, rng: np.random.Generator) -> Measure:
    """The share of rows flagged, with a percentile bootstrap interval over groups.

    When every group agrees the bootstrap has no spread; the interval is then Wilson's with one observation a group.

    Args:
        flags: booleans (n,), or shares of a hit where a tie counts in part.
        groups: the resampling unit of each row (n,).
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        The share as a fraction; ``n`` counts rows. NaN without rows.

    Example:
        >>> share([1, 1, 0, 0], ["a", "a", "b", "c"], draws=200, rng=np.random.default_rng(0)).value
        0.5
    """
    flags = np.asarray(flags, dtype=np.float64)
    if not flags.size:
        return Measure(float("nan"), float("nan"), float("nan"), 0, "share")
    hits, sizes = group_sums(flags, groups), group_sums(np.ones_like(flags), groups)
    value = float(flags.mean())
    if np.ptp(hits / sizes) < AGREE:
        low, high = proportion_confint(value * len(hits), len(hits), method="wilson")
    else:
        low, high = percentile_interval(
            bootstrap_groups(lambda w: (w @ hits) / (w @ sizes), len(hits), draws=draws, rng=rng)
        )
    return Measure(value, float(low), float(high), len(flags), "share")


def wilson(hits: int, n: int) -> Measure:
    """The share of independent rows that are hits, with Wilson's interval.

    Example:
        >>> wilson(1, 4).text
        '25.0 % (95 % CI 4.6–69.9, N = 4)'
    """
    low, high = proportion_confint(hits, n, method="wilson")
    return Measure(hits / n, float(low), float(high), n, "share")


def mean(
    values: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    draws: int,
    rng: np.random.Generator,
    unit: str = "",
    digits: int = 1,
) -> Measure:
    """The mean of rows (n,) with a percentile bootstrap interval over groups (n,)."""
    values = np.asarray(values, dtype=np.float64)
    if not values.size:
        return Measure(float("nan"), float("nan"), float("nan"), 0, unit, digits)
    sums, sizes = group_sums(values, groups), group_sums(np.ones_like(values), groups)
    replicates = bootstrap_groups(lambda w: (w @ sums) / (w @ sizes), len(sums), draws=draws, rng=rng)
    low, high = percentile_interval(replicates)
    return Measure(float(values.mean()), float(low), float(high), len(values), unit, digits)
