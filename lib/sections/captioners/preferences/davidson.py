"""Abilities where two captions may be equally good: Davidson's model, whose ties are an answer of their own."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from lib.metrics.intervals import Floats
from lib.sections.captioners.preferences.abilities import CLOSE, PRIOR, STEPS
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.preferences.resampling import by_cluster, interval


@dataclass(frozen=True)
class TiedAbilities:
    """What Davidson's model says of a survey with ties.

    Attributes:
        table: ``captioner, ability, low, high, clips_low, clips_high``, as `abilities.abilities` has them.
        ties: ``tied, of, even, low, high``: ties, comparisons, and how often two captioners of equal ability would be
            called equally good, with its interval over respondents.
    """

    table: pd.DataFrame
    ties: pd.DataFrame


def davidson(wins: Floats, ties: Floats, *, prior: float = PRIOR) -> tuple[Floats, Floats]:
    """Maximum likelihood abilities and tie parameter from counts of wins and ties, for many tables at once.

    With worths p = exp(b), P(i above j), P(j above i) and P(i level with j) are as p_i, p_j and nu sqrt(p_i p_j).
    `prior` is added to every count of every pair, so that all stay finite. For two captioners b_1 - b_2 =
    log(w_1 / w_2) and nu = t / sqrt(w_1 w_2).

    Source: Davidson 1970, "On extending the Bradley-Terry model to accommodate ties", fitted by Newton's method.

    Args:
        wins: how often the row's captioner is ranked above the column's (..., k, k), ties left out.
        ties: how often the two are level (..., k, k), symmetric.
        prior: added to wins of each side and ties of every pair.

    Returns:
        Abilities (..., k) in log odds, adding up to zero, and log nu (...).

    Example:
        >>> wins, ties = np.array([[0.0, 16.0], [4.0, 0.0]]), np.array([[0.0, 8.0], [8.0, 0.0]])
        >>> abilities, log_nu = davidson(wins, ties, prior=0)
        >>> np.exp(abilities[0] - abilities[1]).round(6).item(), np.exp(log_nu).round(6).item()
        (4.0, 1.0)
    """
    k = wins.shape[-1]
    pairs = list(combinations(range(k), 2))
    design = np.zeros((len(pairs), 3, k + 1))
    for row, (i, j) in enumerate(pairs):
        design[row, 0, i] = design[row, 1, j] = design[row, 2, k] = 1
        design[row, 2, [i, j]] = 0.5
    counts = np.stack([np.stack([wins[..., i, j], wins[..., j, i], ties[..., i, j]], -1) for i, j in pairs], -2) + prior
    met = counts.sum(axis=-1, keepdims=True)
    flat = np.ones((k + 1, k + 1)) / k
    flat[k] = flat[:, k] = 0
    beta = np.zeros((*wins.shape[:-2], k + 1))
    for _ in range(STEPS):
        worth = np.einsum("pok,...k->...po", design, beta)
        chance = np.exp(worth - worth.max(axis=-1, keepdims=True))
        chance /= chance.sum(axis=-1, keepdims=True)
        slope = np.einsum("...po,pok->...k", counts - met * chance, design)
        mean = np.einsum("...po,pok->...pk", chance, design)
        square = np.einsum("...po,pok,pol->...kl", met * chance, design, design)
        hessian = square - np.einsum("...pk,...pl->...kl", met * mean, mean) + flat
        step = np.linalg.solve(hessian, slope[..., None])[..., 0]
        beta = beta + np.clip(step, -1, 1)
        if not np.abs(step).max(initial=0) > CLOSE:
            break
    return np.asarray(beta[..., :k] - beta[..., :k].mean(axis=-1, keepdims=True)), np.asarray(beta[..., k])


def tied_abilities(ballots: Ballots, *, draws: int, rng: np.random.Generator) -> TiedAbilities | None:
    """Abilities and ties with intervals over respondents, and over clips.

    Returns:
        Davidson's model; None where nobody called two captions equally good, since `abilities.abilities` then says all.
    """
    level = ballots.ties.astype(np.float64)
    if not level.any():
        return None
    both = np.stack([ballots.wins - 0.5 * level, level], axis=1)
    ends = {}
    for prefix, clusters in (("", ballots.respondents), ("clips_", ballots.clips)):
        sums = by_cluster(both, clusters)

        def refit(weights: Floats, sums: Floats = sums) -> Floats:
            counts = np.einsum("bg,gcij->bcij", weights, sums)
            abilities, log_nu = davidson(counts[:, 0], counts[:, 1])
            return np.concatenate([abilities, _even(log_nu)[:, None]], axis=1)

        ends[f"{prefix}low"], ends[f"{prefix}high"] = interval(refit, len(sums), draws=draws, rng=rng)
    total = both.sum(axis=0)
    value, log_nu = davidson(total[0], total[1])
    table = pd.DataFrame(
        {"captioner": ballots.captioners, "ability": value, **{name: e[:-1] for name, e in ends.items()}}
    )
    tied, of = int(total[1].sum() / 2), int(total[0].sum() + total[1].sum() / 2)
    row = {"tied": tied, "of": of, "even": float(_even(log_nu)), "low": float(ends["low"][-1])}
    row |= {"high": float(ends["high"][-1])}
    ordered = table.sort_values("ability", ascending=False, kind="stable", ignore_index=True)
    return TiedAbilities(ordered, pd.DataFrame([row]))


def _even(log_nu: Floats) -> Floats:
    """The chance of a tie between two of equal worth: nu / (2 + nu)."""
    nu = np.exp(log_nu)
    return np.asarray(nu / (2 + nu))
