"""Distinct-n: how many of the n-grams of a set of captions differ."""

from collections.abc import Sequence


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
