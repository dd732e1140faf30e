"""The training motion that a motion is most like: is it new, or was it learned by heart?"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lib.audit.similarity import nearest
from lib.motion.canonical import forward, yaw
from lib.motion.rotations import about_y
from lib.motion.skeleton import Array

Found = tuple[NDArray[np.float32], NDArray[np.int64]]
Labels = NDArray[np.generic]
Groups = tuple[Labels, Labels]
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
    return by_distance(signatures(queries), signatures(references), block=block)


def by_distance(queries: Array, references: Array, *, apart: Groups | None = None, block: int = 2048) -> Found:
    """The nearest reference of each query by Euclidean distance.

    Args:
        queries: (n, d), such as `signatures`, or latents of unit length, where cosine = 1 - distance ** 2 / 2.
        references: (m, d), m >= 1.
        apart: labels (n,) and (m,); a reference with the query's own label does not count, so that a set can be
            searched for neighbours that are neither the motion itself nor its mirror image.
        block: rows and columns held at a time.

    Returns:
        Distances (n,), infinite where no reference counts, and indices (n,) into the references.

    Raises:
        ValueError: no reference.

    Example:
        >>> points, labels = np.array([[0.0], [1.0], [3.0]]), np.array(["a", "a", "b"])
        >>> distance, index = by_distance(points, points, apart=(labels, labels))
        >>> distance.tolist(), index.tolist()
        ([3.0, 2.0, 2.0], [2, 2, 1])
    """
    if not len(references):
        raise ValueError("no references to search")
    if not len(queries):
        return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
    # The largest 2 q.r - |r|^2 is the smallest |q - r|^2, so that the search by dot product serves distances too.
    centre = references.mean(axis=0)
    longer = references - centre
    padded = np.hstack([2 * longer, -np.square(longer).sum(axis=1, keepdims=True)]).astype(np.float32)
    shifted = np.hstack([queries - centre, np.ones((len(queries), 1))]).astype(np.float32)
    if apart is None:
        index = nearest(shifted, padded, block=block)[1]
        return np.linalg.norm(queries - references[index], axis=1).astype(np.float32), index
    index = _nearest_apart(shifted, padded, *apart, block)
    distance = np.linalg.norm(queries - references[index], axis=1)
    return np.where(index < 0, np.inf, distance).astype(np.float32), index


def signatures(motions: Iterable[Array]) -> Array:
    """Motions (T, 22, 3) in metres as points (n, 1056), whose distances are those of `by_shape`; each is read once.

    Example:
        >>> signatures(np.zeros((2, 9, 22, 3)) + np.arange(66).reshape(22, 3)).shape
        (2, 1056)
    """
    rows = [_signature(motion) for motion in motions]
    return np.stack(rows) if rows else np.zeros((0, POSES * 66), dtype=np.float32)


def _nearest_apart(queries: Array, references: Array, here: Labels, there: Labels, block: int) -> NDArray[np.int64]:
    score = np.full(len(queries), -np.inf, dtype=np.float32)
    index = np.full(len(queries), -1, dtype=np.int64)
    for top in range(0, len(queries), block):
        rows = slice(top, top + block)
        for left in range(0, len(references), block):
            columns = slice(left, left + block)
            tile = queries[rows] @ references[columns].T
            tile[here[rows, None] == there[None, columns]] = -np.inf
            best = tile.argmax(axis=1)
            value = tile[np.arange(len(tile)), best]
            index[rows] = np.where(value > score[rows], left + best, index[rows])
            score[rows] = np.maximum(score[rows], value)
    return index


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
