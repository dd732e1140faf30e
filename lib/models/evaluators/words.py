"""Words as the original evaluator reads them: a vector for each, and the class it belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

CLASSES = (
    "VERB", "NOUN", "DET", "ADP", "NUM", "AUX", "PRON", "ADJ", "ADV",
    "Loc_VIP", "Body_VIP", "Obj_VIP", "Act_VIP", "Desc_VIP", "OTHER",
)  # fmt: skip
"""Parts of speech and classes of words, in the order of the one-hot vector."""
OTHER = "OTHER"
START, END, UNKNOWN = "sos", "eos", "unk"
LONGEST = 20
"""Words of a caption that are read, between its start and its end."""

_LISTED = {
    "Loc_VIP": "left right clockwise counterclockwise anticlockwise forward back backward up down straight curve",
    "Body_VIP": "arm chin foot feet face hand mouth leg waist eye knee shoulder thigh",
    "Obj_VIP": "stair dumbbell chair window floor car ball handrail baseball basketball",
    "Act_VIP": (
        "walk run swing pick bring kick put squat throw hop dance jump turn stumble stop sit lift lower raise wash "
        "stand kneel stroll rub bend balance flap jog shuffle lean rotate spin spread climb"
    ),
    "Desc_VIP": "slowly carefully fast careful slow quickly happy angry sad happily angrily sadly",
}
LISTED: Mapping[str, str] = {word: kind for kind, words in _LISTED.items() for word in words.split()}
"""The class of words that have one whatever their part of speech; no word is in two lists."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words that have a vector, `unk` among them, which stands for all others.

    Source: Guo et al. 2022 + text-to-motion: utils/word_vectorizer.py (`WordVectorizer`), data/dataset.py.

    Attributes:
        words: each once, in the order of the table of vectors.
    """

    words: tuple[str, ...]

    @cached_property
    def row(self) -> dict[str, int]:
        """The row of each word in the table of vectors."""
        return {word: row for row, word in enumerate(self.words)}

    def look_up(self, token: str) -> tuple[int, int]:
        """The row of a word's vector and the number of its class, of a token ``word/POS``.

        A listed word has its list's class, any other its part of speech where that has a class. A word without a
        vector is `unk` of class OTHER, listed or not. Letters count as they are written.

        Example:
            >>> vocabulary = Vocabulary(("sos", "eos", "unk", "a", "left"))
            >>> [vocabulary.look_up(token) for token in ("a/DET", "a/SCONJ", "left/ADV", "right/ADV")]
            [(3, 2), (3, 14), (4, 9), (2, 14)]
        """
        word, _, tag = token.rpartition("/")
        if word not in self.row:
            return self.row[UNKNOWN], CLASSES.index(OTHER)
        kind = LISTED.get(word, tag)
        return self.row[word], CLASSES.index(kind if kind in CLASSES else OTHER)

    def encode(self, keys: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Captions as numbers: start, up to 20 words, end; then `unk` up to 22, which is not read.

        Args:
            keys: n captions as tokens, ``word/POS word/POS …``.

        Returns:
            Rows of vectors (n, 22), classes (n, 22), and lengths (n,) with start and end.

        Example:
            >>> rows, classes, lengths = Vocabulary(("sos", "eos", "unk", "a")).encode(["a/DET man/NOUN"])
            >>> rows[0, :6].tolist(), classes[0, :6].tolist(), lengths.tolist()
            ([0, 3, 2, 1, 2, 2], [14, 2, 14, 14, 14, 14], [4])
        """
        looked_up = {token: self.look_up(token) for key in keys for token in key.split()}
        start, end, unknown = (self.look_up(f"{word}/{OTHER}") for word in (START, END, UNKNOWN))
        numbers = np.empty((len(keys), LONGEST + 2, 2), dtype=np.int64)
        numbers[:] = unknown
        lengths = np.empty(len(keys), dtype=np.int64)
        for at, key in enumerate(keys):
            tokens = [start, *(looked_up[token] for token in key.split()[:LONGEST]), end]
            numbers[at, : len(tokens)], lengths[at] = tokens, len(tokens)
        return numbers[..., 0], numbers[..., 1], lengths


def of_captions(keys: Sequence[str], *, fewest: int) -> Vocabulary:
    """The words of captions that occur `fewest` times or more, in the order of the alphabet, after the three markers.

    Args:
        keys: captions as tokens.
        fewest: rarer words are `unk`, so that its vector is learnt too.

    Example:
        >>> of_captions(["a/DET man/NOUN", "a/DET walk/VERB"], fewest=2).words
        ('sos', 'eos', 'unk', 'a')
    """
    counts: dict[str, int] = {}
    for key in keys:
        for token in key.split():
            word = token.rpartition("/")[0]
            counts[word] = counts.get(word, 0) + 1
    markers = (START, END, UNKNOWN)
    return Vocabulary((*markers, *sorted(word for word, n in counts.items() if n >= fewest and word not in markers)))
