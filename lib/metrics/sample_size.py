"""How the Fréchet distance falls with the size of the samples, and where real motion itself stands."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.directions import checked
from lib.metrics.fid import frechet_distance
from lib.metrics.jackknife import blocks_of
from lib.metrics.kid import polynomial_mmd

Rows = npt.NDArray[np.int64]


def halved(groups: npt.ArrayLike, *, times: int, rng: np.random.Generator) -> list[tuple[Rows, Rows]]:
    """Random halves of the base clips, as rows: mirrors stay in one half, both are cut to the rows of the smaller.

    Example:
        >>> [(one, other)] = halved(["a", "a", "b", "b"], times=1, rng=np.random.default_rng(0))
        >>> sorted([one.tolist(), other.tolist()])
        [[0, 1], [2, 3]]
    """
    found = []
    for _ in range(times):
        half = blocks_of(groups, 2, rng=rng)
        first, second = np.flatnonzero(half == 0), np.flatnonzero(half == 1)
        n = min(len(first), len(second))
        found.append((first[:n], second[:n]))
    return found


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
    for first, second in halved(groups, times=times, rng=rng):
        sides = rows[first], other[second]
        found.append((len(first), frechet_distance(*sides), polynomial_mmd(*sides)))
    return pd.DataFrame(found, columns=["n", "FID", "KID"])


def frechet_by_size(
    real: npt.ArrayLike,
    generated: npt.ArrayLike,
    *,
    groups: npt.ArrayLike,
    smallest: int,
    sizes: int,
    times: int = 20,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The Fréchet distance of n real motions of one half of the clips and n generated ones for the other half.

    At the largest n nothing is drawn but the halves, and the distances are those of `split_halves`.

    Args:
        real: (N, d).
        generated: (s, N, d) of the same clips, one set a training; real motions again give the floor.
        groups: base clip of each row (N,); mirrors stay in one half.
        smallest: the smallest n.
        sizes: how many n, evenly spaced on a logarithmic scale up to the half.
        times: random splits; all trainings share them.
        rng: source of randomness; the same state gives every model the same splits as `split_halves`.

    Returns:
        A row a size: ``n, FID, low, high``, the mean and the central 95 % over splits and trainings.

    Raises:
        ValueError: a half holds fewer than ``smallest`` rows.

    Example:
        >>> x, y = np.random.default_rng(0).normal(size=(2, 600, 4))
        >>> given = {"groups": np.arange(600), "smallest": 30, "sizes": 2}
        >>> curve = frechet_by_size(x, y[None], rng=np.random.default_rng(0), **given)
        >>> curve["n"].tolist(), bool(curve["FID"][0] > 4 * curve["FID"][1])
        ([30, 300], True)
    """
    rows = checked(real, "real")
    sets = [checked(one, "generated", rows=len(rows)) for one in np.asarray(generated)]
    splits = halved(groups, times=times, rng=rng)
    most = min(len(first) for first, _ in splits)
    if not 2 <= smallest <= most:
        raise ValueError(f"a half holds {most} rows, which is not enough for samples of {smallest}")
    found = []
    for size in np.unique(np.geomspace(smallest, most, sizes).round().astype(int)).tolist():
        drawn = [[rng.choice(side, size, replace=False) for side in split] for split in splits]
        values = [frechet_distance(rows[one], made[other]) for made in sets for one, other in drawn]
        low, high = np.quantile(values, [0.025, 0.975])
        found.append((size, float(np.mean(values)), float(low), float(high)))
    return pd.DataFrame(found, columns=["n", "FID", "low", "high"])
