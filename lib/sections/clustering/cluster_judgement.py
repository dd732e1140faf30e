"""How well each method clusters each space: by separation, by words and movement, by density and by captions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import t

from lib.clustering.coherence import coherence
from lib.clustering.dbscan import Dbscan, dbscan, k_distances
from lib.clustering.density_validity import density_validity
from lib.clustering.kmeans import kmeans
from lib.clustering.points import Singles
from lib.clustering.quality import quality
from lib.metrics.directions import Floats
from lib.metrics.intervals import Measure
from lib.sections.clustering.cluster_evidence import Evidence, by_chance, over_clips, scores
from lib.sections.clustering.two_spaces import Clips, Clusters

Labels = npt.NDArray[np.int64]
TWO_STEPS = "K-means, then a tree"
"""The method that the report goes on with."""
PLAIN = "K-means alone"
"""K-means asked for the clusters themselves."""
DENSE = "DBSCAN"
RANDOM = "at random"
"""Clusters as large as those of the two steps, clips drawn into them at random: the trivial answer."""
BY_CLIP = ("silhouette", "words", "movement")
"""Measures of every clip, whose differences have intervals over clips."""
SAMPLES = 10
"""Samples that DBCV is measured on."""


@dataclass(frozen=True, eq=False)
class Method:
    """One way to cluster one space: its labels, -1 for noise, and what was chosen for it."""

    space: str
    name: str
    labels: Labels
    chosen: str


@dataclass(frozen=True, eq=False)
class Judgement:
    """All methods by all measures, and how the two steps differ from DBSCAN.

    Attributes:
        table: one row a space and method, clusters at random among them: ``space, method, chosen, clusters, noise,
            largest``, ``silhouette, words, movement, dbcv`` with ``…_low, …_high``, ``davies_bouldin,
            calinski_harabasz, coherence, by_chance, p``.
        against_dense: one row a space and measure: ``space, measure, two_steps, dbscan, difference, low, high, n,
            over_chance``, the lead of the better of the two.
    """

    table: pd.DataFrame
    against_dense: pd.DataFrame


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
            Method(space, DENSE, dense.labels, f"eps {radius:.3f}, {min_samples} samples"),
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
    seen: Evidence,
    *,
    sample: int,
    permutations: int,
    draws: int,
    seed: int,
) -> Judgement:
    """Every method by every measure, on all clips but for DBCV.

    Args:
        clips: from `two_spaces.gather`.
        made: from `methods`, those of a space one after the other.
        seen: from `cluster_evidence.evidence`.
        sample: clips of each of the samples that DBCV is measured on.
        permutations: random groupings behind the p of coherence.
        draws: bootstrap replicates.
        seed: of all of these.
    """
    rows: list[dict[str, Any]] = []
    apart: list[dict[str, Any]] = []
    for space in dict.fromkeys(one.space for one in made):
        vectors, here = clips.spaces[space], {one.name: one for one in made if one.space == space}
        rng = np.random.default_rng(seed)
        chance = Method(space, RANDOM, rng.permutation(here[TWO_STEPS].labels), "sizes of the two steps")
        valid = _validities(vectors, [*here.values(), chance], sample, np.random.default_rng(seed))
        of = {name: scores(seen, vectors, one.labels, BY_CLIP) for name, one in here.items()}
        for name, one in here.items():
            measured = {measure: over_clips(of[name][measure], clips, draws=draws, seed=seed) for measure in BY_CLIP}
            rows.append(_row(one, clips, seen, measured | {"dbcv": _over(valid[name])}, permutations, seed))
        nulls = {name: by_chance(seen, vectors, here[name].labels, rng=rng) for name in (TWO_STEPS, DENSE)}
        rows.append(_random(chance, nulls[TWO_STEPS], float(np.mean(valid[RANDOM]))))
        apart += _against_dense(clips, here, of, valid, nulls, draws, seed)
    return Judgement(pd.DataFrame(rows), pd.DataFrame(apart))


def shown(found: Judgement) -> pd.DataFrame:
    """The measures that a page shows of each method."""
    columns = ["space", "method", "clusters", "noise", "largest"]
    return found.table[[*columns, *(f"{name}{end}" for name in (*BY_CLIP, "dbcv") for end in ("", "_low", "_high"))]]


FORMATS = {
    **{name: f".2 {name}_low {name}_high" for name in (*BY_CLIP, "dbcv")},
    "words": ".3 words_low words_high",
    **dict.fromkeys(["noise", "largest"], "percent"),
}
"""How the tables of methods are shown."""
AGAINST = {"two_steps": ".3", "dbscan": ".3", "difference": ".3 low high", "over_chance": ".3"}
"""How the table of `Judgement.against_dense` is shown."""


def _row(
    one: Method, clips: Clips, seen: Evidence, measured: Mapping[str, Measure], permutations: int, seed: int
) -> dict[str, Any]:
    rng, kept = np.random.default_rng(seed), one.labels[one.labels >= 0]
    parted = quality(clips.spaces[one.space], one.labels, rng=rng, sample=2)  # silhouettes are there already
    row: dict[str, Any] = {"space": one.space, "method": one.name, "chosen": one.chosen, "clusters": parted.clusters}
    row |= {"noise": parted.noise_share, "largest": _largest(one.labels)}
    for name, value in measured.items():
        row |= {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}
    row |= {"davies_bouldin": parted.davies_bouldin, "calinski_harabasz": parted.calinski_harabasz}
    told: dict[str, float] = dict.fromkeys(["coherence", "by_chance", "p"], float("nan"))
    if len(kept) and np.bincount(kept).max() > 1:
        c = coherence(seen.sentences, one.labels, rng=rng, groups=clips.groups, permutations=permutations)
        told = {"coherence": c.value, "by_chance": c.expected, "p": c.p}
    return row | told


def _random(chance: Method, nulls: Mapping[str, float], dbcv: float) -> dict[str, Any]:
    about = {"space": chance.space, "method": RANDOM, "chosen": chance.chosen, "noise": 0.0}
    about |= {"clusters": int(chance.labels.max()) + 1, "largest": _largest(chance.labels), "dbcv": dbcv}
    return about | {name: nulls[name] for name in BY_CLIP} | {"coherence": nulls["coherence"]}


def _against_dense(
    clips: Clips,
    here: Mapping[str, Method],
    of: Mapping[str, Mapping[str, Floats]],
    valid: Mapping[str, Floats],
    nulls: Mapping[str, Mapping[str, float]],
    draws: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Differences of the two steps and DBSCAN by each measure, paired by clip or by sample."""
    both = (TWO_STEPS, DENSE)
    placed = [_placed(here[name].labels) for name in both]
    pairs = {measure: tuple(of[name][measure] for name in both) for measure in BY_CLIP} | {"placed": tuple(placed)}
    rows = []
    for measure, (two, dense) in pairs.items():
        shared = np.isfinite(two) & np.isfinite(dense)
        ends = over_clips(two - dense, clips, draws=draws, seed=seed)
        means = {name: float(values[shared].mean()) for name, values in zip(both, (two, dense), strict=True)}
        over = max(means[name] - nulls[name].get(measure, 0.0) for name in both)
        rows.append((measure, means[TWO_STEPS], means[DENSE], ends, over))
    samples = [valid[name] for name in both]
    over = max(float(values.mean()) for values in samples) - float(valid[RANDOM].mean())
    two, dense = samples
    rows.append(("dbcv", float(two.mean()), float(dense.mean()), _over(two - dense), over))
    return [
        {
            "space": here[DENSE].space,
            "measure": measure,
            "two_steps": two,
            "dbscan": dense,
            "difference": ends.value,
            "low": ends.low,
            "high": ends.high,
            "n": ends.n,
            "over_chance": over,
        }
        for measure, two, dense, ends, over in rows
    ]


