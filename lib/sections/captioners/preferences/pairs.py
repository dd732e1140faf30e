"""Every two captioners against each other, with a test that flips whole respondents."""

from itertools import combinations

import numpy as np
import pandas as pd

from lib.metrics.p_values import holm
from lib.metrics.sign_flips import sign_flip_p
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.preferences.resampling import by_cluster, interval_of_means


def paired_preferences(ballots: Ballots, *, draws: int, rng: np.random.Generator, alpha: float = 0.05) -> pd.DataFrame:
    """How often one captioner is ranked above another, ties half, and whether that is more than chance.

    Were two captioners alike, a respondent would as soon have preferred the other: the test flips the sign of each
    respondent's surplus of wins. It is exact for independent respondents, whatever their number of ballots. With n
    respondents p cannot fall below 2 / 2^n, so that five or fewer can show nothing at 0.05.

    Args:
        ballots: the answers.
        draws: bootstrap replicates and random sign patterns.
        rng: source of randomness.
        alpha: the level of all tests together.

    Returns:
        Columns ``first, second, ballots, share, low, high, respondents, p, p_holm, different``; pairs that no ballot
        shows together are left out.
    """
    rows = []
    for i, j in combinations(range(len(ballots.captioners)), 2):
        met = ~np.isnan(ballots.ranks[:, [i, j]]).any(axis=1)
        if not met.any():
            continue
        mine, people = ballots.wins[met, i, j], ballots.respondents[met]
        sums, counts = by_cluster(mine[:, None], people), by_cluster(np.ones((len(mine), 1)), people)
        low, high = interval_of_means(sums, counts, draws=draws, rng=rng)
        p = sign_flip_p(2 * sums[:, 0] - counts[:, 0], draws=draws, rng=rng)
        names = ballots.captioners[i], ballots.captioners[j]
        rows.append((*names, len(mine), float(mine.mean()), float(low[0]), float(high[0]), len(sums), p))
    columns = ["first", "second", "ballots", "share", "low", "high", "respondents", "p"]
    table = pd.DataFrame(rows, columns=columns)
    adjusted = holm(table["p"])
    return table.assign(p_holm=adjusted, different=adjusted <= alpha)
