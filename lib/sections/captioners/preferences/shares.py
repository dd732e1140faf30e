"""How often each captioner is ranked first."""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from lib.metrics.intervals import Floats
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.preferences.resampling import by_cluster, interval_of_means


def first_places(ranks: Floats) -> Floats:
    """Votes of each ballot (n, k): one for the best, split evenly where several tie for it; NaN where not shown.

    Example:
        >>> first_places(np.array([[1.0, 2.0, 3.0], [1.5, 1.5, 3.0]])).tolist()
        [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]
    """
    best = ranks == np.nanmin(ranks, axis=1, keepdims=True)
    return np.asarray(np.where(np.isnan(ranks), np.nan, best / best.sum(axis=1, keepdims=True)), dtype=np.float64)


def preference(ballots: Ballots, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Shares of first places with two intervals.

    Wilson's takes every ballot for independent, as the technical report's counts would have it; the other resamples
    respondents, whose ballots go together, and is the one to trust. Both are for the clips that were asked about.

    Returns:
        Columns ``captioner, ballots, first, share, wilson_low, wilson_high, low, high, chance``, most preferred first;
        ``ballots`` are those that showed the captioner, ``chance`` what blind choice among those shown would give.
    """
    votes = first_places(ballots.ranks)
    shown = ~np.isnan(votes)
    first, counts = np.nansum(votes, axis=0), shown.sum(axis=0)
    wilson_low, wilson_high = proportion_confint(first, counts, method="wilson")
    low, high = interval_of_means(
        by_cluster(votes, ballots.respondents),
        by_cluster(shown.astype(np.float64), ballots.respondents),
        draws=draws,
        rng=rng,
    )
    blind = np.where(shown, 1 / shown.sum(axis=1, keepdims=True), 0.0).sum(axis=0) / counts
    table = pd.DataFrame(
        {
            "captioner": ballots.captioners,
            "ballots": counts,
            "first": first,
            "share": first / counts,
            "wilson_low": wilson_low,
            "wilson_high": wilson_high,
            "low": low,
            "high": high,
            "chance": blind,
        }
    )
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)
