"""How strongly each action shows in a motion, frame by frame: 1 and more it is surely there, under 0.5 surely not."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from lib.captioning.claims_motion import ANKLE, ELBOW, HIP, KNEE, NECK, PELVIS, SHOULDER, WRIST, Floats, Motion

Strength = Callable[[Motion], Floats]

SURE = 1.0
NEVER = 0.5


def ramp(values: Floats, never: float, sure: float) -> Floats:
    """Values as strengths: 0.5 at `never`, 1 at `sure`, in a straight line.

    Args:
        values: of any shape.
        never: where the action ends to be possible; above `sure` where small values speak for it.
        sure: where it begins to be certain.

    Example:
        >>> ramp(np.array([0.0, 1.0, 2.0]), 1.0, 2.0).tolist()
        [0.0, 0.5, 1.0]
    """
    return np.asarray(np.clip(0.5 + 0.5 * (values - never) / (sure - never), 0.0, 2.0))


def both(*strengths: Floats) -> Floats:
    """The weakest of strengths that an action needs at once."""
    return np.asarray(np.minimum.reduce(np.broadcast_arrays(*strengths)))


def _meant(strength: Floats) -> Floats:
    """Of an action that lives by its purpose: a motion can show that it is not there, and never surely that it is."""
    return np.asarray(np.minimum(strength, 0.95))


def _near(m: Motion, strengths: Floats, seconds: float) -> Floats:
    return np.asarray(maximum_filter1d(strengths, m.window(seconds), axis=0, mode="nearest"))


def _held(m: Motion, values: Floats, seconds: float) -> Floats:
    return np.asarray(minimum_filter1d(values, min(m.window(seconds), len(values)), axis=0, mode="nearest"))


def _swing(m: Motion, values: Floats, seconds: float) -> Floats:
    """How far values move about a frame: their highest less their lowest within a span."""
    size = min(m.window(seconds), len(values))
    return np.asarray(
        maximum_filter1d(values, size, axis=0, mode="nearest") - minimum_filter1d(values, size, axis=0, mode="nearest")
    )


# Getting about


def step(m: Motion) -> Floats:
    """Feet that leave the floor and the pelvis that goes along, or in place, feet that are lifted in turn."""
    return np.maximum(ramp(m.going, 0.08, 0.25), ramp(_swing(m, m.lift, 1.0).min(axis=1), 0.04, 0.09))


def walk(m: Motion) -> Floats:
    """The pelvis travels, upright."""
    return both(ramp(m.going, 0.12, 0.35), ramp(m.drop, 0.45, 0.65))


def run(m: Motion) -> Floats:
    """Fast travel, or steps in place with both feet off the floor."""
    flight = m.mean(ramp(_near(m, m.air, 0.5), 0.015, 0.045), 0.8)
    return np.maximum(ramp(m.going, 0.9, 1.9), both(flight, ramp(_swing(m, m.lift, 0.8).min(axis=1), 0.06, 0.14)))


def crawl(m: Motion) -> Floats:
    """Hands on the floor and the pelvis low, or the trunk level."""
    hands = m.joints[:, list(WRIST), 1].max(axis=1)
    return _near(m, both(ramp(hands, 0.55, 0.25), ramp(m.lean, 35.0, 60.0)), 1.0)


def shuffle(m: Motion) -> Floats:
    """Travel to a side of the body."""
    return ramp(np.abs(m.mean(m.pace[:, 0], 1.0)), 0.08, 0.22)


def skip(m: Motion) -> Floats:
    """Travel with both feet off the floor now and then."""
    return both(ramp(m.going, 0.15, 0.4), _near(m, ramp(m.air, 0.012, 0.03), 1.2))


def march(m: Motion) -> Floats:
    """Knees lifted high, one after the other."""
    knees = m.joints[:, list(KNEE), 1] - m.joints[:, list(HIP), 1]
    return _near(m, ramp(_swing(m, knees, 1.6).min(axis=1), 0.08, 0.2), 0.4)


def jump(m: Motion) -> Floats:
    """Both feet off the floor, and the pelvis with them."""
    rise = m.joints[:, PELVIS, 1] - np.percentile(m.joints[:, PELVIS, 1], 5)
    return both(ramp(m.air, 0.02, 0.06), ramp(rise, 0.02, 0.06))


def bounce(m: Motion) -> Floats:
    """The pelvis goes up and down."""
    return ramp(_swing(m, m.joints[:, PELVIS, 1], 1.0), 0.008, 0.05)


def jacks(m: Motion) -> Floats:
    """Arms that go over the head while feet go apart."""
    feet = np.linalg.norm(m.joints[:, ANKLE[0]] - m.joints[:, ANKLE[1]], axis=-1)
    return both(ramp(_swing(m, m.raised.min(axis=1), 2.0), 0.3, 0.6), ramp(_swing(m, feet, 2.0), 0.1, 0.25))


def fall(m: Motion) -> Floats:
    """The body comes down to the floor."""
    return ramp(m.joints[:, NECK, 1], 1.0, 0.5)


# Turning


def turn(m: Motion) -> Floats:
    """The body faces another way than two seconds ago."""
    return ramp(_swing(m, m.mean(m.heading, 0.3), 3.0), 22.0, 50.0)


def spin(m: Motion) -> Floats:
    """The body goes round."""
    return ramp(_swing(m, m.heading, 5.0), 110.0, 240.0)


# Postures


def sit(m: Motion) -> Floats:
    """The pelvis at the height of a seat or lower."""
    return ramp(m.drop, 0.82, 0.68)


def squat(m: Motion) -> Floats:
    """The pelvis lowered over bent knees."""
    return ramp(m.drop, 0.88, 0.74)


def kneel(m: Motion) -> Floats:
    """A knee on the floor (T, 2)."""
    return _held(m, ramp(m.joints[:, list(KNEE), 1], 0.27, 0.16), 0.25)


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
    return ramp(_held(m, m.lift, 0.9), 0.04, 0.09)[:, ::-1]


# Legs


def kick(m: Motion) -> Floats:
    """A foot that leaves the body and the floor, quickly (T, 2)."""
    feet, hips = m.seen[:, list(ANKLE)], m.seen[:, list(HIP)]
    out = np.linalg.norm((feet - hips)[..., [0, 2]], axis=-1)
    fast = _near(m, ramp(m.foot_speed, 0.9, 1.8), 0.6)
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
    down = _near(m, ramp(-m.rate(m.lift), 0.35, 0.9), 0.5)
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
    """A lifted hand that goes to and fro (T, 2)."""
    over_elbow = ramp(m.joints[:, list(WRIST), 1] - m.joints[:, list(ELBOW), 1], -0.02, 0.1)
    above = _held(m, both(np.maximum(ramp(m.raised, -0.32, -0.05), ramp(m.raised, -0.45, 0.1)), over_elbow), 0.5)
    moved = _near(m, ramp(m.mean(m.hand_speed, 0.6), 0.12, 0.3), 0.6)
    way = m.rate(m.seen[:, list(WRIST)] - m.seen[:, list(ELBOW)])
    turns = (way[1:] * way[:-1] < 0) & (np.abs(way[1:] - way[:-1]) > 0.02)
    often = np.zeros(way.shape)
    often[1:] = m.mean(turns.astype(np.float64), 1.5) * m.window(1.5)
    return both(above, moved, ramp(_near(m, often.max(axis=-1), 1.0), 0.5, 2.5))


def raise_arm(m: Motion) -> Floats:
    """A hand at the height of the shoulder or above it (T, 2)."""
    return ramp(m.raised, -0.28, 0.0)


def overhead(m: Motion) -> Floats:
    """A hand over the head (T, 2)."""
    return ramp(m.raised, 0.08, 0.24)


def clap(m: Motion) -> Floats:
    """Hands that meet and part."""
    return both(ramp(m.hands_apart, 0.38, 0.2), _near(m, ramp(_swing(m, m.hands_apart, 1.0), 0.06, 0.15), 0.6))


def punch(m: Motion) -> Floats:
    """An arm that is stretched out from the shoulder, quickly (T, 2)."""
    thrown = _near(m, ramp(m.hand_speed, 0.8, 2.0), 0.5)
    return both(ramp(_swing(m, m.arm, 1.0), 0.12, 0.3), ramp(m.away, 30.0, 55.0), thrown)


def throw(m: Motion) -> Floats:
    """A hand that is swung through (T, 2)."""
    return _meant(both(ramp(m.hand_speed, 1.0, 2.4), ramp(_swing(m, m.away, 1.2), 25.0, 60.0)))


def swing(m: Motion) -> Floats:
    """An arm that goes through an arc (T, 2)."""
    return _meant(both(ramp(m.mean(m.hand_speed, 0.5), 0.3, 1.0), ramp(_swing(m, m.away, 2.0), 18.0, 45.0)))


def reach(m: Motion) -> Floats:
    """An arm stretched out, away from the body's side (T, 2)."""
    return _meant(both(ramp(m.arm, 0.62, 0.82), ramp(m.away, 25.0, 55.0)))


