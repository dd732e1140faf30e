"""p values of several tests, corrected, and as text so that none reads as zero."""

import numpy as np
import numpy.typing as npt

from lib.base.prose import number

LEAST = 1e-6
"""The least p that is written in full."""


def p_text(p: float) -> str:
    """A p value as prose writes it.

    Example:
        >>> p_text(0.0321), p_text(0.00001)
        ('p = 0.032', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p == p else "p = –"


def p_in_full(p: float) -> str:
    """A p value with two significant digits, down to a millionth: for tests that resolve small ones.

    Example:
        >>> p_in_full(0.0000234), p_in_full(0.0321), p_in_full(0.9996), p_in_full(1e-9)
        ('0.000023', '0.032', '1', '< 0.000001')
    """
    return "–" if p != p else f"< {number(LEAST)}" if p < LEAST else number(float(f"{p:.2g}"))


def monte_carlo(patterns: int) -> str:
    """How a p that random patterns stand behind was found, with the least that it can be.

    Args:
        patterns: the random ones and the observed one.

    Example:
        >>> monte_carlo(20_000)
        'Monte-Carlo, 0.00005 at least'
    """
    return f"Monte-Carlo, {number(float(f'{1 / patterns:.2g}'))} at least"


def holm(p: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Adjusted p values: a test is significant at a level when its adjusted p does not exceed it.

    The smallest p is multiplied by the number of tests, the next by one fewer, and so on; none falls below the one
    before it, or rises above 1.

    Source: Holm 1979; agrees with statsmodels' ``multipletests``, which collects garbage on every call and so is
    thousands of times slower in a simulation.

    Args:
        p: of the tests (n,); NaN stands for a test that could not be made and is not counted.

    Returns:
        Adjusted p (n,), in the order given.

    Example:
        >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
        [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, dtype=np.float64)
    made = np.flatnonzero(~np.isnan(values))
    order = made[np.argsort(values[made], kind="stable")]
    adjusted = np.full(len(values), np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(values[order] * np.arange(len(order), 0, -1)), 1)
    return adjusted
