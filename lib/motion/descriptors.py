"""Eight plain numbers that say, without any model, how a body moves in a clip: its way, its height, its limbs."""

import numpy as np

from lib.motion.skeleton import FACING, FPS, JOINT_NAMES, Array

UNITS = {
    "speed": "m/s, of the pelvis over the floor",
    "turning": "rad/s, of the way that the body faces",
    "height": "m, of the pelvis over the lowest joint of the clip, the median",
    "rise": "m, between the lowest and the highest twentieth of the pelvis' heights",
    "lean": "rad, of pelvis to neck from upright",
    "hands": "m/s, of the wrists, seen from the pelvis",
    "feet": "m/s, of the ankles, seen from the pelvis",
    "reach": "m, of the higher wrist over the pelvis, the highest twentieth",
}
"""What each number is and its unit."""
_WRISTS, _ANKLES, _NECK = (
    [JOINT_NAMES.index(name) for name in names]
    for names in (("left_wrist", "right_wrist"), ("left_ankle", "right_ankle"), ("neck",))
)


def descriptors(joints: Array, *, fps: float = FPS) -> dict[str, float]:
    """How the body of a clip moves; nothing depends on where it stands, or on which way it faces.

    Args:
        joints: (T, 22, 3) metres, Y up.
        fps: frames a second.

    Returns:
        The numbers of `UNITS`, in its order; speeds of a single frame are 0.

    Example:
        >>> walk = np.zeros((21, 22, 3)); walk[:, :, 2] = np.linspace(0, 1, 21)[:, None]
        >>> {name: round(value, 3) for name, value in descriptors(walk).items() if value}
        {'speed': 1.0}
    """
    poses = np.asarray(joints, dtype=np.float64)
    pelvis = poses[:, 0]
    height = pelvis[:, 1] - poses[..., 1].min()
    low, middle, high = np.quantile(height, [0.05, 0.5, 0.95])
    right_hip, left_hip, right_shoulder, left_shoulder = (poses[:, joint] for joint in FACING)
    across = (right_hip - left_hip) + (right_shoulder - left_shoulder)
    spine = poses[:, _NECK[0]] - pelvis
    limbs = poses - pelvis[:, None]
    numbers = (
        _speed(pelvis[:, [0, 2]], fps),
        _speed(np.unwrap(np.arctan2(across[:, 0], across[:, 2]))[:, None], fps),
        middle,
        high - low,
        np.arctan2(np.hypot(spine[:, 0], spine[:, 2]), spine[:, 1]).mean(),
        _speed(limbs[:, _WRISTS], fps),
        _speed(limbs[:, _ANKLES], fps),
        np.quantile(limbs[:, _WRISTS, 1].max(axis=1), 0.95),
    )
    return dict(zip(UNITS, map(float, numbers), strict=True))


def _speed(path: Array, fps: float) -> float:
    steps = np.diff(path, axis=0)
    return float(np.linalg.norm(steps, axis=-1).mean() * fps) if len(steps) else 0.0
