"""Distribution of actions (verbs) over captions: shares, concentration, and how two corpora differ."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix, vstack
from scipy.spatial.distance import jensenshannon

from lib.metrics.intervals import bootstrap_groups, percentile_interval

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ActionCounts:
    """How often each group of captions (a base clip) uses each verb.

    Args:
        matrix: counts (groups, verbs), sparse.
        verbs: the verbs, in column order.
        captions: number of captions counted.
        with_verb: how many of them hold at least one verb.
    """

    matrix: csr_matrix = field(repr=False)
    verbs: tuple[str, ...] = field(repr=False)
    captions: int
    with_verb: int

    @cached_property
    def totals(self) -> "pd.Series[int]":
        """Count of each verb, most frequent first; ties in alphabetical order."""
        sums = pd.Series(np.asarray(self.matrix.sum(axis=0)).ravel().astype(int), index=list(self.verbs))
        return sums.sort_index().sort_values(ascending=False, kind="stable")

    @property
    def shares(self) -> "pd.Series[float]":
        """Share of all verb occurrences that each verb takes, most frequent first."""
        return self.totals / self.totals.sum()

    def aligned(self, verbs: Sequence[str]) -> csr_matrix:
        """The counts with these verbs as columns, zero where the corpus lacks one."""
        at = {verb: column for column, verb in enumerate(verbs)}
        coo = self.matrix.tocoo()
        columns = np.array([at[self.verbs[j]] for j in coo.col], dtype=int)
        return csr_matrix((coo.data, (coo.row, columns)), shape=(self.matrix.shape[0], len(verbs)))


def count(verb_lists: Sequence[Sequence[str]], groups: Sequence[str]) -> ActionCounts:
    """Counts verbs by group.

    Example:
        >>> count([["walk"], ["walk", "wave"], []], ["a", "a", "b"]).totals.to_dict()
        {'walk': 2, 'wave': 1}
    """
    verbs = sorted({verb for row in verb_lists for verb in row})
    at = {verb: column for column, verb in enumerate(verbs)}
    names, group_of = np.unique(np.asarray(groups, dtype=object).astype(str), return_inverse=True)
    rows = [int(group_of[i]) for i, row in enumerate(verb_lists) for _ in row]
    columns = [at[verb] for row in verb_lists for verb in row]
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(names), len(verbs)))
    return ActionCounts(matrix, tuple(verbs), len(verb_lists), sum(bool(len(row)) for row in verb_lists))


def gini(counts: npt.ArrayLike) -> float:
    """Gini coefficient of a distribution: 0 when all are equal, towards 1 when one takes all.

    Example:
        >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 1])
        (0.0, 0.75)
    """
    x = np.sort(np.asarray(counts, dtype=np.float64))
    n = len(x)
    return float((2 * np.arange(1, n + 1) - n - 1) @ x / (n * x.sum()))


def share_intervals(
    counts: ActionCounts, verbs: Sequence[str], *, draws: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Share of verb occurrences with bootstrap intervals over groups.

    Returns:
        Columns ``verb, count, share, low, high, top`` in the order of ``verbs``; ``top`` is how often the verb was the
        most frequent of all verbs in a replicate.
    """
    everything = counts.aligned(counts.verbs)

    def statistic(weights: Floats) -> Floats:
        sums = np.asarray(weights @ everything)
        with np.errstate(invalid="ignore"):  # a resample without any verb says nothing
            shares = sums / sums.sum(axis=1, keepdims=True)
        return np.stack([shares, shares == shares.max(axis=1, keepdims=True)], axis=2)

    replicates = bootstrap_groups(statistic, everything.shape[0], draws=draws, rng=rng)
    low, high = percentile_interval(replicates[..., 0])
    table = pd.DataFrame({"low": low, "high": high, "top": replicates[..., 1].mean(axis=0)}, index=list(counts.verbs))
    table.insert(0, "share", counts.shares)
    table.insert(0, "count", counts.totals)
    table = table.reindex(list(verbs))
    return table.fillna({"count": 0, "share": 0, "low": 0, "high": 0, "top": 0}).rename_axis("verb").reset_index()


