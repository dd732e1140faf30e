"""How many times the data would decide a difference that these do not, were it what they say."""

from dataclasses import dataclass
from math import ceil, inf

import numpy as np
from scipy.stats import norm

from lib.metrics.directions import Floats
from lib.metrics.intervals import number

MOST = 1000.0
"""Factors beyond it are told as that: no one gathers so much."""
KNOWN = 30.0
"""Upper ends of intervals beyond which a plan is told by its estimate alone."""


@dataclass(frozen=True)
class Times:
    """How many times the present data, with the 95 % interval of what they are compatible with.

    Args:
        value: were the estimate the true difference.
        low: lower end.
        high: upper end.
    """

    value: float
    low: float
    high: float

    def of(self, present: int, unit: str) -> str:
        """So many of a unit, with the interval.

        Args:
            present: how many there are now.
            unit: their name.

        Example:
            >>> Times(2.25, 1.2, 5000.0).of(100, "clips")
            '225 clips (95 % CI 120 to more than 100,000)'
        """
        joint = " to " if self.high > MOST else "–"
        ends = f"{_so_many(self.low, present)}{joint}{_so_many(self.high, present)}"
        return f"{_so_many(self.value, present)} {unit} (95 % CI {ends})"

    def roughly(self, present: int, unit: str) -> str:
        """So many of a unit, in words where the upper end of the interval is beyond `KNOWN`.

        Example:
            >>> Times(2.25, 1.2, 5.0).roughly(100, "clips")
            '225 clips (95 % CI 120–500)'
            >>> Times(2.25, 1.2, 5000.0).roughly(100, "clips")
            'about 225 clips, perhaps far more'
            >>> Times(2000.0, 1.2, 5000.0).roughly(100, "clips")
            'more than 100,000 clips'
        """
        if self.high <= KNOWN:
            return self.of(present, unit)
        count = f"{self.count(present)} {unit}"
        return count if self.value > MOST else f"about {count}, perhaps far more"

    def count(self, present: int) -> str:
        """So many at the estimate, without the interval.

        Example:
            >>> Times(2.25, 1.2, 5000.0).count(3)
            '7'
        """
        return _so_many(self.value, present)


def _so_many(times: float, present: int) -> str:
    if times > MOST:
        return f"more than {number(int(MOST) * present)}"
    return number(ceil(times * present - 1e-6))


def times_needed(value: float, low: float, high: float, margin: float, *, fixed: float = 0.0) -> Times | None:
    """How many times the data would decide a difference by `lib.metrics.decision.relation`.

    An interval shrinks with the root of the data. A true difference d beyond the margin is shown where half an
    interval is below |d|, and one within it is refuted where half an interval is below margin - |d|. So
    f = (w^2 - c^2) / (target^2 - c^2), with w half the present interval and c the half that more of these data leave.

    Args:
        value: the estimate.
        low: lower end of its 95 % interval.
        high: upper end.
        margin: the largest difference that matters to nobody.
        fixed: half the interval that would be left with endless data of this kind; that of the clips, say, where seeds
            are added.

    Returns:
        The factor with the interval of its values over the differences that these data are compatible with, no
        less than 1; None where no number would do at the estimate.

    Example:
        >>> found = times_needed(0.1, -0.1, 0.3, 0.05)
        >>> found.value, found.low < 2 < 100 < found.high
        (4.0, True)
        >>> times_needed(0.1, -0.1, 0.3, 0.05, fixed=0.15) is None
        True
    """
    half = (high - low) / 2
    chances = (np.arange(999) + 0.5) / 999
    differences = np.append(value + norm.ppf(chances) * half / norm.ppf(0.975), value)
    factors = _factors(np.abs(differences), half, margin, fixed)
    if factors[-1] == inf:
        return None
    ends = np.quantile(factors[:-1], [0.025, 0.975], method="nearest")
    return Times(float(factors[-1]), float(ends[0]), float(ends[1]))


def _factors(sizes: Floats, half: float, margin: float, fixed: float) -> Floats:
    target = np.where(sizes > margin, sizes, margin - sizes)
    room = target**2 - fixed**2
    factors = np.divide(half**2 - fixed**2, room, out=np.full_like(room, inf), where=room > 0)
    return np.asarray(np.maximum(factors, 1.0))
