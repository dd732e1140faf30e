"""How many more distinct words one set of captions uses than another, at equal numbers, with an interval."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from lib.metrics.intervals import Measure
from lib.metrics.jackknife import blocks_of, jackknife
from lib.metrics.vocabulary import document_frequencies, expected

Words = Sequence[Sequence[str]]
Floats = npt.NDArray[np.float64]
Equal = Literal["captions", "running words"]
BLOCKS = 40


def more_words(
    first: Words,
    second: Words,
    groups: tuple[npt.ArrayLike, npt.ArrayLike],
    *,
    equal: Equal = "captions",
    rng: np.random.Generator,
    blocks: int = BLOCKS,
) -> Measure | None:
    """Distinct words expected in an equal part of the second set less those of the first.

    Both are rarefied to what is left of the smaller set when any block of base clips is left out, so that leaving out
    changes which captions there are and not how many are looked at. A bootstrap would not do: it repeats captions, and
    a repeated caption has no new word. Longer captions hold more words, so that equally many of them favour the wordier
    set; at equally many running words whole captions are drawn still, as many as hold so many words on average.

    Source: Gotelli and Colwell 2001, Quantifying biodiversity: rarefaction by samples, rescaled to individuals.

    Args:
        first: words of each caption.
        second: the same of the other set.
        groups: base clip of each caption of either.
        equal: what there is equally much of.
        rng: deals base clips to blocks.
        blocks: blocks at most, in either set.

    Returns:
        The difference with its 95 % t interval; ``n`` is the number of captions, or of running words, of each set that
        are looked at. None where a set has fewer than three base clips, or a part of one no words.

    Example:
        >>> few, many = [["a"]] * 8, [["a", word] for word in "bcdefghi"]
        >>> found = more_words(few, many, (range(8), range(8)), rng=np.random.default_rng(0))
        >>> found.value, found.n
        (7.0, 7)
    """
    if min(len(np.unique(np.asarray(one))) for one in groups) < 3:
        return None
    dealt = [blocks_of(one, blocks, rng=rng) for one in groups]
    amounts = [np.array([len(words) if equal == "running words" else 1 for words in one]) for one in (first, second)]
    left = [amount.sum() - np.bincount(block, amount).max() for amount, block in zip(amounts, dealt, strict=True)]
    if (size := int(min(left))) <= 0:
        return None
    less, more = (_at(*one, size) for one in zip((first, second), amounts, dealt, strict=True))
    reach = float(np.hypot(less.high - less.value, more.high - more.value))
    value = more.value - less.value
    return Measure(value, value - reach, value + reach, size, "words", digits=0)


def _at(words: Words, amount: Floats, block: npt.NDArray[np.int64], size: int) -> Measure:
    parts = [
        document_frequencies([one for one, at in zip(words, block, strict=True) if at == b])
        for b in range(int(block.max()) + 1)
    ]
    vocabulary: set[str] = set().union(*parts)
    counts = np.array([[part.get(word, 0) for part in parts] for word in vocabulary], dtype=np.float64)
    captions, amounts = np.bincount(block), np.bincount(block, amount)
    whole = counts.sum(axis=1)
    left = [
        _words(whole - counts[:, b], len(words) - n, amount.sum() - of, size)
        for b, (n, of) in enumerate(zip(captions, amounts, strict=True))
    ]
    return jackknife(_words(whole, len(words), amount.sum(), size), left, n=size)


def _words(frequency: Floats, captions: int, amount: float, size: int) -> float:
    drawn = min(captions * size / amount, captions)
    return float(expected(frequency, captions, [drawn])[0])
