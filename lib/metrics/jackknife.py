"""Intervals of statistics that a bootstrap would bias, by leaving out blocks of clips."""

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from lib.metrics.directions import Floats
from lib.metrics.intervals import Measure
from lib.metrics.probe import deal


def blocks_of(groups: npt.ArrayLike, blocks: int, *, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Deals base clips to equal blocks at random; rows of one base clip share a block.

    Args:
        groups: base clip of each row (n,).
        blocks: blocks at most; no more than there are base clips.
        rng: source of randomness.

    Returns:
        Block of each row (n,), 0 to the number of blocks less one.

    Raises:
        ValueError: a single base clip.

    Example:
        >>> blocks_of(["a", "a", "b"], 50, rng=np.random.default_rng(0)).tolist()
        [0, 0, 1]
    """
    return deal(groups, min(blocks, len(np.unique(np.asarray(groups)))), rng=rng)


def spread(left_out: npt.ArrayLike) -> Floats:
    """Standard error from the values (b, …) found with each block left out.

    Source: Efron and Stein 1981; Shao and Wu 1989 for blocks. A bootstrap repeats rows, which makes covariances of
        lower rank and so moves the Fréchet distance itself up by more than its interval is wide; leaving out does not.

    Example:
        >>> x = np.array([1.0, 2.0, 6.0])
        >>> left_out = [(x.sum() - v) / 2 for v in x]
        >>> bool(np.isclose(spread(left_out), x.std(ddof=1) / 3**0.5))
        True
    """
    values = np.asarray(left_out, dtype=np.float64)
    b = len(values)
    return np.asarray(np.sqrt((b - 1) / b * ((values - values.mean(axis=0)) ** 2).sum(axis=0)))


def jackknife(whole: float, left_out: npt.ArrayLike, *, n: int, unit: str = "", digits: int = 3) -> Measure:
    """A statistic with its 95 % t interval of b - 1 degrees of freedom.

    Args:
        whole: the statistic on all blocks.
        left_out: the statistic with each block left out (b,).
        n: number of rows.
        unit: of the statistic.
        digits: decimals shown.

    Example:
        >>> found = jackknife(3.0, [4.0, 3.5, 1.5], n=3)
        >>> round(found.low, 2), round(found.high, 2)
        (-3.57, 9.57)
    """
    values = np.asarray(left_out, dtype=np.float64)
    reach = float(student.ppf(0.975, len(values) - 1) * spread(values))
    return Measure(whole, whole - reach, whole + reach, n, unit, digits)
