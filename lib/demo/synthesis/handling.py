"""Dealing with things and with one's own body: reach, pick, lift, drink, wipe, play, swim, stretch."""

import numpy as np

from lib.demo.synthesis.curves import keyframes, there_and_back
from lib.demo.synthesis.gestures import together
from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.persona import arm
from lib.demo.synthesis.take import Take
from lib.demo.synthesis.tracks import Tracks


def reach(take: Take) -> Tracks:
    """Reach far out with one hand, ahead, up or to its own side, heels rising, and draw back."""
    tracks = take.rest()
    way = take.spec.direction
    hand = {"left": 0, "right": 1}.get(way or "", take.limb())
    out = there_and_back(take.repeats(2.7), 0.06, 0.42, 0.58, 0.94)
    big = min(take.size, 1.2)
    if way == "up":
        tracks.reach(hand, (0.02, 0.54, 0.08), out)
        tracks.root[:, 1] += 0.08 * out
        tracks.foot_pitch += 0.6 * out[:, None]
        tracks.spine[:, 2] -= 0.2 * SIDE[hand] * out * big
        tracks.head[:, 0] -= 0.5 * out
    elif way in ("left", "right"):
        tracks.reach(hand, (0.55, 0.03, 0.05), out)
        tracks.tilt[:, 2] += 0.2 * SIDE[hand] * out * big
        tracks.spine[:, 2] += 0.4 * SIDE[hand] * out * big
        tracks.root[:, 0] += 0.09 * SIDE[hand] * out
        tracks.head[:, 1] += 0.8 * SIDE[hand] * out
    else:
        tracks.step(hand, (0.0, 0.3 * big), there_and_back(take.repeats(2.7), 0.06, 0.3, 0.68, 0.94))
        tracks.reach(hand, (-0.05, 0.14, 0.55), out)
        tracks.tilt[:, 0] += 0.3 * out * big
        tracks.spine[:, 0] += 0.2 * out
        tracks.spine[:, 1] -= 0.45 * SIDE[hand] * out
        tracks.root[:, 2] += 0.18 * out * big
        tracks.root[:, 1] -= 0.06 * out
    return tracks


def pick(take: Take) -> Tracks:
    """Pick something up: bend down, take it from the floor with one hand, come up and look at it."""
    tracks = take.rest()
    hand, u = take.limb(), take.repeats(3.4)
    down = there_and_back(u, 0.05, 0.36, 0.46, 0.76)
    tracks.root[:, 1] -= 0.44 * down
    tracks.root[:, 2] -= 0.2 * down
    tracks.tilt[:, 0] += 1.05 * down
    tracks.spine[:, 0] += 0.6 * down
    tracks.head[:, 0] += 0.3 * there_and_back(u, 0.62, 0.8, 0.9, 1.0) - 0.2 * down
    rest = tracks.hand[0, hand]
    tracks.reach(hand, keyframes(u, [(0.04, rest), (0.36, (-0.08, -0.36, 0.36)), (0.46, (-0.08, -0.36, 0.36)),
                                     (0.76, (-0.12, -0.1, 0.32)), (0.88, (-0.12, -0.1, 0.32)), (1, rest)]))  # fmt: skip
    tracks.reach(1 - hand, (0.02, -0.36, 0.24), down)
    thing = (0.1 * SIDE[hand], 0.08, 0.34)
    tracks.hold(hand, thing, there_and_back(u, 0.12, 0.36, 0.44, 0.66))
    return tracks


def lift(take: Take) -> Tracks:
    """Lift a box: squat, take it in both hands, raise it to the chest, or overhead, and put it back."""
    tracks = take.rest()
    u = take.repeats(4.2)
    down = there_and_back(u, 0.03, 0.22, 0.28, 0.46) + there_and_back(u, 0.64, 0.8, 0.84, 0.99)
    take.widen(tracks, 1.3)
    tracks.root[:, 1] -= 0.4 * down
    tracks.root[:, 2] -= 0.2 * down
    tracks.tilt[:, 0] += 0.8 * down
    tracks.spine[:, 0] += 0.35 * down
    tracks.head[:, 0] -= 0.5 * down
    tracks.knee_out += 0.3 * down[:, None]
    top = (0, 0.46, 0.14) if take.spec.style == "overhead" else (0, -0.18, 0.32)
    low = (0, -0.42, 0.36)
    place = keyframes(u, [(0.0, low), (0.28, low), (0.48, top), (0.62, top), (0.82, low), (1, low)])
    together(tracks, place, there_and_back(u, 0.0, 0.16, 0.88, 1.0), 0.17)
    held = there_and_back(u, 0.3, 0.48, 0.62, 0.8)
    tracks.spine[:, 0] -= 0.15 * held
    return tracks


