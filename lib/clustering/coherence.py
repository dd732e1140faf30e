"""Whether the captions of a cluster are closer to each other than captions thrown together at random."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.clustering.agreement import is_noise
from lib.clustering.closeness import mean_of_pairs
from lib.clustering.distances import slices
from lib.metrics.directions import Floats, checked
from lib.metrics.separability import share_as_large


@dataclass(frozen=True)
class Coherence:
    """Mean cosine between captions within clusters.

    Args:
        value: mean over rows of the mean cosine to the other rows of their cluster.
        expected: the same for random clusters of these sizes: the mean cosine of all pairs.
        low: lower 2.5 % of the random groupings.
        high: upper 2.5 % of the random groupings.
        p: one-sided permutation p.
        table: one row a cluster: `cluster, rows, cosine, lift` (cosine less what is expected).
        rows: rows compared; noise and further rows of a group are left out.
    """

    value: float
    expected: float
    low: float
    high: float
    p: float
    table: pd.DataFrame
    rows: int


def coherence(
    sentences: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    groups: npt.ArrayLike | None = None,
    permutations: int = 199,
) -> Coherence:
    """Within-cluster cosine of caption embeddings against size-matched random groupings.

    No pair is ever formed: see `lib.clustering.closeness.mean_of_pairs`.

    Args:
        sentences: (n, e) sentence embeddings, e.g. MPNet's; taken as directions.
        labels: (n,) cluster of each row, -1 for noise, which is left out.
        rng: source of randomness.
        groups: base clip of each row (n,): one row a group, drawn at random, is kept, because a mirrored clip repeats
            its caption and would make any cluster coherent.
        permutations: random groupings.

    Returns:
        The coherence.

    Raises:
        ValueError: shapes that do not match, values that are not finite, fewer than two rows in every cluster.

    Example:
        >>> found = coherence([[1, 0], [1, 0], [0, 1], [0, 1]], [0, 0, 1, 1], rng=np.random.default_rng(0))
        >>> found.value, round(found.expected, 3), found.table["cosine"].tolist()
        (1.0, 0.333, [1.0, 1.0])
    """
    names = np.asarray(labels)
    vectors = checked(sentences, "sentences", rows=len(names))
    rows = rng.permutation(np.flatnonzero(~is_noise(names)))
    if groups is not None:
        rows = rows[np.unique(np.asarray(groups)[rows], return_index=True)[1]]
    found, codes, sizes = np.unique(names[rows], return_inverse=True, return_counts=True)
    if not len(rows) or sizes.max() < 2:
        raise ValueError(f"coherence needs a cluster of two rows; there are {len(rows)} rows in {len(found)} clusters")
    rows = rows[np.argsort(codes, kind="stable")]
    lengths = np.concatenate([np.linalg.norm(vectors[some], axis=1) for some in slices(len(vectors))])
    scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)[:, None]
    cosine = _within(vectors, scale, rows, sizes)
    weight = np.where(sizes > 1, sizes, 0) / sizes[sizes > 1].sum()
    values = [float(np.nansum(cosine * weight))]
    for _ in range(permutations):
        values.append(float(np.nansum(_within(vectors, scale, rng.permutation(rows), sizes) * weight)))
    expected = float(_within(vectors, scale, rows, np.array([len(rows)]))[0])
    low, high = np.quantile(values[1:], [0.025, 0.975]) if permutations else (np.nan, np.nan)
    table = pd.DataFrame({"cluster": found, "rows": sizes, "cosine": cosine, "lift": cosine - expected})
    return Coherence(values[0], expected, float(low), float(high), share_as_large(values), table, len(rows))


def _within(
    vectors: npt.NDArray[np.floating],
    scale: npt.NDArray[np.floating],
    order: npt.NDArray[np.int64],
    sizes: npt.NDArray[np.int64],
) -> Floats:
    """The mean cosine within each cluster, whose rows follow one another in an order; a block of rows is copied."""
    codes = np.repeat(np.arange(len(sizes)), sizes)
    sums, length = np.zeros((len(sizes), vectors.shape[1])), np.zeros(len(sizes))
    for some in slices(len(order)):
        block = vectors[order[some]] * scale[order[some]]
        here, starts = np.unique(codes[some], return_index=True)
        sums[here] += np.add.reduceat(block, starts, axis=0, dtype=np.float64)
        length[here] += np.add.reduceat(np.einsum("ij,ij->i", block, block, dtype=np.float64), starts)
    return mean_of_pairs(sums, length, sizes)
