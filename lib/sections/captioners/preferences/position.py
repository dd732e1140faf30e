"""Whether captions were preferred for the place at which they were shown."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from lib.metrics.intervals import Floats
from lib.metrics.p_values import monte_carlo, p_in_full
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.preferences.places import first_places
from lib.sections.captioners.preferences.resampling import by_cluster, interval_of_means

UNBALANCED = 0.001


@dataclass(frozen=True)
class PositionBias:
    """What the place shown did.

    Args:
        table: ``position, shown, first_share, low, high, chance, rank_shift, shift_low, shift_high``: the shift is the
            mean of rank less the captioner's own mean rank, negative where a place helps; intervals over respondents.
        p: of the hypothesis that the place does nothing.
        patterns: deals that stand behind p, the observed one among them.
        confounded: whether captioners were shown at unequal places, so that their effects and those of places mix.
    """

    table: pd.DataFrame
    p: float
    patterns: int
    confounded: bool

    @property
    def p_text(self) -> str:
        """The p as prose quotes it, with how it was found.

        Example:
            >>> PositionBias(pd.DataFrame(), 0.25, 1000, False).p_text
            'p = 0.25 (Monte-Carlo, 0.001 at least)'
        """
        return f"p = {p_in_full(self.p)} ({monte_carlo(self.patterns)})"


def position_bias(ballots: Ballots, *, draws: int, rng: np.random.Generator) -> PositionBias | None:
    """First places and ranks by the place shown, tested by dealing the places of every ballot anew.

    The captioners' own mean ranks are taken off first, so that a good captioner that happened to stand first more
    often does not count for the place. The test adds up n (mean shift)^2 over places.

    Args:
        ballots: the answers.
        draws: bootstrap replicates, and permutations.
        rng: source of randomness.

    Returns:
        The bias; None where positions were not recorded.
    """
    if ballots.positions is None:
        return None
    shift = ballots.ranks - np.nanmean(ballots.ranks, axis=0)
    at = np.where(np.isnan(ballots.ranks), np.nan, ballots.positions)
    places = np.unique(at[~np.isnan(at)])
    here = (at[..., None] == places).astype(np.float64)
    observed = _spread(shift, here)
    dealt = [_spread(shift, _dealt(here, ballots.ranks, rng)) for _ in range(draws)]
    p = float((1 + sum(spread >= observed - 1e-9 for spread in dealt)) / (draws + 1))
    votes = first_places(ballots.ranks)
    shown = np.where(np.isnan(votes), 0.0, 1 / (~np.isnan(votes)).sum(axis=1, keepdims=True))
    sums = [np.einsum("nk,nkp->np", np.nan_to_num(x), here) for x in (votes, shift)]
    counts = here.sum(axis=1)
    by_person = [by_cluster(x, ballots.respondents) for x in (*sums, counts)]
    ends = [interval_of_means(x, by_person[2], draws=draws, rng=rng) for x in by_person[:2]]
    total = counts.sum(axis=0)
    table = pd.DataFrame(
        {
            "position": places.astype(int),
            "shown": total.astype(int),
            "first_share": sums[0].sum(axis=0) / total,
            "low": ends[0][0],
            "high": ends[0][1],
            "chance": np.einsum("nk,nkp->p", shown, here) / total,
            "rank_shift": sums[1].sum(axis=0) / total,
            "shift_low": ends[1][0],
            "shift_high": ends[1][1],
        }
    )
    crossed = here.sum(axis=0)
    confounded = bool(min(crossed.shape) > 1 and chi2_contingency(crossed + 0.5).pvalue < UNBALANCED)
    return PositionBias(table, p, draws + 1, confounded)


def _spread(shift: Floats, here: Floats) -> float:
    sums, counts = np.einsum("nk,nkp->p", np.nan_to_num(shift), here), here.sum(axis=(0, 1))
    return float((sums**2 / counts).sum())


def _dealt(here: Floats, ranks: Floats, rng: np.random.Generator) -> Floats:
    """The places of each ballot in another order, those shown among themselves."""
    keys = np.where(np.isnan(ranks), np.inf, rng.random(ranks.shape))
    order, back = np.argsort(keys, axis=1), np.argsort(np.argsort(np.isnan(ranks), axis=1, kind="stable"), axis=1)
    return np.take_along_axis(here, np.take_along_axis(order, back, axis=1)[..., None], axis=1)
