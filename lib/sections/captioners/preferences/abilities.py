"""Bradley-Terry abilities: one number a captioner whose differences are the log odds of being preferred."""

import numpy as np
import pandas as pd

from lib.metrics.intervals import Floats
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.preferences.resampling import by_cluster, interval

PRIOR = 0.5
STEPS = 100
CLOSE = 1e-10


def bradley_terry(wins: Floats, *, prior: float = PRIOR) -> Floats:
    """Maximum likelihood abilities from counts of pairwise wins, for many tables at once.

    P(i above j) = 1 / (1 + exp(b_j - b_i)), abilities adding up to zero. A ranking counts as its pairs, which is
    consistent when rankings follow Plackett and Luce; a tie counts half a win either way. Half a win is added to both
    sides of every pair, so that abilities stay finite where one captioner beats another always; for two captioners that
    gives log((w + 0.5) / (l + 0.5)).

    Source: Bradley and Terry 1952, fitted by Newton's method; agrees with choix, which fits one table at a time.

    Args:
        wins: how often the row's captioner is ranked above the column's (…, k, k); fractions are allowed.
        prior: wins added to each side of every pair.

    Returns:
        Abilities (…, k) in log odds; not finite where `prior` is 0 and the wins do not connect all captioners.

    Example:
        >>> bradley_terry(np.array([[0.0, 30.0], [10.0, 0.0]]), prior=0).round(4).tolist()
        [0.5493, -0.5493]
        >>> round(float(np.log(3) / 2), 4)
        0.5493
    """
    k = wins.shape[-1]
    off = 1 - np.eye(k)
    won = (wins + prior) * off
    met = won + np.swapaxes(won, -1, -2)
    beta = np.zeros((*wins.shape[:-2], k))
    flat = np.ones((k, k)) / k
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(beta[..., None, :] - beta[..., :, None]))
        slope = (won - met * chance).sum(axis=-1)
        curve = met * chance * (1 - chance)
        # The abilities' sum is free; a constant added to the singular Hessian fixes it at zero.
        hessian = curve.sum(axis=-1)[..., None] * np.eye(k) - curve + flat
        step = np.linalg.solve(hessian, slope[..., None])[..., 0]
        beta = beta + np.clip(step, -1, 1)
        if not np.abs(step).max(initial=0) > CLOSE:
            break
    return np.asarray(beta - beta.mean(axis=-1, keepdims=True), dtype=np.float64)


def abilities(ballots: Ballots, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Abilities with an interval over respondents and one over clips.

    The first says how they would vary with other people judging these clips, the second with these people judging
    other clips.

    Returns:
        Columns ``captioner, ability, low, high, clips_low, clips_high``, best first; in log odds, adding up to zero.
    """
    ends = {}
    for prefix, clusters in (("", ballots.respondents), ("clips_", ballots.clips)):
        wins = by_cluster(ballots.wins, clusters)

        def refit(weights: Floats, wins: Floats = wins) -> Floats:
            return bradley_terry(np.einsum("bg,gij->bij", weights, wins))

        ends[f"{prefix}low"], ends[f"{prefix}high"] = interval(refit, len(wins), draws=draws, rng=rng)
    value = bradley_terry(ballots.wins.sum(axis=0))
    table = pd.DataFrame({"captioner": ballots.captioners, "ability": value, **ends})
    return table.sort_values("ability", ascending=False, kind="stable", ignore_index=True)
