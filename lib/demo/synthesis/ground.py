"""Down on the floor: lie and crawl."""

import numpy as np

from lib.demo.synthesis.curves import ease, keyframes, turn_and_walk
from lib.demo.synthesis.footsteps import footsteps, half_cycles, phases
from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.take import Take
from lib.demo.synthesis.tracks import Tracks


def lie(take: Take) -> Tracks:
    """Lie down on the back, or on the front."""
    return _on_front(take) if take.spec.style == "front" else _on_back(take)


def _on_back(take: Take) -> Tracks:
    """Sit down on the floor, roll back, stretch the legs."""
    tracks = take.rest()
    down = take.lower(3.2)
    tracks.root[:, 1:] += keyframes(down, [(0, (0, 0)), (0.3, (-0.58, -0.25)), (0.48, (-0.84, -0.5)),
                                           (1, (-0.855, -0.55))])  # fmt: skip
    tracks.tilt[:, 0] += keyframes(down, [(0, 0), (0.25, 0.7), (0.48, -0.15), (0.85, -1.5), (1, -1.5)])
    tracks.spine[:, 0] += keyframes(down, [(0, 0), (0.3, 0.4), (0.6, 0.55), (0.95, -0.05), (1, -0.05)])
    tracks.head[:, 0] += keyframes(down, [(0, 0), (0.3, -0.4), (0.6, 0.4), (0.95, 0.05), (1, 0.0)])
    for side in (0, 1):
        tracks.step(side, (0.06 * SIDE[side], 0.35), ease((down - 0.62 - 0.1 * side) / 0.28), 0.05)
        tracks.foot_pitch[:, side] -= 0.95 * ease((down - 0.62 - 0.1 * side) / 0.28)
        tracks.ankle[:, side, 1] -= 0.02 * ease((down - 0.62 - 0.1 * side) / 0.28)
        tracks.foot_yaw[:, side] += 0.15 * SIDE[side] * ease((down - 0.62) / 0.38)
        tracks.reach(side, keyframes(down, [(0, tracks.hand[0, side]), (0.3, (0.08, -0.3, 0.4)),
                                            (0.5, (0.14, -0.46, -0.12)),
                                            (0.8, (0.2, -0.44, 0.02)), (1, (0.2, -0.47, 0.02))]))  # fmt: skip
        tracks.swivel[:, side] += 1.5 * ease(2.0 * down)
    return tracks


def _on_front(take: Take) -> Tracks:
    """Get down on hands and feet, walk the feet back, lower the body."""
    tracks = take.rest()
    down = take.lower(3.4)
    tracks.root[:, 1:] += keyframes(down, [(0, (0, 0)), (0.28, (-0.46, 0.0)), (0.45, (-0.42, 0.0)), (0.7, (-0.6, 0.02)),
                                           (1, (-0.83, 0.17))])  # fmt: skip
    tracks.tilt[:, 0] += keyframes(down, [(0, 0), (0.3, 0.95), (0.55, 1.15), (0.8, 1.42), (1, 1.52)])
    tracks.spine[:, 0] += keyframes(down, [(0, 0), (0.3, 0.7), (0.6, 0.2), (0.85, -0.15), (1, -0.05)])
    tracks.head[:, 0] += keyframes(down, [(0, 0), (0.3, -0.5), (0.8, -0.5), (1, -0.1)])
    for side in (0, 1):
        back = ease((down - 0.26 - 0.12 * side) / 0.36)
        tracks.step(side, (0.03 * SIDE[side], -0.91), back, 0.06)
        tracks.foot_pitch[:, side] += 2.2 * ease((down - 0.24 - 0.12 * side) / 0.36)
        hands = keyframes(down, [(0, (0.25, 0.05, 0.5)), (0.62, (0.25, 0.05, 0.5)), (1, (0.34, 0.05, 0.98))])
        tracks.hold(side, hands * np.array([SIDE[side], 1.0, 1.0]), ease((down - 0.05) / 0.25))
        tracks.swivel[:, side] += 0.8 * down
    return tracks


def crawl(take: Take) -> Tracks:
    """Crawl on hands and knees, opposite hand and knee together."""
    count = half_cycles(take.length, 0.75 * take.pace**0.7)
    cycles = np.linspace(0.0, count, take.frames)
    low = take.hold(1.6)
    moving = np.clip(2.5 * low - 1.5, 0.0, 1.0) if not (take.open_start and take.open_end) else low
    pace = -0.6 if take.spec.direction == "backward" else 1.0
    path = turn_and_walk(0.42 * pace * take.size * take.pace**0.7 * ease(moving), np.zeros(take.frames), 0.05)
    upright, tracks = take.rest(), take.rest()
    upright.root[:, 2] += path[:, 1]
    upright.ankle[..., 2] += path[:, 1:]
    phase = phases(cycles)
    knees = footsteps(phase, path, tracks.yaw, 0.62, take.persona, width=0.11, ahead=-0.69)
    hands = footsteps(phase + 0.5, path, tracks.yaw, 0.62, take.persona, width=0.19, ahead=0.5)
    tracks.root[:, 1] = 0.47
    tracks.root[:, 2] = path[:, 1]
    tracks.tilt[:, 0] = 1.3
    tracks.tilt[:, 2] += 0.05 * np.sin(2.0 * np.pi * phase[:, 0]) * low
    tracks.spine[:, 0] = 0.05
    tracks.spine[:, 2] += 0.08 * np.sin(2.0 * np.pi * phase[:, 0]) * low
    tracks.head[:, 0] = -0.75
    tracks.ankle[..., ::2] = knees.place
    tracks.ankle[..., 1] = 0.03 * np.sin(np.pi * knees.swing) ** 2
    tracks.foot_yaw[:] = 0.0
    tracks.foot_pitch[:] = 2.55
    on_knees = tracks.values.copy()
    tracks.values[:] = upright.values + low[:, None] * (on_knees - upright.values)
    for side in (0, 1):
        # One foot goes back after the other, so that one is always on the floor.
        own, at = np.clip(2.0 * low - side, 0.0, 1.0), Tracks(on_knees)
        tracks.ankle[:, side] = upright.ankle[:, side] + own[:, None] * (at.ankle[:, side] - upright.ankle[:, side])
        tracks.ankle[:, side, 1] += 0.07 * (4.0 * own * (1.0 - own)) ** 0.6
        tracks.foot_pitch[:, side] = own * at.foot_pitch[:, side]
        place = np.stack([hands.place[:, side, 0], 0.05 + 0.09 * np.sin(np.pi * hands.swing[:, side]) ** 2,
                          hands.place[:, side, 1]], axis=1)  # fmt: skip
        tracks.hold(side, place, low)
    return tracks
