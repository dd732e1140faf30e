"""What a reader of 05 moves: the map of the clips' first captions, and the trees over centroids, to be cut."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.decomposition import PCA

from lib.base.withheld import COMMON
from lib.clustering.semantic import SemanticClusters
from lib.corpus import Corpus
from lib.draw.interactive.caption_map import CaptionMap, Colouring, Plane
from lib.draw.interactive.map_motions import PointMotion
from lib.draw.interactive.tree_cut import TreeCut
from lib.sections.clustering.two_spaces import Clips, Clusters
from lib.text.tokens import verbs

VERBS = 11
"""Verbs that have a class of their own."""
OTHER = "other or none"
PLAYED = 300
"""Motions that the map holds: at ten poses a second about 2 MB, however many clips there are."""


def clip_map(
    clips: Clips, found: Clusters, called: Mapping[str, pd.DataFrame], *, motions: Sequence[PointMotion] = (), seed: int
) -> CaptionMap:
    """Captions in the first two principal components of the text space, and of the motion space to switch to.

    The projections take the time of a few matrix products, however many captions there are.

    Args:
        clips: from `lib.sections.clustering.two_spaces.gather`.
        found: the clusters of each space.
        called: their names, from `lib.sections.clustering.two_spaces.named`.
        motions: those that the map plays, from `played`.
        seed: of the principal components.

    Returns:
        The map, to be coloured by cluster of either space, by the caption's first verb, and by dataset.
    """
    kinds, corpora = np.unique(clips.table["corpus"].to_numpy(dtype=str), return_inverse=True)
    places = {
        space: PCA(2, random_state=seed).fit_transform(rows).astype(float) for space, rows in clips.spaces.items()
    }
    by_cluster = {space: _clusters(space, found[space], called[space]) for space in places}
    first, *further = places
    return CaptionMap(
        places[first],
        clips.table["text"].tolist(),
        (
            by_cluster[first],
            first_verbs(clips.keys.tolist()),
            Colouring("dataset", kinds.tolist(), corpora),
        ),
        space=first,
        further={space: Plane(places[space], [by_cluster[space]]) for space in further},
        motions=motions,
    )


def _clusters(space: str, found: SemanticClusters, called: pd.DataFrame) -> Colouring:
    names = called.set_index("cluster")["name"]
    classes = [f"{cluster + 1}  {names[cluster]}" for cluster in range(found.n_clusters)]
    return Colouring(f"{space} cluster", classes, found.labels, numbered=True)


def played(
    clips: Clips, corpora: Mapping[str, Corpus], exemplars: pd.DataFrame, *, public: Collection[str], seed: int
) -> list[PointMotion]:
    """The motions that the map plays: of the clips nearest to the middle of each cluster, and of others at random.

    There are as many as there are clips, at most `PLAYED`; those in the middle come first.

    Args:
        clips: from `lib.sections.clustering.two_spaces.gather`.
        corpora: by key.
        exemplars: from `lib.sections.clustering.two_spaces.exemplars`.
        public: keys of the corpora whose motions a private profile may show.
        seed: of the others.
    """
    rows = pd.Series(np.arange(len(clips.table)), index=pd.MultiIndex.from_frame(clips.table[["key", "clip_id"]]))
    middle = rows.loc[pd.MultiIndex.from_frame(exemplars.sort_values("rank")[["key", "clip_id"]])]
    others = np.random.default_rng(seed).permutation(len(clips.table))
    chosen = pd.unique(np.concatenate([middle.to_numpy(), others]))[:PLAYED]
    found = []
    for row in chosen.tolist():
        key, clip_id = clips.table.loc[row, ["key", "clip_id"]]
        table = corpora[key].clips
        fps = float(table.loc[table["clip_id"] == clip_id, "fps"].iloc[0])
        found.append(PointMotion(row, corpora[key].joints(clip_id), fps, public=key in public))
    return found


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


def tree_cut(
    found: Mapping[str, SemanticClusters], called: Mapping[str, pd.DataFrame], judged: pd.DataFrame | None = None
) -> TreeCut:
    """What the page needs to cut the tree of each space anywhere, and how good its cuts are.

    Heights are kept to nine digits.

    Args:
        found: the clusters of each space.
        called: the names of the clusters of each space, from `lib.sections.clustering.two_spaces.named`.
        judged: the cuts that were judged, from `lib.sections.clustering.cut_judgement.judged`.

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
                "quality": _quality(judged, space),
            }
        )
    return TreeCut(spaces)


def _quality(judged: pd.DataFrame | None, space: str) -> dict[str, list[float | None]]:
    if judged is None:
        return {}
    table = judged.loc[judged["space"] == space].drop(columns="space")
    return {
        str(name): [float(f"{x:.6g}") if np.isfinite(x) else None for x in column] for name, column in table.items()
    }
