"""The places that ballots give captioners: first places, mean ranks, and Friedman's test of whether they differ."""

import numpy as np
import pandas as pd
from scipy.stats import friedmanchisquare, rankdata
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


def first_place_shares(ballots: Ballots, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
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


def mean_ranks(ballots: Ballots, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Mean rank of each captioner where it was shown, with an interval over respondents; 1 is best.

    Returns:
        Columns ``captioner, mean_rank, low, high, ballots``, best first.
    """
    ranked = (~np.isnan(ballots.ranks)).astype(np.float64)
    sums, counts = (by_cluster(x, ballots.respondents) for x in (ballots.ranks, ranked))
    low, high = interval_of_means(sums, counts, draws=draws, rng=rng)
    table = pd.DataFrame(
        {
            "captioner": ballots.captioners,
            "mean_rank": sums.sum(axis=0) / counts.sum(axis=0),
            "low": low,
            "high": high,
            "ballots": ranked.sum(axis=0).astype(int),
        }
    )
    return table.sort_values("mean_rank", kind="stable", ignore_index=True)


def friedman(ballots: Ballots) -> pd.DataFrame:
    """Friedman's test that no captioner is ranked differently, with ballots and with respondents as blocks.

    The test wants independent blocks. Ballots of one person are not, so the test over ballots is the usual one and too
    sure; over respondents, each one's mean ranks are ranked and make one block. Incomplete ballots are left out.

    Source: Friedman 1937; scipy's ``friedmanchisquare``. W = chi2 / (blocks (k - 1)) is Kendall's concordance.

    Returns:
        Columns ``blocks_are, blocks, captioners, chi2, p, kendall_w, note``; ``note`` says why a row holds no number.
    """
    whole = ballots.rows(ballots.complete)
    if len(whole):
        totals = by_cluster(whole.ranks, whole.respondents)
        sizes = by_cluster(np.ones((len(whole), 1)), whole.respondents)
        people = np.apply_along_axis(rankdata, 1, np.round(totals / sizes, 9))
    else:
        people = whole.ranks
    rows = [("ballots", *_friedman(whole.ranks)), ("respondents", *_friedman(people))]
    columns = ["blocks_are", "blocks", "captioners", "chi2", "p", "kendall_w", "note"]
    return pd.DataFrame(rows, columns=columns)


def _friedman(ranks: Floats) -> tuple[int, int, float, float, float, str]:
    blocks, k = ranks.shape
    nan = float("nan")
    if k < 3:
        return blocks, k, nan, nan, nan, "needs three captioners; the paired test is for two"
    if blocks < 2:
        return blocks, k, nan, nan, nan, "needs two blocks that rank every captioner"
    if (np.ptp(ranks, axis=1) == 0).all():
        return blocks, k, nan, nan, nan, "every block ties all captioners"
    chi2, p = friedmanchisquare(*ranks.T)
    return blocks, k, float(chi2), float(p), float(chi2) / (blocks * (k - 1)), ""
