"""Gestures of the arms and the trunk over standing feet."""

import numpy as np

from lib.motion.synthesis.kinematics import SIDE
from lib.motion.synthesis.take import Take
from lib.motion.synthesis.tracks import Tracks


def wave(take: Take) -> Tracks:
    """Wave a raised hand from side to side."""
    tracks = take.rest()
    up = take.hold(0.8)
    swing = np.sin(2.0 * np.pi * take.cycles(0.85))
    for hand in take.limbs():
        raised = np.stack([0.24 + 0.15 * take.size * swing, np.full_like(swing, 0.36), 0.12 + 0 * swing], axis=1)
        tracks.hand[:, hand] += up[:, None] * (raised - tracks.hand[:, hand])
        tracks.swivel[:, hand] += 1.0 * up
        tracks.spine[:, 2] -= 0.05 * SIDE[hand] * up
    tracks.head[:, 0] -= 0.08 * up
    return tracks
