"""A test of paired differences that asks nothing of their distribution: their signs are flipped."""

from itertools import product

import numpy as np
import numpy.typing as npt

from lib.metrics.intervals import Floats

EXACT_UP_TO = 14


def sign_flip_p(differences: npt.ArrayLike, *, draws: int, rng: np.random.Generator) -> float:
    """Two-sided p of a mean difference, when each difference might as well have had the other sign.

    All 2^n sign patterns are tried up to n = 14, random ones beyond it, the observed one counted among them. With n
    pairs, p cannot fall below 2 / 2^n: two pairs can show nothing.

    Source: Fisher 1935; Phipson and Smyth 2010 for counting the observed pattern.

    Args:
        differences: one a pair (n,); pairs are independent.
        draws: random patterns where there are too many to try all.
        rng: source of randomness.

    Returns:
        p; NaN without a pair.

    Example:
        >>> sign_flip_p([1, 1, 1, 1], draws=99, rng=np.random.default_rng(0))
        0.125
    """
    values = np.asarray(differences, dtype=np.float64)
    if not values.size:
        return float("nan")
    sums = np.abs(_signs(len(values), draws, rng) @ values)
    return float((sums >= sums[0] - 1e-9).mean())


def _signs(n: int, draws: int, rng: np.random.Generator) -> Floats:
    if n <= EXACT_UP_TO:
        return np.array(list(product((1.0, -1.0), repeat=n)))
    return np.concatenate([np.ones((1, n)), rng.choice([1.0, -1.0], size=(draws, n))])
