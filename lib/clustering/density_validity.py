"""DBCV: how well dense clusters are separated by sparser space, for clusters of any shape."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist
from scipy.special import logsumexp

from lib.base.errors import UserError
from lib.metrics.directions import Floats, checked

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class DensityValidity:
    """DBCV of a labeling.

    Args:
        value: -1 to 1, 1 is best; NaN with fewer than two clusters.
        clusters: validity of each label, in ascending order of the labels.
        labels: these labels.
        rows: rows it was computed on.
        note: why there is no value, or empty.
    """

    value: float
    clusters: Floats
    labels: Rows
    rows: int
    note: str = ""


def density_validity(
    vectors: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    sample: int | None = 4000,
    dimensions: float | None = None,
) -> DensityValidity:
    """The density-based clustering validation index, on a sample of rows.

    Noise counts: a cluster's validity is weighted by its share of all rows, noise included. A row whose cluster has no
    other row in the sample has validity 0. Time and memory grow with the square of the sample.

    Source: Moulavi et al. 2014 + FelSiq/DBCV: dbcv/reference_prim_mst.py, a translation of the authors' MATLAB, whose
    outputs these are once distances are squared as there (the paper does not). Core distances tie many edges, so the
    spanning tree is not the only one: the row reached first is kept, as there; scikit-learn-contrib/hdbscan keeps
    another and gives other values. Where no edge is internal all count, and where no node is, all do. Rows at distance
    0 are left out of a core distance, and powers of distances are summed as logarithms: 256 dimensions do not overflow.

    Args:
        vectors: (n, d) finite floats.
        labels: (n,) integers, -1 for noise.
        rng: draws the sample.
        sample: rows looked at, None for all.
        dimensions: the exponent of core distances, d by default; in very many dimensions core distances come close to
            nearest-neighbour distances.

    Returns:
        The index.

    Raises:
        UserError: labels that do not fit the rows.
        ValueError: values that are not finite.

    Example:
        >>> x = np.array([0.0, 1.0, 2.0, 3.0, 100.0, 101.0, 102.0, 103.0])[:, None]
        >>> found = density_validity(x, [0] * 4 + [1] * 4, rng=np.random.default_rng(0))
        >>> round(found.value, 3)
        0.988
    """
    rows, names = checked(vectors, "vectors"), np.asarray(labels)
    if names.shape != (len(rows),):
        raise UserError(f"labels of shape {names.shape} for {len(rows):,} rows", fix="give one label a row")
    if sample is not None and sample < len(rows):
        drawn = np.sort(rng.choice(len(rows), size=sample, replace=False))
        rows, names = rows[drawn], names[drawn]
    wide, found = rows.astype(np.float64), np.unique(names[names >= 0])
    if len(found) < 2:
        note = f"{len(found)} clusters among {len(names):,} rows; DBCV compares at least two"
        return DensityValidity(float("nan"), np.full(len(found), np.nan), found, len(names), note)
    exponent = float(wide.shape[1] if dimensions is None else dimensions)
    parts = [_inside(wide[names == label], exponent) for label in found]
    separation = np.full((len(found), len(found)), np.inf)
    for i, (one, core, _) in enumerate(parts):
        for j, (two, other, _) in enumerate(parts[:i]):
            reach = np.maximum(cdist(one, two), np.maximum(core[:, None], other))
            separation[i, j] = separation[j, i] = reach.min()
    nearest, sparse = separation.min(axis=1), np.array([part[2] for part in parts])
    larger = np.maximum(nearest, sparse)
    alone = np.array([(names == label).sum() < 2 for label in found])
    gap = np.divide(nearest - sparse, larger, out=np.zeros_like(larger), where=(larger > 0) & ~alone)
    share = np.array([(names == label).mean() for label in found])
    return DensityValidity(float(gap @ share), gap, found, len(names))


def _inside(rows: Floats, exponent: float) -> tuple[Floats, Floats, float]:
    if len(rows) < 2:
        return rows, np.zeros(len(rows)), 0.0
    distance = cdist(rows, rows)
    closeness = -exponent * np.log(np.where(distance > 0, distance, np.inf))
    core = np.exp(-(logsumexp(closeness, axis=1) - np.log(len(rows) - 1)) / exponent)
    core = np.where(np.isfinite(core), core, 0.0)
    one, two, length = spanning_tree(np.maximum(distance, np.maximum(core[:, None], core)))
    inner = np.bincount(np.concatenate([one, two]), minlength=len(rows)) > 1
    internal = inner[one] & inner[two]
    kept = inner if inner.any() else ~inner
    return rows[kept], core[kept], float(length[internal].max() if internal.any() else length.max())


def spanning_tree(weights: Floats) -> tuple[Rows, Rows, Floats]:
    """Edges of a minimum spanning tree of a complete graph (n, n), zero weights allowed, by Prim's algorithm.

    Example:
        >>> one, two, weight = spanning_tree(np.array([[0.0, 1.0, 4.0], [1.0, 0.0, 2.0], [4.0, 2.0, 0.0]]))
        >>> one.tolist(), two.tolist(), weight.tolist()
        ([0, 1], [1, 2], [1.0, 2.0])
    """
    n = len(weights)
    source, reach = np.zeros(n, dtype=np.int64), weights[0].copy()
    reach[0] = np.inf
    outside = np.ones(n, dtype=bool)
    outside[0] = False
    edges = np.empty((3, n - 1))
    for step in range(n - 1):
        new = int(reach.argmin())
        edges[:, step] = source[new], new, reach[new]
        outside[new], reach[new] = False, np.inf
        closer = outside & (weights[new] < reach)
        source[closer], reach[closer] = new, weights[new][closer]
    return edges[0].astype(np.int64), edges[1].astype(np.int64), edges[2]
