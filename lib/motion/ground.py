"""What a clip has to do with the floor, and whether it moves at all."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from lib.motion.skeleton import FPS, Array

HELD_S = 1.0
"""Seconds within which a body comes down again, however high it jumps."""
NEAR_M = 0.05
"""A joint this near the floor, before and after a step in time, is in contact."""


@dataclass(frozen=True)
class Ground:
    """A clip against the floor.

    Attributes:
        floor: metres; the median over the clip's seconds of the lowest point that any joint reaches in each.
        lowest: the same in the lowest second.
        highest: the same in the highest second, so that a jump does not count and a body that flies does.
        skate: m/s; median over time of the horizontal speed of the slowest joint in contact, 0 without any contact.
    """

    floor: float
    lowest: float
    highest: float
    skate: float

    def off(self, floor: float) -> float:
        """How far the clip is from a floor in its worst second, above or below it, in metres."""
        return max(self.highest - floor, floor - self.lowest)


def ground(joints: Array, *, fps: float = FPS) -> Ground:
    """Measures where a body's floor is and whether something of the body rests on it.

    A body that stands, kneels, crawls or lies always has a joint at rest; where even the slowest one in contact glides,
    the whole body skates. Feet that turn or drag while the other one stands do not count, nor does a runner's foot
    that is slow to leave the floor, unlike in `lib.metrics.physical.foot_skate`, which takes the mean of all. The
    median asks whether a clip skates most of the time that it is in contact.

    Args:
        joints: (T, 22, 3) metres, Y up.
        fps: frames a second.

    Source: after the foot-skate ratio of Karunratanakul et al. 2023, Guided Motion Diffusion, with any joint in place
        of the toes, the clip's own floor in place of 0, and the median of the slowest in place of the mean of all.

    Example:
        >>> joints = np.zeros((40, 22, 3)); joints[:, 1:, 1] = 1.0; joints[:, :, 0] = 0.05 * np.arange(40)[:, None]
        >>> round(ground(joints).skate, 6), ground(joints + np.array([0, 0.3, 0])).off(0.0)
        (1.0, 0.3)
    """
    heights = np.asarray(joints[..., 1], dtype=np.float64)
    seconds = sliding_window_view(heights.min(axis=1), min(len(heights), max(1, round(HELD_S * fps)))).min(axis=1)
    floor = float(np.median(seconds))
    near = np.abs(heights - floor) < NEAR_M
    steps = np.diff(joints[..., [0, 2]], axis=0).astype(np.float64)
    speed = np.sqrt((steps**2).sum(axis=-1)) * fps
    slowest = np.where(near[1:] & near[:-1], speed, np.inf).min(axis=1)
    touching = np.isfinite(slowest)
    skate = float(np.median(slowest[touching])) if touching.any() else 0.0
    return Ground(floor, float(seconds.min()), float(seconds.max()), skate)


def movement(joints: Array, *, fps: float = FPS) -> float:
    """Mean speed of the joints relative to the pelvis in m/s: 0 for a body that keeps its pose, wherever it glides.

    Args:
        joints: (T, 22, 3) metres; NaN for a single pose.
        fps: frames a second.

    Example:
        >>> joints = np.zeros((21, 22, 3)); joints[:, 20, 1] = 0.22 * np.arange(21)
        >>> round(movement(joints), 6)
        0.2
    """
    if len(joints) < 2:
        return float("nan")
    steps = np.diff(joints - joints[:, :1], axis=0).astype(np.float64)
    return float(np.sqrt((steps**2).sum(axis=-1)).mean() * fps)
