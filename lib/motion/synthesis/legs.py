"""What one leg does while the other carries: kick, balance, lunge, stomp."""

import numpy as np

from lib.motion.synthesis.curves import keyframes
from lib.motion.synthesis.kinematics import SIDE
from lib.motion.synthesis.persona import arm
from lib.motion.synthesis.take import Take
from lib.motion.synthesis.tracks import Tracks


def carried(tracks: Tracks, leg: int, weight: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
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
        path = [(0.06, (0, 0, 0)), (0.28, (0.02, 0.2, -0.32)), (0.48, (0.0, 0.62 * big, 0.62 * big)),
                (0.54, (0.0, 0.62 * big, 0.62 * big)), (0.7, (0.0, 0.22, 0.1)), (0.92, (0, 0, 0))]  # fmt: skip
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
