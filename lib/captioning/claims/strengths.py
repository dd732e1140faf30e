"""How strongly something shows in a motion, frame by frame: 1 and more it is surely there, under 0.5 surely not."""

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from lib.captioning.claims.motion import Floats, Motion

SURE = 1.0
NEVER = 0.5


def ramp(values: Floats, never: float, sure: float) -> Floats:
    """Values as strengths: 0.5 at `never`, 1 at `sure`, in a straight line.

    Args:
        values: of any shape.
        never: where the action ends to be possible; above `sure` where small values speak for it.
        sure: where it begins to be certain.

    Example:
        >>> ramp(np.array([0.0, 1.0, 2.0]), 1.0, 2.0).tolist()
        [0.0, 0.5, 1.0]
    """
    return np.asarray(np.clip(0.5 + 0.5 * (values - never) / (sure - never), 0.0, 2.0))


def both(*strengths: Floats) -> Floats:
    """The weakest of strengths that an action needs at once."""
    return np.asarray(np.minimum.reduce(np.broadcast_arrays(*strengths)))


def meant(strength: Floats) -> Floats:
    """Of an action that lives by its purpose: a motion can show that it is not there, and never surely that it is."""
    return np.asarray(np.minimum(strength, 0.95))


def near(m: Motion, strengths: Floats, seconds: float) -> Floats:
    """The strongest within a span of time about each frame."""
    return np.asarray(maximum_filter1d(strengths, m.window(seconds), axis=0, mode="nearest"))


def held(m: Motion, values: Floats, seconds: float) -> Floats:
    """The weakest within a span of time about each frame: what lasts that long."""
    return np.asarray(minimum_filter1d(values, min(m.window(seconds), len(values)), axis=0, mode="nearest"))


def swing_of(m: Motion, values: Floats, seconds: float) -> Floats:
    """How far values move about a frame: their highest less their lowest within a span."""
    size = min(m.window(seconds), len(values))
    return np.asarray(
        maximum_filter1d(values, size, axis=0, mode="nearest") - minimum_filter1d(values, size, axis=0, mode="nearest")
    )
