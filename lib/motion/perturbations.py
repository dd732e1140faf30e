"""Impossible poses made from possible ones, each in a way that has a name."""

from collections.abc import Callable

import numpy as np

from lib.motion.rotations import axis_angle
from lib.motion.skeleton import LEFT, PARENTS, RIGHT, Array

_ARMS = {"left": (16, 18, 20), "right": (17, 19, 21)}
_LEGS = {"left": (1, 4, 7), "right": (2, 5, 8)}
# Not the shoulders: an arm may point almost anywhere.
_TURNED = (1, 2, 3, 4, 5, 6, 9, 12)
_STRETCHED = (4, 5, 7, 8, 12, 16, 17, 18, 19, 20, 21)


def _below(joint: int) -> list[int]:
    below = [joint]
    for child in range(joint + 1, len(PARENTS)):
        if PARENTS[child] in below:
            below.append(child)
    return below[1:]


def _unit(vectors: Array) -> Array:
    unit: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return unit


def _forward(poses: Array) -> Array:
    forward = np.cross(poses[:, 1] - poses[:, 2], poses[:, 3] - poses[:, 0])
    return _unit(forward)


def _turn_below(poses: Array, joint: int, turns: Array) -> None:
    below = _below(joint)
    pivot = poses[:, joint, None]
    poses[:, below] = np.einsum("nij,nkj->nki", turns, poses[:, below] - pivot) + pivot


def _bend_back(poses: Array, limb: tuple[int, int, int], natural: float, rng: np.random.Generator) -> None:
    # The hinge bends 40 to 100 degrees away from the side it bends to now; `natural` is that side for a straight limb.
    top, hinge, end = limb
    upper, lower = _unit(poses[:, hinge] - poses[:, top]), _unit(poses[:, end] - poses[:, hinge])
    aside = lower - (lower * upper).sum(-1, keepdims=True) * upper
    straight = np.linalg.norm(aside, axis=-1, keepdims=True) < np.sin(np.radians(15))
    side = np.where(straight, natural * _forward(poses), aside)
    side = _unit(side - (side * upper).sum(-1, keepdims=True) * upper)
    axis = _unit(np.cross(upper, side))
    now = np.arctan2((lower * side).sum(-1), (lower * upper).sum(-1))
    _turn_below(poses, hinge, axis_angle(axis, -np.radians(rng.uniform(40, 100, len(poses))) - now))


def bend_knee_back(poses: Array, rng: np.random.Generator) -> None:
    """Bends a knee forwards, as a bird's."""
    _bend_back(poses, _LEGS[str(rng.choice(["left", "right"]))], -1.0, rng)


def bend_elbow_back(poses: Array, rng: np.random.Generator) -> None:
    """Bends an elbow to the side it does not bend to."""
    _bend_back(poses, _ARMS[str(rng.choice(["left", "right"]))], 1.0, rng)


def turn_joint(poses: Array, rng: np.random.Generator) -> None:
    """Turns everything below one joint by 40 to 120 degrees, about any axis across the bone below it."""
    joint = int(rng.choice(_TURNED))
    bone = poses[:, _below(joint)[0]] - poses[:, joint]
    axes = _unit(np.cross(bone, rng.normal(size=(len(poses), 3))))
    _turn_below(poses, joint, axis_angle(axes, np.radians(rng.uniform(40, 120, len(poses)))))


def stretch_bone(poses: Array, rng: np.random.Generator) -> None:
    """Makes one bone 1.5 to 2.5 times as long, or as short."""
    joint = int(rng.choice(_STRETCHED))
    factor = rng.uniform(1.5, 2.5, (len(poses), 1)) ** rng.choice([-1, 1])
    shift = (poses[:, joint] - poses[:, PARENTS[joint]]) * (factor - 1)
    poses[:, [joint, *_below(joint)]] += shift[:, None]


def swap_limbs(poses: Array, rng: np.random.Generator) -> None:
    """Exchanges the left and the right arm, or leg, below the collar or the hip."""
    limb = slice(5, None) if rng.random() < 0.5 else slice(0, 4)
    left, right = [*LEFT][limb], [*RIGHT][limb]
    poses[:, left + right] = poses[:, right + left]


KINDS: dict[str, Callable[[Array, np.random.Generator], None]] = {
    "knee bent back": bend_knee_back,
    "elbow bent back": bend_elbow_back,
    "joint turned": turn_joint,
    "bone stretched": stretch_bone,
    "limbs swapped": swap_limbs,
}


def perturb(poses: Array, rng: np.random.Generator, kinds: tuple[str, ...] = tuple(KINDS)) -> tuple[Array, Array]:
    """Impossible poses, one from each given pose, in groups that share a kind, a side and a joint.

    Args:
        poses: (N, 22, 3) real poses in metres, Y up.
        rng: source of randomness.
        kinds: names out of `KINDS`, drawn with equal chance.

    Returns:
        (N, 22, 3) float64 poses and the (N,) names of what was done to each.

    Example:
        >>> from lib.motion.skeleton import OFFSETS
        >>> poses = np.repeat(OFFSETS.cumsum(axis=0)[None], 100, axis=0)
        >>> impossible, kind = perturb(poses, np.random.default_rng(0), ("bone stretched",))
        >>> impossible.shape, set(kind.tolist())
        ((100, 22, 3), {'bone stretched'})
    """
    changed = np.array(poses, dtype=np.float64)
    names = np.empty(len(poses), dtype=object)
    order = rng.permutation(len(poses))
    for group in np.array_split(order, max(1, min(len(poses), 40 * len(kinds)))):
        name = kinds[int(rng.integers(len(kinds)))]
        part = changed[group]
        KINDS[name](part, rng)
        changed[group], names[group] = part, name
    return changed, names
