"""The scale of realism, log-odds: its ends, the score of a clip, and odds in words; no torch, as parameters need it."""

import numpy as np

from lib.motion.skeleton import Array

LEAST, MOST = -float(np.log(1000)), float(np.log(3))
"""Ends of the scale: odds of 1 to 1,000 and of 3 to 1. Above, a network knows how common a pose is, not how real."""
WORST_SHARE = 0.05
"""Of a clip's poses, those that its score passes over."""


def clip_realism(per_pose: Array) -> float:
    """How real the worst passage of a clip looks.

    It falls as soon as a twentieth of the poses (a quarter of a second in five) is impossible, and lets a few odd poses
    pass.

    Args:
        per_pose: (T,) log-odds, from `lib.motion.realism.Realism.per_pose`.

    Returns:
        Log-odds from `LEAST` (impossible) to `MOST` (real).

    Example:
        >>> poses = np.full(100, MOST)
        >>> poses[:4] = LEAST
        >>> lets_pass = clip_realism(poses)
        >>> poses[:6] = LEAST
        >>> lets_pass == MOST, clip_realism(poses) == LEAST
        (True, True)
    """
    return float(np.quantile(per_pose, WORST_SHARE))


def odds(log_odds: float) -> str:
    """Log-odds as a reader follows them.

    Example:
        >>> odds(-2.302585), odds(1.1), odds(0.0)
        ('1 to 10', '3 to 1', '1 to 1')
    """
    larger = f"{np.exp(abs(log_odds)):,.0f}"
    return f"{larger} to 1" if log_odds > 0 else f"1 to {larger}"
