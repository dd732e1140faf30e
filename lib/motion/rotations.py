"""The few rotations that motion features need, as 3 x 3 matrices over any leading dimensions."""

import numpy as np

from lib.motion.skeleton import Array

_PARALLEL = 1e-12


def about_y(vectors: Array, angles: Array) -> Array:
    """Turns vectors about the vertical axis.

    Args:
        vectors: (..., 3).
        angles: radians, broadcast against the leading dimensions of `vectors`; positive turns +Z towards +X.

    Returns:
        (..., 3) of the broadcast shape.

    Example:
        >>> about_y(np.array([0.0, 1.0, 1.0]), np.array(np.pi / 2)).round(9).tolist()
        [1.0, 1.0, 0.0]
    """
    cosine, sine = np.cos(angles), np.sin(angles)
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    turned = np.empty((*np.broadcast_shapes(x.shape, cosine.shape), 3))
    turned[..., 0] = cosine * x + sine * z
    turned[..., 1] = y
    turned[..., 2] = cosine * z - sine * x
    return turned


def between(start: Array, end: Array) -> Array:
    """The smallest rotations that take unit vectors to unit vectors.

    Args:
        start: (..., 3) unit vectors.
        end: (..., 3) unit vectors.

    Returns:
        (..., 3, 3) rotation matrices R with R @ start = end. Of opposite vectors every half turn is smallest: the one
        about an axis at right angles to `start`, chosen by `start` alone, is returned.

    Source: HumanML3D: common/quaternion.py (`qbetween`), which divides by zero for opposite vectors.

    Example:
        >>> between(np.array([1.0, 0, 0]), np.array([0, 1.0, 0])).round(9).tolist()
        [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    start, end = np.broadcast_arrays(start, end)
    axis = np.cross(start, end)
    cosine = (start * end).sum(-1)
    opposite = cosine < _PARALLEL - 1
    scale = 1 / np.where(opposite, 1.0, 1 + cosine)
    turn = axis[..., :, None] * axis[..., None, :] * scale[..., None, None]
    turn[..., [0, 1, 2], [0, 1, 2]] += cosine[..., None]
    turn[..., [2, 0, 1], [1, 2, 0]] += axis
    turn[..., [1, 2, 0], [2, 0, 1]] -= axis
    if opposite.any():
        turn[opposite] = _half_turn(start[opposite])
    return turn


def _half_turn(vectors: Array) -> Array:
    least = np.eye(3)[np.abs(vectors).argmin(-1)]
    axis = np.cross(vectors, least)
    axis /= np.linalg.norm(axis, axis=-1, keepdims=True)
    turn: Array = 2 * axis[..., :, None] * axis[..., None, :] - np.eye(3)
    return turn


def axis_angle(axes: Array, angles: Array) -> Array:
    """Rotations by an angle about an axis (Rodrigues' formula).

    Args:
        axes: (..., 3) unit vectors.
        angles: (...) radians, right-handed.

    Returns:
        (..., 3, 3) rotation matrices.

    Example:
        >>> axis_angle(np.array([0, 0, 1.0]), np.array(np.pi / 2)).round(9).tolist()
        [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    cosine, sine = np.cos(angles), np.sin(angles)[..., None]
    turn: Array = axes[..., :, None] * axes[..., None, :] * (1 - cosine)[..., None, None]
    turn[..., [0, 1, 2], [0, 1, 2]] += cosine[..., None]
    turn[..., [2, 0, 1], [1, 2, 0]] += sine * axes
    turn[..., [1, 2, 0], [2, 0, 1]] -= sine * axes
    return turn


def six_d(matrices: Array) -> Array:
    """The continuous 6-d form of rotations: their first two columns, one after the other.

    Args:
        matrices: (..., 3, 3).

    Returns:
        (..., 6).

    Source: Zhou et al. 2019, On the Continuity of Rotation Representations; HumanML3D: common/quaternion.py.

    Example:
        >>> six_d(np.eye(3)).tolist()
        [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    """
    columns: Array = np.concatenate([matrices[..., 0], matrices[..., 1]], axis=-1)
    return columns
