"""Templated openings: captions that begin as many others of the set do."""

from collections import Counter
from collections.abc import Sequence

LENGTH = 3
COMMON = 0.05


def openings(word_lists: Sequence[Sequence[str]], length: int = LENGTH) -> Counter[str]:
    """How many captions begin with each run of words; shorter captions count as they are.

    Example:
        >>> openings([["a", "man", "walks", "on"], ["a", "man", "walks"], ["a"]])
        Counter({'a man walks': 2, 'a': 1})
    """
    return Counter(" ".join(words[:length]) for words in word_lists)


def templated(word_lists: Sequence[Sequence[str]], *, length: int = LENGTH, common: float = COMMON) -> float:
    """Share of captions whose opening begins at least `common` of the captions, and two of them.

    Args:
        word_lists: words of each caption.
        length: words in an opening.
        common: share of the captions from which an opening is a template.

    Returns:
        0..1; NaN without captions.

    Example:
        >>> templated([["a", "man", "walks"], ["a", "man", "walks"], ["he", "runs"], ["she", "runs"]])
        0.5
    """
    counts = openings(word_lists, length)
    least = max(2.0, common * counts.total())
    return sum(n for n in counts.values() if n >= least) / counts.total() if counts else float("nan")
