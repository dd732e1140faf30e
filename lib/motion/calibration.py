"""A calibration pose before a motion: a body that stands straight, and in the next frame is somewhere else."""

import numpy as np

from lib.motion.skeleton import Array

HELD_S = 3.0
"""Seconds for which a calibration pose may be held."""
JUMP_M = 0.15
JUMP_M_S = 6.0
"""Metres, and metres a second, that some joint jumps by; hands that strike are as fast, but not from a standstill."""
AFTER_S = 0.25
CALMER = 3.0
"""How many times smaller the steps are in the quarter of a second after the jump; a body cannot stop as fast."""
STILL_M = 0.02
STRAIGHT_DEG = 25.0

_LIMBS = ((1, 4, 7), (2, 5, 8), (16, 18, 20), (17, 19, 21))


def calibration_frames(joints: Array, fps: float) -> int:
    """How many poses at the start are no part of the motion, but a calibration pose such as a T-pose or an A-pose.

    It stands still with straight arms and with straight legs that point down, and is left by a jump that no body makes.

    Args:
        joints: (T, 22, 3) metres, Y up, the poses as they were recorded.
        fps: their rate.

    Returns:
        0 where there is none.

    Example:
        >>> still = np.cumsum(np.ones((50, 22, 3)) * 0.1, axis=1)
        >>> calibration_frames(still, 30.0)
        0
    """
    if len(joints) < 3:
        return 0
    steps = np.linalg.norm(np.diff(joints, axis=0), axis=-1).max(axis=1)
    first = int(steps[: int(HELD_S * fps) + 1].argmax())
    after = steps[first + 1 : first + 2 + int(AFTER_S * fps)]
    jumped = steps[first] > max(JUMP_M, JUMP_M_S / fps) and len(after) and steps[first] > CALMER * after.max()
    held = joints[: first + 1]
    if jumped and (steps[:first] < STILL_M).all() and _straight(held[-1]):
        return first + 1
    return 0


def _straight(pose: Array) -> bool:
    bent = np.cos(np.radians(STRAIGHT_DEG))
    for limb, (top, middle, end) in enumerate(_LIMBS):
        upper, lower = _unit(pose[middle] - pose[top]), _unit(pose[end] - pose[middle])
        if upper @ lower < bent or (limb < 2 and -lower[1] < bent):
            return False
    return True


def _unit(vector: Array) -> Array:
    unit: Array = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit
