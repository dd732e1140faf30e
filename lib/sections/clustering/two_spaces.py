"""The clips of a profile in both spaces, clustered, named, and each cluster with what lies in its middle."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.decomposition import PCA

from lib.clustering.names import central, class_tfidf, names, terms
from lib.clustering.points import Singles, points
from lib.clustering.semantic import SemanticClusters, cluster, most_clusters
from lib.corpus import Corpus
from lib.corpus import other_languages as left_out
from lib.models.latents import Latents
from lib.models.pairs import pair
from lib.text.encoder import encode
from lib.text.tokens import mended, pos_key

SPACES = ("text", "motion")
MAPPED = 4000
"""Clips drawn behind the centroids."""

Clusters = Mapping[str, SemanticClusters]


@dataclass(frozen=True, eq=False)
class Clips:
    """Clips with a motion and a caption, mirrors left out.

    Attributes:
        table: one row a clip: ``corpus, key, clip_id, base_id, split, text`` (its first caption).
        spaces: latents (n, d) at unit length, float32: of the first caption, and of the motion.
    """

    table: pd.DataFrame
    spaces: dict[str, Singles]

    @cached_property
    def keys(self) -> pd.Series:
        """The part-of-speech key of each clip's caption, with lemmas that are words."""
        return mended(pos_key(self.table), self.table["text"])

    @cached_property
    def groups(self) -> npt.NDArray[np.int64]:
        """The number of each clip's base clip, which intervals resample."""
        return np.asarray(pd.factorize(self.table["base_id"])[0], dtype=np.int64)


def gather(latents: Mapping[str, Latents], corpora: Mapping[str, Corpus]) -> Clips:
    """The clips of all corpora with their latents; a clip's text is its first caption, as in notebook 04.

    Args:
        latents: by key of the corpus.
        corpora: by key.
    """
    paired = {key: pair(latents[key], corpus).unmirrored for key, corpus in corpora.items()}
    table = pd.concat([one.clips.assign(corpus=one.corpus, key=key) for key, one in paired.items()], ignore_index=True)
    whole = {space: np.concatenate([getattr(one, space) for one in paired.values()]) for space in SPACES}
    spaces = {space: points(rows, directions=True) for space, rows in whole.items()}
    return Clips(table.drop(columns=["mirrored", "caption_id"]), spaces)


def sentence_vectors(clips: Clips, model: Path | None = None) -> npt.NDArray[np.float32]:
    """Unit vectors (n, e) of the clips' first captions; without a folder MPNet is fetched."""
    return encode(clips.table["text"].tolist(), model=model)


def clustered(
    clips: Clips,
    *,
    centroids: int,
    rows_per_centroid: int,
    clusters: int,
    seed: int,
    fit: int | None = None,
    **how: object,
) -> dict[str, SemanticClusters]:
    """Clusters of both spaces, in as many centroids as the clips allow.

    Args:
        clips: from `gather`.
        centroids: how many at most.
        rows_per_centroid: clips that a centroid should have on average.
        clusters: how many; fewer, alike in both spaces, where the captions or the motions do not allow as many.
        seed: of K-means.
        fit: how many clips K-means is fit on; all are assigned.
        how: linkage, metric, weighted: see `lib.clustering.semantic.cluster`.
    """
    rows = len(clips.table) if fit is None else min(fit, len(clips.table))
    count = centroid_count(rows, centroids, rows_per_centroid, clusters)
    whole = {
        space: cluster(latents, n_centroids=count, threshold=0.0, seed=seed, fit=fit, **how)  # type: ignore[arg-type]
        for space, latents in clips.spaces.items()
    }
    n_clusters = most_clusters([*whole.values()], clusters)
    return {space: one.at(n_clusters=n_clusters) for space, one in whole.items()}


