"""How many different words a set of captions uses, also at an equal number of captions."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln


def document_frequencies(word_lists: Sequence[Sequence[str]]) -> dict[str, int]:
    """In how many captions each word occurs.

    Example:
        >>> document_frequencies([["a", "man", "a"], ["a", "dog"]])
        {'a': 2, 'man': 1, 'dog': 1}
    """
    return dict(Counter(word for words in word_lists for word in dict.fromkeys(words)))


def rarefied(word_lists: Sequence[Sequence[str]], sizes: Sequence[int]) -> npt.NDArray[np.float64]:
    """Expected number of distinct words in a random subset of captions, exactly.

    Each word is missed by a subset of m out of N captions with the hypergeometric probability
    C(N - f, m) / C(N, m), f being the number of captions that hold it (Hurlbert 1971, rarefaction with the caption as
    the sampling unit).

    Args:
        word_lists: words of each caption (N lists).
        sizes: subset sizes m, each at most N.

    Returns:
        Expected distinct words (len(sizes),).

    Raises:
        ValueError: a size above N.

    Example:
        >>> rarefied([["a"], ["b"]], [1, 2]).tolist()
        [1.0, 2.0]
    """
    frequency = np.array(list(document_frequencies(word_lists).values()), dtype=np.float64)
    return expected(frequency, len(word_lists), sizes)


def expected(frequency: npt.NDArray[np.float64], n: int, sizes: Sequence[float]) -> npt.NDArray[np.float64]:
    """`rarefied` from the number of captions that hold each word (words,) out of n; words that none holds add nothing.

    A size may lie between whole numbers.

    Raises:
        ValueError: a size above n.
    """
    m = np.asarray(sizes, dtype=np.float64)
    if m.size and m.max() > n:
        raise ValueError(f"cannot draw {m.max():g} of {n} captions")
    values, multiplicity = np.unique(frequency, return_counts=True)
    rest = n - values[None, :]
    possible = rest >= m[:, None]
    left = np.where(possible, rest - m[:, None], 0)
    log_missed = gammaln(rest + 1) - gammaln(left + 1) + gammaln(n - m + 1)[:, None] - gammaln(n + 1)
    missed = np.where(possible, np.exp(log_missed), 0.0)
    return np.asarray(((1 - missed) * multiplicity).sum(axis=1), dtype=np.float64)


def rarefied_interval(
    word_lists: Sequence[Sequence[str]], size: int, *, draws: int, rng: np.random.Generator, level: float = 0.95
) -> tuple[float, float]:
    """Central interval of the distinct words in random subsets of captions drawn without replacement."""
    counts = [
        len({word for i in rng.choice(len(word_lists), size, replace=False) for word in word_lists[i]})
        for _ in range(draws)
    ]
    tail = (1 - level) / 2
    low, high = np.quantile(counts, [tail, 1 - tail])
    return float(low), float(high)
