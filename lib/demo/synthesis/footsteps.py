"""Where and when each foot is set down along a path, so that a foot on the floor stays where it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.demo.synthesis.curves import ease
from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.persona import Persona

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Footsteps:
    """The feet along a path.

    Attributes:
        place: (T,2,2) x and z of each ankle.
        yaw: (T,2) heading of each foot.
        swing: (T,2) 0 while the foot stands, else how far its step has come, 0..1.
        late: (T,2) cycles since the middle of the last stance, 0..1.
        stride: (T,2) length of the step in hand, metres, a turn of the foot counted as 0.2 m a radian.
    """

    place: Array
    yaw: Array
    swing: Array
    late: Array
    stride: Array


def phases(cycles: Array) -> Array:
    """(T,2) cycles of the left and the right foot, half a cycle apart, with both feet standing at the ends.

    A whole phase is the middle of a stance. The feet begin a quarter of a cycle after and before theirs.
    """
    return np.stack([cycles - 0.25, cycles + 0.25], axis=1)


def half_cycles(seconds: float, cadence: float) -> float:
    """Cycles that fit into `seconds`, as a multiple of a half so that both feet stand at the end.

    Example:
        >>> half_cycles(4.0, 0.9)
        3.5
    """
    return max(2, round(2.0 * seconds * cadence)) / 2.0


def footsteps(phase: Array, path: Array, yaw: Array, duty: Array | float, persona: Persona, *,
              width: Array | float | None = None, ahead: Array | float | None = None) -> Footsteps:  # fmt: skip
    """Set the feet down beside a path at the middle of each stance and swing them from one print to the next.

    Args:
        phase: (T,2) increasing cycles of each foot; a whole number is the middle of a stance.
        path: (T,2) x and z of the pelvis.
        yaw: (T,) heading, and the heading of a foot set down then.
        duty: share of the cycle a foot stands, a number or (T,).
        persona: stance of the performer.
        width: half the distance between the feet, metres, a number or (T,); the persona's when None.
        ahead: metres the ankles stand ahead of the pelvis, a number or (T,); the persona's when None.

    Returns:
        The feet; during a stance `place` and `yaw` are exactly constant.
    """
    apart = np.broadcast_to(np.asarray(persona.width if width is None else width, dtype=np.float64), yaw.shape)
    lead = np.broadcast_to(np.asarray(persona.ankle if ahead is None else ahead, dtype=np.float64), yaw.shape)
    half = np.broadcast_to(np.asarray(duty, dtype=np.float64), yaw.shape) / 2.0
    frame = np.arange(len(yaw), dtype=np.float64)
    columns = []
    for side in (0, 1):
        own = phase[:, side]
        first = int(np.floor(own[0]))
        count = np.arange(first, int(np.floor(own[-1])) + 2)
        when = np.interp(count, own, frame)
        heading = np.interp(when, frame, yaw)
        out = SIDE[side] * np.interp(when, frame, apart)
        along = np.interp(when, frame, lead) + 0.5 * SIDE[side] * persona.stagger
        x = np.interp(when, frame, path[:, 0]) + out * np.cos(heading) + along * np.sin(heading)
        z = np.interp(when, frame, path[:, 1]) - out * np.sin(heading) + along * np.cos(heading)
        prints = np.stack([x, z, heading + SIDE[side] * persona.toe_out], axis=1)
        last = np.floor(own).astype(np.int64) - first
        late = own - np.floor(own)
        swing = np.clip((late - half) / (1.0 - 2.0 * half), 0.0, 1.0)
        step = prints[last + 1] - prints[last]
        now = prints[last] + ease(swing)[:, None] * step
        stride = np.sqrt((step[:, :2] ** 2).sum(axis=1)) + 0.2 * np.abs(step[:, 2])
        columns.append(np.column_stack([now, np.where(swing < 1.0, swing, 0.0), late, stride]))
    both = np.stack(columns, axis=1)
    return Footsteps(both[..., :2], both[..., 2], both[..., 3], both[..., 4], both[..., 5])