def push(m: Motion) -> Floats:
    """Both hands in front of the chest, and moved away from it."""
    ahead = (m.seen[:, list(WRIST), 2] - m.seen[:, list(SHOULDER), 2]).min(axis=1)
    return _meant(both(ramp(ahead, 0.1, 0.3), ramp(m.away.min(axis=1), 22.0, 45.0)))


def to_head(m: Motion) -> Floats:
    """A hand at the head (T, 2)."""
    return ramp(m.hand_to_head, 0.42, 0.27)


def handle(m: Motion) -> Floats:
    """A hand at work before or beside the body: not hanging, and not still (T, 2)."""
    hanging = both(ramp(m.away, 12.0, 30.0))
    bent = ramp(m.arm, 0.97, 0.9)
    return _meant(both(np.maximum(hanging, bent), ramp(_near(m, m.mean(m.hand_speed, 0.6), 1.0), 0.06, 0.2)))


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
    return _meant(np.maximum(ramp(m.raised.max(axis=1), -0.1, 0.2), ramp(m.lean, 15.0, 35.0)))


def toes(m: Motion) -> Floats:
    """The trunk folded ahead, or hands down at the feet."""
    return np.maximum(ramp(m.joints[:, list(WRIST), 1].min(axis=1), 0.55, 0.3), ramp(m.bent, 22.0, 50.0))


