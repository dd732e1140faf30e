"""How compact and how far apart clusters are, judged without any other labels."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from lib.base.errors import UserError
from lib.clustering.distances import Metric, slices
from lib.metrics.directions import Floats, checked, unit
from lib.metrics.intervals import Measure

Rows = npt.NDArray[np.int64]
BLOCK = 4096
CELLS = 2_000_000
"""Distances of rows to clusters that are held at once."""


@dataclass(frozen=True)
class Quality:
    """Measures of a labeling; noise is left out of all but its share.

    Args:
        silhouette: mean over the sampled rows, -1 to 1, with the interval that sampling leaves; its
            width is 0 when no row was left out.
        davies_bouldin: 0 is best.
        calinski_harabasz: larger is better; compare only labelings of the same rows.
        clusters: clusters, noise not counted.
        noise_share: rows in no cluster.
        note: why measures are missing, or empty.
    """

    silhouette: Measure
    davies_bouldin: float
    calinski_harabasz: float
    clusters: int
    noise_share: float
    note: str = ""


def quality(
    vectors: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    sample: int = 1000,
    metric: Metric = "euclidean",
) -> Quality:
    """Silhouette, Davies-Bouldin and Calinski-Harabasz of a labeling.

    The silhouette of a sampled row is exact, against all rows, unlike scikit-learn's ``sample_size``, which also thins
    the clusters. With ``cosine`` no row is sampled: the mean distance to a cluster follows from the sum of its rows.

    Source: Rousseeuw 1987; Davies and Bouldin 1979; Caliński and Harabasz 1974 + scikit-learn: sklearn.metrics.cluster.

    Args:
        vectors: (n, d) finite floats.
        labels: (n,) integers, -1 for noise.
        rng: draws the sample.
        sample: rows whose silhouette is found.
        metric: ``euclidean``, or ``cosine``: silhouettes by 1 - cosine, the rest on rows at unit length.

    Returns:
        The measures; NaN with a note where there are fewer than two clusters or no cluster of two rows.

    Raises:
        UserError: labels that do not fit the rows.
        ValueError: values that are not finite.

    Example:
        >>> found = quality([[0.0], [1.0], [10.0], [11.0], [99.0]], [0, 0, 1, 1, -1], rng=np.random.default_rng(0))
        >>> round(found.silhouette.value, 3), found.davies_bouldin, found.clusters, found.noise_share
        (0.9, 0.1, 2, 0.2)
    """
    rows, names = checked(vectors, "vectors"), np.asarray(labels)
    if names.shape != (len(rows),):
        raise UserError(f"labels of shape {names.shape} for {len(rows):,} rows", fix="give one label a row")
    kept = np.flatnonzero(names >= 0)
    found, codes = np.unique(names[kept], return_inverse=True)
    noise_share = float((names < 0).mean())
    if len(found) < 2 or len(found) == len(kept):
        nothing = float("nan")
        note = f"{len(found)} clusters of {len(kept):,} rows: measures of separation need two, and one of two rows"
        empty = Measure(nothing, nothing, nothing, 0, "", 3)
        return Quality(empty, nothing, nothing, len(found), noise_share, note)
    # Sorted by cluster, a cluster is a range, and summing by cluster needs no index.
    order = np.argsort(codes, kind="stable")
    rows, codes = rows[kept[order]], codes[order]
    if metric == "cosine":
        for some in slices(len(rows)):
            rows[some] = unit(rows[some])
        values = silhouettes(rows, codes)
    else:
        drawn = np.sort(rng.choice(len(rows), size=min(sample, len(rows)), replace=False))
        values = scores(distance_sums(rows, codes, drawn), np.bincount(codes), codes[drawn])
    error = float(values.std(ddof=1) / np.sqrt(len(values)) * np.sqrt(1 - len(values) / len(rows)))
    mean = float(values.mean())
    silhouette = Measure(mean, mean - 1.96 * error, mean + 1.96 * error, len(values), "", 3)
    bouldin, harabasz = (float(score(rows, codes)) for score in (davies_bouldin_score, calinski_harabasz_score))
    return Quality(silhouette, bouldin, harabasz, len(found), noise_share)


def silhouettes(vectors: npt.NDArray[np.floating], labels: Rows, *, rows: Rows | None = None) -> Floats:
    """Silhouettes by 1 - cosine, exact against all rows, in n k d steps: a cluster's sum says its mean distance.

    On unit rows 1 - cosine is half the squared Euclidean distance.

    Args:
        vectors: (n, d) unit rows.
        labels: (n,) cluster of each row, -1 for noise, which is no cluster.
        rows: those whose silhouettes are found, by default all.

    Returns:
        Values (n,), or of the rows asked for; 0 for a row alone in its cluster, and where there is one cluster; NaN for
        noise.

    Example:
        >>> x = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
        >>> silhouettes(x, np.array([0, 0, 1, -1])).tolist()
        [1.0, 1.0, 0.0, nan]
    """
    asked = np.arange(len(vectors)) if rows is None else rows
    names, codes = np.unique(labels, return_inverse=True)
    codes = codes - int(len(names) and names[0] < 0)
    values = np.where(codes[asked] < 0, np.nan, 0.0)
    if codes.max() < 1:
        return values
    sizes = np.bincount(codes[codes >= 0])
    total = np.zeros((len(sizes), vectors.shape[1]))
    for some in slices(len(vectors), BLOCK):
        own = codes[some]
        inside = np.flatnonzero(own >= 0)
        member = csr_array((np.ones(len(inside)), (own[inside], inside)), (len(sizes), len(own)))
        total += member @ vectors[some].astype(np.float64)
    found = np.flatnonzero(codes[asked] >= 0)
    for some in slices(len(found), max(256, min(BLOCK, CELLS // len(sizes)))):
        drawn = asked[found[some]]
        values[found[some]] = scores(sizes - vectors[drawn] @ total.T, sizes, codes[drawn])
    return values


def distance_sums(rows: npt.NDArray[np.floating], codes: Rows, drawn: Rows) -> Floats:
    """Euclidean distances of drawn rows to all rows, summed by the group of the latter.

    Args:
        rows: (n, d), those of a group one after the other.
        codes: (n,) the group of each, rising from 0.
        drawn: (m,) numbers of rows.

    Returns:
        (m, groups).
    """
    middle = rows.mean(axis=0, dtype=np.float64)
    asked = rows[drawn] - middle
    length = np.square(asked).sum(axis=1)[:, None]
    sums = np.zeros((len(drawn), int(codes[-1]) + 1))
    for some in slices(len(rows), BLOCK):
        other = rows[some] - middle
        squared = length + np.square(other).sum(axis=1) - 2 * asked @ other.T
        here, starts = np.unique(codes[some], return_index=True)
        sums[:, here] += np.add.reduceat(np.sqrt(np.maximum(squared, 0)), starts, axis=1)
    return sums


def cosine_sums(rows: npt.NDArray[np.floating], codes: Rows, drawn: Rows) -> Floats:
    """As `distance_sums`, of 1 - cosine; rows have unit length."""
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    total = np.add.reduceat(rows, starts, axis=0, dtype=np.float64)
    return np.asarray(np.bincount(codes) - rows[drawn] @ total.T)


def scores(sums: Floats, sizes: Rows, own: Rows) -> Floats:
    """The silhouette (m,) of rows from their summed distances to every cluster.

    Args:
        sums: (m, clusters) distances to all rows of a cluster.
        sizes: (clusters,) rows.
        own: (m,) the cluster of each row.
    """
    every = np.arange(len(own))
    inside = sums[every, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[every, own] = np.inf
    outside = means.min(axis=1)
    larger = np.maximum(inside, outside)
    score = np.divide(outside - inside, larger, out=np.zeros_like(larger), where=larger > 0)
    return np.asarray(np.where(sizes[own] > 1, score, 0.0))