def _placed(labels: Labels) -> Floats:
    """Which clips a clustering places: in a cluster, and not in the largest one."""
    sizes = np.bincount(labels[labels >= 0], minlength=1)
    return np.asarray((labels >= 0) & (labels != sizes.argmax()), dtype=np.float64)


def _largest(labels: Labels) -> float:
    return float(np.bincount(labels[labels >= 0], minlength=1).max() / len(labels))


def _validities(vectors: Singles, made: Sequence[Method], sample: int, rng: np.random.Generator) -> dict[str, Floats]:
    """DBCV of each method on the same samples; 0, the worth of no structure, where a sample has not two clusters."""
    found: dict[str, list[float]] = {one.name: [] for one in made}
    for _ in range(SAMPLES if sample < len(vectors) else 1):
        rows = rng.permutation(len(vectors))[:sample]
        for one in made:
            value = density_validity(vectors[rows], one.labels[rows], rng=rng, sample=None).value
            found[one.name].append(float(np.nan_to_num(value)))
    return {name: np.array(values) for name, values in found.items()}


def _over(values: Floats) -> Measure:
    """The mean over samples, with the 95 % interval of a mean by Student's t; one sample of all has no spread."""
    if len(values) < 2:
        return Measure(float(values.mean()), float(values.mean()), float(values.mean()), len(values), digits=3)
    reach = float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return Measure(
        float(values.mean()), float(values.mean()) - reach, float(values.mean()) + reach, len(values), digits=3
    )
