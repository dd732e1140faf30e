"""Vocabulary growth: distinct words against the number of captions, captioner by captioner."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.metrics.vocabulary import rarefied

POINTS = 25


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