def stay(m: Motion) -> Floats:
    """No travel."""
    return ramp(_near(m, m.going, 0.5), 0.6, 0.2)


def dance(m: Motion) -> Floats:
    """Upright and never still; that it is a dance no rule says, so that it is never sure."""
    return _meant(both(ramp(m.mean(m.stir, 1.5), 0.1, 0.4), ramp(m.drop, 0.3, 0.5)))


ACTIONS: Mapping[str, Strength] = {
    "step": step, "walk": walk, "run": run, "crawl": crawl, "shuffle": shuffle, "skip": skip, "march": march,
    "jump": jump, "hop": jump, "bounce": bounce, "jacks": jacks, "fall": fall, "turn": turn, "spin": spin, "sit": sit, "squat": squat,
    "kneel": kneel, "lie": lie, "rise": rise, "stand": stand, "balance": balance, "kick": kick, "lunge": lunge,
    "stomp": stomp, "raise_leg": raise_leg, "bend_knees": bend_knees, "wave": wave, "raise_arm": raise_arm, "overhead": overhead, "clap": clap,
    "punch": punch, "throw": throw, "swing": swing, "reach": reach, "push": push, "to_head": to_head,
    "handle": handle, "bow": bow, "pick": pick, "lift": lift, "stretch": stretch, "toes": toes, "stay": stay,
    "dance": dance,
}  # fmt: skip
"""By name, strength (T,), or (T, 2) by left and right limb."""

ARMS = frozenset({
    "wave", "raise_arm", "overhead", "clap", "punch", "throw", "swing", "reach", "push", "to_head", "handle", "bow",
})  # fmt: skip
"""What can be told of a body of which only the upper half was seen."""
