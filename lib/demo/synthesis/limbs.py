"""Legs and arms as two-bone chains: reach a target, bend the right way, keep out of the floor."""

import numpy as np
from numpy.typing import NDArray

from lib.motion.skeleton import OFFSETS

Array = NDArray[np.float64]

SIDE = np.array([1.0, -1.0])  # left is +X
LENGTH = np.linalg.norm(OFFSETS, axis=1)
LEG = np.stack([LENGTH[[4, 5]], LENGTH[[7, 8]]])
ARM = np.stack([LENGTH[[18, 19]], LENGTH[[20, 21]]])
TOE_REST = 0.01
FOOT_DROP = float(np.abs(OFFSETS[[10, 11], 1]).mean())
ANKLE_REST = TOE_REST + FOOT_DROP
CLEAR = 0.04  # metres above the floor below which no knee, elbow or wrist goes: they are joint centres inside flesh
SOFTNESS = 0.012  # metres over which a limit is approached
FULL_BEND = np.radians(32.0)  # angle left between the bones of a limb bent as far as it goes


def capped(x: Array, limit: Array | float, softness: float = SOFTNESS) -> Array:
    """`x` held below `limit`, bending smoothly instead of at a corner.

    Example:
        >>> capped(np.array([0.0, 5.0]), 1.0).round(3).tolist()
        [0.0, 1.0]
    """
    held: Array = limit - softness * np.logaddexp(0.0, (limit - x) / softness)
    return held


def length(x: Array) -> Array:
    """Euclidean length over the last axis."""
    return np.asarray(np.sqrt(np.einsum("...k,...k->...", x, x)))


def two_bones(reach: Array, bones: Array, pole: Array) -> tuple[Array, Array]:
    """Middle and end of two-bone limbs that start at the origin and bend towards `pole`.

    Args:
        reach: (T,2,3) wished end, metres from the start of the limb.
        bones: (2,2) upper and lower bone, by side.
        pole: (T,2,3) direction in which the middle joint goes out; only its part across the limb counts.

    Returns:
        (T,2,3) middle and (T,2,3) end. The end is the wish where that is within reach, else on the line to it.

    Example:
        >>> middle, end = two_bones(np.full((1, 2, 3), -0.3), LEG, np.tile([0.0, 0.0, 1.0], (1, 2, 1)))
        >>> length(middle)[0].round(4).tolist() == LEG[0].round(4).tolist(), end.round(3)[0, 0].tolist()
        (True, [-0.3, -0.3, -0.3])
    """
    upper, lower = bones
    wished = length(reach)
    direction = reach / np.maximum(wished, 1e-9)[..., None]
    far = 0.998 * (upper + lower)
    near = np.sqrt(upper**2 + lower**2 - 2.0 * upper * lower * np.cos(FULL_BEND))
    distance = np.maximum(np.where(wished > 0.9 * far, capped(wished, far, 0.004), wished), near)
    along = (upper**2 - lower**2 + distance**2) / (2.0 * distance)
    out = np.sqrt(np.maximum(upper**2 - along**2, 0.0))
    across = pole - np.einsum("tsk,tsk->ts", pole, direction)[..., None] * direction
    across /= np.maximum(length(across), 1e-9)[..., None]
    return along[..., None] * direction + out[..., None] * across, distance[..., None] * direction


def off_the_floor(start: Array, middle: Array, end: Array) -> Array:
    """Middle joints of limbs turned about the line from start to end until they clear the floor.

    Args:
        start: (T,2,3) first joint in the world.
        middle: (T,2,3) middle joint from `start`, with world axes.
        end: (T,2,3) last joint from `start`, with world axes.

    Returns:
        (T,2,3) middle from `start`; unchanged where it is clear, as high as it can go where nothing clears it.
    """
    if (start[..., 1] + middle[..., 1] >= CLEAR).all():
        return middle
    axis = end / np.maximum(length(end), 1e-9)[..., None]
    foot = np.einsum("tsk,tsk->ts", middle, axis)[..., None] * axis
    across = middle - foot
    out = np.maximum(length(across), 1e-9)
    rise = np.sqrt(np.maximum(1.0 - axis[..., 1] ** 2, 1e-9))
    up = -axis[..., 1:2] * axis
    up[..., 1] += 1.0
    up /= rise[..., None]
    aside = np.cross(axis, up)
    share = np.clip((CLEAR - start[..., 1] - foot[..., 1]) / (out * rise), -1.0, 1.0)
    now = np.einsum("tsk,tsk->ts", across, up) / out
    share = np.clip(-capped(-now, -share, 0.03), -1.0, 1.0)
    # Legs and arms roll outward, never across the body, so the side is chosen by where the middle joint already is.
    flank = np.where(np.einsum("tsk,tsk->ts", across, aside) >= 0.0, 1.0, -1.0)
    turned = share[..., None] * up + (flank * np.sqrt(1.0 - share**2))[..., None] * aside
    cleared: Array = foot + out[..., None] * turned
    return cleared


def feet(ankle: Array, yaw: Array, pitch: Array) -> tuple[Array, Array]:
    """Ankles and toes of feet that pivot on the toe when the heel rises and on the heel when the toe rises.

    Args:
        ankle: (T,2,3) the ankle were the foot flat; y is its lift above standing.
        yaw: (T,2) heading of the foot.
        pitch: (T,2) heel up positive, toe up negative, radians.

    Returns:
        (T,2,3) ankles and (T,2,3) toes in the world.

    Example:
        >>> flat, toe = feet(np.zeros((1, 2, 3)), np.zeros((1, 2)), np.zeros((1, 2)))
        >>> bool(np.allclose(flat[..., 1], ANKLE_REST)), bool(np.allclose(toe[..., 1], TOE_REST, atol=1e-3))
        (True, True)
    """
    size = LENGTH[[10, 11]]
    ahead = np.stack([np.sin(yaw), np.zeros_like(yaw), np.cos(yaw)], axis=-1)
    slope = np.arcsin(FOOT_DROP / size)

    def sole(angle: Array) -> Array:
        vector: Array = (size * np.cos(slope + angle))[..., None] * ahead
        vector[..., 1] = -size * np.sin(slope + angle)
        return vector

    # The heel's share of the pitch: all of it above 0, none below, without a corner in between.
    heel = 0.5 * (pitch + np.sqrt(pitch**2 + 0.01)) - 0.05
    raised = ankle + sole(np.zeros_like(pitch)) - sole(heel)
    raised[..., 1] += ANKLE_REST
    return raised, raised + sole(pitch)
