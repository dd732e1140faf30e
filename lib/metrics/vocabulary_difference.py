"""How many more distinct words one set of captions uses than another, at equal numbers, with an interval."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lib.metrics.intervals import Estimate
from lib.metrics.jackknife import blocks_of, jackknife
from lib.metrics.vocabulary import document_frequencies, expected

Words = Sequence[Sequence[str]]
BLOCKS = 40


def more_words(
    first: Words,
    second: Words,
    groups: tuple[npt.ArrayLike, npt.ArrayLike],
    *,
    rng: np.random.Generator,
    blocks: int = BLOCKS,
) -> Estimate | None:
    """Distinct words expected in equally many captions of the second set less those of the first.

    Both are rarefied to what is left of the smaller set when any block of base clips is left out, so that leaving out
    changes which captions there are and not how many are looked at. A bootstrap would not do: it repeats captions, and
    a repeated caption has no new word.

    Args:
        first: words of each caption.
        second: the same of the other set.
        groups: base clip of each caption of either.
        rng: deals base clips to blocks.
        blocks: blocks at most, in either set.

    Returns:
        The difference with its 95 % t interval; ``n`` is the number of captions of each set that are looked at. None
        where a set has fewer than three base clips.

    Example:
        >>> few, many = [["a"]] * 8, [["a", word] for word in "bcdefghi"]
        >>> found = more_words(few, many, (range(8), range(8)), rng=np.random.default_rng(0))
        >>> found.value, found.n
        (7.0, 7)
    """
    if min(len(np.unique(np.asarray(one))) for one in groups) < 3:
        return None
    dealt = [blocks_of(one, blocks, rng=rng) for one in groups]
    sizes = [len(one) - int(np.bincount(block).max()) for one, block in zip((first, second), dealt, strict=True)]
    size = min(sizes)
    less, more = (_at(one, block, size) for one, block in zip((first, second), dealt, strict=True))
    reach = float(np.hypot(less.high - less.value, more.high - more.value))
    value = more.value - less.value
    return Estimate(value, value - reach, value + reach, size, "words", digits=0)


def _at(words: Words, block: npt.NDArray[np.int64], size: int) -> Estimate:
    parts = [
        document_frequencies([one for one, at in zip(words, block, strict=True) if at == b])
        for b in range(int(block.max()) + 1)
    ]
    vocabulary: set[str] = set().union(*parts)
    counts = np.array([[part.get(word, 0) for part in parts] for word in vocabulary], dtype=np.float64)
    sizes = np.bincount(block)
    whole, n = counts.sum(axis=1), len(words)
    left = [float(expected(whole - counts[:, b], n - int(sizes[b]), [size])[0]) for b in range(len(parts))]
    return jackknife(float(expected(whole, n, [size])[0]), left, n=size)
