"""Planted novelty and planted near-duplication of captions, by what they say and not by any model's score."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lib.demo.corpora.sentence import Sentence
from lib.demo.corpora.slots import choice
from lib.demo.corpora.words import word

WEIGHTS = {"act": 2.0, "scene": 3.0, "style": 1.5, "dir": 1.0, "speed": 1.0}
"""How much of a sentence each kind of meaning makes up."""

NOVEL = 0.25
"""Share of what two captions say together that they must not both say, for one to count as new beside the other."""

ARTICLES = {"a": "the", "the": "a"}


class Meanings:
    """What a set of captions says, against which a new caption is held.

    Args:
        sentences: the captions of the training split.
    """

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        """Notes which of the distinct captions says what."""
        said = sorted({s.meaning for s in sentences}, key=sorted)
        rows: dict[str, list[int]] = {}
        for row, meaning in enumerate(said):
            for m in meaning:
                rows.setdefault(m, []).append(row)
        self.rows: dict[str, NDArray[np.int64]] = {m: np.array(found) for m, found in rows.items()}
        self.weights: NDArray[np.float64] = np.array([sum(map(_weight, meaning)) for meaning in said])

    def distance(self, sentence: Sentence) -> float:
        """Weighted Jaccard distance to the nearest caption: 0 = somebody said just this, 1 = nothing in common.

        Example:
            >>> from lib.demo.corpora.words import word
            >>> walks = Sentence((word("walks"),), frozenset({"act walk", "dir forward"}))
            >>> Meanings([walks]).distance(Sentence((word("runs"),), frozenset({"act run", "dir forward"})))
            0.8
        """
        shared = np.zeros(len(self.weights))
        for m in sentence.meaning:
            if m in self.rows:
                shared[self.rows[m]] += _weight(m)
        union = self.weights + sum(map(_weight, sentence.meaning)) - shared
        return float(1.0 - (shared / union).max())


def near_copy(sentence: Sentence, rng: np.random.Generator) -> tuple[Sentence, str]:
    """The sentence again, unchanged or with a trivial edit, and what was done ("exact", "full stop", "article")."""
    edit = choice(("exact", "exact", "full stop", "article"), rng)
    first = sentence.words[0]
    if edit == "article" and first.text in ARTICLES:
        return replace(sentence, words=(word(ARTICLES[first.text]), *sentence.words[1:])), edit
    if edit == "full stop":
        return replace(sentence, end="" if sentence.end else "."), edit
    return sentence, "exact"


def _weight(meaning: str) -> float:
    return WEIGHTS[meaning.split(" ", 1)[0]]
