"""The difference of two recalls on the same clips, with a paired interval."""

import numpy as np
import numpy.typing as npt
from statsmodels.stats.proportion import proportion_confint

from lib.metrics.intervals import bootstrap_groups, group_sums, percentile_interval


def recall_difference(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    draws: int,
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    """First less second, in percentage points, with a percentile bootstrap interval over groups.

    Where no clip tells the two apart every replicate is zero; the ends are then Wilson's bound of a share that was
    seen in none of the groups, on either side.

    Args:
        first: whether each clip was found (n,), 0 or 1.
        second: likewise, in the same order.
        groups: the resampling unit of each clip (n,).
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        Difference and the ends of its 95 % interval.

    Example:
        >>> one = recall_difference([1, 1, 1, 0], [1, 0, 0, 0], list("abcd"), draws=200, rng=np.random.default_rng(0))
        >>> one[0]
        50.0
    """
    apart = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    sums, sizes = group_sums(apart, groups), group_sums(np.ones_like(apart), groups)
    if not apart.any():
        bound = 100 * float(proportion_confint(0, len(sums), method="wilson")[1])
        return 0.0, -bound, bound
    replicates = bootstrap_groups(lambda w: 100 * (w @ sums) / (w @ sizes), len(sums), draws=draws, rng=rng)
    low, high = percentile_interval(replicates)
    return 100 * float(apart.mean()), float(low), float(high)
