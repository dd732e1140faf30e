"""Strength of what legs, arms and the trunk do; by left and right limb (T, 2) where a limb does it."""

import numpy as np

from lib.captioning.claims.motion import ANKLE, ELBOW, HIP, KNEE, SHOULDER, WRIST, Floats, Motion
from lib.captioning.claims.strengths import NEVER, both, held, meant, near, ramp, swing_of

# Legs


def kick(m: Motion) -> Floats:
    """A foot that leaves the body and the floor, quickly (T, 2)."""
    feet, hips = m.seen[:, list(ANKLE)], m.seen[:, list(HIP)]
    out = np.linalg.norm((feet - hips)[..., [0, 2]], axis=-1)
    fast = near(m, ramp(m.foot_speed, 0.9, 1.8), 0.6)
    return both(ramp(feet[..., 1], 0.2, 0.38), ramp(out, 0.22, 0.42), fast)


def lunge(m: Motion) -> Floats:
    """Feet far apart over a lowered pelvis (T, 2), by the knee that is bent more."""
    feet = m.joints[:, ANKLE[0]] - m.joints[:, ANKLE[1]]
    apart = np.linalg.norm(feet[:, [0, 2]], axis=-1)
    strength = both(ramp(apart, 0.42, 0.7), ramp(m.drop, 0.97, 0.88))
    bend = [_flexion(m, side) for side in (0, 1)]
    return np.stack([np.where(bend[side] >= bend[1 - side], strength, 0.0) for side in (0, 1)], axis=1)


def stomp(m: Motion) -> Floats:
    """A foot that is lifted and set down hard (T, 2)."""
    down = near(m, ramp(-m.rate(m.lift), 0.35, 0.9), 0.5)
    return both(ramp(m.lift, 0.06, 0.13), down)


def raise_leg(m: Motion) -> Floats:
    """A foot or knee well off its place (T, 2)."""
    return ramp(m.lift, 0.06, 0.25)


def bend_knees(m: Motion) -> Floats:
    """A knee bent from the straight (T, 2)."""
    return ramp(np.stack([_flexion(m, side) for side in (0, 1)], axis=1), 14.0, 40.0)


def _flexion(m: Motion, side: int) -> Floats:
    thigh = m.joints[:, HIP[side]] - m.joints[:, KNEE[side]]
    shin = m.joints[:, ANKLE[side]] - m.joints[:, KNEE[side]]
    cosine = (thigh * shin).sum(-1) / np.maximum(np.linalg.norm(thigh, axis=-1) * np.linalg.norm(shin, axis=-1), 1e-9)
    return np.asarray(180 - np.degrees(np.arccos(np.clip(cosine, -1, 1))))


# Arms


def wave(m: Motion) -> Floats:
    """A lifted hand that goes to and fro (T, 2); one that is lifted and still may wave with its fingers."""
    over_elbow = ramp(m.joints[:, list(WRIST), 1] - m.joints[:, list(ELBOW), 1], -0.1, 0.1)
    above = held(m, both(np.maximum(ramp(m.raised, -0.4, -0.05), ramp(m.raised, -0.5, 0.1)), over_elbow), 0.5)
    moved = near(m, ramp(m.mean(m.hand_speed, 0.6), 0.12, 0.3), 0.6)
    way = m.rate(m.seen[:, list(WRIST)] - m.seen[:, list(ELBOW)])
    turns = (way[1:] * way[:-1] < 0) & (np.abs(way[1:] - way[:-1]) > 0.02)
    often = np.zeros(way.shape)
    often[1:] = m.mean(turns.astype(np.float64), 1.5) * m.window(1.5)
    return both(above, np.maximum(both(moved, ramp(near(m, often.max(axis=-1), 1.0), 0.5, 2.5)), NEVER))


def raise_arm(m: Motion) -> Floats:
    """A hand at the height of the shoulder or above it (T, 2)."""
    return ramp(m.raised, -0.28, 0.0)


def overhead(m: Motion) -> Floats:
    """A hand over the head (T, 2)."""
    return ramp(m.raised, 0.08, 0.24)


def clap(m: Motion) -> Floats:
    """Hands that meet and part."""
    return both(ramp(m.hands_apart, 0.38, 0.2), near(m, ramp(swing_of(m, m.hands_apart, 1.0), 0.06, 0.15), 0.6))


def punch(m: Motion) -> Floats:
    """An arm that is stretched out from the shoulder, quickly (T, 2)."""
    thrown = near(m, ramp(m.hand_speed, 0.8, 2.0), 0.5)
    return both(ramp(swing_of(m, m.arm, 1.0), 0.12, 0.3), ramp(m.away, 30.0, 55.0), thrown)


def throw(m: Motion) -> Floats:
    """A hand that is swung through (T, 2)."""
    return meant(both(ramp(m.hand_speed, 1.0, 2.4), ramp(swing_of(m, m.away, 1.2), 25.0, 60.0)))


def swing(m: Motion) -> Floats:
    """An arm that goes through an arc (T, 2)."""
    return meant(both(ramp(m.mean(m.hand_speed, 0.5), 0.3, 1.0), ramp(swing_of(m, m.away, 2.0), 18.0, 45.0)))


def reach(m: Motion) -> Floats:
    """An arm stretched out, away from the body's side (T, 2)."""
    return meant(both(ramp(m.arm, 0.62, 0.82), ramp(m.away, 25.0, 55.0)))


def push(m: Motion) -> Floats:
    """Both hands in front of the chest, and moved away from it."""
    ahead = (m.seen[:, list(WRIST), 2] - m.seen[:, list(SHOULDER), 2]).min(axis=1)
    return meant(both(ramp(ahead, 0.1, 0.3), ramp(m.away.min(axis=1), 22.0, 45.0)))


def to_head(m: Motion) -> Floats:
    """A hand at the head (T, 2)."""
    return ramp(m.hand_to_head, 0.42, 0.27)


def handle(m: Motion) -> Floats:
    """A hand at work before or beside the body: not hanging, and not still (T, 2)."""
    hanging = both(ramp(m.away, 12.0, 30.0))
    bent = ramp(m.arm, 0.97, 0.9)
    return meant(both(np.maximum(hanging, bent), ramp(near(m, m.mean(m.hand_speed, 0.6), 1.0), 0.06, 0.2)))


# Trunk, with hands


def bow(m: Motion) -> Floats:
    """The trunk leans ahead."""
    return ramp(m.bent, 14.0, 30.0)


def pick(m: Motion) -> Floats:
    """A hand at the height of the knees or lower (T, 2)."""
    return ramp(m.joints[:, list(WRIST), 1], 0.62, 0.42)


def lift(m: Motion) -> Floats:
    """Both hands rise from where they were."""
    hands = m.joints[:, list(WRIST), 1]
    return ramp((hands - np.minimum.accumulate(hands, axis=0)).min(axis=1), 0.2, 0.6)


def stretch(m: Motion) -> Floats:
    """Arms overhead, or the trunk far from the upright."""
    return meant(np.maximum(ramp(m.raised.max(axis=1), -0.1, 0.2), ramp(m.lean, 15.0, 35.0)))


def toes(m: Motion) -> Floats:
    """The trunk folded ahead, or hands down at the feet."""
    return np.maximum(ramp(m.joints[:, list(WRIST), 1].min(axis=1), 0.55, 0.3), ramp(m.bent, 22.0, 50.0))
