"""Whether joints are those of a person: size, the axis that points up, toes, and bones that features can be made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lib.motion.canonical import PARENT, forward
from lib.motion.skeleton import FEET, JOINT_NAMES, PARENTS, Array

Kind = Literal["poses", "bone", "drift", "scale", "stature", "up", "toes"]

ADULTS_M = (0.7, 1.05)
"""Metres from hip over knee to ankle of adults 1.45 to 2.1 m tall (Drillis and Contini 1966: 0.49 of the stature)."""
TYPICAL_M = 0.85
"""Metres of the legs of an adult of 1.75 m."""
LEGS_M = (0.45, 1.2)
"""Metres of the legs of anybody who can walk: a child of three has 0.45 m."""
UPRIGHT_LEGS = 0.6
"""How far, in lengths of a leg, a head must come to be above the feet in some frame; a floor sitter's is 0.8 above."""
BACKWARDS_M = -0.03
SHORTEST_M = 0.001
"""Manifests count in millimetres, in which a shorter bone is none and has no direction."""
DRIFT = 0.5
"""Share of its median length by which a limb's bone may vary in a clip; a body estimated from video stays under 0.3."""
UNITS_M = {"metres": 1.0, "centimetres": 0.01, "millimetres": 0.001, "inches": 0.0254, "feet": 0.3048}

_STEEP = 0.8
_LIMBS = (4, 5, 7, 8, 18, 19, 20, 21)
_HEAD = JOINT_NAMES.index("head")


@dataclass(frozen=True)
class BodyFault:
    """One thing that a person's joints would not show.

    Attributes:
        kind: `poses` (one pose only), `bone` (no length), `drift` (bones that stretch), `scale` (legs that nobody has),
            `stature` (legs that no adult has), `up` (never upright), `toes` (they point backwards).
        what: a clause that says it, with its numbers.
    """

    kind: Kind
    what: str


def body_faults(joints: Array, *, metres_per_unit: float = 1.0) -> list[BodyFault]:
    """What shows that the joints of a clip are not those of a person in metres with Y up.

    Nobody stands upright in every clip, and children have short legs: one clip with `up`, `toes` or `stature` may be
    as it should, a dataset in which most clips have it is in other units or axes. Features cannot be made of a clip
    with `poses` or `bone`.

    Args:
        joints: (T, 22, 3), supposed to be metres.
        metres_per_unit: what the units of the file were multiplied by, to name the unit that would fit.

    Returns:
        At most one fault of a kind.

    Example:
        >>> pose = np.array([[0.0, 0, 1]]).repeat(22, axis=0) * np.arange(22)[:, None]
        >>> [fault.kind for fault in body_faults(pose[None])]
        ['poses', 'scale', 'up']
    """
    return list(_faults(np.asarray(joints, dtype=np.float64), metres_per_unit))


def stays_at_origin(joints: Array) -> bool:
    """Whether joints are given from the pelvis, so that neither path nor height of the body is in them.

    Args:
        joints: (T, 22, 3) metres.

    Example:
        >>> pose = np.zeros((2, 22, 3)); pose[:, 15, 1] = 0.6
        >>> stays_at_origin(pose), stays_at_origin(pose + [0, 0.9, 0])
        (True, False)
    """
    return bool(np.abs(joints[:, 0]).max() < SHORTEST_M)


def leg_length(joints: Array) -> float:
    """Metres from hip over knee to ankle: the median of both legs and all frames of (T, 22, 3)."""
    thighs = np.linalg.norm(joints[:, [4, 5]] - joints[:, [1, 2]], axis=-1)
    shins = np.linalg.norm(joints[:, [7, 8]] - joints[:, [4, 5]], axis=-1)
    return float(np.median(thighs + shins))


