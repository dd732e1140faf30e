"""What a clustering is judged by, clip by clip: its own space, the words of captions, the movement of bodies.

TMR reads captions through a sentence encoder, so a coherence by that encoder may favour what TMR makes of captions.
Words are compared without any encoder, and movement without captions.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import rankdata
from sklearn.feature_extraction.text import TfidfVectorizer

from lib.clustering.assignment import Labels
from lib.clustering.closeness import Likeness
from lib.clustering.names import terms
from lib.clustering.points import Singles
from lib.clustering.quality import silhouettes
from lib.corpus import Corpus
from lib.corpus.motion_descriptors import motion_descriptors
from lib.metrics.directions import Floats
from lib.metrics.intervals import Measure, mean
from lib.sections.clustering.two_spaces import Clips

MOVED = 20_000
"""Clips whose movement is read, drawn at random where there are more."""
GROUPINGS, DRAWN = 5, 4096
"""Random groupings, and clips of each, that say which silhouette chance has."""
MEASURES = ("silhouette", "words", "movement", "coherence")


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the clips show apart from their clusters.

    Attributes:
        captions: sentence vectors of first captions; likeness is their cosine.
        words: TF-IDF of the verbs and objects of first captions; likeness is their cosine.
        movement: eight numbers of the motion, ranked and scaled; likeness is their mean correlation.
        moved: (m,) the clips whose movement was read.
    """

    captions: Likeness
    words: Likeness
    movement: Likeness
    moved: npt.NDArray[np.int64]

    @property
    def sentences(self) -> npt.NDArray[np.floating]:
        """The sentence vectors themselves (n, e)."""
        assert not isinstance(self.captions.vectors, csr_array)
        return self.captions.vectors


def evidence(
    clips: Clips, corpora: Mapping[str, Corpus], sentences: npt.NDArray[np.floating], *, seed: int
) -> Evidence:
    """Reads what clusters are judged by.

    Args:
        clips: from `two_spaces.gather`.
        corpora: by key.
        sentences: (n, e) vectors of first captions; they are not copied.
        seed: draws the clips whose movement is read.
    """
    moved = np.sort(np.random.default_rng(seed).permutation(len(clips.table))[:MOVED])
    told = Likeness(word_vectors(clips.keys.tolist()))
    return Evidence(Likeness(sentences, directions=True), told, Likeness(_movement(clips, corpora, moved)), moved)


def word_vectors(keys: list[str]) -> csr_array:
    """Unit TF-IDF vectors (n, words) of the verbs and objects of captions; a caption without any is zero.

    Args:
        keys: part-of-speech keys, as from `lib.text.tokens.pos_key`.

    Example:
        >>> made = word_vectors(["walk/VERB", "walk/VERB", "throw/VERB ball/NOUN", ""])
        >>> (made @ made.T).toarray().round(1).tolist()[0]
        [1.0, 1.0, 0.0, 0.0]
    """
    lists = [terms(key) for key in keys]
    if not any(lists):
        return csr_array((len(lists), 1))
    return csr_array(TfidfVectorizer(analyzer=list, dtype=np.float32).fit_transform(lists))


def standardised(table: pd.DataFrame) -> Floats:
    """Columns by rank, of mean 0, scaled so that the inner product of rows is the mean product of their z values.

    Ranks keep a clip that flies off from deciding; a column of one value is 0.

    Example:
        >>> standardised(pd.DataFrame({"speed": [1.0, 2.0, 900.0]})).round(2).ravel().tolist()
        [-1.22, 0.0, 1.22]
    """
    ranks = rankdata(table.to_numpy(dtype=np.float64), axis=0)
    spread = ranks.std(axis=0)
    z = (ranks - ranks.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.asarray(z / np.sqrt(table.shape[1]))


def scores(seen: Evidence, space: Singles, labels: Labels, measures: Collection[str] = MEASURES) -> dict[str, Floats]:
    """Measures of each clip (n,) under a clustering.

    A clip in noise, or alone in its cluster, has what chance gives: silhouette 0, else the likeness of clips drawn at
    random.

    Returns:
        By name; NaN where the movement of a clip, or of all others in its cluster, was not read.
    """
    ways: dict[str, Callable[[], Floats]] = {
        "silhouette": lambda: np.nan_to_num(silhouettes(space, labels)),
        "words": lambda: _filled(seen.words, labels),
        "movement": lambda: _moved(seen, labels),
        "coherence": lambda: _filled(seen.captions, labels),
    }
    return {measure: ways[measure]() for measure in measures}


def by_chance(seen: Evidence, space: Singles, labels: Labels, *, rng: np.random.Generator) -> dict[str, float]:
    """What clusters of these sizes have when clips are drawn into them at random, by the names of `MEASURES`."""
    found = []
    for _ in range(GROUPINGS):
        some = rng.permutation(len(labels))[:DRAWN]
        found.append(np.nan_to_num(silhouettes(space, rng.permutation(labels), rows=some)).mean())
    likeness = {"words": seen.words, "movement": seen.movement, "coherence": seen.captions}
    return {"silhouette": float(np.mean(found))} | {name: one.at_random for name, one in likeness.items()}


def over_clips(values: Floats, clips: Clips, *, draws: int, seed: int) -> Measure:
    """The mean of clips (n,), NaN left out, with a bootstrap interval over base clips."""
    measured = np.isfinite(values)
    rng = np.random.default_rng(seed)
    return mean(values[measured], clips.groups[measured], draws=draws, rng=rng, digits=3)


def _movement(clips: Clips, corpora: Mapping[str, Corpus], moved: npt.NDArray[np.int64]) -> Floats:
    table = clips.table.iloc[moved][["key", "clip_id"]].reset_index(drop=True)
    parts = [
        motion_descriptors(corpora[str(key)], rows["clip_id"]).set_axis(rows.index)
        for key, rows in table.groupby("key", sort=False)
    ]
    return standardised(pd.concat(parts).sort_index())


def _filled(of: Likeness, labels: Labels) -> Floats:
    return np.nan_to_num(of.within(labels), nan=of.at_random)


def _moved(seen: Evidence, labels: Labels) -> Floats:
    values, own = np.full(len(labels), np.nan), labels[seen.moved]
    values[seen.moved] = seen.movement.within(own)
    sizes = np.bincount(labels[labels >= 0], minlength=1)
    alone = (own < 0) | (sizes[np.maximum(own, 0)] < 2)
    values[seen.moved[alone]] = seen.movement.at_random
    return values
