"""The training motion that a motion is most like: is it new, or was it learned by heart?"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lib.audit.similarity import nearest
from lib.motion.canonical import forward, yaw
from lib.motion.rotations import about_y
from lib.motion.skeleton import Array

Found = tuple[NDArray[np.float32], NDArray[np.int64]]
POSES = 16


def by_meaning(queries: Array, references: Array, *, block: int = 2048) -> Found:
    """The nearest reference of each query by cosine of their latents.

    Args:
        queries: (n, d), such as TMR's means of generated motions; not necessarily normalised.
        references: (m, d) of the training motions, m >= 1.
        block: rows and columns held at a time.

    Returns:
        Cosines (n,) and indices (n,) into the references; of equal ones the first.

    Raises:
        ValueError: a vector of zeros, which has no direction, or shapes that do not match.

    Example:
        >>> cosine, index = by_meaning(np.array([[0.0, 3.0]]), np.array([[1.0, 0.0], [0.6, 0.8]]))
        >>> cosine.round(2).tolist(), index.tolist()
        ([0.800000011920929], [1])
    """
    return nearest(_unit(queries), _unit(references), block=block)


def by_shape(queries: Iterable[Array], references: Iterable[Array], *, block: int = 2048) -> Found:
    """The nearest reference of each query by the distance between their joints.

    Motions are compared pose by pose after their time is stretched to the same length, their pelvis laid over the
    origin in the plane, and their first pose turned to +Z; where a motion travels to does not count, how it moves does.

    Args:
        queries: motions (T, 22, 3) in metres; read once.
        references: at least one motion (T, 22, 3) in metres; read once.
        block: rows and columns held at a time.

    Returns:
        Distances (n,), the root mean square over poses and joints in metres, and indices (n,) into the references.

    Raises:
        ValueError: no reference.

    Example:
        >>> walk = np.random.default_rng(0).normal(size=(40, 22, 3))
        >>> distance, index = by_shape([walk + [5.0, 0.0, 2.0]], [walk * 1.1, walk])
        >>> index.tolist(), bool(distance[0] < 1e-6)
        ([1], True)
    """
    here, there = _signatures(queries), _signatures(references)
    if not len(there):
        raise ValueError("no references to search")
    if not len(here):
        return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
    # The largest 2 q.r - |r|^2 is the smallest |q - r|^2, so that the search by dot product serves distances too.
    centre = there.mean(axis=0)
    longer = there - centre
    padded = np.hstack([2 * longer, -np.square(longer).sum(axis=1, keepdims=True)])
    _, index = nearest(np.hstack([here - centre, np.ones((len(here), 1))]), padded, block=block)
    return np.linalg.norm(here - there[index], axis=1).astype(np.float32), index


def _signatures(motions: Iterable[Array]) -> Array:
    rows = [_signature(motion) for motion in motions]
    return np.stack(rows) if rows else np.zeros((0, POSES * 66), dtype=np.float32)


def _signature(joints: Array) -> Array:
    joints = np.asarray(joints, dtype=np.float64)
    times = np.linspace(0, len(joints) - 1, POSES)
    before = np.floor(times).astype(int)
    after = np.minimum(before + 1, len(joints) - 1)
    share = (times - before)[:, None, None]
    poses = (1 - share) * joints[before] + share * joints[after]
    poses[..., [0, 2]] -= poses[:, :1, [0, 2]]
    turned: Array = about_y(poses, yaw(forward(joints[0]))).reshape(-1) / np.sqrt(POSES * joints.shape[1])
    return turned.astype(np.float32)


def _unit(vectors: Array) -> Array:
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not (lengths > 0).all():
        raise ValueError("a vector of zeros has no direction")
    unit: Array = vectors / lengths
    return unit
