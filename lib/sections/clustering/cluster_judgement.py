"""Which space and which method cluster better: by separation, by captions, and by repetition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.clustering.coherence import coherence
from lib.clustering.dbscan import Dbscan, dbscan, k_distances
from lib.clustering.density_validity import density_validity
from lib.clustering.distances import slices
from lib.clustering.kmeans import kmeans
from lib.clustering.quality import quality
from lib.clustering.semantic import cluster, most_clusters
from lib.clustering.stability import stability
from lib.metrics.directions import Floats, unit
from lib.metrics.intervals import Measure, mean
from lib.sections.clustering.two_spaces import Clips, Clusters

Labels = npt.NDArray[np.int64]
TWO_STEPS = "K-means, then a tree"
"""The method that the report goes on with."""
PLAIN = "K-means alone"
"""K-means asked for the clusters themselves."""
STABILITY = dict.fromkeys(["seeds", "lowest_seeds", "bootstraps", "lowest_bootstraps"], ".3")
"""Decimals of the table of `repeated`."""


@dataclass(frozen=True, eq=False)
class Method:
    """One way to cluster one space: its labels, -1 for noise, and what was chosen for it."""

    space: str
    name: str
    labels: Labels
    chosen: str


def methods(
    clips: Clips,
    found: Clusters,
    *,
    clusters: int,
    min_samples: int,
    radii: Mapping[str, float],
    metric: Any,
    seed: int,
    fit: int | None = None,
) -> list[Method]:
    """The two steps, K-means alone, and DBSCAN at its radius, in either space."""
    made = []
    for space, rows in clips.spaces.items():
        plain = kmeans(rows, n_centroids=clusters, seed=seed, spherical=metric == "cosine", fit=fit)
        radius = radii[space]
        dense: Dbscan = dbscan(rows, eps=radius, min_samples=min_samples, metric=metric)
        two = found[space]
        made += [
            Method(space, TWO_STEPS, two.labels, f"{len(two.centroids)} centroids"),
            Method(space, PLAIN, plain.labels, f"{clusters} centroids"),
            Method(space, "DBSCAN", dense.labels, f"eps {radius:.3f}, {min_samples} samples"),
        ]
    return made


def radii(clips: Clips, *, min_samples: int, eps: float | None, metric: Any, seed: int) -> dict[str, float]:
    """DBSCAN's radius in either space: `eps`, or the knee of the k-distance curve.

    Where so many rows repeat that the knee is 0, it is the smallest positive k-distance.
    """
    if eps is not None:
        return dict.fromkeys(clips.spaces, eps)
    found = {}
    for space, rows in clips.spaces.items():
        curve = k_distances(rows, min_samples=min_samples, metric=metric, rng=np.random.default_rng(seed))
        positive = curve.radius[curve.radius > 0]
        found[space] = float(curve.knee if curve.knee > 0 else (positive[0] if len(positive) else 1.0))
    return found


def judged(
    clips: Clips,
    made: Sequence[Method],
    sentences: npt.NDArray[np.float32],
    *,
    sample: int,
    permutations: int,
    metric: Any,
    seed: int,
) -> pd.DataFrame:
    """Every method by separation in its own space and by its captions.

    Returns:
        ``space, method, chosen, clusters, noise, largest, silhouette, silhouette_low, silhouette_high, davies_bouldin,
        calinski_harabasz, dbcv, coherence, by_chance, p``.
    """
    rows = []
    for one in made:
        space, rng = clips.spaces[one.space], np.random.default_rng(seed)
        q = quality(space, one.labels, rng=rng, sample=sample, metric=metric)
        kept = one.labels[one.labels >= 0]
        some = {"space": one.space, "method": one.name, "chosen": one.chosen, "clusters": q.clusters}
        some |= {
            "noise": q.noise_share,
            "largest": float(np.bincount(kept).max() / len(one.labels)) if len(kept) else 0,
        }
        some |= {"silhouette": q.silhouette.value, "silhouette_low": q.silhouette.low}
        some |= {"silhouette_high": q.silhouette.high, "davies_bouldin": q.davies_bouldin}
        some |= {"calinski_harabasz": q.calinski_harabasz, "dbcv": _dbcv(space, one.labels, sample, rng)}
        told: dict[str, float] = dict.fromkeys(["coherence", "by_chance", "p"], float("nan"))
        if len(kept) and np.bincount(kept).max() > 1:
            c = coherence(sentences, one.labels, rng=rng, groups=clips.table["base_id"], permutations=permutations)
            told = {"coherence": c.value, "by_chance": c.expected, "p": c.p}
        rows.append({**some, **told})
    return pd.DataFrame(rows)


def shown(judgement: pd.DataFrame) -> pd.DataFrame:
    """The measures that a page shows of each method."""
    columns = ["space", "method", "clusters", "noise", "largest", "silhouette", "davies_bouldin", "dbcv", "coherence"]
    return judgement[[*columns, "by_chance"]]


def repeated(
    clips: Clips, found: Clusters, *, clusters: int, seeds: int, bootstraps: int, seed: int, **how: Any
) -> pd.DataFrame:
    """The two steps over again: ``space, seeds, lowest_seeds, bootstraps, lowest_bootstraps`` (adjusted Rand)."""
    rows = []
    for space, one in found.items():
        again = partial(_labels, centroids=len(one.centroids), clusters=clusters, **how)
        s = stability(
            again,
            clips.spaces[space],
            seeds=range(seed, seed + seeds),
            bootstraps=bootstraps,
            rng=np.random.default_rng(seed),
            groups=clips.table["base_id"],
        )
        rows.append((space, s.seeds, s.lowest_seeds, s.bootstraps, s.lowest_bootstraps))
    return pd.DataFrame(rows, columns=["space", "seeds", "lowest_seeds", "bootstraps", "lowest_bootstraps"])


def difference(clips: Clips, found: Clusters, sentences: npt.NDArray[np.float32], *, draws: int, seed: int) -> Measure:
    """How much more coherent captions are in text clusters than in motion clusters, with an interval over clips.

    A clip's coherence is the mean cosine of its caption to the others of its cluster; clips alone in one do not count.
    """
    text, motion = (_own(sentences, found[space].labels) for space in ("text", "motion"))
    both = np.isfinite(text) & np.isfinite(motion)
    rng = np.random.default_rng(seed)
    return mean((text - motion)[both], clips.table["base_id"][both], draws=draws, rng=rng, digits=3)


def votes(
    coherent: Measure, judgement: pd.DataFrame, repeats: pd.DataFrame, judged_by: Sequence[str], margin: float
) -> pd.DataFrame:
    """How each measure votes between the spaces: ``measure, text, motion, difference, bound, vote``.

    Args:
        coherent: from `difference`: coherence votes when its interval leaves out zero.
        judgement: from `judged`; the two-step method counts.
        repeats: from `repeated`; stability is that over resampled clips.
        judged_by: coherence, silhouette, stability.
        margin: a smaller difference of silhouette or stability is no vote.
    """
    two = judgement[judgement["method"] == TWO_STEPS].set_index("space")
    again = repeats.set_index("space")["bootstraps"]
    columns = {"coherence": two["coherence"], "silhouette": two["silhouette"], "stability": again}
    rows = []
    for measure in judged_by:
        text, motion = float(columns[measure]["text"]), float(columns[measure]["motion"])
        apart, bound = text - motion, f"more than {margin:g}"
        sure = abs(apart) > margin
        if measure == "coherence":
            apart, sure = coherent.value, coherent.low > 0 or coherent.high < 0
            bound = f"interval {coherent.low:.3f} to {coherent.high:.3f} without 0"
        vote = ("text" if apart > 0 else "motion") if sure else "neither"
        rows.append((measure, text, motion, apart, bound, vote))
    return pd.DataFrame(rows, columns=["measure", "text", "motion", "difference", "bound", "vote"])


def winner(cast: pd.DataFrame) -> str | None:
    """The space with more votes, or None."""
    text, motion = (int((cast["vote"] == space).sum()) for space in ("text", "motion"))
    return None if text == motion else "text" if text > motion else "motion"


def _labels(rows: npt.NDArray[np.floating], seed: int, *, centroids: int, clusters: int, **how: Any) -> Labels:
    whole = cluster(rows, n_centroids=min(centroids, len(rows)), threshold=0.0, seed=seed, **how)
    return whole.at(n_clusters=most_clusters([whole], clusters)).labels


def _dbcv(rows: npt.NDArray[np.floating], labels: Labels, sample: int, rng: np.random.Generator) -> float:
    return float(density_validity(rows, labels, rng=rng, sample=sample).value)


def _own(sentences: npt.NDArray[np.float32], labels: Labels) -> Floats:
    sizes, blocks = np.bincount(labels), slices(len(labels))
    sums = np.zeros((len(sizes), sentences.shape[1]))
    for some in blocks:
        np.add.at(sums, labels[some], unit(sentences[some]))
    parts = [np.einsum("ij,ij->i", unit(sentences[some]), sums[labels[some]]) for some in blocks]
    others = np.concatenate(parts) - 1
    size = sizes[labels].astype(np.float64)
    own: Floats = np.divide(others, size - 1, out=np.full(len(labels), np.nan), where=size > 1)
    return own
