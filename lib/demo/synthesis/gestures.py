"""Signs made with the arms over standing feet: wave, clap, point, salute, bow, look."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from lib.demo.synthesis.curves import ease, keyframes, there_and_back
from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.persona import arm
from lib.demo.synthesis.take import Array, Take
from lib.demo.synthesis.tracks import Tracks
from lib.motion.skeleton import OFFSETS

SHOULDER = float(OFFSETS[13, 0] + OFFSETS[16, 0])


def together(tracks: Tracks, place: ArrayLike, weight: Array, apart: ArrayLike = 0.04) -> None:
    """Bring both hands to a `place` (left, up, forward) from between the shoulders, `apart` metres either side."""
    centre = np.broadcast_to(np.asarray(place, dtype=np.float64), (len(tracks), 3))
    for side in (0, 1):
        target = centre * np.array([SIDE[side], 1.0, 1.0])
        target[:, 0] += np.asarray(apart) - SHOULDER
        tracks.reach(side, target, weight)


def wave(take: Take) -> Tracks:
    """Wave a raised hand from side to side."""
    tracks = take.rest()
    up = take.hold(0.8)
    swing = np.sin(2.0 * np.pi * take.cycles(0.85))
    for hand in take.limbs():
        raised = np.stack([0.24 + 0.16 * take.size * swing, 0.36 - 0.04 * swing**2, np.full_like(swing, 0.12)], axis=1)
        tracks.reach(hand, raised, up)
        tracks.swivel[:, hand] += up
        tracks.spine[:, 2] -= 0.05 * SIDE[hand] * up
    tracks.head[:, 0] -= 0.08 * up
    return tracks


def clap(take: Take) -> Tracks:
    """Clap in front of the chest, or overhead."""
    tracks = take.rest()
    up = take.hold(0.6)
    open_hands = 0.5 - 0.5 * np.cos(2.0 * np.pi * take.cycles(0.6, 3))
    place = (0.0, 0.45, 0.1) if take.spec.style == "overhead" else (0.0, -0.1, 0.34)
    together(tracks, place, up, 0.02 + 0.22 * take.size * open_hands)
    tracks.swivel += 0.5 * up[:, None]
    return tracks


def point(take: Take) -> Tracks:
    """Point with a straight arm: ahead, to the arm's side, or up, and keep it there."""
    tracks = take.rest()
    way = take.spec.direction
    hand = {"left": 0, "right": 1}.get(way or "", take.limb())
    aim = {"up": arm(2.75, 0.05, 0.1), "left": arm(0.0, 0.05, 1.5), "right": arm(0.0, 0.05, 1.5)}
    target = aim.get(way or "", arm(1.5, 0.05, 0.0))
    out = take.hold(0.6) * (1.0 - 0.12 * take.size * (0.5 - 0.5 * np.cos(2.0 * np.pi * take.cycles(1.6))))
    tracks.reach(hand, target, out)
    if way in ("left", "right"):
        tracks.head[:, 1] += 0.9 * SIDE[hand] * take.hold(0.6)
        tracks.spine[:, 1] += 0.2 * SIDE[hand] * take.hold(0.6)
    elif way == "up":
        tracks.head[:, 0] -= 0.5 * take.hold(0.6)
    else:
        tracks.spine[:, 1] -= 0.2 * SIDE[hand] * take.hold(0.6)
    return tracks


def salute(take: Take) -> Tracks:
    """Salute: heels together, the hand brought to the brow, the elbow high."""
    tracks = take.rest()
    on, hand = take.hold(0.5), take.limb()
    up = there_and_back(take.repeats(3.6), 0.06, 0.24, 0.74, 0.94)
    take.widen(tracks, 0.7)
    tracks.reach(hand, (-0.07, 0.21, 0.16), up)
    tracks.swivel[:, hand] += 1.6 * up
    tracks.reach(1 - hand, arm(0.0, 0.08, 0.02), on)
    tracks.spine[:, 0] -= (0.1 + take.persona.slouch) * on
    return tracks


def bow(take: Take) -> Tracks:
    """Bow from the hips, arms along the body, and come up again."""
    tracks = take.rest()
    down = there_and_back(take.repeats(3.4), 0.06, 0.42, 0.58, 0.94)
    tracks.tilt[:, 0] += 0.75 * min(take.size, 1.3) * down
    tracks.spine[:, 0] += 0.55 * min(take.size, 1.3) * down
    tracks.head[:, 0] += 0.25 * down
    tracks.root[:, 2] -= 0.14 * down
    for hand in (0, 1):
        tracks.reach(hand, arm(0.45, 0.1, 0.02), down)
    return tracks


def look(take: Take) -> Tracks:
    """Look about, turning head and chest: to one side and the other, or up, or down, or to one side only."""
    tracks = take.rest()
    # The clip is laid out by its first frame, which must therefore face ahead for left and right to be true.
    way, on = take.spec.direction, replace(take, open_start=False).hold(0.3) * ease((take.seconds - 0.4) / 0.7)
    if way in ("up", "down"):
        nod = -1.0 if way == "up" else 1.0
        tracks.head[:, 0] += 0.85 * nod * on
        tracks.spine[:, 0] += (0.45 if way == "up" else 0.55) * nod * on
        return tracks
    if way in ("left", "right"):
        course = SIDE[0 if way == "left" else 1] * on
    else:
        first = SIDE[take.limb()]
        u = take.repeats(4.4)
        course = first * keyframes(u, [(0.08, 0), (0.24, 1), (0.36, 1), (0.62, -1), (0.78, -1), (0.96, 0)])
        shade = there_and_back(u, 0.03, 0.2, 0.8, 0.97)
        tracks.reach(1, (-0.1, 0.25, 0.2), shade)
        tracks.swivel[:, 1] += 1.2 * shade
    tracks.head[:, 1] += 1.0 * course
    tracks.spine[:, 1] += 0.75 * take.size * course
    tracks.tilt[:, 1] += 0.3 * course
    return tracks
