"""A stand-in for the sentence encoder: seeded random vectors of words, summed, for corpora that no one encodes twice.

It knows no language: captions are alike as far as they share words, "jog" is as far from "run" as from "sit". It costs
tens of microseconds a caption and keeps nothing. What is made with it is about the cost of the steps, not about
captions, and every page of a site made with it says so.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.base.hashes import text_sha256
from lib.base.paths import CACHE

NAME = "stand-in for all-mpnet-base-v2: random vectors of words"
VERSION = 1
"""Raised with every change to the code that moves vectors."""
WIDTH, BUCKETS = 768, 1 << 14
AT_ONCE = 4096
_FOLDER = re.compile(r"stand-in-(\d+)")


def stand_in_folder(seed: int) -> Path:
    """What stands for the model where a folder is asked for; nothing lies there, since the seed is all there is of it.

    Example:
        >>> stand_in_folder(3).name, seed_of(stand_in_folder(3)), seed_of(Path("models/mpnet")), seed_of(None)
        ('stand-in-3', 3, None, None)
    """
    return CACHE / "models" / f"stand-in-{seed}"


def seed_of(model: Path | None) -> int | None:
    """The seed, where a model is the stand-in; else None."""
    named = _FOLDER.fullmatch(model.name) if model is not None and model.parent == CACHE / "models" else None
    return int(named[1]) if named else None


def stand_in_hash(seed: int) -> str:
    """SHA-256 of all that a vector depends on."""
    return text_sha256(f"{NAME} {VERSION} {WIDTH} {BUCKETS} {seed}")


def stand_in_vectors(texts: Sequence[str], seed: int) -> NDArray[np.float32]:
    """Sums of random vectors of words and of pairs of words that follow one another, of unit length.

    Words such as "the" do not count, nor do case and punctuation; a text without a word has a vector of its own. Each
    distinct text is computed once, in blocks, and no other text moves its vector.

    Source: Weinberger et al. 2009, feature hashing, and Johnson and Lindenstrauss 1984, random projection, +
    scikit-learn: HashingVectorizer.

    Args:
        texts: n captions.
        seed: of the vectors of words.

    Returns:
        (n, 768) float32, rows of unit length, so that a dot product is a cosine.

    Example:
        >>> a, b, c = stand_in_vectors(["A man walks.", "the man walks", "she claps"], seed=0)
        >>> round(float(a @ b), 3), abs(float(a @ c)) < 0.2
        (1.0, True)
    """
    rows: dict[str, int] = {}
    places = np.array([rows.setdefault(text, len(rows)) for text in texts], dtype=np.int64)
    distinct, words, hashing = [*rows], _words(seed), _hashing(pairs=True)
    made = np.empty((len(distinct), WIDTH), dtype=np.float32)
    for at in range(0, len(distinct), AT_ONCE):
        block = hashing.transform(distinct[at : at + AT_ONCE]).astype(np.float32) @ words
        block[~block.any(axis=1)] = words[0]
        made[at : at + AT_ONCE] = block / np.linalg.norm(block, axis=1, keepdims=True)
    return made if len(distinct) == len(texts) else made[places]


def stand_in_states(text: str, seed: int) -> NDArray[np.float32]:
    """The random vectors of a text's words in order, in place of a language model's token states.

    Args:
        text: a caption.
        seed: of the vectors of words.

    Returns:
        (words, 768) float32, every word counted; a single row where there is none.

    Example:
        >>> states = stand_in_states("a man and a dog", seed=0)
        >>> states.shape, bool((states[0] == states[3]).all())
        ((5, 768), True)
    """
    found = [_bucket(word) for word in re.findall(r"\w+", text.lower())]
    states: NDArray[np.float32] = _words(seed)[found or [0]]
    return states


@lru_cache(maxsize=1)
def _words(seed: int) -> NDArray[np.float32]:
    """A vector for each bucket; the first one is nobody's but of texts without words, as far as chance admits."""
    return np.random.default_rng(seed).standard_normal((BUCKETS, WIDTH), dtype=np.float32)


@lru_cache(maxsize=2)
def _hashing(*, pairs: bool) -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    ways = {"ngram_range": (1, 2), "stop_words": "english"} if pairs else {"token_pattern": r"\w+"}
    return HashingVectorizer(n_features=BUCKETS, alternate_sign=False, **ways)


@lru_cache(maxsize=1 << 16)
def _bucket(word: str) -> int:
    return int(_hashing(pairs=False).transform([word]).indices[0])
