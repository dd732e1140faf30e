"""Abilities at equal length: how many words longer a caption is, as a covariate of Bradley and Terry's model."""

from dataclasses import dataclass, field
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd

from lib.metrics.intervals import Floats, Measure
from lib.sections.captioners.preferences.abilities import CLOSE, PRIOR, STEPS
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.preferences.resampling import by_cluster, interval

WORDS = 10
"""Words more that the effect is of."""
FAINT = 1e-6
"""Precision of the effect's prior, which only keeps a resample without any spread of lengths finite."""


@dataclass(frozen=True)
class LengthControl:
    """What is left of the preferences when captions of a clip are as long as each other.

    Attributes:
        table: ``captioner, words, ability, low, high, at_equal_length, equal_low, equal_high``: mean words of the
            captions ranked, and abilities without and with the covariate, with intervals over respondents.
        effect: log odds that `WORDS` words more bring, over respondents; None where it cannot be told.
        effect_over_clips: the same with an interval over clips, which alone tell length from captioner.
    """

    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    effect: Measure | None = None
    effect_over_clips: Measure | None = None


def fit(wins: Floats, losses: Floats, pairs: Floats, longer: Floats, captioners: int) -> Floats:
    """Maximum likelihood abilities and the effect of length, for many sets of counts at once.

    P(i above j) = 1 / (1 + exp(b_j - b_i - g (x_i - x_j))), x the lengths. As without length, half a win is added to
    both sides of every pair of captioners, here at equal length.

    Source: Bradley and Terry 1952 with a covariate of the comparison, as Dubois et al. 2024, "Length-controlled
    AlpacaEval", fitted by Newton's method; agrees with an unpenalised logistic regression.

    Args:
        wins: how often the first of a pair is ranked above the second (…, m); fractions are allowed.
        losses: how often it is ranked below (…, m).
        pairs: the two captioners of each comparison (m, 2), as numbers from 0.
        longer: length of the first less that of the second (m,).
        captioners: k, how many there are.

    Returns:
        (…, k + 1): abilities in log odds, adding up to zero, and the effect of one unit of length.

    Example:
        >>> pairs, longer = np.array([[0, 1], [0, 1]]), np.array([1.0, -1.0])
        >>> *_, effect = fit(np.array([30.0, 10.0]), np.array([10.0, 30.0]), pairs, longer, 2)
        >>> round(float(effect), 3)  # the log of 3
        1.099
    """
    prior = np.array(list(combinations(range(captioners), 2)), dtype=int).reshape(-1, 2)
    every = np.concatenate([np.asarray(pairs, dtype=int), prior])
    design = np.zeros((len(every), captioners + 1))
    design[np.arange(len(every)), every[:, 0]] = 1
    design[np.arange(len(every)), every[:, 1]] -= 1
    design[: len(longer), captioners] = longer
    added = np.full((*wins.shape[:-1], len(prior)), PRIOR)
    won = np.concatenate([wins, added], axis=-1)
    met = won + np.concatenate([losses, added], axis=-1)
    flat = np.zeros((captioners + 1, captioners + 1))
    flat[:captioners, :captioners] = 1 / captioners
    flat[captioners, captioners] = FAINT
    beta = np.zeros((*wins.shape[:-1], captioners + 1))
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-beta @ design.T))
        slope = (won - met * chance) @ design - beta @ flat
        curve = met * chance * (1 - chance)
        hessian = np.einsum("...m,mi,mj->...ij", curve, design, design) + flat
        step = np.linalg.solve(hessian, slope[..., None])[..., 0]
        beta = beta + np.clip(step, -1, 1)
        if not np.abs(step).max(initial=0) > CLOSE:
            break
    beta[..., :captioners] -= beta[..., :captioners].mean(axis=-1, keepdims=True)
    return np.asarray(beta, dtype=np.float64)


def length_control(ballots: Ballots, words: Floats, *, draws: int, rng: np.random.Generator) -> LengthControl:
    """Abilities without and with the length of captions as a covariate, on the same ballots.

    A captioner's usual length goes with its ability; only what lengths differ by beyond that, from clip to clip, tells
    the effect of length. Without such differences nothing is returned.

    Args:
        ballots: the answers.
        words: words of each caption that a ballot ranks (n, k); NaN where not known, and its comparisons are left out.
        draws: bootstrap replicates.
        rng: source of randomness.
    """
    k = len(ballots.captioners)
    first, second = np.array(list(combinations(range(k), 2)), dtype=int).reshape(-1, 2).T
    longer = (words[:, first] - words[:, second]) / WORDS
    met = ~np.isnan(longer) & ~np.isnan(ballots.ranks[:, first] - ballots.ranks[:, second])
    ballot, pair = np.nonzero(met)
    if not len(ballot):
        return LengthControl()
    cells, cell = np.unique(np.column_stack([pair, longer[ballot, pair]]), axis=0, return_inverse=True)
    which, by = cells[:, 0].astype(int), cells[:, 1]
    if all(np.ptp(by[which == one]) < CLOSE for one in np.unique(which)):
        return LengthControl()
    compared = np.column_stack([first, second])[which]
    wins = np.zeros((len(ballots), len(cells)))
    losses = wins.copy()
    won = ballots.wins[ballot, first[pair], second[pair]]
    wins[ballot, cell.ravel()], losses[ballot, cell.ravel()] = won, 1 - won

    def fitted(weights: Floats, sums: Floats, control: bool) -> Floats:
        part = np.einsum("bg,sgm->sbm", weights, sums)
        return fit(part[0], part[1], compared, by if control else np.zeros_like(by), k)

    ends = {}
    for over, clusters in (("respondents", ballots.respondents), ("clips", ballots.clips)):
        sums = np.stack([by_cluster(counts, clusters) for counts in (wins, losses)])
        for control in (False, True):
            refit = partial(fitted, sums=sums, control=control)
            ends[over, control] = interval(refit, sums.shape[1], draws=draws, rng=rng)
    whole = np.stack([wins, losses])
    plain, equal = (fitted(np.ones((1, len(ballots))), whole, control)[0] for control in (False, True))
    ranked = np.where(np.isnan(ballots.ranks), np.nan, words)
    table = pd.DataFrame({"captioner": ballots.captioners, "words": np.nanmean(ranked, axis=0), "ability": plain[:k]})
    low, high = ends["respondents", False]
    table = table.assign(low=low[:k], high=high[:k], at_equal_length=equal[:k])
    low, high = ends["respondents", True]
    table = table.assign(equal_low=low[:k], equal_high=high[:k])
    people, clips = len(ballots.people), len(np.unique(ballots.clips))
    effects = [
        Measure(float(equal[k]), float(low[k]), float(high[k]), n, "log odds", 2)
        for (low, high), n in ((ends["respondents", True], people), (ends["clips", True], clips))
    ]
    return LengthControl(table.sort_values("ability", ascending=False, kind="stable", ignore_index=True), *effects)
