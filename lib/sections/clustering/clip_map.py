"""What a reader of 05 moves: the map of the clips' first captions, and the trees over centroids, to be cut."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.decomposition import PCA

from lib.base.withheld import COMMON
from lib.clustering.semantic import SemanticClusters
from lib.draw.interactive.caption_map import CaptionMap, Colouring
from lib.draw.interactive.tree_cut import TreeCut
from lib.sections.clustering.two_spaces import Clips
from lib.text.tokens import pos_key, verbs

VERBS = 11
"""Verbs that have a class of their own."""
OTHER = "other or none"


def clip_map(clips: Clips, found: SemanticClusters, called: pd.DataFrame, *, space: str, seed: int) -> CaptionMap:
    """Captions in the first two principal components of a space, the plane of notebook 05's figure of centroids.

    The projection takes the time of a few matrix products, however many captions there are.

    Args:
        clips: from `lib.sections.clustering.two_spaces.gather`.
        found: the clusters of that space.
        called: their names, from `lib.sections.clustering.two_spaces.named`.
        space: text or motion.
        seed: of the principal components.

    Returns:
        The map, to be coloured by cluster, by the caption's first verb, and by dataset.
    """
    names = called.set_index("cluster")["name"]
    clusters = [f"{cluster + 1}  {names[cluster]}" for cluster in range(found.n_clusters)]
    kinds, corpora = np.unique(clips.table["corpus"].to_numpy(dtype=str), return_inverse=True)
    return CaptionMap(
        PCA(2, random_state=seed).fit_transform(clips.spaces[space]).astype(np.float64),
        clips.table["text"].tolist(),
        (
            Colouring("cluster", clusters, found.labels, numbered=True),
            first_verbs(pos_key(clips.table).tolist()),
            Colouring("dataset", kinds.tolist(), corpora),
        ),
    )


def first_verbs(keys: list[str], *, classes: int = VERBS, least: int = COMMON) -> Colouring:
    """Colours captions by their first verb; the frequent verbs have a class each, the others one together.

    Args:
        keys: part-of-speech keys, as from `lib.text.tokens.pos_key`.
        classes: verbs that have a class at most.
        least: captions that a verb must begin to have one: a rare "verb" may be a name.

    Example:
        >>> made = first_verbs(["a/DET man/NOUN walk/VERB", "he/PRON walk/VERB", "jump/VERB", "nobody/NOUN"], least=2)
        >>> list(made.classes), made.labels.tolist()
        (['walk', 'other or none'], [0, 0, 1, 1])
    """
    firsts = [next(iter(verbs(key)), "") for key in keys]
    counted = Counter(verb for verb in firsts if verb)
    kept = [verb for verb, count in counted.most_common(classes) if count >= least]
    number = {verb: place for place, verb in enumerate(kept)}
    labels: npt.NDArray[np.int64] = np.array([number.get(verb, len(kept)) for verb in firsts], dtype=np.int64)
    return Colouring("verb", [*kept, OTHER], labels, rest=True)


def tree_cut(found: Mapping[str, SemanticClusters], called: Mapping[str, pd.DataFrame]) -> TreeCut:
    """What the page needs to cut the tree of each space anywhere.

    Heights are kept to nine digits.

    Args:
        found: the clusters of each space.
        called: the names of the clusters of each space, from `lib.sections.clustering.two_spaces.named`.

    Example:
        >>> from lib.clustering.semantic import cluster
        >>> found = cluster([[0.0], [0.1], [5.0], [9.0]], n_centroids=4, n_clusters=3, seed=0)
        >>> called = pd.DataFrame({"cluster": range(3), "name": list("abc")})
        >>> (space,) = tree_cut({"text": found}, {"text": called}).spaces
        >>> space["clusters"], space["names"], sorted(space["merged"]), round(space["height"][0], 3)
        (3, ['a', 'b', 'c'], [0, 0, 1, 2], 0.1)
    """
    spaces = []
    for space, clusters in found.items():
        names = called[space].set_index("cluster")["name"]
        left, right, height, _ = clusters.tree.merges.T
        spaces.append(
            {
                "name": space,
                "left": left.astype(int).tolist(),
                "right": right.astype(int).tolist(),
                "height": [float(f"{value:.9g}") for value in height],
                "sizes": clusters.sizes.tolist(),
                "merged": clusters.merged.tolist(),
                "names": [str(names[cluster]) for cluster in range(clusters.n_clusters)],
                "clusters": clusters.n_clusters,
            }
        )
    return TreeCut(spaces)
