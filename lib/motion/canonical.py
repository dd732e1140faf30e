"""Bodies of any size, place and facing, brought to HumanML3D's own."""

import numpy as np

from lib.base.errors import CorpusError
from lib.motion.rotations import about_y
from lib.motion.skeleton import BONE_LENGTHS, FACING, JOINT_NAMES, PARENTS, Array

PARENT = np.array(PARENTS[1:])


def canonical(joints: Array, *, fix_skeleton: bool = True) -> Array:
    """The clip on HumanML3D's body, lowest joint on the floor, first root over the origin, first pose facing +Z.

    Args:
        joints: (T, 22, 3) metres.
        fix_skeleton: give the body HumanML3D's bone lengths.

    Returns:
        (T, 22, 3) float64 metres.

    Raises:
        CorpusError: a joint that lies on its parent, whose bone has no direction.

    Source: HumanML3D: motion_representation.ipynb (`uniform_skeleton`, `process_file`). Its inverse and forward
        kinematics amount to keeping every bone's direction, which is what is done here.

    Example:
        >>> canonical(np.random.default_rng(0).normal(size=(4, 22, 3)))[..., 1].min()
        np.float64(0.0)
    """
    bones = joints[:, 1:] - joints[:, PARENT]
    lengths = np.linalg.norm(bones, axis=-1)
    if (lengths <= 0).any():
        frame, bone = np.argwhere(lengths <= 0)[0]
        raise CorpusError(
            f"{JOINT_NAMES[bone + 1]} lies on its parent joint in frame {frame}, so its bone has no direction"
        )
    joints = joints.copy()
    if fix_skeleton:
        legs = [5, 8]
        joints[:, 0] *= BONE_LENGTHS[legs].sum() / lengths[0, np.array(legs) - 1].sum()
        bones *= (BONE_LENGTHS[1:] / lengths)[..., None]
        for joint, parent in enumerate(PARENTS[1:], start=1):
            joints[:, joint] = joints[:, parent] + bones[:, joint - 1]
    joints -= [joints[0, 0, 0], joints[..., 1].min(), joints[0, 0, 2]]
    return about_y(joints, yaw(forward(joints[0])))


def forward(joints: Array, *, hips: float = 1.0) -> Array:
    """Which way bodies face: at right angles to the line from the left to the right hip plus that of the shoulders.

    Args:
        joints: (..., 22, 3) metres.
        hips: weight of the hips against the shoulders; HumanML3D's inverse kinematics uses -1 by mistake.

    Returns:
        (..., 3) horizontal vectors, longest (1) for an upright body, 0 for one that has no facing.

    Source: HumanML3D: common/skeleton.py (`inverse_kinematics_np`).

    Example:
        >>> pose = np.zeros((22, 3)); pose[[1, 16], 0] = 0.1; pose[[2, 17], 0] = -0.1
        >>> forward(pose).round(9).tolist()
        [0.0, 0.0, 1.0]
    """
    right_hip, left_hip, right_shoulder, left_shoulder = FACING
    across = hips * (joints[..., right_hip, :] - joints[..., left_hip, :])
    across = across + joints[..., right_shoulder, :] - joints[..., left_shoulder, :]
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-9)
    return np.stack([across[..., 2], np.zeros_like(across[..., 0]), -across[..., 0]], axis=-1)


def yaw(facing: Array) -> Array:
    """The turn about Y, in radians, that brings a facing to +Z.

    Args:
        facing: (..., 3); only x and z are read, and their length does not matter.

    Returns:
        (...) radians in -pi to pi.

    Example:
        >>> yaw(np.array([-1.0, 0.0, 0.0])).round(4)
        np.float64(1.5708)
    """
    angle: Array = -np.arctan2(facing[..., 0], facing[..., 2])
    return angle
