"""One gait carried along a path: feet, pelvis, trunk and arms in step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.demo.synthesis.curves import bump, ease, slow_noise, turn_and_walk
from lib.demo.synthesis.footsteps import Footsteps, footsteps, half_cycles, phases
from lib.demo.synthesis.gait import Gait
from lib.demo.synthesis.persona import arm
from lib.demo.synthesis.take import Take
from lib.demo.synthesis.tracks import Tracks

Array = NDArray[np.float64]

TURNING = {"left": 0.55 * np.pi, "right": -0.55 * np.pi, "counterclockwise": 2.0 * np.pi, "clockwise": -2.0 * np.pi}


@dataclass(frozen=True)
class Stride:
    """A performed gait, with what a variation of it needs.

    Attributes:
        tracks: the whole body.
        steps: the feet.
        left: (T,) cycles of the left foot; a whole number is the middle of its stance.
        motion: (T,) how much of the gait is on, 0 at rest.
    """

    tracks: Tracks
    steps: Footsteps
    left: Array
    motion: Array


def travel(take: Take, gait: Gait, motion: Array) -> tuple[Array, Array]:
    """Path (T,2) and heading (T,) that the direction asks for; `motion` (T,) is 0 at rest and 1 at full speed."""
    direction = take.spec.direction
    share = np.cumsum(motion) - motion[0]
    turned = TURNING.get(direction or "", 0.0) * (share / max(share[-1], 1e-9))
    pace = {"in place": 0.0, "backward": -0.62}.get(direction or "", 1.0)
    sideways = slow_noise(take.seconds, 1, take.rng, top=0.45)[:, 0] * (gait.wander + 0.008) * motion
    path = turn_and_walk(pace * gait.speed * take.pace**0.6 * take.spec.amplitude**0.5 * motion, turned, 0.05)
    path += sideways[:, None] * np.stack([np.cos(turned), -np.sin(turned)], axis=1)
    return path, turned


def roll(steps: Footsteps, half: Array, kick: float, backward: bool) -> Array:
    """(T,2) pitch of feet that land on the heel and leave over the toe; the other way round when going backward."""
    late = 1.0 - steps.late if backward else steps.late
    half = half[:, None]
    centre = half + 0.5 * (1.0 - 2.0 * half) * 0.25
    away = 0.5 + 0.5 * np.cos(np.pi * np.clip((late - centre) / np.where(late < centre, 0.17, 0.22), -1.0, 1.0))
    strike = bump(late, 0.0, 0.13)
    landing = 0.5 + 0.5 * np.cos(np.pi * np.clip((late - (1.0 - half)) / 0.13, -1.0, 1.0))
    return kick * away - 0.3 * landing * (1.0 - strike)


def stride(take: Take, gait: Gait) -> Stride:
    """Perform a gait along the path the take's direction asks for, starting and stopping on both feet."""
    count = half_cycles(take.length, gait.cadence * take.pace**0.4)
    cycles = np.linspace(0.0, count, take.frames)
    phase = phases(cycles)
    # Both feet stand for the first and last quarter of a cycle; the body must not have left, or the stance would slide.
    motion = np.ones(take.frames) if take.open_start else ease((cycles - 0.26) / 0.75)
    motion = motion * (1.0 if take.open_end else ease((count - 0.26 - cycles) / 0.75))
    path, yaw = travel(take, gait, motion)
    duty = 0.62 + (gait.duty - 0.62) * motion
    width = take.persona.width * (1.0 + (gait.width - 1.0) * motion)
    ahead = take.persona.ankle + (gait.ahead - take.persona.ankle) * motion
    steps = footsteps(phase, path, yaw, duty, take.persona, width=width, ahead=ahead)
    done = Stride(take.rest(), steps, phase[:, 0], motion)
    done.tracks.root[:, ::2] = path
    done.tracks.yaw[:] = yaw
    _feet(done, take, gait, duty)
    _trunk(done, take, gait)
    return done


def _feet(done: Stride, take: Take, gait: Gait, duty: Array) -> None:
    """Lift and roll the feet; a short step is a low one."""
    tracks, steps = done.tracks, done.steps
    spot, backward = take.spec.direction == "in place", take.spec.direction == "backward"
    tracks.ankle[..., ::2] = steps.place
    tracks.foot_yaw[:] = steps.yaw
    small = np.clip(steps.stride / 0.3, 0.0, 1.0)
    if spot:
        small = np.maximum(small, done.motion[:, None])
    tracks.ankle[..., 1] = gait.lift * take.size * small * np.sin(np.pi * steps.swing**0.85) ** 2
    pitch = roll(steps, duty / 2.0, gait.kick * min(take.size, 1.15), backward)
    tracks.foot_pitch[:] = pitch * done.motion[:, None] * (0.35 if spot else 1.0)


def _trunk(done: Stride, take: Take, gait: Gait) -> None:
    """Carry the pelvis over the standing foot, turn hips against chest, and swing the arms against the legs."""
    tracks, motion = done.tracks, done.motion
    wave, beat = np.cos(2.0 * np.pi * done.left), np.cos(4.0 * np.pi * done.left)
    tracks.root[:, 0] += gait.sway * wave * motion * np.cos(tracks.yaw)
    tracks.root[:, 2] -= gait.sway * wave * motion * np.sin(tracks.yaw)
    tracks.root[:, 1] -= (gait.drop + gait.bounce * beat) * motion
    # The left foot is set down a quarter of a cycle before the middle of its stance: ahead, or behind when backing.
    ahead = np.cos(2.0 * np.pi * (done.left + 0.25)) * motion * (-1.0 if take.spec.direction == "backward" else 1.0)
    tracks.tilt[:, 0] += gait.lean * motion
    tracks.tilt[:, 1] -= gait.twist * ahead
    tracks.tilt[:, 2] += 0.03 * wave * motion
    tracks.spine[:, 0] += gait.bend * motion
    tracks.spine[:, 1] += 2.0 * gait.twist * ahead
    tracks.spine[:, 2] -= 0.05 * wave * motion
    tracks.head[:, 0] += (gait.nod - 0.3 * gait.lean) * motion
    tracks.head[:, 1] -= gait.twist * ahead
    hang = 0.05 + 0.8 * (gait.lean + gait.bend)
    swing = gait.swing * take.size * min(take.pace, 1.2)
    for hand, sign in ((0, -1.0), (1, 1.0)):
        flex = gait.elbow + 0.25 * swing * (1.0 + sign * ahead)
        tracks.reach(hand, arm(hang + sign * swing * ahead, flex, gait.arms_out), motion)