def drink(take: Take) -> Tracks:
    """Drink: raise the hand to the mouth, tip the head back, lower it to the waist."""
    tracks = take.rest()
    hand, on, u = take.limb(), take.hold(0.5), take.repeats(3.2)
    sip = there_and_back(u, 0.12, 0.36, 0.68, 0.92)
    cup, mouth = np.array([0.0, -0.3, 0.32]), np.array([-0.15, 0.12, 0.2])
    tracks.reach(hand, cup + sip[:, None] * (mouth - cup), on)
    tracks.swivel[:, hand] += 0.9 * sip
    back = there_and_back(u, 0.3, 0.46, 0.6, 0.78)
    tracks.head[:, 0] -= 0.55 * back
    tracks.spine[:, 0] -= 0.12 * back
    return tracks


def wipe(take: Take) -> Tracks:
    """Wipe a pane in front with wide circles of a flat hand."""
    tracks = take.rest()
    hand, on = take.limb(), take.hold(0.7)
    turn = 2.0 * np.pi * take.cycles(1.3)
    radius = 0.2 * take.size
    circle = np.stack([0.02 + radius * np.cos(turn), 0.08 + radius * np.sin(turn), np.full_like(turn, 0.42)], axis=1)
    tracks.reach(hand, circle, on)
    tracks.swivel[:, hand] += 0.4 * on
    tracks.spine[:, 1] += 0.12 * SIDE[hand] * np.cos(turn) * on
    tracks.root[:, 0] += 0.025 * SIDE[hand] * np.cos(turn) * on
    return tracks


def swim(take: Take) -> Tracks:
    """Swim on the spot: bent forward, the arms wheel over in turn; or part ahead as in breaststroke."""
    tracks = take.rest()
    on = take.hold(0.8)
    tracks.root[:, 1] -= 0.1 * on
    tracks.root[:, 2] -= 0.12 * on
    tracks.tilt[:, 0] += 0.75 * on
    tracks.spine[:, 0] += 0.15 * on
    tracks.head[:, 0] -= 0.5 * on
    turn = 2.0 * np.pi * take.cycles(1.5)
    if take.spec.style == "breaststroke":
        together(tracks, np.stack([0 * turn, 0.25 + 0.2 * np.cos(turn), 0.28 + 0.16 * np.cos(turn)], axis=1), on,
                 0.06 + 0.36 * np.clip(np.sin(turn), 0.0, 1.0) ** 2)  # fmt: skip
        return tracks
    for hand in (0, 1):
        angle = turn + np.pi * hand
        wheel = np.stack([0.1 + 0.08 * np.sin(angle), 0.06 + 0.42 * np.cos(angle), 0.12 - 0.42 * np.sin(angle)], 1)
        tracks.reach(hand, wheel, on)
        tracks.swivel[:, hand] += 0.6 * on
        tracks.spine[:, 1] -= 0.25 * SIDE[hand] * np.cos(angle) * on
    return tracks


def stretch(take: Take) -> Tracks:
    """Stretch: arms overhead and the trunk over to a side, to each in turn, or down to touch the toes."""
    tracks = take.rest()
    on = take.hold(0.9)
    if take.spec.style == "toes":
        down = there_and_back(take.repeats(3.6), 0.06, 0.4, 0.6, 0.94)
        tracks.tilt[:, 0] += 1.15 * down
        tracks.spine[:, 0] += 0.85 * down
        tracks.root[:, 2] -= 0.2 * down
        for hand in (0, 1):
            tracks.reach(hand, arm(0.85, 0.05, 0.02), down)
        return tracks
    tracks.stance((0.07, 0.0), (-0.07, 0.0), take.placing())
    course = np.sin(2.0 * np.pi * take.cycles(4.5))
    if take.spec.side in ("left", "right"):
        course = SIDE[take.limb()] * on
    tracks.tilt[:, 2] += 0.12 * course * on
    tracks.spine[:, 2] += 0.6 * min(take.size, 1.2) * course * on
    tracks.root[:, 0] -= 0.07 * course * on
    together(tracks, (0.0, 0.5, 0.02), on, 0.03)
    tracks.swivel += 0.8 * on[:, None]
    return tracks
