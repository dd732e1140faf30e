"""How far the filter of the data preparation moves the clusters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.base.prose import listed
from lib.clustering.agreement import Agreement, agreement
from lib.corpus import Corpus
from lib.metrics.intervals import Measure
from lib.models.latents import Latents
from lib.sections.clustering.cluster_labels import known_labels
from lib.sections.clustering.two_spaces import SPACES, Clips, Clusters, clustered, gather

SAME = "clusters of all clips"
FORMATS = {"ari": ".3 ari_low ari_high", "ami": ".3 ami_low ami_high"}
"""How tables show the scores."""


@dataclass(frozen=True, eq=False)
class Partition:
    """Clips, their clusters in either space, and what is known of them, see `cluster_labels.known_labels`."""

    clips: Clips
    found: Clusters
    known: pd.DataFrame


def unfiltered(
    latents: Mapping[str, Latents],
    corpora: Mapping[str, Corpus],
    truth: Mapping[str, Any] | None,
    kept: Clips,
    **how: Any,
) -> Partition | None:
    """All clips clustered in the way of the kept ones; None where the filter drops none of them.

    Args:
        latents: by key of the corpus.
        corpora: with all clips, by key.
        truth: what was planted, or None.
        kept: the clips of the section.
        how: as `two_spaces.clustered` takes it.
    """
    every = gather(latents, corpora)
    if len(every.table) == len(kept.table):
        return None
    return Partition(every, clustered(every, **how), known_labels(every, corpora, truth))


def moved(kept: Partition, every: Partition | None, *, draws: int, permutations: int, seed: int) -> pd.DataFrame | None:
    """How far clusters of kept clips agree with those of all, and either with what is known of the clips.

    Args:
        kept: the clips that the filter keeps.
        every: from `unfiltered`; None gives None.
        draws: random halves of the base clips, for the intervals.
        permutations: shuffles.
        seed: of both.

    Returns:
        ``space, clusters, with, clips, ari, ari_low, ari_high, ami, …``: the clusters of kept clips with those that
        all clips give to the same clips; then with each known label the clusters of all clips, and those of kept ones.
    """
    if every is None:
        return None
    names = [pd.MultiIndex.from_frame(side.clips.table[["key", "clip_id"]]) for side in (kept, every)]
    place = names[1].get_indexer(names[0])
    rows = []
    for space in SPACES:
        again = every.found[space].labels[place]
        pairs = [("kept clips", SAME, kept, kept.found[space].labels, again)]
        pairs += [
            (clusters, *known)
            for clusters, side in (("all clips", every), ("kept clips", kept))
            for known in _known(side, space)
        ]
        for clusters, other, side, labels, against in pairs:
            at = np.flatnonzero(pd.notna(against))
            groups = side.clips.table["base_id"].iloc[at]
            rng = np.random.default_rng(seed)
            of = agreement(
                labels[at], against[at].astype(str), rng=rng, groups=groups, draws=draws, permutations=permutations
            )
            rows.append((space, clusters, other, len(at), *_scores(of)))
    ends = ["ari", "ari_low", "ari_high", "ami", "ami_low", "ami_high"]
    return pd.DataFrame(rows, columns=["space", "clusters", "with", "clips", *ends])


def values(table: pd.DataFrame | None) -> dict[str, str | Measure]:
    """What prose quotes of `moved`: the agreement of both clusterings, and that with known labels before the filter."""
    recorded: dict[str, str | Measure] = {}
    if table is None:
        return recorded
    for row in table.to_dict("records"):
        name = "filter" if row["with"] == SAME else f"{row['with']}_before"
        if row["with"] == SAME or row["clusters"] == "all clips":
            for score in ("ari", "ami"):
                ends = row[f"{score}_low"], row[f"{score}_high"]
                recorded[f"{row['space']}_{name}_{score}"] = Measure(row[score], *ends, row["clips"], "", 3)
    same = table[table["with"] == SAME]
    parts = [f"{row['ari']:.2f} for {row['space']}" for row in same.to_dict("records")]
    text = "The clusters of kept clips agree with those that all clips would give them by an adjusted Rand index of"
    return recorded | {"filter": f"{text} {listed(parts)}."}


def _known(side: Partition, space: str) -> Iterator[tuple[str, Partition, npt.NDArray[np.int64], npt.NDArray[Any]]]:
    for column in side.known.columns:
        if side.known[column].notna().any():
            yield str(column), side, side.found[space].labels, side.known[column].to_numpy(dtype=object)


def _scores(of: Agreement) -> Iterator[float]:
    for name in ("ARI", "AMI"):
        yield from (of.scores[name].value, of.scores[name].low, of.scores[name].high)
