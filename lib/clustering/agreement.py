"""How far two labelings of the same rows agree, with intervals over base clips and a permutation test."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.clustering.partition_scores import adjusted_mutual_information, adjusted_rand, mutual_information, normalised
from lib.metrics.intervals import Floats, Measure, percentile_interval
from lib.metrics.separability import share_as_large

SCORES = {"ARI": adjusted_rand, "AMI": adjusted_mutual_information, "NMI": normalised}


@dataclass(frozen=True)
class Agreement:
    """Two labelings compared.

    Args:
        scores: `ARI`, `AMI` and `NMI`, 1 for the same partition; ARI and AMI are 0 on average for unrelated ones.
        p: one-sided permutation p of each; AMI and NMI share theirs, both rise with the mutual information.
        table: counts, one row a label of the first, one column a label of the second.
        left_out: rows that either labeling calls noise, where noise is dropped.
    """

    scores: dict[str, Measure]
    p: dict[str, float]
    table: pd.DataFrame
    left_out: int


def agreement(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    groups: npt.ArrayLike | None = None,
    draws: int = 500,
    permutations: int = 999,
    noise: Literal["drop", "keep"] = "drop",
) -> Agreement:
    """Scores the agreement of two labelings.

    Args:
        first: (n,) labels, integers or texts.
        second: (n,) labels of the same rows.
        rng: source of randomness.
        groups: the resampling unit of each row (n,), a base clip; by default each row is its own.
        draws: random halves of the groups. Their spread about their mean is that of the whole (Shao and Wu 1989,
            delete-d jackknife); a bootstrap's copies of a row agree with each other and would lift the scores.
        permutations: shuffles of the second labeling, of one row a group drawn at random, so that rows are independent.
        noise: ``drop`` leaves out rows labelled -1 on either side, ``keep`` takes noise as a cluster like any other.

    Returns:
        Scores with intervals, p and the contingency table.

    Raises:
        ValueError: labelings of different length, or no rows left.

    Example:
        >>> found = agreement([0, 0, 1, 1, -1], list("aabba"), rng=np.random.default_rng(0))
        >>> found.scores["ARI"].value, found.left_out, found.table.to_numpy().tolist()
        (1.0, 1, [[2, 0], [0, 2]])
    """
    one, two = np.asarray(first), np.asarray(second)
    if one.shape != two.shape or one.ndim != 1:
        raise ValueError(f"labelings of {one.shape} and {two.shape} cannot be compared")
    kept = np.ones(len(one), dtype=bool) if noise == "keep" else ~(is_noise(one) | is_noise(two))
    if not kept.any():
        raise ValueError(f"no rows to compare: one of the labelings calls all {len(one)} noise")
    rows, row = np.unique(one[kept], return_inverse=True)
    columns, column = np.unique(two[kept], return_inverse=True)
    shape = (len(rows), len(columns))
    cell = row * len(columns) + column
    counts = np.bincount(cell, minlength=len(rows) * len(columns)).astype(np.float64)
    group = np.arange(len(cell)) if groups is None else np.unique(np.asarray(groups)[kept], return_inverse=True)[1]
    replicates = _halves(cell, group, len(counts), draws, rng).reshape(-1, *shape)
    scores = {}
    for name, score in SCORES.items():
        value, halves = score(counts.reshape(shape)), np.array([score(table) for table in replicates])
        low, high = percentile_interval(halves - halves.mean()) if len(halves) else (np.nan, np.nan)
        scores[name] = Measure(value, value + float(low), min(value + float(high), 1.0), len(cell), "", 3)
    single = rng.permutation(len(cell))
    single = single[np.unique(group[single], return_index=True)[1]]
    p = _permuted(row[single], column[single], shape, permutations, rng)
    table = pd.DataFrame(counts.reshape(shape).astype(np.int64), index=rows, columns=columns)
    return Agreement(scores, p, table, int((~kept).sum()))


def is_noise(labels: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Which labels stand for noise: the number -1; texts never do."""
    return np.asarray(labels == -1) if np.issubdtype(labels.dtype, np.number) else np.zeros(len(labels), dtype=bool)


def _halves(
    cell: npt.NDArray[np.int64], group: npt.NDArray[np.int64], cells: int, draws: int, rng: np.random.Generator
) -> Floats:
    size = int(group.max()) + 1
    if size < 4:
        return np.empty((0, cells))
    half = np.arange(size) < size // 2
    tables = [np.bincount(cell, weights=rng.permutation(half)[group], minlength=cells) for _ in range(draws)]
    return np.array(tables, dtype=np.float64)


def _permuted(
    row: npt.NDArray[np.int64],
    column: npt.NDArray[np.int64],
    shape: tuple[int, int],
    permutations: int,
    rng: np.random.Generator,
) -> dict[str, float]:
    found = []
    for turn in range(permutations + 1):
        other = rng.permutation(column) if turn else column
        table = np.bincount(row * shape[1] + other, minlength=shape[0] * shape[1]).astype(np.float64).reshape(shape)
        found.append((adjusted_rand(table), mutual_information(table)))
    rand, information = (share_as_large(values) for values in zip(*found, strict=True))
    return {"ARI": rand, "AMI": information, "NMI": information}
