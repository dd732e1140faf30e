"""The 22-joint body of HumanML3D: names, tree, proportions, and its mirror image."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

FPS = 20

JOINT_NAMES = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle", "right_ankle",
    "spine3", "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
)  # fmt: skip

PARENTS = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19)

# Right leg, left leg, spine, right arm, left arm: the order HumanML3D walks them in.
KINEMATIC_CHAINS = (
    (0, 2, 5, 8, 11),
    (0, 1, 4, 7, 10),
    (0, 3, 6, 9, 12, 15),
    (9, 14, 17, 19, 21),
    (9, 13, 16, 18, 20),
)

LEFT = (1, 4, 7, 10, 13, 16, 18, 20)
RIGHT = (2, 5, 8, 11, 14, 17, 19, 21)
LEFT_FOOT = (7, 10)
RIGHT_FOOT = (8, 11)
FEET = LEFT_FOOT + RIGHT_FOOT
# Right hip, left hip, right shoulder, left shoulder: the pairs that say which way a body faces.
FACING = (2, 1, 17, 16)

# Metres, measured on the released clips 000000, 007005 and 012314, which agree to 1e-6 (joint to its parent).
BONE_LENGTHS: Array = np.array([
    0.0, 0.103074, 0.109883, 0.131568, 0.393623, 0.390188, 0.143190, 0.432433, 0.425643, 0.057365, 0.143382,
    0.149419, 0.219360, 0.137487, 0.143383, 0.103039, 0.131614, 0.122984, 0.256840, 0.263092, 0.266012, 0.269876,
])  # fmt: skip

# Where each bone points in the rest pose of HumanML3D's inverse kinematics (arms hanging, feet forward).
REST_DIRECTIONS: Array = np.array([
    [0, 0, 0], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, -1, 0], [0, 1, 0], [0, -1, 0], [0, -1, 0],
    [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 1, 0], [1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, -1, 0], [0, -1, 0],
    [0, -1, 0], [0, -1, 0], [0, -1, 0], [0, -1, 0],
], dtype=np.float64)  # fmt: skip


# Where each bone points in the SMPL T-pose, to a hundredth; the released clips keep its rigid angles (hips, collars).
_T_POSE: Array = np.array([
    [0, 0, 0], [0.59, -0.80, -0.04], [-0.59, -0.80, -0.04], [0, 0.97, -0.24], [0.10, -0.99, -0.02],
    [-0.10, -0.99, -0.02], [0, 1.00, 0.01], [-0.04, -0.99, -0.11], [0.04, -0.99, -0.11], [0, 0.90, 0.43],
    [0.20, -0.38, 0.91], [-0.20, -0.38, 0.91], [0, 0.98, -0.20], [0.55, 0.79, -0.25], [-0.55, 0.79, -0.25],
    [0, 0.78, 0.62], [0.95, 0.30, -0.09], [-0.95, 0.30, -0.09], [0.99, -0.05, -0.09], [-0.99, -0.05, -0.09],
    [1.00, 0.03, -0.01], [-1.00, 0.03, -0.01],
])  # fmt: skip
_UNIT = _T_POSE / np.maximum(np.linalg.norm(_T_POSE, axis=1, keepdims=True), 1e-9)

# Bone vectors of the standing T-pose in metres, facing +Z, Y up, left at +X.
OFFSETS: Array = _UNIT * BONE_LENGTHS[:, None]


def mirror(joints: Array) -> Array:
    """The motion as seen in a mirror: left and right joints change places and x changes sign.

    Args:
        joints: (..., 22, 3) positions in metres, Y up.

    Returns:
        A new array of the same shape and dtype. Applying it twice gives the input back exactly.

    Source: HumanML3D: raw_pose_processing.ipynb (`swap_left_right`), without its hands.

    Example:
        >>> pose = np.zeros((22, 3)); pose[20] = [0.7, 1.4, 0.1]
        >>> mirror(pose)[21].tolist()
        [-0.7, 1.4, 0.1]
    """
    order = np.arange(len(PARENTS))
    order[list(LEFT)], order[list(RIGHT)] = RIGHT, LEFT
    swapped = joints[..., order, :].copy()
    swapped[..., 0] *= -1
    return swapped
