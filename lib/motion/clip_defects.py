"""Sound clips spoiled on purpose, each in a way that one quality score must find."""

from collections.abc import Callable

import numpy as np

from lib.motion.perturbations import perturb
from lib.motion.skeleton import Array

SHAKEN_M = (0.02, 0.04)
SKATE_M_S = (0.5, 1.0)
SLOWER = 50
LIFT_M = (0.3, 0.8)


def shaken(joints: Array, fps: float, rng: np.random.Generator) -> Array:
    """Every joint trembles by itself, two to four centimetres from frame to frame."""
    return np.asarray(joints + rng.normal(0.0, rng.uniform(*SHAKEN_M), joints.shape))


def bent(joints: Array, fps: float, rng: np.random.Generator) -> Array:
    """A fifth of the clip in impossible poses of one kind."""
    spoiled = np.array(joints, dtype=np.float64)
    length = max(2, len(joints) // 5)
    first = int(rng.integers(max(1, len(joints) - length)))
    spoiled[first : first + length] = perturb(spoiled[first : first + length], rng)[0]
    return spoiled


def gliding(joints: Array, fps: float, rng: np.random.Generator) -> Array:
    """The whole body glides over the floor, half a metre to one metre a second, whatever the feet do."""
    heading, speed = rng.uniform(0, 2 * np.pi), rng.uniform(*SKATE_M_S)
    way = np.arange(len(joints))[:, None] / fps * speed * np.array([np.sin(heading), 0.0, np.cos(heading)])
    return np.asarray(joints + way[:, None])


def frozen(joints: Array, fps: float, rng: np.random.Generator) -> Array:
    """The first fiftieth of the clip, fifty times as slow: a body that hardly moves."""
    at = np.arange(len(joints)) / SLOWER
    before = at.astype(int)
    share = (at - before)[:, None, None]
    return np.asarray((1 - share) * joints[before] + share * joints[np.minimum(before + 1, len(joints) - 1)])


def lifted(joints: Array, fps: float, rng: np.random.Generator) -> Array:
    """The second half of the clip flies 0.3 to 0.8 m above the floor."""
    spoiled = np.array(joints, dtype=np.float64)
    spoiled[len(spoiled) // 2 :, :, 1] += rng.uniform(*LIFT_M)
    return spoiled


def sunk(joints: Array, fps: float, rng: np.random.Generator) -> Array:
    """The second half of the clip is 0.3 to 0.8 m below the floor."""
    spoiled = np.array(joints, dtype=np.float64)
    spoiled[len(spoiled) // 2 :, :, 1] -= rng.uniform(*LIFT_M)
    return spoiled


SPOILED: dict[str, Callable[[Array, float, np.random.Generator], Array]] = {
    "impossible passage": bent,
    "jitter": shaken,
    "foot skate": gliding,
    "frozen": frozen,
    "flying": lifted,
    "sunk": sunk,
}
