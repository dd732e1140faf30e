"""The 263-d motion features of HumanML3D, from joint positions and back, and when a foot stands."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from lib.base.errors import CorpusError
from lib.motion.canonical import PARENT, canonical, forward, yaw
from lib.motion.rotations import about_y, between, six_d
from lib.motion.skeleton import FEET, FPS, KINEMATIC_CHAINS, PARENTS, REST_DIRECTIONS, Array

FEATURE_BLOCKS = {
    "yaw rate": slice(0, 1),
    "root velocity": slice(1, 3),
    "root height": slice(3, 4),
    "positions": slice(4, 67),
    "rotations": slice(67, 193),
    "velocities": slice(193, 259),
    "contacts": slice(259, 263),
}
CONTACT_THRESHOLD = 0.002
STANDING_HEIGHTS = (0.10, 0.05, 0.10, 0.05)
"""Metres over the lowest joint of the clip below which an ankle, a toe may stand: 5 cm above a flat foot's."""
FACING_SMOOTHING = 20.0

# Rotations run along the chains, which start the arms from the root, not from the chest.
_BEFORE = np.zeros(len(PARENTS), dtype=int)
for _chain in KINEMATIC_CHAINS:
    _BEFORE[list(_chain[2:])] = _chain[1:-1]


def from_joints(joints: Array, *, fix_skeleton: bool = True) -> Array:
    """Features of a clip: what a text-to-motion model is trained on.

    Args:
        joints: (T+1, 22, 3) metres, Y up, 20 fps.
        fix_skeleton: give the body HumanML3D's bone lengths first (the root's path scales with the legs).

    Returns:
        (T, 263) float32; `FEATURE_BLOCKS` names the columns: yaw rate (half angle, radians a frame), root xz velocity
        (metres a frame), root height, 21 x 3 positions, 21 x 6 rotations, 22 x 3 velocities, all in the root's facing
        frame, and contacts of left ankle, left foot, right ankle, right foot (squared step below 0.002 m2).

    Raises:
        CorpusError: wrong shape, fewer than two poses, values that are not finite, or a joint that lies on its parent.

    Source: Guo et al. 2022; HumanML3D: motion_representation.ipynb (`process_file`). Two oddities of the released data
        are kept, since models read them so: the smoothed facing is that of the shoulders minus, not plus, the hips
        (common/skeleton.py swaps the hips), and the first yaw is 0 whatever the smoothing says. Differs: float64;
        where the facing passes straight backwards, the notebook flips the sign of that frame's yaw rate (it compares
        quaternions of unlike sign) and here it is kept.

    Example:
        >>> from lib.motion.skeleton import OFFSETS
        >>> pose = OFFSETS.copy()
        >>> for joint, parent in list(enumerate(PARENTS))[1:]:
        ...     pose[joint] += pose[parent]
        >>> features = from_joints(np.repeat(pose[None], 5, axis=0))
        >>> features.shape, features[0, 3].round(2), features[:, -4:].all()
        ((4, 263), np.float32(0.96), np.True_)
    """
    _check(joints, (len(PARENTS), 3), frames=2)
    positions = canonical(np.asarray(joints, dtype=np.float64), fix_skeleton=fix_skeleton)
    turns = yaw(gaussian_filter1d(forward(positions, hips=-1.0), FACING_SMOOTHING, axis=0, mode="nearest"))
    turns[0] = 0.0
    steps = np.diff(positions, axis=0)
    local = positions.copy()
    local[..., [0, 2]] -= positions[:, :1, [0, 2]]
    local = about_y(local, turns[:, None])[:-1]
    turn = np.diff(turns)
    frames = len(turn)
    blocks = [
        np.arcsin(np.sin((turn + np.pi) % (2 * np.pi) / 2 - np.pi / 2))[:, None],
        about_y(steps[:, 0], turns[1:])[:, [0, 2]],
        local[:, 0, 1:2],
        local[:, 1:].reshape(frames, -1),
        _rotations(positions[:-1], turns[:-1]).reshape(frames, -1),
        about_y(steps, turns[:-1, None]).reshape(frames, -1),
        (steps[:, FEET] ** 2).sum(-1) < CONTACT_THRESHOLD,
    ]
    return np.concatenate(blocks, axis=1).astype(np.float32)


