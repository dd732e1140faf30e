"""Dance: eight manners, each a figure of feet, hips and arms over a beat."""

from collections.abc import Callable

import numpy as np

from lib.demo.synthesis.curves import bump, ease, there_and_back
from lib.demo.synthesis.legs import carried
from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.persona import arm
from lib.demo.synthesis.take import Array, Take
from lib.demo.synthesis.tracks import Tracks
from lib.demo.synthesis.turning import pivot


def sway(take: Take, beat: Array, on: Array) -> Tracks:
    """Hips from side to side, both arms overhead going along."""
    tracks = take.rest()
    side = np.sin(0.5 * np.pi * beat) * on
    tracks.root[:, 0] += 0.09 * take.size * side
    tracks.root[:, 1] -= 0.06 * on
    tracks.tilt[:, 2] -= 0.16 * side
    tracks.spine[:, 2] += 0.42 * side
    tracks.foot_pitch[:, 0] += 0.5 * np.clip(-side, 0.0, None) ** 2
    tracks.foot_pitch[:, 1] += 0.5 * np.clip(side, 0.0, None) ** 2
    for hand in (0, 1):
        over = np.stack([0.12 + 0.2 * SIDE[hand] * side, 0.42 - 0.04 * np.abs(side), 0.08 + 0.0 * side], axis=1)
        tracks.reach(hand, over, on)
        tracks.swivel[:, hand] += 0.8 * on
    return tracks


def spinning(take: Take, beat: Array, on: Array) -> Tracks:
    """Round once to one side and once to the other, arms rising and falling."""
    turns = 2.0 * np.pi
    half = there_and_back(np.linspace(0.0, 1.0, take.frames), 0.04, 0.46, 0.54, 0.96)
    sign = 1.0 if take.rng.random() < 0.5 else -1.0
    tracks = pivot(take, sign * turns * half, 1.5 * take.pace**0.5, 0.05)
    rise = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.linspace(0.0, 2.0, take.frames))
    for hand in (0, 1):
        tracks.reach(hand, arm(0.15, 0.3, 1.3 + 1.1 * rise), on)
    tracks.root[:, 1] -= 0.04 * on * (1.0 + np.cos(2.0 * np.pi * beat))
    tracks.spine[:, 2] += 0.12 * sign * rise * on
    return tracks


def arm_waves(take: Take, beat: Array, on: Array) -> Tracks:
    """A wave runs from one outstretched hand through the shoulders to the other, the knees giving."""
    tracks = take.rest()
    for hand in (0, 1):
        ripple = np.sin(np.pi * beat + 0.9 * SIDE[hand]) * take.size
        tracks.reach(hand, arm(0.1, 0.35 + 0.3 * ripple, 1.45 + 0.5 * ripple), on)
        tracks.spine[:, 2] -= 0.1 * SIDE[hand] * ripple * on
    tracks.root[:, 1] -= (0.06 + 0.04 * np.cos(2.0 * np.pi * beat)) * on
    tracks.root[:, 0] += 0.05 * np.sin(np.pi * beat) * on
    return tracks


def side_steps(take: Take, beat: Array, on: Array) -> Tracks:
    """Step out and close, to the right and back to the left, arms swinging across."""
    tracks = take.rest()
    u = (beat / 4.0) % 1.0
    far = -0.42 * take.size
    tracks.step(1, (far, 0.0), there_and_back(u, 0.02, 0.2, 0.76, 0.96))
    tracks.step(0, (far, 0.0), there_and_back(u, 0.26, 0.46, 0.52, 0.72))
    tracks.root[:, 0] += far * there_and_back(u, 0.04, 0.42, 0.54, 0.92)
    tracks.root[:, 1] -= (0.05 + 0.03 * np.cos(2.0 * np.pi * beat)) * on
    way = np.sin(2.0 * np.pi * u)
    tracks.spine[:, 2] -= 0.15 * way * on
    tracks.spine[:, 1] -= 0.2 * way * on
    for hand in (0, 1):
        tracks.reach(hand, arm(0.5, 0.7, 0.35 - 0.55 * SIDE[hand] * way), on)
    return tracks


