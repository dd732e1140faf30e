"""What goes wrong when motion is read off a video: defects planted one clip at a time, each with a name."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from lib.motion.skeleton import FPS, PARENTS

Joints = NDArray[np.float32]

LOWER = (1, 2, 4, 5, 7, 8, 10, 11)


def below(joint: int) -> list[int]:
    """The joints that hang on a joint.

    Example:
        >>> below(4)
        [7, 10]
    """
    found = [joint]
    for child in range(joint + 1, len(PARENTS)):
        if PARENTS[child] in found:
            found.append(child)
    return found[1:]


def jitter(joints: Joints, rng: np.random.Generator) -> Joints:
    """Every joint trembles by itself, two to four centimetres from frame to frame."""
    size = rng.uniform(0.02, 0.04)
    return np.asarray(joints + rng.normal(0.0, size, joints.shape), dtype=np.float32)


def foot_skate(joints: Joints, rng: np.random.Generator) -> Joints:
    """The whole body glides over the floor, half a metre to one metre a second, whatever the feet do."""
    heading, speed = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 1.0)
    drift = np.arange(len(joints))[:, None] / FPS * speed * np.array([np.sin(heading), 0.0, np.cos(heading)])
    return np.asarray(joints + drift[:, None], dtype=np.float32)


def impossible(joints: Joints, rng: np.random.Generator) -> Joints:
    """A limb, the trunk or the head where no body can hold it, throughout the clip."""
    made = joints.astype(np.float64)
    across = made[:, 1] - made[:, 2]
    across /= np.linalg.norm(across, axis=-1, keepdims=True)
    up: NDArray[np.float64] = np.repeat([[0.0, 1.0, 0.0]], len(made), axis=0)
    kind, side = int(rng.integers(4)), int(rng.integers(2))
    if kind == 0:
        for knee in (4, 5):
            _turn(made, knee, -across, np.radians(rng.uniform(75, 110)))
    elif kind == 1:
        _turn(made, 3, up, np.radians(rng.uniform(140, 180)))
    elif kind == 2:
        _turn(made, 1 + side, across, np.radians(rng.uniform(120, 150)))
    else:
        knee = 4 + side
        made[:, [knee, *below(knee)]] += ((made[:, knee] - made[:, knee - 3]) * rng.uniform(0.9, 1.4))[:, None]
    return np.asarray(made, dtype=np.float32)


def upper_body(joints: Joints, rng: np.random.Generator) -> Joints:
    """Only the upper body was in the picture: the legs stay as in the first frame and the hips over one spot."""
    made = joints.copy()
    made[..., [0, 2]] -= joints[:, :1, [0, 2]] - joints[0, 0, [0, 2]]
    made[..., 1] += joints[0, 0, 1] - joints[:, :1, 1]
    made[:, LOWER] = joints[0, LOWER]
    return made


MOTION_DEFECTS: dict[str, Callable[[Joints, np.random.Generator], Joints]] = {
    "jitter": jitter,
    "foot skate": foot_skate,
    "impossible pose": impossible,
}
SHARES = {
    "jitter": 0.06,
    "foot skate": 0.05,
    "impossible pose": 0.05,
    "upper body": 0.08,
    "multi-person": 0.06,
    "no consent": 0.04,
}
"""Share of raw clips with each defect; a clip has at most one of the first three."""


def _turn(made: NDArray[np.floating], joint: int, axis: NDArray[np.floating], angle: float) -> None:
    turned = below(joint)
    pivot = made[:, joint, None]
    matrices = Rotation.from_rotvec(axis * angle).as_matrix()
    made[:, turned] = np.einsum("tij,tkj->tki", matrices, made[:, turned] - pivot) + pivot
