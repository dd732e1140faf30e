"""Fast actions of the arms with the weight of the body behind them: punch, throw, catch, push, swing."""

import numpy as np

from lib.demo.synthesis.curves import keyframes, there_and_back
from lib.demo.synthesis.gestures import together
from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.persona import arm
from lib.demo.synthesis.take import Take
from lib.demo.synthesis.tracks import Tracks

GUARD = (-0.03, -0.08, 0.24)


def punch(take: Take) -> Tracks:
    """Punch from a boxer's guard with one fist, or with both in turn; upward is an uppercut."""
    tracks = take.rest()
    on = take.hold(0.5)
    rear = 1 if take.spec.side in (None, "both", "right") else 0
    lead, back = (0.0, 0.16), (0.05 * SIDE[rear], -0.12)
    left, right = (lead, back) if rear else (back, lead)
    tracks.stance(left, right, take.placing())
    tracks.root[:, 1] -= 0.07 * on
    tracks.spine[:, 0] += 0.12 * on
    for hand in (0, 1):
        tracks.reach(hand, GUARD, on)
    up = take.spec.direction == "up"
    hit = [(0.1, GUARD), (0.32, (0.0, -0.42, 0.12) if up else (0.05, -0.14, 0.1)),
           (0.56, (-0.12, 0.2, 0.36) if up else (-0.12, 0.04, 0.52)),
           (0.62, (-0.12, 0.2, 0.36) if up else (-0.12, 0.04, 0.52)), (0.92, GUARD)]  # fmt: skip
    hands = [0, 1] if take.spec.side in (None, "both") else [take.limb()]
    cycles = take.cycles(1.05 * len(hands))
    for order, hand in enumerate(hands):
        u = np.clip((cycles % 1.0) * len(hands) - order, 0.0, 1.0)
        tracks.reach(hand, keyframes(u, hit), on)
        drive = keyframes(u, [(0.1, 0), (0.32, -0.35), (0.57, 1), (0.62, 1), (0.92, 0)]) * on * take.size
        tracks.tilt[:, 1] -= 0.2 * SIDE[hand] * drive
        tracks.spine[:, 1] -= 0.45 * SIDE[hand] * drive
        tracks.root[:, 2] += 0.05 * drive
    return tracks


def throw(take: Take) -> Tracks:
    """Throw: wind up, step with the other foot, and hurl over the shoulder, or swing underhand."""
    tracks = take.rest()
    hand, u = take.limb(), take.repeats(2.4)
    sign = SIDE[hand]
    step = there_and_back(u, 0.24, 0.42, 0.72, 0.94)
    tracks.step(1 - hand, (0.0, 0.38 * take.size), step)
    tracks.root[:, 2] += 0.2 * there_and_back(u, 0.28, 0.52, 0.7, 0.92) - 0.05 * there_and_back(u, 0.05, 0.2, 0.26, 0.4)
    if take.spec.style == "underhand":
        swing = keyframes(u, [(0.05, 0), (0.32, -1.1), (0.5, 1.5), (0.58, 1.7), (0.92, 0)])
        tracks.reach(hand, arm(swing, 0.15, 0.08), there_and_back(u, 0.03, 0.2, 0.75, 0.95))
        tracks.spine[:, 0] += 0.35 * there_and_back(u, 0.2, 0.4, 0.5, 0.75)
        tracks.tilt[:, 0] += 0.2 * there_and_back(u, 0.2, 0.4, 0.5, 0.75)
    else:
        rest = tracks.hand[0, hand]
        path = [(0.03, rest), (0.22, (0.3, 0.0, -0.22)), (0.36, (0.26, 0.26, -0.2)), (0.46, (0.14, 0.42, 0.22)),
                (0.53, (-0.08, 0.02, 0.5)), (0.64, (-0.24, -0.38, 0.28)), (0.92, rest)]  # fmt: skip
        tracks.reach(hand, keyframes(u, path))
        tracks.swivel[:, hand] += 0.8 * there_and_back(u, 0.05, 0.25, 0.5, 0.7)
        tracks.spine[:, 0] += keyframes(u, [(0.1, 0), (0.36, -0.22), (0.56, 0.4), (0.66, 0.4), (0.94, 0)])
    coil = keyframes(u, [(0.05, 0), (0.32, -1), (0.56, 0.9), (0.66, 0.9), (0.94, 0)]) * min(take.size, 1.2)
    tracks.tilt[:, 1] -= 0.25 * sign * coil
    tracks.spine[:, 1] -= 0.5 * sign * coil
    tracks.head[:, 1] += 0.55 * sign * coil
    tracks.reach(1 - hand, arm(0.7 - 0.6 * coil, 0.5, 0.35), there_and_back(u, 0.08, 0.28, 0.6, 0.9))
    return tracks


