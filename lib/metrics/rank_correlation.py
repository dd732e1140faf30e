"""Whether two measures order a few things alike, with the exact chance of doing so by accident."""

from dataclasses import dataclass
from itertools import permutations
from math import factorial

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from lib.metrics.p_values import monte_carlo

EXACT_UP_TO = 8
DRAWS = 9999


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's correlation of two orders.

    Args:
        rho: -1 to 1; NaN where a measure is constant or fewer than two things are ordered.
        p: two-sided, over all orders of the things; NaN likewise.
        n: how many things.
        least_p: what p is when the orders agree perfectly and hold no tie: with few things it is not small.
    """

    rho: float
    p: float
    n: int
    least_p: float

    @property
    def kind(self) -> str:
        """How p was found.

        Example:
            >>> RankCorrelation(1.0, 0.08, 4, 0.08).kind, RankCorrelation(1.0, 0.0001, 9, 0.0002).kind
            ('exact', 'Monte-Carlo, 0.0001 at least')
        """
        return "exact" if self.n <= EXACT_UP_TO else monte_carlo(1 + DRAWS)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of rho; NaN with fewer than four things, or where rho is.

        Source: Bonett and Wright 2000, whose variance of Fisher's z is (1 + rho^2 / 2) / (n - 3).

        Example:
            >>> low, high = RankCorrelation(0.5, 0.01, 103, 0.0).interval
            >>> round(low, 3), round(high, 3)
            (0.329, 0.639)
        """
        if self.n < 4 or not np.isfinite(self.rho):
            return float("nan"), float("nan")
        if abs(self.rho) >= 1:
            return self.rho, self.rho
        reach = 1.96 * np.sqrt((1 + self.rho**2 / 2) / (self.n - 3))
        low, high = np.tanh(np.arctanh(self.rho) + np.array([-reach, reach]))
        return float(low), float(high)


def spearman(a: npt.ArrayLike, b: npt.ArrayLike, *, rng: np.random.Generator) -> RankCorrelation:
    """Spearman's rank correlation with its permutation p: exact up to 8 things, by random orders beyond.

    Args:
        a: a measure of each thing (n,).
        b: another (n,).
        rng: source of randomness of the random orders.

    Example:
        >>> found = spearman([4, 3, 2, 1], [9, 7, 5, 1], rng=np.random.default_rng(0))
        >>> found.rho, round(found.p, 4), round(found.least_p, 4)
        (1.0, 0.0833, 0.0833)
    """
    first, second = (rankdata(np.asarray(x, dtype=np.float64)) for x in (a, b))
    n = len(first)
    if len(second) != n:
        raise ValueError(f"{n} and {len(second)} values cannot be paired")
    if n < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return RankCorrelation(float("nan"), float("nan"), n, float("nan"))
    if n <= EXACT_UP_TO:
        orders = np.array(list(permutations(range(n))))
    else:
        orders = np.stack([np.arange(n), *(rng.permutation(n) for _ in range(DRAWS))])
    x, y = ((r - r.mean()) / np.linalg.norm(r - r.mean()) for r in (first, second))
    rhos = y[orders] @ x
    p = float((np.abs(rhos) >= abs(rhos[0]) - 1e-9).mean())
    return RankCorrelation(float(np.round(rhos[0], 12)), p, n, 2 / min(factorial(n), len(orders)))