def fitting_unit(legs: float, metres_per_unit: float = 1.0) -> str:
    """A question that names the unit in which legs would be an adult's, or nothing where no unit does.

    Args:
        legs: length as read, supposed to be metres.
        metres_per_unit: what it was multiplied by.

    Example:
        >>> fitting_unit(0.331, metres_per_unit=0.01)
        'is the file in inches (0.0254)?'
        >>> fitting_unit(0.331)
        'were inches read as centimetres?'
    """
    units = {name: metres for name, metres in UNITS_M.items() if _is_adult(legs / metres_per_unit * metres)}
    if units:
        name, metres = next(iter(units.items()))
        return f"is the file in {name} ({metres:g})?"
    if metres_per_unit != 1.0:
        return ""
    readings = [(name, read) for read in ("metres", "centimetres", "millimetres") for name in UNITS_M]
    fits = (pair for pair in readings if _is_adult(legs / UNITS_M[pair[1]] * UNITS_M[pair[0]]))
    return next((f"were {name} read as {read}?" for name, read in fits), "")


def up_axis(joints: Array) -> str:
    """The axis along which heads are above feet, such as ``+Z``, or nothing where no axis stands out.

    Args:
        joints: (T, 22, 3) in any unit.

    Example:
        >>> pose = np.zeros((1, 22, 3)); pose[:, 15] = [0.1, 0.0, -1.5]
        >>> up_axis(pose)
        '-Z'
    """
    rise = joints[:, _HEAD] - joints[:, FEET].mean(axis=1)
    most = np.quantile(rise, 0.9, axis=0), -np.quantile(rise, 0.1, axis=0)
    heights = dict(zip(("+X", "+Y", "+Z", "-X", "-Y", "-Z"), np.concatenate(most), strict=True))
    first, second = sorted(heights, key=lambda axis: -heights[axis])[:2]
    return first if heights[first] > max(2 * heights[second], UPRIGHT_LEGS * leg_length(joints)) else ""


def _faults(joints: Array, metres_per_unit: float) -> Iterator[BodyFault]:
    if len(joints) < 2:
        yield BodyFault("poses", "one pose, of which no features can be made")
    lengths = np.linalg.norm(joints[:, 1:] - joints[:, PARENT], axis=-1)
    if (lengths < SHORTEST_M).any():
        frame, bone = np.argwhere(lengths < SHORTEST_M)[0]
        names = JOINT_NAMES[bone + 1], JOINT_NAMES[PARENTS[bone + 1]]
        yield BodyFault("bone", f"{names[0]} lies on {names[1]} in frame {frame}, so that bone has no direction")
    limbs = lengths[:, np.array(_LIMBS) - 1]
    low, middle, high = np.quantile(limbs, (0.05, 0.5, 0.95), axis=0)
    drift = float(np.median((high - low) / np.maximum(middle, 1e-9)))
    if drift > DRIFT:
        yield BodyFault("drift", f"the bones of the limbs change by {drift:.0%} of their length, as nobody's do")
    legs = leg_length(joints)
    if drift <= DRIFT and not _is_adult(legs):
        question = fitting_unit(legs, metres_per_unit)
        what = f"the legs are {legs:.3g} m long, where an adult's are {ADULTS_M[0]:g} to {ADULTS_M[1]:g} m"
        kind: Kind = "stature" if LEGS_M[0] <= legs <= LEGS_M[1] else "scale"
        yield BodyFault(kind, f"{what}; {question}" if question else what)
    rise = (joints[:, _HEAD, 1] - joints[:, FEET, 1].mean(axis=1)).max()
    if rise < UPRIGHT_LEGS * legs:
        yield BodyFault("up", f"the head is never more than {max(rise, 0):.2g} m above the feet")
    standing = _standing(joints)
    toes = ((standing[:, [10, 11]] - standing[:, [7, 8]]) * forward(standing)[:, None]).sum(-1)
    if len(standing) and np.median(toes) < BACKWARDS_M:
        yield BodyFault("toes", "the toes point backwards, so left and right are exchanged or up is another axis")


def _standing(joints: Array) -> Array:
    # The frames in which both legs point down; toes of a body that kneels or crawls point backwards rightly.
    down = np.ones(len(joints), dtype=bool)
    for above, below in ((1, 4), (2, 5), (4, 7), (5, 8)):
        bone = joints[:, above] - joints[:, below]
        down &= bone[:, 1] > _STEEP * np.linalg.norm(bone, axis=-1)
    return joints[down]


def _is_adult(legs: float) -> bool:
    return ADULTS_M[0] <= legs <= ADULTS_M[1]
