"""Every two captioners against each other, with a test that flips whole respondents, and how many would decide."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import norm

from lib.metrics.intervals import Floats, bootstrap_groups, percentile_interval
from lib.metrics.p_values import holm
from lib.metrics.sign_flips import sign_flips
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.preferences.resampling import by_cluster, interval_of_means


def paired_preferences(
    ballots: Ballots, *, draws: int, rng: np.random.Generator, alpha: float = 0.05, power: float = 0.8
) -> pd.DataFrame:
    """How often one captioner is ranked above another, ties half, and whether that is more than chance.

    Were two captioners alike, a respondent would as soon have preferred the other: the test flips the sign of each
    respondent's surplus of wins, a whole number, so that all 2^n patterns of n respondents are counted. It holds for
    independent respondents, whatever their number of ballots. p cannot fall below 2 / 2^n, so that five or fewer can
    show nothing at 0.05.

    Args:
        ballots: the answers.
        draws: bootstrap replicates.
        rng: source of randomness.
        alpha: the level of all tests together.
        power: for ``needed``.

    Returns:
        Columns ``first, second, ballots, share, low, high, respondents, p, test, p_holm, different, needed, needed_low,
        needed_high``; ``test`` says how p was found, and the last three are from `respondents_needed`, NaN where it
        cannot be said. Pairs that no ballot shows together are left out.
    """
    rows, surpluses = [], []
    for i, j in combinations(range(len(ballots.captioners)), 2):
        met = ~np.isnan(ballots.ranks[:, [i, j]]).any(axis=1)
        if not met.any():
            continue
        mine, people = ballots.wins[met, i, j], ballots.respondents[met]
        sums, counts = by_cluster(mine[:, None], people), by_cluster(np.ones((len(mine), 1)), people)
        low, high = interval_of_means(sums, counts, draws=draws, rng=rng)
        surpluses.append(2 * sums[:, 0] - counts[:, 0])
        test = sign_flips(surpluses[-1], draws=draws, rng=rng)
        names = ballots.captioners[i], ballots.captioners[j]
        rows.append(
            (*names, len(mine), float(mine.mean()), float(low[0]), float(high[0]), len(sums), test.p, test.kind)
        )
    columns = ["first", "second", "ballots", "share", "low", "high", "respondents", "p", "test"]
    table = pd.DataFrame(rows, columns=columns)
    adjusted = holm(table["p"])
    level = alpha / max(len(table), 1)
    needed = [respondents_needed(one, alpha=level, power=power, draws=draws, rng=rng) for one in surpluses]
    table = table.assign(p_holm=adjusted, different=adjusted <= alpha)
    return table.join(pd.DataFrame(needed, columns=["needed", "needed_low", "needed_high"]))


def respondents_needed(
    surplus: Floats, *, alpha: float, power: float, draws: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Respondents at which a test of the mean surplus would find it, were the observed ones the true ones.

    N = ((z(1 - alpha / 2) + z(power)) s / m)^2, with m and s the mean and standard deviation over respondents. Its
    interval resamples respondents; a resample without surplus counts as a surplus of one ballot.

    Args:
        surplus: each respondent's ballots won less those lost (r,).
        alpha: two-sided level; divide it by the number of comparisons that share it.
        power: the wanted probability of a significant result.
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        N with the ends of its 95 % interval; NaN with one respondent, or without a surplus.

    Example:
        >>> surplus = np.array([1.0, 1.0, 1.0, -1.0] * 5)
        >>> found = respondents_needed(surplus, alpha=0.05, power=0.8, draws=200, rng=np.random.default_rng(0))
        >>> round(found[0]), found[1] < 20 < found[2]
        (25, True)
    """
    n, total = len(surplus), float(surplus.sum())
    if n < 2 or total == 0:
        return float("nan"), float("nan"), float("nan")
    reach = norm.ppf(1 - alpha / 2) + norm.ppf(power)

    def needed(weights: Floats) -> Floats:
        means = weights @ surplus / n
        squares = weights @ np.square(surplus) / n - means**2
        means = np.where(means == 0, 1 / n, means)
        return np.asarray(reach**2 * np.maximum(squares, 0.0) * n / (n - 1) / means**2)

    low, high = percentile_interval(bootstrap_groups(needed, n, draws=draws, rng=rng))
    return float(needed(np.ones((1, n)))[0]), float(low), float(high)
