"""Changing the way one faces: turn on the spot with small steps, spin round and round."""

import numpy as np

from lib.demo.synthesis.curves import ease
from lib.demo.synthesis.footsteps import footsteps, phases
from lib.demo.synthesis.persona import arm
from lib.demo.synthesis.take import Array, Take
from lib.demo.synthesis.tracks import Tracks

ANGLES = {None: np.pi, "around": np.pi, "left": 0.5 * np.pi, "right": -0.5 * np.pi, "counterclockwise": 2.0 * np.pi,
          "clockwise": -2.0 * np.pi}  # fmt: skip


def pivot(take: Take, yaw: Array, cadence: float, lift: float = 0.06) -> Tracks:
    """Stand while the heading follows `yaw` (T,), the feet stepping round after it."""
    tracks = take.rest()
    count = max(2, round(2.0 * take.length * cadence)) / 2.0
    steps = footsteps(phases(np.linspace(0.0, count, take.frames)), np.zeros((take.frames, 2)), yaw, 0.6, take.persona)
    tracks.ankle[..., ::2] = steps.place
    small = np.clip(steps.stride / 0.12, 0.0, 1.0)
    tracks.ankle[..., 1] = lift * small * np.sin(np.pi * steps.swing) ** 2
    tracks.foot_pitch[:] = 0.35 * small * np.sin(np.pi * steps.swing) ** 2
    tracks.foot_yaw[:] = steps.yaw
    tracks.yaw[:] = yaw
    return tracks


def turn(take: Take) -> Tracks:
    """Turn on the spot: a quarter to the left or right, half way around, or full circle."""
    angle = ANGLES[take.spec.direction]
    if take.spec.direction in (None, "around"):
        angle *= 1.0 if take.rng.random() < 0.5 else -1.0
    lasting = min(0.72 * take.length, max(1.1, abs(angle) / (2.0 * take.pace)))
    begin = 0.5 * (take.length - lasting) * take.rng.uniform(0.8, 1.0)
    progress = (take.seconds - begin) / lasting
    tracks = pivot(take, angle * ease(progress), 1.0 * take.pace**0.5)
    leading = np.sign(angle) * (ease((progress + 0.12) * 1.4) - ease((progress - 0.25) * 1.3))
    tracks.spine[:, 1] += 0.3 * leading
    tracks.head[:, 1] += 0.45 * leading
    for hand in (0, 1):
        tracks.reach(hand, arm(0.15, 0.5, 0.3), np.abs(leading))
    return tracks


def spin(take: Take) -> Tracks:
    """Spin round and round with the arms held out."""
    sign = {"clockwise": -1.0, "counterclockwise": 1.0}.get(take.spec.direction or "")
    sign = sign if sign is not None else (1.0 if take.rng.random() < 0.5 else -1.0)
    turns = max(1, round(take.length * take.pace * 0.5))
    on = take.hold(0.5)
    margin = 0.3
    yaw = sign * 2.0 * np.pi * turns * _steady((take.seconds - margin) / (take.length - 2.0 * margin))
    tracks = pivot(take, yaw, 1.7 * take.pace**0.5, 0.05)
    tracks.spine[:, 2] += 0.08 * sign * on
    for hand in (0, 1):
        tracks.reach(hand, arm(0.0, 0.25, 1.35 * min(take.size, 1.15)), on)
    return tracks


def _steady(u: Array) -> Array:
    """Rise from 0 to 1 at an even speed but for eased ends."""
    x = np.clip(u, 0.0, 1.0)
    edge = 0.15
    area = np.where(x < edge, x**2 / (2.0 * edge), x - 0.5 * edge)
    area = np.where(x > 1.0 - edge, 1.0 - edge - (1.0 - x) ** 2 / (2.0 * edge), area)
    return area / (1.0 - edge)
