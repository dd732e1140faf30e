"""Clusters against labels: those of the other space, those planted, and a dataset's own."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lib.clustering.agreement import Agreement, agreement
from lib.corpus import Corpus
from lib.sections.clustering.cluster_judgement import Method
from lib.sections.clustering.two_spaces import Clips, Clusters

KNOWN = ("content", "style")
"""Label columns of a dataset that say what a clip shows."""


def known_labels(clips: Clips, corpora: Mapping[str, Corpus], truth: Mapping[str, Any] | None) -> pd.DataFrame:
    """What is known of each clip, a column a kind of label, NA where nothing is.

    Planted families, of the clips whose actions are all of one; and a dataset's own `content` and `style`.
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
    return table


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
