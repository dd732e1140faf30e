"""Leaving the floor with both feet: jumps, jumping jacks and hops."""

import numpy as np

from lib.demo.synthesis.curves import bump, ease, keyframes, there_and_back
from lib.demo.synthesis.legs import carried
from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.persona import arm
from lib.demo.synthesis.take import Array, Take
from lib.demo.synthesis.tracks import Tracks

# Where one jump of usual size goes: metres to the left and ahead.
WAYS = {None: (0.0, 0.0), "forward": (0.0, 0.75), "backward": (0.0, -0.4), "left": (0.5, 0.0), "right": (-0.5, 0.0)}


def travelled(tracks: Tracks, take: Take, way: tuple[float, float], body: Array, foot: Array) -> None:
    """Carry pelvis and feet along `way` (x, z) a repetition, as `body` and `foot` (T,) count repetitions."""
    for axis, far in zip((0, 2), way, strict=True):
        tracks.root[:, axis] += far * take.size * body
        tracks.ankle[..., axis] += (far * take.size * foot)[:, None]


def jump(take: Take) -> Tracks:
    """Jump off both feet: crouch with the arms back, take off, fly, land and give."""
    if take.spec.style == "jacks":
        return jacks(take)
    tracks = take.rest()
    cycles, u = take.cycles(1.9), take.repeats(1.9)
    height = 0.27 * take.size
    off, flight = 0.44, 2.0 * np.sqrt(2.0 * height / 9.81) * cycles[-1] / take.length
    land = off + min(flight, 0.38)
    middle, dip = 0.5 * (off + land), 0.26 * min(take.size, 1.2)
    tracks.root[:, 1] += keyframes(u, [(0.05, 0), (off - 0.14, -dip), (off, 0.03), (middle, height), (land, -0.02),
                                       (land + 0.09, -0.75 * dip), (0.97, 0)])  # fmt: skip
    arc = np.clip((u - off) / (land - off), 0.0, 1.0)
    tracks.ankle[..., 1] += ((height + 0.06) * 4.0 * arc * (1.0 - arc))[:, None]
    pitch = keyframes(u, [(off - 0.1, 0), (off, 0.75), (middle, 0.6), (land, 0.25), (land + 0.08, 0)])
    tracks.foot_pitch[:] = pitch[:, None]
    done = np.floor(np.minimum(cycles, cycles[-1] - 1e-9))
    travelled(tracks, take, WAYS[take.spec.direction], done + ease((u - off + 0.06) / (land - off + 0.12)),
              done + ease((u - off) / (land - off)))  # fmt: skip
    bent = keyframes(u, [(0.05, 0), (off - 0.14, 0.5), (off, 0.03), (middle, 0.0), (land + 0.09, 0.35), (0.97, 0)])
    tracks.tilt[:, 0] += 0.8 * bent
    tracks.spine[:, 0] += 0.5 * bent
    tracks.head[:, 0] -= 0.5 * bent
    swing = keyframes(u, [(0.05, 0), (off - 0.18, -0.8), (off + 0.05, 2.0), (middle + 0.03, 2.5),
                          (min(land + 0.16, 0.94), 0.4), (0.97, 0)])  # fmt: skip
    for hand in (0, 1):
        tracks.reach(hand, arm(swing, take.persona.elbow, 0.1), there_and_back(u, 0.0, 0.12, 0.85, 0.98))
    return tracks


def jacks(take: Take) -> Tracks:
    """Jumping jacks: feet apart and hands overhead, feet together and hands down."""
    tracks = take.rest()
    u = take.repeats(1.15)
    apart = there_and_back(u, 0.08, 0.42, 0.55, 0.9)
    air = bump(u, 0.25, 0.17) + bump(u, 0.72, 0.17)
    tracks.root[:, 1] += 0.07 * take.size * air - 0.05 * (1.0 - air)
    tracks.ankle[..., 1] += (0.07 * take.size * air)[:, None]
    tracks.ankle[..., 0] += SIDE * (0.26 * take.size * apart)[:, None]
    tracks.foot_pitch[:] = (0.5 * air)[:, None]
    tracks.root[:, 1] += 0.05 * there_and_back(u, -1.0, 0.0, 0.0, 0.08) + 0.05 * ease((u - 0.92) / 0.08)
    for hand in (0, 1):
        tracks.reach(hand, arm(0.0, 0.2, 0.12 + 2.75 * apart), take.hold(0.3))
    return tracks


def hop(take: Take) -> Tracks:
    """Hop again and again, on one leg with the other held up behind, or on both feet."""
    tracks = take.rest()
    on = take.hold(0.6, 0.6)
    cycles = take.cycles(0.62, 2)
    u = cycles % 1.0
    leg = {"left": 0, "right": 1}.get(take.spec.side or "")
    if leg is not None:
        carried(tracks, 1 - leg, on)
        tracks.ankle[:, 1 - leg] += on[:, None] * np.array([0.0, 0.3, -0.28])
        tracks.foot_pitch[:, 1 - leg] += 0.9 * on
        tracks.tilt[:, 0] += 0.12 * on
    height = 0.13 * take.size
    arc = np.clip((u - 0.3) / 0.5, 0.0, 1.0)
    up = 4.0 * arc * (1.0 - arc) * on
    feet = [0, 1] if leg is None else [leg]
    for foot in feet:
        tracks.ankle[:, foot, 1] += height * up
        tracks.foot_pitch[:, foot] += 0.7 * there_and_back(u, 0.18, 0.34, 0.66, 0.92) * on
    if leg is not None:
        tracks.ankle[:, 1 - leg, 1] += height * up
    tracks.root[:, 1] += height * up - 0.09 * on * (1.0 - bump(u, 0.55, 0.42))
    way = WAYS[take.spec.direction]
    share = np.concatenate([[0.0], np.cumsum(np.diff(np.floor(cycles) + ease((u - 0.3) / 0.5)) * on[1:])])
    travelled(tracks, take, (0.4 * way[0], 0.45 * way[1]), share, share)
    for hand in (0, 1):
        tracks.reach(hand, arm(0.2 + 0.25 * up, 1.0 + 0.2 * up, 0.35 if leg is None else 0.75), on)
    return tracks
