"""Real motions altered in ways that whoever judges motion should notice."""

from collections.abc import Callable

import numpy as np

from lib.motion.features import FEATURE_BLOCKS, from_joints, recover_poses
from lib.motion.skeleton import FPS, Array

GLIDE = 0.75
"""Speed in m/s of a body that slides, the middle of what is planted in the demo's defects."""


def damped(features: Array, factor: float) -> Array:
    """A motion about its mean over time with another amplitude: half of it at 0.5, a body that never moves at 0.

    Args:
        features: (T, 263).
        factor: what the distance of each frame from the mean frame is multiplied by.

    Returns:
        (T, 263) float32. Speeds relative to the root, and the spread of poses, are `factor` times as large.

    Example:
        >>> damped(np.array([[0.0], [2.0]]), 0.5).ravel().tolist()
        [0.5, 1.5]
    """
    frames = np.asarray(features, dtype=np.float64)
    middle = frames.mean(axis=0, keepdims=True)
    return np.asarray(middle + factor * (frames - middle), dtype=np.float32)


def standing(features: Array) -> Array:
    """A body that stands where it is in its mean pose, both feet on the floor, for as long as the clip lasts.

    `damped` to 0 holds the pose as well, but glides and turns at the clip's mean rates.

    Args:
        features: (T, 263).

    Example:
        >>> still = standing(np.ones((3, 263)))
        >>> still[0, [0, 1, 3, 4, 193, 259]].tolist(), bool((still == still[0]).all())
        ([0.0, 0.0, 1.0, 1.0, 0.0, 1.0], True)
    """
    frames = damped(features, 0.0)
    for block in ("yaw rate", "root velocity", "velocities"):
        frames[:, FEATURE_BLOCKS[block]] = 0.0
    frames[:, FEATURE_BLOCKS["contacts"]] = 1.0
    return frames


def shuffled(features: Array, rng: np.random.Generator) -> Array:
    """The same frames (T, 263) in a random order: every pose is real, no movement is.

    Example:
        >>> sorted(shuffled(np.arange(3.0)[:, None], np.random.default_rng(0)).ravel().tolist())
        [0.0, 1.0, 2.0]
    """
    return np.asarray(rng.permutation(np.asarray(features), axis=0), dtype=np.float32)


def sliding(features: Array, speed: float, heading: float) -> Array:
    """The whole body glides over the floor while it moves as before.

    Args:
        features: (T, 263) of a clip.
        speed: metres a second that are added to the body's own.
        heading: where to, in radians from where the first pose faces; to its left at a quarter of a turn.

    Returns:
        (T, 263) float32, made of the moved joints.

    Raises:
        CorpusError: features that are no motion.
    """
    poses = recover_poses(features).astype(np.float64)
    towards = np.array([np.sin(heading), 0.0, np.cos(heading)])
    drift = speed / FPS * np.arange(len(poses))[:, None, None] * towards
    return np.asarray(from_joints(poses + drift, fix_skeleton=False), dtype=np.float32)


def slowed(features: Array, factor: float) -> Array:
    """The motion at a lower speed, as long as it was: at factor 2 its first half takes the whole time.

    Args:
        features: (T, 263) of a clip.
        factor: how many times as long everything takes, 1 or more.

    Returns:
        (T, 263) float32, made of joints that are interpolated between frames in a straight line.

    Raises:
        CorpusError: features that are no motion.
    """
    poses = recover_poses(features).astype(np.float64)
    times = np.arange(len(poses)) / factor
    before = np.minimum(times.astype(np.int64), len(poses) - 2)
    share = (times - before)[:, None, None]
    between = (1 - share) * poses[before] + share * poses[before + 1]
    return np.asarray(from_joints(between, fix_skeleton=False), dtype=np.float32)


ALTERATIONS: dict[str, Callable[[Array, np.random.Generator], Array]] = {
    "half the amplitude": lambda features, rng: damped(features, 0.5),
    "a quarter of the amplitude": lambda features, rng: damped(features, 0.25),
    "frozen": lambda features, rng: damped(features, 0.0),
    "frames shuffled": shuffled,
    "sliding": lambda features, rng: sliding(features, GLIDE, float(rng.uniform(0, 2 * np.pi))),
    "half the speed": lambda features, rng: slowed(features, 2.0),
}
"""By name: what is done to a clip (T, 263), which keeps its number of frames."""