def recover_joints(features: Array) -> Array:
    """Joint positions of a clip, from its yaw rate, root and positions; the other blocks are not read.

    Args:
        features: (T, 263), not normalised.

    Returns:
        (T, 22, 3) float32 metres; the first root is over the origin and the first pose faces +Z. The last of the T+1
        poses that the features were made of is not among them: `recover_poses` gives it too.

    Raises:
        CorpusError: wrong shape or values that are not finite.

    Source: HumanML3D: motion_representation.ipynb (`recover_from_ric`).

    Example:
        >>> recover_joints(np.zeros((3, 263))).shape
        (3, 22, 3)
    """
    return recover_poses(features)[:-1]


def recover_poses(features: Array) -> Array:
    """All T+1 poses of a clip: those of `recover_joints` and a last one, which the last frame's velocities lead to.

    Args:
        features: (T, 263), not normalised.

    Returns:
        (T+1, 22, 3) float32 metres. `from_joints` of it gives the features back.

    Raises:
        CorpusError: wrong shape or values that are not finite.

    Example:
        >>> recover_poses(np.zeros((3, 263))).shape
        (4, 22, 3)
    """
    _check(features, (263,), frames=1)
    features = np.asarray(features, dtype=np.float64)
    frames = len(features)
    turns = np.zeros(frames)
    turns[1:] = 2 * np.cumsum(features[:-1, 0])
    steps = np.zeros((frames, 3))
    steps[1:, [0, 2]] = features[:-1, 1:3]
    root = np.cumsum(about_y(steps, -turns), axis=0)
    joints = np.zeros((frames + 1, len(PARENTS), 3))
    joints[:-1, 1:] = about_y(features[:, FEATURE_BLOCKS["positions"]].reshape(frames, -1, 3), -turns[:, None])
    joints[:-1, :, [0, 2]] += root[:, None, [0, 2]]
    joints[:-1, 0, 1] = features[:, 3]
    joints[-1] = joints[-2] + about_y(features[-1, FEATURE_BLOCKS["velocities"]].reshape(-1, 3), -turns[-1])
    return joints.astype(np.float32)


def residuals(features: Array, reference: Array) -> dict[str, float]:
    """How far features lie from reference features: the largest absolute difference of each block.

    Args:
        features: (T, 263).
        reference: (T, 263).

    Returns:
        One value for each of `FEATURE_BLOCKS`, in the block's own unit (radians, metres, none).

    Example:
        >>> residuals(np.ones((2, 263)), np.zeros((2, 263)))["contacts"]
        1.0
    """
    gap = np.abs(np.asarray(features, dtype=np.float64) - np.asarray(reference, dtype=np.float64))
    return {name: float(gap[:, block].max()) for name, block in FEATURE_BLOCKS.items()}


def _rotations(joints: Array, turns: Array) -> Array:
    bones = joints[:, 1:] - joints[:, PARENT]
    bones /= np.linalg.norm(bones, axis=-1, keepdims=True)
    world = np.empty((*joints.shape, 3))
    world[:, 0] = about_y(np.eye(3), turns[:, None]).swapaxes(-1, -2)
    world[:, 1:] = between(REST_DIRECTIONS[1:], bones)
    before = world[:, _BEFORE[1:]].swapaxes(-1, -2)
    return six_d(before @ world[:, 1:, :, :2])


def _check(values: Array, shape: tuple[int, ...], frames: int) -> None:
    found = np.shape(values)
    if found[1:] != shape or len(found) != len(shape) + 1 or found[0] < frames:
        wanted = ", ".join(["T", *map(str, shape)])
        raise CorpusError(f"motion has shape {found}, expected ({wanted}) with at least {frames} frames")
    if not np.isfinite(values).all():
        frame = int(np.argwhere(~np.isfinite(values))[0][0])
        raise CorpusError(f"motion has values that are not finite, first in frame {frame}")


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
    near: NDArray[np.bool_] = slow & (feet[..., 1] - joints[..., 1].min() < np.array(STANDING_HEIGHTS))
    return near
