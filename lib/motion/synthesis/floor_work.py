"""Low postures: sit, squat, crouch, kneel, lie and crawl."""

import numpy as np

from lib.motion.synthesis.take import Take
from lib.motion.synthesis.tracks import Tracks

Vector = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def sit(take: Take) -> Tracks:
    """Sit down on a chair, or on the floor with the legs crossed."""
    tracks = take.rest()
    down = take.lower(1.5)
    deep = np.sin(np.pi * np.clip(down, 0, 1))
    tracks.root[:, 1] += down * (0.5 - tracks.root[:, 1])
    tracks.root[:, 2] -= 0.4 * down
    tracks.tilt[:, 0] += 0.65 * deep - 0.05 * down
    tracks.spine[:, 0] += 0.3 * deep
    tracks.hand[:] += down[:, None, None] * (np.array([-0.02, -0.36, 0.3]) - tracks.hand)
    tracks.hand[..., 2] += 0.15 * deep[:, None]
    return tracks