def centroid_count(rows: int, centroids: int, rows_per_centroid: int, clusters: int) -> int:
    """Centroids to be fit on so many rows.

    Example:
        >>> centroid_count(380_000, 1000, 10, 12), centroid_count(900, 1000, 10, 12), centroid_count(60, 1000, 10, 12)
        (1000, 90, 12)
    """
    return min(rows, max(clusters, min(centroids, rows // rows_per_centroid)))


def curves(found: Clusters) -> pd.DataFrame:
    """The number of clusters at every threshold of either tree: ``space, clusters, threshold, below``."""
    return pd.concat([one.tree.curve().assign(space=space) for space, one in found.items()], ignore_index=True)[
        ["space", "clusters", "threshold", "below"]
    ]


def stacked(called: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The tables of `named` under one another, with a ``space`` column first."""
    parts = [table.assign(space=space) for space, table in called.items()]
    whole = counted_from_one(pd.concat(parts, ignore_index=True))
    return whole[["space", *whole.columns.drop("space")]]


def named(clips: Clips, clusters: Clusters, *, words: int, least: int) -> dict[str, pd.DataFrame]:
    """The clusters of each space, largest first, named by c-TF-IDF.

    Args:
        clips: from `gather`.
        clusters: of each space.
        words: of a name.
        least: times that a word must occur in the cluster to be part of its name, more than once under redaction.

    Returns:
        By space: ``cluster, name, clips, share`` and ``clips_<corpus>`` of each corpus.
    """
    lists = [terms(key) for key in clips.keys]
    return {space: _named(clips, lists, one.labels, words=words, least=least) for space, one in clusters.items()}


def _named(
    clips: Clips, lists: list[list[str]], labels: npt.NDArray[np.int64], *, words: int, least: int
) -> pd.DataFrame:
    called = names(class_tfidf(lists, labels), labels, words=words, least=least)
    corpora = clips.table["corpus"]
    sizes = pd.crosstab(labels, corpora.to_numpy())[list(corpora.unique())].add_prefix("clips_")
    table = called.assign(clips=np.bincount(labels)[called["cluster"]])
    table = table.assign(share=table["clips"] / len(labels)).join(sizes, on="cluster")
    return table.sort_values("cluster", ignore_index=True)


def exemplars(clips: Clips, found: Clusters, called: Mapping[str, pd.DataFrame], *, n: int) -> pd.DataFrame:
    """The clips nearest to the middle of each cluster; of equal captions one is shown.

    Returns:
        ``space, cluster, name, rank, cosine, corpus, key, clip_id, caption``.
    """
    parts = []
    for space, one in found.items():
        near = central(clips.spaces[space], one.labels, n=n, alike=clips.table["text"].tolist())
        rows = clips.table.iloc[near["row"]][["corpus", "key", "clip_id", "text"]].reset_index(drop=True)
        near = near.join(rows).merge(called[space][["cluster", "name"]], on="cluster").assign(space=space)
        parts.append(near.rename(columns={"text": "caption"}))
    return pd.concat(parts, ignore_index=True)[
        ["space", "cluster", "name", "rank", "cosine", "corpus", "key", "clip_id", "caption"]
    ]


def counted_from_one(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its ``cluster`` as readers count: from 1."""
    return table.assign(cluster=table["cluster"] + 1)


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """The exemplars a row a cluster: ``space, cluster, name, captions``."""
    grouped = table.groupby(["space", "cluster", "name"], sort=False)["caption"]
    return counted_from_one(grouped.agg(" · ".join).reset_index(name="captions"))


def examples(clips: Clips, found: Clusters, called: Mapping[str, pd.DataFrame], *, n: int, seed: int) -> pd.DataFrame:
    """Clips at random with the name of their cluster: ``corpus, clip_id, caption`` and ``in_<space>`` of each space."""
    rows = np.sort(np.random.default_rng(seed).choice(len(clips.table), min(n, len(clips.table)), replace=False))
    picked = clips.table.iloc[rows]
    by = {space: called[space].set_index("cluster")["name"].reindex(one.labels[rows]) for space, one in found.items()}
    shown = picked[["corpus", "clip_id"]].assign(caption=picked["text"])
    return shown.assign(**{f"in_{space}": column.to_numpy() for space, column in by.items()}).reset_index(drop=True)


def mapped(clips: Clips, found: Clusters, *, seed: int) -> tuple[pd.DataFrame, dict[str, list[float]]]:
    """Centroids over a sample of clips in the plane of the clips' principal components.

    Returns:
        ``space, kind`` (clip, centroid), ``cluster, rows, x, y``; and the share of variance of either axis.
    """
    parts, shares = [], {}
    for space, one in found.items():
        plane = PCA(2, random_state=seed).fit(clips.spaces[space])
        shares[space] = [float(share) for share in plane.explained_variance_ratio_]
        rows = np.random.default_rng(seed).permutation(len(one.labels))[:MAPPED]
        kinds = {
            "clip": (clips.spaces[space][rows], one.labels[rows], np.ones(len(rows), dtype=int)),
            "centroid": (one.centroids, one.merged, one.sizes),
        }
        for kind, (vectors, labels, sizes) in kinds.items():
            x, y = plane.transform(vectors).T
            parts.append(pd.DataFrame({"space": space, "kind": kind, "cluster": labels, "rows": sizes, "x": x, "y": y}))
    return counted_from_one(pd.concat(parts, ignore_index=True)), shares


def middles(exemplars: pd.DataFrame, space: str) -> pd.DataFrame:
    """The clip in the middle of each cluster of a space, to be played: ``key, clip_id, label, note``."""
    first = exemplars[(exemplars["space"] == space) & (exemplars["rank"] == 1)]
    labels = [f"{cluster + 1}  {name}" for cluster, name in zip(first["cluster"], first["name"], strict=True)]
    return first[["key", "clip_id"]].assign(label=labels, note=first["caption"])


def other_languages(corpora: Mapping[str, Corpus]) -> dict[str, str]:
    """The value ``other_languages``: captions that count for no name since they are no English."""
    return left_out.value(left_out.counts([*corpora.values()]))
