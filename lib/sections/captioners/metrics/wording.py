"""How varied the wording of captions is: distinct n-grams, templated openings and the growth of the vocabulary."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.metrics.vocabulary import rarefied

LENGTH = 3
"""Words of an opening."""
COMMON = 0.05
"""Share of the captions from which an opening is a template."""
POINTS = 25
"""Sizes at which the vocabulary is counted."""


def distinct(word_lists: Sequence[Sequence[str]], n: int) -> float:
    """Distinct n-grams over all n-grams; n-grams do not cross captions.

    The share falls as captions are added, so that only sets of equal size compare.

    Args:
        word_lists: words of each caption.
        n: words in a gram.

    Returns:
        0..1; NaN where no caption has n words.

    Source: Li et al. 2016, A Diversity-Promoting Objective Function for Neural Conversation Models, section 4.

    Example:
        >>> distinct([["a", "man", "walks"], ["a", "man", "runs"]], 2)
        0.75
    """
    grams = [tuple(words[i : i + n]) for words in word_lists for i in range(len(words) - n + 1)]
    return len(set(grams)) / len(grams) if grams else float("nan")


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
    counts = Counter(tuple(words[:length]) for words in word_lists)  # a shorter caption is its own opening
    least = max(2.0, common * counts.total())
    return sum(n for n in counts.values() if n >= least) / counts.total() if counts else float("nan")


def growth(word_lists: Mapping[str, Sequence[Sequence[str]]], *, points: int = POINTS) -> pd.DataFrame:
    """Expected distinct words in a random subset of each captioner's captions, at sizes that all of them reach.

    Args:
        word_lists: by captioner, the words of each of its captions.
        points: how many sizes, evenly spaced up to the smallest captioner's.

    Returns:
        ``captioner, captions, words``, exact (see `lib.metrics.vocabulary.rarefied`); no rows where one has no caption.

    Example:
        >>> growth({"one": [["a"], ["b"]], "two": [["a"], ["a"], ["a"]]}).words.tolist()
        [1.0, 2.0, 1.0, 1.0]
    """
    least = min((len(lists) for lists in word_lists.values()), default=0)
    sizes = np.unique(np.linspace(1, least, min(points, least)).round().astype(int)) if least else np.array([], int)
    rows = [
        (name, int(size), float(words))
        for name, lists in word_lists.items()
        for size, words in zip(sizes, rarefied(lists, sizes.tolist()), strict=True)
    ]
    return pd.DataFrame(rows, columns=["captioner", "captions", "words"])