def log_odds(a: ActionCounts, b: ActionCounts, *, prior: float = 1.0, level_z: float = 1.959964) -> pd.DataFrame:
    """Log-odds ratio of each verb between two corpora, with an informative Dirichlet prior.

    The prior of a verb is proportional to its pooled count, ``prior`` times the number of verbs in all (Monroe,
    Colaresi and Quinn 2008, "Fightin' Words", equations 15, 20 and 22). Unlike there, the variance of a count is that
    of a sum over groups wherever it exceeds the Poisson one, since captions of one clip repeat its verbs.

    Returns:
        Columns ``verb, log_odds, low, high, z`` sorted from the verb most typical of ``a`` to that of ``b``; natural
        logarithm, normal intervals.

    Example:
        >>> a, b = count([["walk"]] * 30, list(map(str, range(30)))), count([["dance"]] * 30, list(map(str, range(30))))
        >>> log_odds(a, b)["verb"].tolist()
        ['walk', 'dance']
    """
    verbs = sorted(set(a.verbs) | set(b.verbs))
    first, second = (np.asarray(c.totals.reindex(verbs, fill_value=0), dtype=np.float64) for c in (a, b))
    pooled = first + second
    alpha = prior * len(verbs) * pooled / pooled.sum()

    def odds(x: Floats) -> Floats:
        return np.asarray(np.log(x + alpha) - np.log(x.sum() + alpha.sum() - x - alpha))

    delta: Floats = odds(first) - odds(second)
    deviation = np.sqrt(sum(_log_variance(c.aligned(verbs), alpha) for c in (a, b)))
    table = pd.DataFrame(
        {"verb": verbs, "log_odds": delta, "low": delta - level_z * deviation, "high": delta + level_z * deviation}
    )
    return table.assign(z=delta / deviation).sort_values("z", ascending=False, kind="stable", ignore_index=True)


def jensen_shannon(a: ActionCounts, b: ActionCounts, *, draws: int, rng: np.random.Generator) -> dict[str, float]:
    """Jensen-Shannon distance between two action distributions (base 2: 0 the same, 1 disjoint).

    The plug-in distance is biased upwards: two samples of one law lie above zero. The interval is therefore the basic
    one, replicates reflected about the value, which moves it the other way; and the floor that chance alone gives is
    reported: the mean distance when the groups of both corpora are dealt anew into two sets of the same sizes.

    Returns:
        ``value``, ``low`` and ``high`` (basic bootstrap over groups, each corpus resampled), ``floor``, and ``groups``.
    """
    verbs = sorted(set(a.verbs) | set(b.verbs))
    first, second = a.aligned(verbs), b.aligned(verbs)
    value = _distance(np.asarray(first.sum(axis=0)), np.asarray(second.sum(axis=0)))[0]
    resampled = [
        bootstrap_groups(partial(_counted, matrix), matrix.shape[0], draws=draws, rng=rng) for matrix in (first, second)
    ]
    upper, lower = percentile_interval(_distance(*resampled))
    low, high = max(0.0, 2 * value - lower), min(1.0, 2 * value - upper)
    both = vstack([first, second]).tocsr()
    whole = np.asarray(both.sum(axis=0)).ravel()
    dealt = (rng.permutation(both.shape[0]) < first.shape[0] for _ in range(max(20, draws // 10)))
    halves = np.array([side.astype(np.float64) @ both for side in dealt])
    floor = _distance(halves, whole - halves).mean()
    return {
        "value": float(value),
        "low": float(low),
        "high": float(high),
        "floor": float(floor),
        "groups": both.shape[0],
    }


def _counted(matrix: csr_matrix, weights: Floats) -> Floats:
    return np.asarray(weights @ matrix)


def _log_variance(matrix: csr_matrix, alpha: Floats) -> Floats:
    groups = matrix.shape[0]
    sums = np.asarray(matrix.sum(axis=0)).ravel()
    squares = np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel()
    between = (squares - sums**2 / groups) * groups / max(groups - 1, 1)
    return np.asarray(np.maximum(between, sums + alpha) / (sums + alpha) ** 2)


def _distance(p: Floats, q: Floats) -> Floats:
    return np.asarray(jensenshannon(p, q, base=2, axis=1), dtype=np.float64)
