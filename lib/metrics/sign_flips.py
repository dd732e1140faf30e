"""A test of paired differences that asks nothing of their distribution: their signs are flipped."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.metrics.intervals import Floats
from lib.metrics.p_values import monte_carlo

BY_HALVES_UP_TO = 36
"""Differences whose 2^n sign patterns are counted half by half; a half has 2^18 of them."""
STEPS = 200_000_000
"""Additions that the distribution of whole numbers may take: about a second."""
BLOCK = 4_000_000
"""Random signs drawn at a time."""
CLOSE = 1e-9


@dataclass(frozen=True)
class SignFlips:
    """What a test by flipped signs found.

    Args:
        p: two-sided; NaN without a pair.
        patterns: random sign patterns that were tried, the observed one among them; 0 where p is exact.
    """

    p: float
    patterns: int

    @property
    def kind(self) -> str:
        """How p was found, as a table says it; empty without a p.

        Example:
            >>> SignFlips(0.5, 0).kind, SignFlips(0.001, 1000).kind
            ('exact', 'Monte-Carlo, 0.001 at least')
        """
        if np.isnan(self.p):
            return ""
        return monte_carlo(self.patterns) if self.patterns else "exact"


def sign_flips(differences: npt.ArrayLike, *, draws: int, rng: np.random.Generator) -> SignFlips:
    """Two-sided test of a mean difference, when each difference might as well have had the other sign.

    p is the share of all 2^n sign patterns whose sum is as far from zero as the observed one. It is exact for whole
    numbers, whose sums are few, and for up to `BY_HALVES_UP_TO` differences other than zero. Beyond that random
    patterns stand for all, the observed one counted among them: such a p is no smaller than 1 / (1 + draws). With n
    pairs an exact p cannot fall below 2 / 2^n: two pairs can show nothing.

    Source: Fisher 1935; Pagano and Tritchler 1983 for the distribution of whole numbers; Phipson and Smyth 2010 for
    counting the observed pattern. Agrees with scipy's ``permutation_test`` of type ``samples``.

    Args:
        differences: one a pair (n,); pairs are independent.
        draws: random patterns where there are too many to try all.
        rng: source of randomness.

    Returns:
        p, and how it was found.

    Example:
        >>> sign_flips([1, 1, 1, 1], draws=99, rng=np.random.default_rng(0))
        SignFlips(p=0.125, patterns=0)
    """
    values = np.asarray(differences, dtype=np.float64)
    if not values.size:
        return SignFlips(float("nan"), 0)
    sizes = np.abs(values[values != 0])  # zero has no sign to flip
    reach = abs(float(values.sum()))
    reach -= CLOSE * max(1.0, float(sizes.max(initial=0)))
    if reach <= 0:
        return SignFlips(1.0, 0)
    if np.array_equal(sizes, np.rint(sizes)) and len(sizes) * (2 * sizes.sum() + 1) <= STEPS:
        return SignFlips(_of_whole_numbers(sizes.astype(np.int64), reach), 0)
    if len(sizes) <= BY_HALVES_UP_TO:
        return SignFlips(_by_halves(sizes, reach), 0)
    return SignFlips(_by_chance(sizes, reach, draws, rng), draws + 1)


def sign_flip_p(differences: npt.ArrayLike, *, draws: int, rng: np.random.Generator) -> float:
    """The p of `sign_flips` alone.

    Example:
        >>> sign_flip_p([1, 2, 3], draws=99, rng=np.random.default_rng(0))
        0.25
    """
    return sign_flips(differences, draws=draws, rng=rng).p


def _of_whole_numbers(sizes: npt.NDArray[np.int64], reach: float) -> float:
    """The chance of every sum, one difference after the other: each moves half of the chance up and half down."""
    most = int(sizes.sum())
    chance = np.zeros(2 * most + 1)
    chance[most] = 1.0
    for size in sizes:
        half, chance = chance / 2, np.zeros_like(chance)
        chance[size:] += half[: len(half) - size]
        chance[: len(half) - size] += half[size:]
    return float(2 * chance[np.arange(-most, most + 1) >= reach].sum())


def _by_halves(sizes: Floats, reach: float) -> float:
    """Counts the pairs of a sum of one half and a sum of the other that together are far enough from zero."""
    first, second = (_sums(half) for half in (sizes[::2], sizes[1::2]))
    second.sort()
    beyond = int((len(second) - np.searchsorted(second, reach - first)).sum())
    return float(2 * beyond / 2.0 ** len(sizes))


def _sums(sizes: Floats) -> Floats:
    sums = np.zeros(1)
    for size in sizes:
        sums = np.concatenate([sums + size, sums - size])
    return sums


def _by_chance(sizes: Floats, reach: float, draws: int, rng: np.random.Generator) -> float:
    beyond, left = 1, draws
    while left:
        rows = min(left, max(1, BLOCK // len(sizes)))
        signs = np.unpackbits(rng.integers(256, size=(rows, -(-len(sizes) // 8)), dtype=np.uint8), axis=1)
        sums = 2 * (signs[:, : len(sizes)] @ sizes) - sizes.sum()
        beyond += int((np.abs(sums) >= reach).sum())
        left -= rows
    return beyond / (draws + 1)
