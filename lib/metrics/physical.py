"""Whether a motion could be a body's: skating feet, jerk, sinking through the floor, bones that change length."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.directions import Floats
from lib.metrics.names import METRICS
from lib.motion.skeleton import FPS, PARENTS

TOES = (10, 11)
NAMES = ("foot skate", "skating steps", "jerk", "floor penetration", "bone drift")
UNITS = {name: METRICS[name].unit for name in NAMES}
NEAR_FLOOR = 0.05
SKATING = 0.5


def foot_skate(joints: npt.ArrayLike, *, fps: float = FPS, floor: float = 0.0, near: float = NEAR_FLOOR) -> float:
    """Mean horizontal speed of a toe while it is near the floor, in m/s; 0 for feet that stay where they stand.

    Args:
        joints: (T, 22, 3) metres, Y up.
        fps: frames a second.
        floor: height of the floor in metres.
        near: a toe below this height above the floor, before and after a step, is in contact.

    Returns:
        The mean over both toes and all steps from one frame to the next in contact; NaN when there are none.

    Source: after Karunratanakul et al. 2023, Guided Motion Diffusion + GMD: data_loaders/humanml/utils/metrics.py
        (`calculate_skating_ratio`), which has the same joints and height and gives the share of `skating_steps`.

    Example:
        >>> joints = np.zeros((5, 22, 3)); joints[:, :, 0] = 0.1 * np.arange(5)[:, None]
        >>> round(foot_skate(joints), 6)
        2.0
    """
    speed, touching = _toes(joints, fps, floor, near)
    return float(speed[touching].mean()) if touching.any() else float("nan")


def skating_steps(
    joints: npt.ArrayLike,
    *,
    fps: float = FPS,
    floor: float = 0.0,
    near: float = NEAR_FLOOR,
    faster: float = SKATING,
) -> float:
    """Share of a toe's steps in contact, as `foot_skate` has them, that are faster than 0.5 m/s; NaN without any.

    Source: as `foot_skate`; GMD counts skating against all frames and smooths over five, here against frames in
        contact and nothing is smoothed.

    Example:
        >>> joints = np.zeros((5, 22, 3)); joints[4, :, 0] = 0.1
        >>> skating_steps(joints)
        0.25
    """
    speed, touching = _toes(joints, fps, floor, near)
    return float((speed[touching] > faster).mean()) if touching.any() else float("nan")


def jerk(joints: npt.ArrayLike, *, fps: float = FPS) -> float:
    """Mean length of the third derivative of position, over joints and frames, in m/s³; NaN under 4 frames.

    The third difference times fps ** 3; it is exact for cubic paths. Real motion is not at 0: smaller than the real
    motion of the same texts is too smooth, larger is shaky.

    Args:
        joints: (T, J, 3) metres.
        fps: frames a second.

    Source: Flash and Hogan 1985 (smoothness as jerk); Yi et al. 2021, TransPose ("jitter", in 10² m/s³).

    Example:
        >>> path = np.zeros((9, 22, 3)); path[..., 1] = (np.arange(9)[:, None] / 20) ** 3
        >>> round(jerk(path), 6)
        6.0
    """
    moved = np.diff(_poses(joints), n=3, axis=0) * fps**3
    return float(np.linalg.norm(moved, axis=-1).mean()) if moved.size else float("nan")


def floor_penetration(joints: npt.ArrayLike, *, floor: float = 0.0) -> float:
    """Mean over frames of how deep the lowest joint is below the floor, in metres; 0 for a clip that stays above.

    Args:
        joints: (T, J, 3) metres, Y up.
        floor: height of the floor in metres; HumanML3D puts it at 0, under the lowest joint of the clip.

    Source: Yuan et al. 2023, PhysDiff ("penetrate", in mm, of mesh vertices); here of joints.

    Example:
        >>> joints = np.zeros((4, 22, 3)); joints[:2, 10, 1] = -0.1
        >>> floor_penetration(joints)
        0.05
    """
    lowest = _poses(joints)[..., 1].min(axis=1)
    return float(np.maximum(floor - lowest, 0).mean())


def bone_drift(joints: npt.ArrayLike) -> float:
    """Mean over bones and frames of how far a bone's length is from its median in the clip, in metres.

    0 for a rigid skeleton of any proportions; generators that predict positions do not keep it.

    Args:
        joints: (T, 22, 3) metres.

    Example:
        >>> from lib.motion.skeleton import OFFSETS
        >>> joints = np.cumsum(OFFSETS, axis=0)[None] * np.ones((4, 1, 1))
        >>> bone_drift(joints)
        0.0
    """
    poses = _poses(joints)
    lengths = np.linalg.norm(poses[:, 1:] - poses[:, list(PARENTS[1:])], axis=-1)
    return float(np.abs(lengths - np.median(lengths, axis=0)).mean())


def physical(clips: Iterable[npt.ArrayLike], *, fps: float = FPS, floor: float = 0.0) -> pd.DataFrame:
    """All measures of each clip (T, 22, 3), a row a clip in the order given; columns and units as in `UNITS`.

    Example:
        >>> physical([np.zeros((5, 22, 3))]).round(3).values.tolist()
        [[0.0, 0.0, 0.0, 0.0, 0.0]]
    """
    rows = [
        (
            foot_skate(joints, fps=fps, floor=floor),
            skating_steps(joints, fps=fps, floor=floor),
            jerk(joints, fps=fps),
            floor_penetration(joints, floor=floor),
            bone_drift(joints),
        )
        for joints in clips
    ]
    return pd.DataFrame(rows, columns=list(UNITS), dtype=np.float64)


def _poses(joints: npt.ArrayLike) -> Floats:
    poses = np.asarray(joints, dtype=np.float64)
    if poses.ndim != 3 or poses.shape[2] != 3 or not len(poses):
        raise ValueError(f"joints must be (T, J, 3) with at least one frame, not {poses.shape}")
    return poses


def _toes(joints: npt.ArrayLike, fps: float, floor: float, near: float) -> tuple[Floats, npt.NDArray[np.bool_]]:
    toes = _poses(joints)[:, list(TOES)]
    speed = np.linalg.norm(np.diff(toes[..., [0, 2]], axis=0), axis=-1) * fps
    low = toes[..., 1] - floor < near
    return speed, low[1:] & low[:-1]
