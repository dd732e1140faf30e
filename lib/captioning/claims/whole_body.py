"""Strength of what a whole body does: getting about, turning, and postures."""

import numpy as np

from lib.captioning.claims.motion import ANKLE, HIP, KNEE, NECK, PELVIS, WRIST, Floats, Motion
from lib.captioning.claims.strengths import both, held, meant, near, ramp, swing_of

# Getting about


def step(m: Motion) -> Floats:
    """Feet that leave the floor and the pelvis that goes along, or in place, feet that are lifted in turn."""
    return np.maximum(ramp(m.going, 0.08, 0.25), ramp(swing_of(m, m.lift, 1.0).min(axis=1), 0.04, 0.09))


def walk(m: Motion) -> Floats:
    """The pelvis travels, upright."""
    return both(ramp(m.going, 0.12, 0.35), ramp(m.drop, 0.45, 0.65))


def run(m: Motion) -> Floats:
    """Fast travel, or steps in place with both feet off the floor."""
    flight = m.mean(ramp(near(m, m.air, 0.5), 0.015, 0.045), 0.8)
    return np.maximum(ramp(m.going, 0.9, 1.9), both(flight, ramp(swing_of(m, m.lift, 0.8).min(axis=1), 0.06, 0.14)))


def crawl(m: Motion) -> Floats:
    """Hands on the floor and the pelvis low, or the trunk level."""
    hands = m.joints[:, list(WRIST), 1].max(axis=1)
    return near(m, both(ramp(hands, 0.55, 0.25), ramp(m.lean, 35.0, 60.0)), 1.0)


def shuffle(m: Motion) -> Floats:
    """Travel to a side of the body."""
    return ramp(np.abs(m.mean(m.pace[:, 0], 1.0)), 0.08, 0.22)


def skip(m: Motion) -> Floats:
    """Travel with both feet off the floor now and then."""
    return both(ramp(m.going, 0.15, 0.4), near(m, ramp(m.air, 0.012, 0.03), 1.2))


def march(m: Motion) -> Floats:
    """Knees lifted high, one after the other."""
    knees = m.joints[:, list(KNEE), 1] - m.joints[:, list(HIP), 1]
    return near(m, ramp(swing_of(m, knees, 1.6).min(axis=1), 0.08, 0.2), 0.4)


def jump(m: Motion) -> Floats:
    """Both feet off the floor, and the pelvis with them."""
    rise = m.joints[:, PELVIS, 1] - np.percentile(m.joints[:, PELVIS, 1], 5)
    return both(ramp(m.air, 0.02, 0.06), ramp(rise, 0.02, 0.06))


def bounce(m: Motion) -> Floats:
    """The pelvis goes up and down."""
    return ramp(swing_of(m, m.joints[:, PELVIS, 1], 1.0), 0.008, 0.05)


def jacks(m: Motion) -> Floats:
    """Arms that go over the head while feet go apart."""
    feet = np.linalg.norm(m.joints[:, ANKLE[0]] - m.joints[:, ANKLE[1]], axis=-1)
    return both(ramp(swing_of(m, m.raised.min(axis=1), 2.0), 0.3, 0.6), ramp(swing_of(m, feet, 2.0), 0.1, 0.25))


def fall(m: Motion) -> Floats:
    """The body comes down to the floor."""
    return ramp(m.joints[:, NECK, 1], 1.0, 0.5)


# Turning


def turn(m: Motion) -> Floats:
    """The body comes to face another way within three seconds."""
    return ramp(swing_of(m, m.mean(m.heading, 0.3), 3.0), 22.0, 50.0)


def spin(m: Motion) -> Floats:
    """The body goes round."""
    return ramp(swing_of(m, m.heading, 5.0), 110.0, 240.0)


# Postures


def sit(m: Motion) -> Floats:
    """The pelvis at the height of a seat or lower."""
    return ramp(m.drop, 0.82, 0.68)


def squat(m: Motion) -> Floats:
    """The pelvis lowered over bent knees."""
    return ramp(m.drop, 0.88, 0.74)


def kneel(m: Motion) -> Floats:
    """A knee on the floor (T, 2)."""
    return held(m, ramp(m.joints[:, list(KNEE), 1], 0.27, 0.16), 0.25)


def lie(m: Motion) -> Floats:
    """Neck and pelvis near the floor."""
    high = np.maximum(m.joints[:, NECK, 1], m.joints[:, PELVIS, 1])
    return ramp(high, 0.75, 0.45)


def rise(m: Motion) -> Floats:
    """The pelvis is higher than it was."""
    lowest = np.minimum.accumulate(m.joints[:, PELVIS, 1])
    up = m.joints[:, PELVIS, 1] - lowest
    return both(ramp(up, 0.08, 0.2), np.where(np.gradient(m.mean(up, 0.3)) > 0.0005, 2.0, 0.45)) if len(up) > 1 else up


def stand(m: Motion) -> Floats:
    """The body upright on its legs."""
    return both(ramp(m.drop, 0.72, 0.88), ramp(m.lean, 60.0, 35.0))


def balance(m: Motion) -> Floats:
    """One foot off the floor for a second (T, 2), by the foot that stands."""
    return ramp(held(m, m.lift, 0.9), 0.04, 0.09)[:, ::-1]


def stay(m: Motion) -> Floats:
    """No travel."""
    return ramp(near(m, m.going, 0.5), 0.6, 0.2)


def dance(m: Motion) -> Floats:
    """Upright and never still; that it is a dance no rule says, so that it is never sure."""
    return meant(both(ramp(m.mean(m.stir, 1.5), 0.1, 0.4), ramp(m.drop, 0.3, 0.5)))
