"""Motion to test on: a body that stands, and one whose limbs swing smoothly while it turns and travels as told."""

import numpy as np

from lib.motion.rotations import about_y, axis_angle
from lib.motion.skeleton import OFFSETS, PARENTS


def standing() -> np.ndarray:
    """(1, 22, 3): the T-pose, pelvis at the origin."""
    return swinging(1, swing=0.0) - np.array([0.0, 1.0, 0.0])


def swinging(
    frames: int = 60, *, seed: int = 0, turn: float = 0.0, speed: float = 0.0, swing: float = 0.4
) -> np.ndarray:
    """(frames, 22, 3): every bone swings about its own axis by up to `swing` rad; the body turns by `turn` in all."""
    rng = np.random.default_rng(seed)
    time = np.arange(frames)[:, None] / 20
    axes = rng.normal(size=(22, 3))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    angles = swing * np.sin(2 * np.pi * rng.uniform(0.2, 0.8, 22) * time + rng.uniform(0, 2 * np.pi, 22))
    bones = np.einsum("tjab,jb->tja", axis_angle(np.broadcast_to(axes, (frames, 22, 3)), angles), OFFSETS)
    joints = np.zeros((frames, 22, 3))
    for joint, parent in list(enumerate(PARENTS))[1:]:
        joints[:, joint] = joints[:, parent] + bones[:, joint]
    joints = about_y(joints, np.linspace(0, turn, frames)[:, None])
    joints[..., 2] += speed * time
    joints[..., 1] += 1.0
    return joints
