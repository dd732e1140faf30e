"""What fills the slots of a phrase: the limb on its side, the direction, in one of several wordings."""

from collections.abc import Sequence

import numpy as np

from lib.demo.corpora.sentence import Slots
from lib.demo.synthesis import Spec

LIMBS = {"hand": "hands", "arm": "arms", "leg": "legs", "foot": "feet", "knee": "knees", "fist": "fists"}
BOTH_UNLESS_TOLD = {
    "hop": {"leg": "both feet"},
    "kneel": {"knee": "both knees"},
    "swing": {"arm": "both arms", "hand": "both hands"},
}
"""Limbs an action uses in pairs when no side is asked for."""


def choice(options: Sequence[str], rng: np.random.Generator) -> str:
    """One of the options, each place equally likely."""
    return options[int(rng.integers(len(options)))]


def slots(spec: Spec, directions: Sequence[str], determiners: Sequence[str], rng: np.random.Generator) -> Slots:
    """Fillings for one phrase.

    Args:
        spec: what is performed.
        directions: wordings of its direction.
        determiners: words before a sided limb ("the", "their").
        rng: source of randomness.

    Example:
        >>> slots(Spec("kick", side="left"), ["ahead"], ["the"], np.random.default_rng(0))["leg"]
        'the left~ADJ leg'
    """
    filled = {"dir": choice(directions, rng), "leg_n": "leg" if spec.side is None else f"{spec.side}~ADJ leg"}
    filled["sideways"] = "" if spec.side is None else f"to the {spec.side}"
    determiner = choice(determiners, rng)
    for limb, plural in LIMBS.items():
        if spec.side == "both":
            filled[limb] = f"both {plural}"
        elif spec.side is None:
            filled[limb] = BOTH_UNLESS_TOLD.get(spec.action, {}).get(limb) or choice(
                (f"one {limb}", f"a {limb}", f"one {limb}"), rng
            )
        else:
            filled[limb] = f"{determiner} {spec.side}~ADJ {limb}"
    return filled
