"""How the Fréchet distance falls with the size of the samples, and where real motion itself stands."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.directions import checked
from lib.metrics.frechet import frechet_distance
from lib.metrics.jackknife import blocks_of
from lib.metrics.kid import polynomial_mmd


def split_halves(
    real: npt.ArrayLike,
    generated: npt.ArrayLike | None = None,
    *,
    groups: npt.ArrayLike,
    times: int = 20,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Distances between one half of the clips and the other: real motion's own, or a model's at the same n.

    Two samples of one law are apart as far as their size makes them: the floor. A model is compared with it at equal n,
    real motions of one half against its motions for the texts of the other half.

    Args:
        real: (n, d).
        generated: (n, d) of the same clips; real motions by default, which gives the floor.
        groups: base clip of each row (n,); mirrors stay in one half.
        times: random splits.
        rng: source of randomness; the same state gives every model the same splits.

    Returns:
        A row a split: ``n`` (rows of the smaller half, which both sides are cut to), ``FID``, ``KID``.

    Example:
        >>> x = np.random.default_rng(0).normal(size=(200, 4))
        >>> halves = split_halves(x, groups=np.arange(200), times=5, rng=np.random.default_rng(0))
        >>> halves["n"].tolist(), bool(halves["FID"].mean() < 0.5)
        ([100, 100, 100, 100, 100], True)
    """
    rows = checked(real, "real")
    other = rows if generated is None else checked(generated, "generated", rows=len(rows))
    found = []
    for _ in range(times):
        half = blocks_of(groups, 2, rng=rng)
        first, second = np.flatnonzero(half == 0), np.flatnonzero(half == 1)
        n = min(len(first), len(second))
        sides = rows[first[:n]], other[second[:n]]
        found.append((n, frechet_distance(*sides), polynomial_mmd(*sides)))
    return pd.DataFrame(found, columns=["n", "FID", "KID"])


def frechet_by_size(
    real: npt.ArrayLike, generated: npt.ArrayLike, *, sizes: Sequence[int], times: int = 20, rng: np.random.Generator
) -> pd.DataFrame:
    """The Fréchet distance of samples of n real and n generated motions, for several n.

    Clips are drawn without replacement, for the two sides apart. Draws that are a large part of all rows repeat one
    another, so the interval shrinks to nothing at the full size: it is the spread of draws, not a confidence interval.

    Args:
        real: (N, d).
        generated: (M, d).
        sizes: the n, from 2 to the smaller of N and M.
        times: draws of each size.
        rng: source of randomness.

    Returns:
        A row a size: ``n, FID, low, high``, the mean and the central 95 % of the draws.

    Example:
        >>> x, y = np.random.default_rng(0).normal(size=(2, 300, 4))
        >>> curve = frechet_by_size(x, y, sizes=[30, 300], rng=np.random.default_rng(0))
        >>> bool(curve["FID"][0] > 4 * curve["FID"][1])
        True
    """
    one, other = checked(real, "real"), checked(generated, "generated")
    most = min(len(one), len(other))
    if not all(2 <= size <= most for size in sizes):
        raise ValueError(f"sizes must be in 2..{most}, not {list(sizes)}")
    found = []
    for size in sizes:
        draws = [
            frechet_distance(*(side[rng.choice(len(side), size, replace=False)] for side in (one, other)))
            for _ in range(times)
        ]
        low, high = np.quantile(draws, [0.025, 0.975])
        found.append((size, float(np.mean(draws)), float(low), float(high)))
    return pd.DataFrame(found, columns=["n", "FID", "low", "high"])
