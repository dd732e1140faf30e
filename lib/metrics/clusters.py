"""Intervals from few clusters: the percentile interval of a bootstrap, widened as a t interval is."""

from math import sqrt
from typing import Any

import numpy as np
from scipy.stats import norm, t

from lib.metrics.intervals import Floats


def expanded_interval(replicates: Floats, clusters: int, level: float = 0.95) -> tuple[Any, Any]:
    """The percentile interval of replicates at a level that makes up for the small number of resampled clusters.

    Resampling n clusters spreads a mean by sqrt((n - 1) / n) of its standard error, and z quantiles stand where those
    of t belong; with 17 respondents, 95 % intervals then hold the truth some 92 times in 100. The tail is therefore
    norm.cdf(-t(n - 1) sqrt(n / (n - 1))). With two clusters it is zero: the interval spans all replicates, and still
    says little.

    Source: Hesterberg 2015, "What teachers should know about the bootstrap", section 4.3 (expanded percentile).

    Args:
        replicates: (draws, …), resampled over clusters; NaN ones are left out.
        clusters: how many there are; one gives NaN.
        level: of the interval.

    Returns:
        Its ends, of the shape of a replicate.

    Example:
        >>> few, many = expanded_interval(np.arange(1001.0), 5), expanded_interval(np.arange(1001.0), 10_000)
        >>> [round(float(end)) for end in (*few, *many)]
        [1, 999, 25, 975]
    """
    if clusters < 2:
        nothing = np.full(np.shape(replicates)[1:], np.nan)
        return nothing, nothing
    tail = norm.cdf(t.ppf((1 - level) / 2, clusters - 1) * sqrt(clusters / (clusters - 1)))
    low, high = np.nanquantile(replicates, [tail, 1 - tail], axis=0)
    return low, high
