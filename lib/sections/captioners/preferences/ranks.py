"""Mean ranks, and Friedman's test of whether they differ at all."""

import numpy as np
import pandas as pd
from scipy.stats import friedmanchisquare, rankdata

from lib.metrics.intervals import Floats
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.preferences.resampling import by_cluster, interval_of_means


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
