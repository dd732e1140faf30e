"""How good the clusters are that other cuts of the tree would give, by separation and by captions."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.clustering import cut_quality
from lib.sections.clustering.two_spaces import Clips, Clusters

MOST = 40
"""Clusters up to which cuts are judged."""
FORMATS = {
    "silhouette": ".3 silhouette_low silhouette_high",
    "coherence": ".3",
    "by_chance": ".3 chance_low chance_high",
}
"""How the table is shown."""


def judged(
    clips: Clips,
    found: Clusters,
    sentences: npt.NDArray[np.float32],
    *,
    sample: int,
    permutations: int,
    metric: Any,
    seed: int,
) -> pd.DataFrame:
    """Silhouette and coherence of every number of clusters from 2 to `MOST` that the tree of a space gives.

    Args:
        clips: from `two_spaces.gather`.
        found: from `two_spaces.clustered`.
        sentences: unit vectors of the clips' captions, from `two_spaces.sentence_vectors`.
        sample: clips whose silhouette is found, each against all clips.
        permutations: random clusters of the same sizes, which coherence is held against.
        metric: of the silhouette.
        seed: of the samples and the random clusters.

    Returns:
        ``space, clusters, silhouette, silhouette_low, silhouette_high, coherence, by_chance, chance_low, chance_high``.
    """
    parts = []
    for space, one in found.items():
        counts = sorted(count for count in one.tree.counts() if 2 <= count <= MOST)
        cuts = {count: one.tree.cut(one.tree.threshold(count)) for count in counts}
        rng = np.random.default_rng(seed)
        apart = cut_quality.silhouettes(clips.spaces[space], one.nearest, cuts, rng=rng, sample=sample, metric=metric)
        alike = cut_quality.coherences(
            sentences, one.nearest, cuts, rng=rng, groups=clips.table["base_id"], permutations=permutations
        )
        parts.append(apart.merge(alike, on="clusters").assign(space=space))
    whole = pd.concat(parts, ignore_index=True)
    return whole[["space", *whole.columns.drop("space")]]
