"""Play an instrument that is not there: guitar, violin, drums, piano."""

import numpy as np

from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.take import Take
from lib.demo.synthesis.tracks import Tracks

INSTRUMENTS = ("guitar", "violin", "drums", "piano")


def play(take: Take) -> Tracks:
    """Play the instrument of the style; a guitar when none is named."""
    tracks = take.rest()
    on, beat = take.hold(0.8), 2.0 * np.pi * take.cycles(1.1, 2)
    sway = np.sin(0.5 * beat)
    tracks.root[:, 0] += 0.03 * sway * on
    tracks.root[:, 1] -= (0.05 + 0.025 * np.cos(beat)) * on
    tracks.spine[:, 2] += 0.06 * sway * on
    tracks.head[:, 0] += (0.15 + 0.1 * np.cos(beat)) * on
    style = take.spec.style or "guitar"
    still = np.zeros_like(beat)
    if style == "guitar":
        strum = 0.1 * take.size * np.sin(2.0 * beat)
        tracks.reach(1, np.stack([-0.1 + 0.3 * strum, -0.34 + strum, 0.2 + still], axis=1), on)
        tracks.reach(0, np.stack([0.22 + 0.05 * np.sin(0.5 * beat), -0.12 + 0.03 * sway, 0.3 + still], axis=1), on)
        tracks.swivel[:, 1] += 1.0 * on
        tracks.spine[:, 0] += 0.15 * on
    elif style == "violin":
        bow = np.sin(beat) * take.size
        tracks.reach(0, np.stack([0.06 + still, 0.04 + 0.01 * sway, 0.4 + still], axis=1), on)
        tracks.reach(1, np.stack([-0.1 + 0.16 * bow, 0.0 - 0.08 * bow, 0.32 + 0.05 * bow], axis=1), on)
        tracks.swivel[:, 1] += 1.2 * on
        tracks.head[:, 1] += 0.5 * on
        tracks.head[:, 2] += 0.3 * on
        tracks.head[:, 0] += 0.15 * on
    elif style == "drums":
        for hand in (0, 1):
            strike = np.sin(2.0 * beat + np.pi * hand)
            tracks.reach(hand, np.stack([0.02 + still, -0.16 + 0.13 * take.size * strike, 0.36 - 0.04 * strike], 1), on)
            tracks.swivel[:, hand] += 0.5 * on
            tracks.spine[:, 1] += 0.06 * SIDE[hand] * strike * on
        tracks.root[:, 1] -= 0.08 * on
    else:
        wander = np.sin(0.5 * beat)
        for hand in (0, 1):
            keys = -0.26 + 0.04 * np.sin(1.5 * beat + np.pi * hand)
            tracks.reach(hand, np.stack([SIDE[hand] * 0.14 * wander, keys, 0.4 + still], axis=1), on)
        tracks.spine[:, 0] += (0.25 + 0.06 * np.cos(beat)) * on
        tracks.tilt[:, 0] += 0.12 * on
    return tracks
