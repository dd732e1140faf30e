"""The actions that joints can show, and what can be told of them where only the upper body was seen."""

from collections.abc import Callable, Mapping

import numpy as np

from lib.captioning.claims import limbs, whole_body
from lib.captioning.claims.motion import Floats, Motion

Strength = Callable[[Motion], Floats]

ACTIONS: Mapping[str, Strength] = {
    "step": whole_body.step,
    "walk": whole_body.walk,
    "run": whole_body.run,
    "crawl": whole_body.crawl,
    "shuffle": whole_body.shuffle,
    "skip": whole_body.skip,
    "march": whole_body.march,
    "jump": whole_body.jump,
    "hop": whole_body.jump,
    "bounce": whole_body.bounce,
    "jacks": whole_body.jacks,
    "fall": whole_body.fall,
    "turn": whole_body.turn,
    "spin": whole_body.spin,
    "sit": whole_body.sit,
    "squat": whole_body.squat,
    "kneel": whole_body.kneel,
    "lie": whole_body.lie,
    "rise": whole_body.rise,
    "stand": whole_body.stand,
    "balance": whole_body.balance,
    "kick": limbs.kick,
    "lunge": limbs.lunge,
    "stomp": limbs.stomp,
    "raise_leg": limbs.raise_leg,
    "bend_knees": limbs.bend_knees,
    "wave": limbs.wave,
    "raise_arm": limbs.raise_arm,
    "overhead": limbs.overhead,
    "clap": limbs.clap,
    "punch": limbs.punch,
    "throw": limbs.throw,
    "swing": limbs.swing,
    "reach": limbs.reach,
    "push": limbs.push,
    "to_head": limbs.to_head,
    "handle": limbs.handle,
    "bow": limbs.bow,
    "pick": limbs.pick,
    "lift": limbs.lift,
    "stretch": limbs.stretch,
    "toes": limbs.toes,
    "stay": whole_body.stay,
    "dance": whole_body.dance,
}
"""By name, strength (T,), or (T, 2) by left and right limb."""

ARMS = frozenset(
    {
        "wave",
        "raise_arm",
        "overhead",
        "clap",
        "punch",
        "throw",
        "swing",
        "reach",
        "push",
        "to_head",
        "handle",
        "bow",
    }
)
"""What can be told of a body of which only the upper half was seen."""


def profile(motion: Motion) -> Floats:
    """What a clip is like, as a vector: the strongest that each action of `ACTIONS` shows, 0 to 1.

    Example:
        >>> profile(Motion(np.random.default_rng(0).normal(size=(20, 22, 3)))).shape == (len(ACTIONS),)
        True
    """
    return np.array([min(float(strength(motion).max()), 1.0) for strength in ACTIONS.values()])
