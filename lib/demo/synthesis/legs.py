"""What one leg does while the other carries: kick, balance, lunge, stomp."""

import numpy as np

from lib.demo.synthesis.curves import bump, keyframes, slow_noise, there_and_back
from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.persona import arm
from lib.demo.synthesis.take import Array, Take
from lib.demo.synthesis.tracks import Tracks


def carried(tracks: Tracks, leg: int, weight: Array) -> None:
    """Shift the body over the leg that is not `leg`, by `weight` (T,) 0..1, so that `leg` can leave the floor."""
    other = 1 - leg
    tracks.root[:, 0] += weight * 0.8 * (tracks.ankle[0, other, 0] - tracks.root[0, 0])
    tracks.root[:, 2] += weight * (tracks.ankle[0, other, 2] - 0.5 * tracks.ankle[0, :, 2].sum())
    tracks.tilt[:, 2] += 0.04 * weight * SIDE[other]


def kick(take: Take) -> Tracks:
    """Kick with one leg: draw back, swing through, return; the other arm comes forward for balance."""
    tracks = take.rest()
    leg = take.limb()
    sign, u = SIDE[leg], take.repeats(1.9)
    big = min(take.size, 1.25)
    carried(tracks, leg, keyframes(u, [(0.0, 0), (0.18, 1), (0.8, 1), (0.98, 0)]))
    if take.spec.direction == "sideways":
        path = [(0.08, (0, 0, 0)), (0.34, (0.0, 0.32, 0.12)), (0.48, (0.58 * big, 0.6 * big, 0.05)),
                (0.56, (0.58 * big, 0.6 * big, 0.05)), (0.72, (0.05, 0.3, 0.1)), (0.92, (0, 0, 0))]  # fmt: skip
        tilt = (0.0, 0.0, -0.5 * sign * big)
    elif take.spec.direction == "backward":
        path = [(0.08, (0, 0, 0)), (0.3, (0.0, 0.2, 0.18)), (0.48, (0.02, 0.45 * big, -0.62 * big)),
                (0.54, (0.02, 0.45 * big, -0.62 * big)), (0.72, (0, 0.15, -0.1)), (0.92, (0, 0, 0))]  # fmt: skip
        tilt = (0.55 * big, 0.0, 0.0)
    else:
        path = [(0.06, (0, 0, 0)), (0.28, (0.02, 0.2, -0.32)), (0.48, (0.0, 0.68 * big, 0.7 * big)),
                (0.54, (0.0, 0.68 * big, 0.7 * big)), (0.7, (0.0, 0.22, 0.1)), (0.92, (0, 0, 0))]  # fmt: skip
        tilt = (-0.28 * big, 0.25 * sign, 0.0)
    foot = keyframes(u, path)
    tracks.ankle[:, leg] += foot * np.array([sign, 1.0, 1.0])
    tracks.foot_pitch[:, leg] = keyframes(u, [(0.05, 0), (0.25, 0.8), (0.48, 0.1), (0.7, 0.4), (0.94, 0)])
    strike = keyframes(u, [(0.15, 0), (0.28, -0.3), (0.48, 1), (0.54, 1), (0.85, 0)])
    tracks.tilt += strike[:, None] * np.array(tilt)
    tracks.head[:, 0] -= 0.5 * strike * tilt[0]
    lifted = keyframes(u, [(0.05, 0), (0.25, 1), (0.75, 1), (0.95, 0)])
    for hand, forward in ((leg, -0.6), (1 - leg, 0.9)):
        moving = arm(0.15 + forward * strike, 0.7, 0.45)
        tracks.hand[:, hand] += lifted[:, None] * (moving - tracks.hand[:, hand])
    return tracks


def balance(take: Take) -> Tracks:
    """Balance on the leg of that side, the other knee drawn up, the arms held out and wavering."""
    tracks = take.rest()
    stand = take.limb()
    leg, up = 1 - stand, take.hold(1.0)
    carried(tracks, leg, up)
    tracks.ankle[:, leg] += up[:, None] * np.array([-0.04 * SIDE[leg], 0.42 * min(take.size, 1.2), 0.1])
    tracks.foot_pitch[:, leg] += 0.4 * up
    tracks.knee_out[:, leg] += 0.35 * up
    waver = slow_noise(take.seconds, 3, take.rng, top=0.8) * up[:, None]
    tracks.root[:, 0] += 0.015 * waver[:, 0]
    tracks.spine[:, 2] += 0.06 * waver[:, 1]
    for hand in (0, 1):
        tracks.reach(hand, arm(0.0, 0.15, 1.5 + 0.15 * SIDE[hand] * waver[:, 2]), up)
    return tracks


def lunge(take: Take) -> Tracks:
    """Lunge: one leg steps far ahead, or out to its side, both knees bend, and it pushes back."""
    tracks = take.rest()
    leg = take.limb()
    u = take.repeats(2.3)
    course = there_and_back(u, 0.06, 0.34, 0.62, 0.92)
    deep = there_and_back(u, 0.16, 0.42, 0.56, 0.84)
    tracks.root[:, 1] -= 0.36 * min(take.size, 1.15) * deep
    if take.spec.direction == "sideways":
        tracks.step(leg, (0.7 * take.size * SIDE[leg], 0.05), course)
        tracks.root[:, 0] += 0.45 * take.size * SIDE[leg] * there_and_back(u, 0.1, 0.4, 0.58, 0.9)
        tracks.tilt[:, 0] += 0.35 * deep
        tracks.spine[:, 0] += 0.2 * deep
        for hand in (0, 1):
            tracks.reach(hand, arm(1.1, 0.5, 0.1), deep)
        return tracks
    tracks.step(leg, (0.0, 0.72 * take.size), course, 0.1)
    tracks.root[:, 2] += 0.36 * take.size * there_and_back(u, 0.1, 0.4, 0.58, 0.9)
    tracks.foot_pitch[:, 1 - leg] += 0.75 * deep
    for hand in (0, 1):
        tracks.reach(hand, (0.1, -0.34, 0.06), deep)
        tracks.swivel[:, hand] += 0.9 * deep
    return tracks


def stomp(take: Take) -> Tracks:
    """Stomp: raise a knee high and bring the foot down hard, fists clenched."""
    tracks = take.rest()
    leg, u, on = take.limb(), take.repeats(1.3), take.hold(0.4)
    carried(tracks, leg, on * 0.8)
    high = keyframes(u, [(0.08, 0), (0.42, 0.45 * min(take.size, 1.2)), (0.54, 0.45 * min(take.size, 1.2)), (0.74, 0)])
    tracks.ankle[:, leg, 1] += high
    tracks.ankle[:, leg, 2] += 0.45 * high
    tracks.root[:, 1] -= 0.06 * bump(u, 0.82, 0.14)
    tracks.spine[:, 0] += 0.25 * bump(u, 0.82, 0.18) + 0.1 * on
    for hand in (0, 1):
        tracks.reach(hand, arm(0.1 + 0.9 * high, 1.3, 0.25), on)
    return tracks
