"""Leaving the floor: jump, hop, skip, leap and jumping jacks."""

import numpy as np

from lib.motion.synthesis.curves import ease, keyframes
from lib.motion.synthesis.persona import arm
from lib.motion.synthesis.take import Take
from lib.motion.synthesis.tracks import Tracks

JUMPS = {None: (0.0, 0.0), "forward": (0.0, 0.75), "backward": (0.0, -0.4), "left": (0.5, 0.0), "right": (-0.5, 0.0)}


def jump(take: Take) -> Tracks:
    """Jump off both feet: crouch with the arms back, take off, fly, land and give."""
    tracks = take.rest()
    cycles = take.cycles(1.9)
    u = take.repeats(1.9)
    period = take.length / cycles[-1]
    height = 0.26 * take.size
    flight = 2.0 * np.sqrt(2.0 * height / 9.81) / period
    off = 0.44
    land = off + min(flight, 0.4)
    mid = 0.5 * (off + land)
    dip = 0.25 * min(take.size, 1.2)
    tracks.root[:, 1] += keyframes(u, [(0.05, 0), (off - 0.14, -dip), (off, 0.03), (mid, height), (land, -0.02),
                                       (land + 0.1, -0.75 * dip), (min(land + 0.3, 0.99), 0)])  # fmt: skip
    arc = np.clip((u - off) / (land - off), 0.0, 1.0)
    rise = 4.0 * arc * (1.0 - arc)
    tracks.ankle[..., 1] += ((height + 0.05) * rise)[:, None]
    pitch = keyframes(u, [(off - 0.1, 0), (off, 0.75), (mid, 0.6), (land, 0.25), (land + 0.08, 0)])
    tracks.foot_pitch[:] = pitch[:, None]
    x, z = JUMPS[take.spec.direction]
    done = np.floor(np.minimum(cycles, cycles[-1] - 1e-9)) if cycles[-1] > 0 else cycles
    body, foot = done + ease((u - off + 0.06) / (land - off + 0.12)), done + ease((u - off) / (land - off))
    for axis, far in ((0, x), (2, z)):
        tracks.root[:, axis] += far * take.size * body
        tracks.ankle[..., axis] += (far * take.size * foot)[:, None]
    lean = keyframes(u, [(0.05, 0), (off - 0.14, 0.5), (off, 0.05), (mid, 0.0), (land + 0.1, 0.35), (0.99, 0)])
    tracks.tilt[:, 0] += 0.7 * lean
    tracks.spine[:, 0] += 0.5 * lean
    tracks.head[:, 0] -= 0.5 * lean
    swing = keyframes(u, [(0.05, 0), (off - 0.14, -0.9), (off + 0.02, 2.3), (mid, 2.5), (land + 0.1, 0.6), (0.99, 0)])
    raised = arm(swing, take.persona.elbow + 0.3 * np.abs(swing) ** 0.5 * 0, 0.12)
    tracks.hand[:] = tracks.hand + keyframes(u, [(0, 0), (0.12, 1), (0.85, 1), (0.99, 0)])[:, None, None] * (
        raised[:, None] - tracks.hand
    )
    return tracks