def catch(take: Take) -> Tracks:
    """Catch: both hands go out to meet it and draw it in to the chest."""
    tracks = take.rest()
    u = take.repeats(2.6)
    on = there_and_back(u, 0.08, 0.34, 0.8, 0.98)
    place = keyframes(u, [(0.1, (0, -0.05, 0.46)), (0.42, (0, 0.12, 0.5)), (0.62, (0, -0.24, 0.24))])
    together(tracks, place, on, keyframes(u, [(0.34, 0.2), (0.46, 0.09), (1, 0.09)]))
    tracks.step(0, (0.03, 0.18), there_and_back(u, 0.1, 0.3, 0.78, 0.95))
    tracks.root[:, 1] -= 0.1 * there_and_back(u, 0.1, 0.4, 0.7, 0.95)
    tracks.root[:, 2] += 0.07 * there_and_back(u, 0.12, 0.4, 0.44, 0.62)
    tracks.spine[:, 0] += keyframes(u, [(0.1, 0), (0.42, 0.12), (0.62, 0.3), (0.75, 0.3), (0.98, 0)])
    return tracks


def push(take: Take) -> Tracks:
    """Push something heavy away with both hands, one leg braced behind."""
    tracks = take.rest()
    on, u = take.hold(0.9), take.repeats(2.4)
    tracks.stance((0.0, 0.26), (0.02, -0.34), take.placing())
    tracks.root[:, 1] -= 0.13 * on
    shove = there_and_back(u, 0.12, 0.5, 0.62, 0.95) * on
    tracks.root[:, 2] += 0.02 * on + 0.13 * take.size * shove
    tracks.tilt[:, 0] += (0.2 + 0.2 * shove) * on
    tracks.spine[:, 0] += 0.15 * on
    tracks.head[:, 0] -= 0.25 * on
    tracks.foot_pitch[:, 1] += 0.35 * shove
    target = np.array([0.0, -0.06, 0.22]) + shove[:, None] * np.array([0.0, 0.06, 0.29])
    for hand in (0, 1):
        tracks.reach(hand, target, on)
        tracks.swivel[:, hand] += 0.4 * on
    return tracks


def swing(take: Take) -> Tracks:
    """Swing the arms to and fro, or swing a golf club, a bat or a racket, held by a left- or right-hander."""
    if take.spec.style is None:
        tracks = take.rest()
        on, course = take.hold(0.6), np.sin(2.0 * np.pi * take.cycles(1.5))
        for hand in take.limbs() if take.spec.side else (0, 1):
            tracks.reach(hand, arm(0.35 + 1.15 * take.size * course, 0.15, 0.06), on)
        tracks.root[:, 1] -= 0.06 * on * np.abs(course)
        tracks.tilt[:, 0] -= 0.1 * on * course
        return tracks
    return _club(take)


# Hands together, (to the strong side, up, forward) from the midpoint of the shoulders.
CLUBS = {
    "golf": [(0.05, (0, -0.46, 0.3)), (0.34, (0.42, 0.1, 0.12)), (0.42, (0.42, 0.12, 0.1)),
             (0.56, (-0.04, -0.48, 0.32)), (0.72, (-0.42, 0.18, 0.1)), (0.82, (-0.4, 0.2, 0.06)), (1, (0, -0.46, 0.3))],
    "bat": [(0.05, (0.2, -0.02, 0.2)), (0.34, (0.34, 0.08, 0.06)), (0.42, (0.34, 0.08, 0.06)),
            (0.56, (0.0, -0.12, 0.46)), (0.7, (-0.42, 0.02, 0.16)), (0.8, (-0.38, 0.08, 0.1)), (1, (0.2, -0.02, 0.2))],
}  # fmt: skip


def _club(take: Take) -> Tracks:
    tracks = take.rest()
    strong = 0 if take.spec.side == "left" else 1
    sign, u, on = SIDE[strong], take.repeats(2.8), take.hold(0.7)
    coil = keyframes(u, [(0.05, 0), (0.36, 1), (0.42, 1), (0.72, -1), (0.82, -1), (1, 0)]) * on * min(take.size, 1.2)
    tracks.stance((0.09, 0.0), (-0.09, 0.0), take.placing())
    tracks.tilt[:, 1] -= 0.3 * sign * coil
    tracks.spine[:, 1] -= 0.7 * sign * coil
    tracks.head[:, 1] += 0.6 * sign * coil
    tracks.root[:, 0] += 0.06 * sign * coil
    style = take.spec.style or ""
    if style == "racket":
        path = [(0.03, (0.1, -0.3, 0.25)), (0.32, (0.42, -0.08, -0.2)), (0.42, (0.42, -0.12, -0.2)),
                (0.55, (0.12, -0.16, 0.48)), (0.68, (-0.28, 0.16, 0.3)), (0.78, (-0.28, 0.16, 0.26)),
                (1, (0.1, -0.3, 0.25))]  # fmt: skip
        tracks.reach(strong, keyframes(u, path), on)
        tracks.reach(1 - strong, arm(0.6, 0.8, 0.4), on)
        tracks.root[:, 1] -= 0.08 * on
        return tracks
    golf = style == "golf"
    tracks.tilt[:, 0] += (0.45 if golf else 0.12) * on
    tracks.spine[:, 0] += (0.2 if golf else 0.0) * on
    tracks.root[:, 1] -= 0.06 * on
    together(tracks, keyframes(u, CLUBS[style]) * np.array([sign, 1.0, 1.0]), on, 0.03)
    return tracks
