"""When a foot stands: it hardly moves and is near the floor."""

import numpy as np
from numpy.typing import NDArray

from lib.motion.features import CONTACT_THRESHOLD
from lib.motion.skeleton import FEET, FPS, Array

HEIGHTS = (0.10, 0.05, 0.10, 0.05)
"""Metres over the lowest joint of the clip below which an ankle, a toe may stand: 5 cm above a flat foot's."""


def contacts(joints: Array, *, fps: float = FPS) -> NDArray[np.bool_]:
    """Whether left ankle, left toe, right ankle and right toe stand, frame by frame.

    Args:
        joints: (T, 22, 3) metres, Y up.
        fps: frames a second.

    Returns:
        (T, 4), in the order of HumanML3D's contacts. The last frame has the speed of the one before; a single pose
        is judged by height alone.

    Source: HumanML3D: motion_representation.ipynb (`foot_detect`), a step of squared length below 0.002 m2 at 20 fps,
        which is 0.9 m/s. Differs: the foot must also be near the floor, so that a kick at its height is no contact.

    Example:
        >>> pose = np.zeros((2, 22, 3)); pose[:, 10, 1] = 0.5
        >>> contacts(pose)[0].tolist()
        [True, False, True, True]
    """
    feet = joints[:, FEET]
    slow = np.ones(feet.shape[:2], dtype=bool)
    if len(joints) > 1:
        slow[:-1] = ((np.diff(feet, axis=0) * (fps / FPS)) ** 2).sum(-1) < CONTACT_THRESHOLD
        slow[-1] = slow[-2]
    near: NDArray[np.bool_] = slow & (feet[..., 1] - joints[..., 1].min() < np.array(HEIGHTS))
    return near
