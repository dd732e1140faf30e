"""Low postures on the feet and knees: sit, stand, squat, crouch, kneel."""

import numpy as np

from lib.demo.synthesis.curves import ease, keyframes, there_and_back
from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.take import Array, Take
from lib.demo.synthesis.tracks import Tracks


def sit(take: Take) -> Tracks:
    """Sit down on a chair, or on the floor with the legs crossed."""
    return seated(take, take.lower(2.6 if take.spec.style == "floor" else 1.5), floor=take.spec.style == "floor")


def stand(take: Take) -> Tracks:
    """Stand up from a chair or from the floor; when something precedes it, go down first."""
    floor = take.spec.style == "floor"
    lasting = min((2.4 if floor else 1.5) / take.pace, 0.6 * take.length)
    begin = 0.3 if take.first else 0.5 * (take.length - 0.1)
    down = 1.0 - ease((take.seconds - begin) / min(lasting, take.length - begin - 0.05))
    if not take.first:
        down = down * ease(take.seconds / (begin - 0.05))
    return seated(take, down, floor=floor)


def seated(take: Take, down: Array, *, floor: bool) -> Tracks:
    """The body on its way down to a seat: `down` (T,) is 0 standing and 1 seated."""
    tracks = take.rest()
    bent = np.sin(np.pi * np.clip(down, 0.0, 1.0)) ** 2
    if floor:
        tracks.root[:, 1:] += keyframes(down, [(0, (0, 0)), (0.45, (-0.55, -0.22)), (0.7, (-0.82, -0.5)),
                                               (1, (-0.84, -0.5))])  # fmt: skip
        for side in (0, 1):
            inward = (-SIDE[side] * (take.persona.width + 0.1), -0.05 - 0.05 * SIDE[side])
            tracks.step(side, inward, ease((down - 0.6 - 0.12 * side) / 0.28), 0.04)
            tracks.foot_yaw[:, side] += 0.7 * SIDE[side] * ease((down - 0.6) / 0.4)
        tracks.knee_out += (2.2 * ease((down - 0.45) / 0.55))[:, None]
        tracks.tilt[:, 0] += 0.75 * bent
        tracks.spine[:, 0] += 0.35 * bent + 0.15 * down
        hands = keyframes(down, [(0, (0.06, -0.5, 0.1)), (0.5, (0.06, -0.35, 0.38)), (1, (0.12, -0.36, 0.24))])
    else:
        tracks.root[:, 1] += down * (0.5 - tracks.root[0, 1])
        tracks.root[:, 2] -= 0.4 * down
        tracks.tilt[:, 0] += 0.65 * bent - 0.05 * down
        tracks.spine[:, 0] += 0.3 * bent
        hands = np.array([-0.02, -0.36, 0.3]) + 0.15 * bent[:, None] * np.array([0.0, 0.2, 1.0])
    tracks.head[:, 0] -= 0.35 * bent
    for hand in (0, 1):
        tracks.reach(hand, hands, down)
    return tracks


def squat(take: Take) -> Tracks:
    """Squat down and up, arms ahead, heels on the floor."""
    tracks = take.rest()
    down = take.lower(1.0) if take.rise else there_and_back(take.repeats(2.0), 0.06, 0.42, 0.52, 0.94)
    deep = down * min(take.size, 1.15)
    take.widen(tracks, 1.35)
    tracks.root[:, 1] -= 0.46 * deep
    tracks.root[:, 2] -= 0.17 * deep
    tracks.tilt[:, 0] += 0.6 * deep
    tracks.spine[:, 0] += 0.15 * deep
    tracks.head[:, 0] -= 0.5 * deep
    tracks.knee_out += 0.35 * deep[:, None]
    for hand in (0, 1):
        tracks.reach(hand, (-0.02, 0.12, 0.48), down)
    return tracks


def crouch(take: Take) -> Tracks:
    """Crouch: get down small on the balls of the feet, back round, hands near the floor, and stay."""
    tracks = take.rest()
    down = take.lower(1.2)
    tracks.root[:, 1] -= 0.5 * down
    tracks.root[:, 2] += 0.02 * down
    tracks.foot_pitch += 0.55 * down[:, None]
    tracks.tilt[:, 0] += 0.55 * down
    tracks.spine[:, 0] += 0.75 * down
    tracks.head[:, 0] -= 0.7 * down
    tracks.knee_out += 0.4 * down[:, None]
    for hand in (0, 1):
        tracks.reach(hand, (-0.06, -0.38, 0.3), down)
    return tracks


def kneel(take: Take) -> Tracks:
    """Kneel on the knee of that side, or on both, one after the other."""
    tracks = take.rest()
    down = take.lower(1.9)
    knee = take.limb()
    both = take.spec.side is None
    far = -0.5
    tracks.step(knee, (0.0, far), ease(down / 0.4), 0.08)
    tracks.foot_pitch[:, knee] += 1.25 * ease((down - 0.15) / 0.5)
    lowest = 0.53 - tracks.root[0, 1]
    tracks.root[:, 1] += lowest * ease((down - 0.1) / (0.55 if both else 0.85))
    ahead = 0.24
    if both:
        tracks.step(1 - knee, (0.0, far), ease((down - 0.62) / 0.38), 0.08)
        tracks.foot_pitch[:, 1 - knee] += 1.25 * ease((down - 0.62) / 0.38)
    else:
        tracks.step(1 - knee, (0.0, ahead), ease((down - 0.42) / 0.3), 0.05)
    tracks.spine[:, 0] += 0.25 * np.sin(np.pi * down) ** 2
    for hand in (0, 1):
        low = (0.02, -0.42, 0.2) if both or hand == knee else (-0.02, -0.3, 0.34)
        tracks.reach(hand, low, down)
    return tracks
