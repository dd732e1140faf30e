"""Clusters against labels: those of the other space, those planted, and a dataset's own."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from lib.audit.cluster_judgement import Method
from lib.audit.clusters import Clips, Clusters, centroid_count
from lib.clustering.agreement import Agreement, agreement
from lib.clustering.semantic import cluster
from lib.corpus import Corpus

KNOWN = ("content", "style")
"""Label columns of a dataset that say what a clip shows."""
LEAST = 10
"""Clips that a label needs to be one of the balanced ones."""


def known_labels(clips: Clips, corpora: Mapping[str, Corpus], truth: Mapping[str, Any] | None) -> pd.DataFrame:
    """What is known of each clip, a column a kind of label, NA where nothing is.

    Planted families, once of all clips and once of those whose actions are all of one family (the others belong to two
    clusters and were planted under the first); and a dataset's own `content` and `style`.
    """
    table = pd.DataFrame(index=clips.table.index)
    for key, one in corpora.items():
        here = clips.table["key"] == key
        ids = clips.table.loc[here, "clip_id"]
        for column in [name for name in KNOWN if name in one.clips.columns]:
            table.loc[here, column] = ids.map(one.clips.set_index("clip_id")[column]).to_numpy()
        planted = (truth or {}).get(one.name, {})
        if "families" in planted:
            table.loc[here, "family"] = ids.map(planted["families"]).to_numpy()
            single = ids.map(lambda clip, of=planted["actions"]: len(set(of[clip])) == 1)
            table.loc[here, "family, clips of one action"] = ids.map(planted["families"]).where(single).to_numpy()
    return table


def distinct(clips: Clips, corpora: Mapping[str, Corpus], truth: Mapping[str, Any] | None) -> "pd.Series[Any]":
    """The one thing that each clip shows, NA where it shows several or nothing is known.

    On embedded corpora the planted action of clips of one action, elsewhere the dataset's own `content`.
    """
    found = pd.Series(pd.NA, index=clips.table.index, dtype="object")
    for key, one in corpora.items():
        here = clips.table["key"] == key
        ids = clips.table.loc[here, "clip_id"]
        planted = (truth or {}).get(one.name, {}).get("actions")
        if planted:
            found[here] = [planted[clip][0] if len(planted[clip]) == 1 else pd.NA for clip in ids]
        elif "content" in one.clips.columns:
            found[here] = ids.map(one.clips.set_index("clip_id")["content"]).to_numpy()
    return found


def balanced(
    clips: Clips, labels: "pd.Series[Any]", *, clusters: int, rows_per_centroid: int, draws: int, seed: int, **how: Any
) -> pd.DataFrame | None:
    """Whether labels that differ come back when there are as many clips of each.

    On all clips a frequent label is split and rare ones are joined, which says more of their numbers than of the
    clusters. Here the labels with most clips, `clusters` at most, give equally many clips each, drawn anew each time.

    Returns:
        ``space, labels, clips, draws, ari, ari_low, ari_high, ami, ami_low, ami_high``: means, and the lowest and the
        highest of the draws; None where fewer than two labels have ten clips.
    """
    counts = labels.value_counts()
    often = counts[counts >= LEAST].head(clusters)
    if len(often) < 2:
        return None
    each, rows = int(often.min()), []
    some = labels[labels.isin(often.index)]
    for turn in range(draws):
        drawn = some.sample(frac=1, random_state=seed + turn).groupby(some).head(each)
        for space, latents in clips.spaces.items():
            count = centroid_count(len(drawn), len(drawn), rows_per_centroid, len(often))
            asked = {"n_centroids": count, "n_clusters": len(often), "seed": seed + turn, **how}
            made = cluster(latents[drawn.index], **asked).labels
            names = drawn.astype(str)
            rows.append((space, adjusted_rand_score(names, made), adjusted_mutual_info_score(names, made)))
    table = pd.DataFrame(rows, columns=["space", "ari", "ami"]).groupby("space", sort=False)
    found = pd.DataFrame({"labels": len(often), "clips": each * len(often), "draws": draws}, index=list(clips.spaces))
    for score in ("ari", "ami"):
        found[[score, f"{score}_low", f"{score}_high"]] = table[score].agg(["mean", "min", "max"])
    return found.rename_axis("space").reset_index()


def crossed(table: pd.DataFrame) -> pd.DataFrame:
    """A contingency table in rows: ``text, motion, clips``, clusters counted from 1 as the figures do."""
    text, motion = np.meshgrid(table.index.to_numpy(), table.columns.to_numpy(), indexing="ij")
    counts = table.to_numpy().ravel()
    return pd.DataFrame({"text": text.ravel() + 1, "motion": motion.ravel() + 1, "clips": counts})


def against(
    clips: Clips, made: Sequence[Method], known: pd.DataFrame, *, draws: int, permutations: int, seed: int
) -> pd.DataFrame | None:
    """Methods against what is known, noise as a cluster like others; None where nothing is known.

    Returns:
        ``space, method, labels, clips, ari, ari_low, ari_high, ami, ami_low, ami_high, p``.
    """
    rows = []
    for one in made:
        for column in known.columns:
            at = np.flatnonzero(known[column].notna().to_numpy())
            if len(at):
                found = agreement(
                    one.labels[at],
                    known[column].iloc[at].astype(str).to_numpy(dtype=str),
                    rng=np.random.default_rng(seed),
                    groups=clips.table["base_id"].iloc[at],
                    draws=draws,
                    permutations=permutations,
                    noise="keep",
                )
                ari, ami = found.scores["ARI"], found.scores["AMI"]
                scores = (ari.value, ari.low, ari.high, ami.value, ami.low, ami.high, found.p["ARI"])
                rows.append((one.space, one.name, column, len(at), *scores))
    ends = ["ari", "ari_low", "ari_high", "ami", "ami_low", "ami_high", "p"]
    return pd.DataFrame(rows, columns=["space", "method", "labels", "clips", *ends]) if rows else None


def between(clips: Clips, found: Clusters, *, draws: int, permutations: int, seed: int) -> Agreement:
    """How far the clusters of text and of motion agree."""
    one, two = (found[space].labels for space in ("text", "motion"))
    rng, groups = np.random.default_rng(seed), clips.table["base_id"]
    return agreement(one, two, rng=rng, groups=groups, draws=draws, permutations=permutations)


def scores(found: Agreement) -> pd.DataFrame:
    """The scores of an agreement: ``score, value, low, high, p, clips``."""
    rows = [(name, e.value, e.low, e.high, found.p[name], e.n) for name, e in found.scores.items()]
    return pd.DataFrame(rows, columns=["score", "value", "low", "high", "p", "clips"])