def twist(take: Take, beat: Array, on: Array) -> Tracks:
    """The twist: knees bent, hips one way and bent arms the other."""
    tracks = take.rest()
    turn = np.sin(np.pi * beat) * on * take.size
    take.widen(tracks, 1.25)
    tracks.root[:, 1] -= (0.14 + 0.05 * np.sin(0.5 * np.pi * beat) ** 2) * on
    tracks.root[:, 0] += 0.05 * np.sin(0.5 * np.pi * beat) * on
    tracks.tilt[:, 1] += 0.55 * turn
    tracks.tilt[:, 0] -= 0.12 * on
    tracks.spine[:, 1] -= 1.1 * turn
    tracks.spine[:, 0] += 0.1 * on
    tracks.head[:, 1] += 0.5 * turn
    for hand in (0, 1):
        tracks.reach(hand, arm(0.3 + 0.5 * SIDE[hand] * turn, 1.5, 0.35), on)
    return tracks


def bounce(take: Take, beat: Array, on: Array) -> Tracks:
    """Bounce in the knees on every beat, one fist pumping high after the other."""
    tracks = take.rest()
    dip = 0.5 + 0.5 * np.cos(2.0 * np.pi * beat)
    take.widen(tracks, 1.5)
    tracks.root[:, 1] -= (0.05 + 0.13 * take.size * dip) * on
    tracks.spine[:, 0] += (0.1 + 0.22 * dip) * on
    tracks.head[:, 0] += 0.2 * dip * on
    side = np.sin(np.pi * beat)
    tracks.root[:, 0] += 0.05 * side * on
    for hand in (0, 1):
        pump = np.clip(SIDE[hand] * side, 0.0, 1.0) ** 2
        tracks.reach(hand, arm(0.5 + 1.9 * pump, 1.7 - 1.2 * pump, 0.25), on)
    return tracks


def kicks(take: Take, beat: Array, on: Array) -> Tracks:
    """One leg kicks up in front on every other beat, then the other, arms held wide."""
    tracks = take.rest()
    u = (beat / 4.0) % 1.0
    for leg, begin in ((0, 0.0), (1, 0.5)):
        lift = bump(u, begin + 0.25, 0.19)
        carried(tracks, leg, 0.8 * bump(u, begin + 0.25, 0.27) * on)
        tracks.ankle[:, leg, 1] += 0.62 * min(take.size, 1.2) * lift * on
        tracks.ankle[:, leg, 2] += 0.55 * min(take.size, 1.2) * lift * on
        tracks.foot_pitch[:, leg] += 0.5 * lift * on
        tracks.spine[:, 1] += 0.25 * SIDE[leg] * lift * on
    tracks.tilt[:, 0] -= 0.1 * on
    for hand in (0, 1):
        tracks.reach(hand, arm(0.2, 0.3, 1.4), on)
    return tracks


def ballet(take: Take, beat: Array, on: Array) -> Tracks:
    """Arms rounded overhead, up on the toes, one leg drawn out behind and back."""
    tracks = take.rest()
    leg = take.limb()
    u = np.linspace(0.0, max(1, round(take.length * take.pace / 4.0)), take.frames) % 1.0
    out = there_and_back(u, 0.1, 0.42, 0.62, 0.92)
    carried(tracks, leg, out)
    tracks.ankle[:, leg] += out[:, None] * np.array([0.02 * SIDE[leg], 0.42 * min(take.size, 1.2), -0.62])
    tracks.foot_pitch[:, leg] += 1.1 * out
    tracks.tilt[:, 0] += 0.35 * out
    tracks.spine[:, 0] -= 0.3 * out
    rise = (0.5 - 0.5 * np.cos(2.0 * np.pi * u)) * on
    tracks.foot_pitch[:, 1 - leg] += 0.35 * rise
    tracks.root[:, 1] += 0.04 * rise
    for hand in (0, 1):
        low, high = np.array([0.05, -0.36, 0.26]), np.array([-0.02, 0.42, 0.14])
        wide = np.array([0.46, 0.02, 0.14])
        course = ease(2.0 * u) - ease(2.0 * u - 1.0)
        arms = low + ease(2.0 * course)[:, None] * (wide - low) + ease(2.0 * course - 1.0)[:, None] * (high - wide)
        tracks.reach(hand, arms, on)
        tracks.swivel[:, hand] += 1.0 * on
    return tracks


FIGURES: dict[str, Callable[[Take, Array, Array], Tracks]] = {
    "sway": sway, "spin": spinning, "arm waves": arm_waves, "side steps": side_steps, "twist": twist,
    "bounce": bounce, "kicks": kicks, "ballet": ballet,
}  # fmt: skip


def dance(take: Take) -> Tracks:
    """Dance in the manner of the style, or in one at random."""
    style = take.spec.style or sorted(FIGURES)[int(take.rng.integers(len(FIGURES)))]
    bars = max(1, round(take.length * take.pace / 2.2))
    beat = np.linspace(0.0, 4.0 * bars, take.frames)
    return FIGURES[style](take, beat, take.hold(0.6))
