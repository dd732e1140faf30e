"""How often a deed is done in a motion."""

import numpy as np
from scipy.ndimage import maximum_filter1d
from scipy.signal import find_peaks

from lib.captioning.claims.actions import ACTIONS
from lib.captioning.claims.deeds import Event
from lib.captioning.claims.motion import ANKLE, SIDES, Floats, Motion
from lib.captioning.claims.strengths import NEVER


def repeats(m: Motion, event: Event) -> int | None:
    """How often an action is done: the separate peaks of what it moves.

    Args:
        m: the clip.
        event: the deed, with the side whose limb is counted where it has one.

    Returns:
        A number; None where no rule counts the action.
    """
    if event.action == "step":
        lifts = m.lift[:, 0] - m.lift[:, 1]
        return len(find_peaks(lifts, prominence=0.04)[0]) + len(find_peaks(-lifts, prominence=0.04)[0])
    if event.action == "spin":
        return round(float(np.ptp(m.heading)) / 360.0)
    if event.action in ("jump", "hop"):
        return _peaks(m.joints[:, 0, 1], 0.07, m, ACTIONS["jump"](m))
    if event.action == "squat":
        return _peaks(-m.drop, 0.12, m, ACTIONS["squat"](m))
    if event.action == "clap":
        return _peaks(-m.hands_apart, 0.08, m, ACTIONS["clap"](m))
    if event.action == "bow":
        return _peaks(m.bent, 15.0, m, ACTIONS["bow"](m))
    if event.action in ("kick", "punch", "lunge", "stomp"):
        limbs = ACTIONS[event.action](m)
        values = {"kick": m.joints[:, list(ANKLE), 1], "punch": m.arm, "lunge": limbs, "stomp": m.lift}[event.action]
        room = {"kick": 0.2, "punch": 0.2, "lunge": 0.4, "stomp": 0.07}[event.action]
        chosen = [SIDES.index(event.side)] if event.side in SIDES else [0, 1]
        return sum(_peaks(values[:, i], room, m, limbs[:, i]) for i in chosen)
    return None


def _peaks(values: Floats, prominence: float, m: Motion, strength: Floats) -> int:
    edged = np.pad(values, 1, constant_values=float(values.min()))
    peaks = find_peaks(edged, prominence=prominence, distance=m.window(0.25))[0] - 1
    near = maximum_filter1d(strength, m.window(0.4), mode="nearest")
    return int((near[peaks] >= NEVER + 0.2).sum())
