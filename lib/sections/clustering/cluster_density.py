"""Whether K-means lays more centroids where clips are dense, and what the tree makes of their sizes and radii."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.clustering.assignment import Labels
from lib.clustering.kmeans import kmeans, means
from lib.clustering.points import Singles, points
from lib.clustering.spacing import medians, radii, spacing, variation
from lib.draw.table import records
from lib.metrics.directions import Floats
from lib.metrics.effective_number import participation_ratio
from lib.metrics.intervals import Measure, number, span
from lib.metrics.rank_correlation import spearman
from lib.sections.clustering.cluster_judgement import PLAIN, TWO_STEPS, Method
from lib.sections.clustering.two_spaces import Clips, Clusters

CENTROIDS, UNIFORM = "centroids of K-means", "the same of uniform data"
NEIGHBOURS = 10
"""Rank of the neighbour whose distance says how dense clips lie."""
SAMPLE = 20_000
"""Clips at most, drawn at random; every distance of a clip to all others is looked at."""
MEASURED = ("size_variation", "radius_variation", "centre_rho", "size_rho", "radius_rho")
SHOWN = {**{name: f".2 {name}_low {name}_high" for name in MEASURED}, "p": "p"}
"""How the table is shown."""
WAYS = (CENTROIDS, UNIFORM, PLAIN, TWO_STEPS)


@dataclass(frozen=True, eq=False)
class Density:
    """Clusters beside how dense clips lie in them.

    Attributes:
        table: a row a space and way to cluster: ``space, method, clusters``, and of each of `MEASURED` the value with
            ``…_low, …_high``; and ``centre_p, size_p, radius_p``, by permutation.
        clusters: a row a cluster: ``size, radius, clip_spacing, centre_spacing, space, method``.
    """

    table: pd.DataFrame
    clusters: pd.DataFrame


def density(clips: Clips, found: Clusters, methods: Sequence[Method], *, draws: int, seed: int) -> Density:
    """Sizes and radii of the centroids' clips and of the clusters, and how dense clips and centroids lie there.

    A space has four ways: the centroids of the first step; as many of as many directions drawn uniformly, in as many
    dimensions as the clips' variance amounts to; K-means asked for the clusters; and the tree's clusters. Correlations
    are Spearman's, of how far apart clips lie in a cluster (the median distance to the tenth neighbour) with how far
    its mean lies from the nearest other, with its size, and with its radius. The p of the first permutes the clusters;
    intervals of correlations are Bonett and Wright's (2000), those of variation resample clusters.

    Args:
        clips: from `two_spaces.gather`.
        found: from `two_spaces.clustered`.
        methods: from `cluster_judgement.methods`.
        draws: bootstrap replicates.
        seed: of the sample, the bootstrap and the permutations.
    """
    rows, parts = [], []
    for space, one in found.items():
        rng = np.random.default_rng(seed)
        some = np.sort(rng.permutation(len(one.labels))[:SAMPLE])
        vectors = points(clips.spaces[space][some])
        labels = {method.name: method.labels[some] for method in methods if method.space == space}
        even = uniform(len(vectors), dimensions(vectors), rng=rng)
        first = {CENTROIDS: one.nearest[some], UNIFORM: kmeans(even, n_centroids=len(one.centroids), seed=seed).labels}
        apart = spacing(vectors, neighbours=NEIGHBOURS)
        for method in WAYS:
            of_rows = (labels | first)[method]
            data, gaps = (even, spacing(even, neighbours=NEIGHBOURS)) if method == UNIFORM else (vectors, apart)
            part = _clusters(data, gaps, of_rows).assign(space=space, method=method)
            parts.append(part)
            rows.append({"space": space, "method": method, "clusters": len(part), **_measured(part, draws, rng)})
    return Density(pd.DataFrame(rows), pd.concat(parts, ignore_index=True))


def values(found: Density, space: str) -> dict[str, Measure | str]:
    """Sizes, radii and density of the centroids and of the clusters, and ``density``, what they say of one space.

    Args:
        found: from `density`.
        space: the one that was chosen; too few centroids for a correlation leave ``density`` out.
    """
    slugs = {CENTROIDS: "centroids", UNIFORM: "uniform", PLAIN: "plain", TWO_STEPS: "tree"}
    values: dict[str, Measure | str] = {}
    for row in records(found.table):
        for name in MEASURED:
            ends = row[name], row[f"{name}_low"], row[f"{name}_high"]
            values[f"{row['space']}_{slugs[row['method']]}_{name}"] = Measure(*ends, row["clusters"], digits=2)
    known = found.table.loc[found.table["space"] == space, ["method", "centre_rho_low"]].set_index("method")
    enough = known["centre_rho_low"].reindex([CENTROIDS, UNIFORM]).notna().all()
    return values | ({"density": _density(found, space)} if enough else {})


def _density(found: Density, space: str) -> str:
    rows = {row["method"]: row for row in records(found.table[found.table["space"] == space])}
    real, even, plain, two = (rows[name] for name in (CENTROIDS, UNIFORM, PLAIN, TWO_STEPS))
    closer = "lie closer together" if real["centre_rho_low"] > 0 else "are not shown to lie closer together"

    def spread(row: Mapping[str, float], what: str) -> str:
        name = f"{what}_variation"
        return f"{row[name]:.2f} (95 % CI {span(row[f'{name}_low'], row[f'{name}_high'], 2)})"

    ends = span(real["centre_rho_low"], real["centre_rho_high"], 2)
    return (
        f"In the {space} space centroids {closer} where clips do: a rank correlation of "
        f"{number(real['centre_rho'], 2)} (95 % CI {ends}), {number(even['centre_rho'], 2)} for uniform data. Sizes of "
        f"centroids vary by {spread(real, 'size')} of the mean, and radii by {spread(real, 'radius')}. For uniform "
        f"data these are {even['size_variation']:.2f} and {even['radius_variation']:.2f}. After the tree sizes vary by "
        f"{spread(two, 'size')} and radii by {spread(two, 'radius')}. As many clusters of K-means alone vary by "
        f"{spread(plain, 'size')} and {spread(plain, 'radius')}."
    )


def dimensions(vectors: npt.ArrayLike) -> int:
    """In how many dimensions the rows vary: the participation ratio of their covariance, rounded.

    Example:
        >>> dimensions([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]])
        2
    """
    covariance = np.cov(np.asarray(vectors, dtype=np.float64).T, bias=True)
    return round(participation_ratio(np.clip(np.linalg.eigvalsh(covariance), 0.0, None)))


def uniform(count: int, dimensions: int, *, rng: np.random.Generator) -> Singles:
    """Directions (count, dimensions) drawn uniformly: they vary in so many dimensions and have no dense places.

    Example:
        >>> rows = uniform(4, 3, rng=np.random.default_rng(0))
        >>> rows.shape, np.linalg.norm(rows, axis=1).round(4).tolist()
        ((4, 3), [1.0, 1.0, 1.0, 1.0])
    """
    return points(rng.normal(size=(count, max(2, dimensions))), directions=True)


def shown(found: Density) -> pd.DataFrame:
    """The table for reading, in the formats of `SHOWN`."""
    ends = [f"{name}{end}" for name in MEASURED for end in ("", "_low", "_high")]
    return found.table[["space", "method", "clusters", *ends, "centre_p"]].rename(columns={"centre_p": "p"})


def _clusters(vectors: Singles, apart: Floats, labels: Labels) -> pd.DataFrame:
    own = np.unique(labels, return_inverse=True)[1]
    centres = means(vectors, own, int(own.max()) + 1)
    table = pd.DataFrame({"size": np.bincount(own), "radius": radii(vectors, own)})
    return table.assign(clip_spacing=medians(apart, own), centre_spacing=spacing(centres, neighbours=1))


def _measured(part: pd.DataFrame, draws: int, rng: np.random.Generator) -> dict[str, float]:
    measured: dict[str, float] = {}
    for name in ("size", "radius"):
        one = variation(part[name], draws=draws, rng=rng)
        measured |= _ends(f"{name}_variation", one.value, one.low, one.high)
    for name, column in {"centre": "centre_spacing", "size": "size", "radius": "radius"}.items():
        both = spearman(part["clip_spacing"], part[column], rng=rng)
        measured |= _ends(f"{name}_rho", both.rho, *both.interval) | {f"{name}_p": both.p}
    return measured


def _ends(name: str, value: float, low: float, high: float) -> dict[str, float]:
    return {name: value, f"{name}_low": low, f"{name}_high": high}
