"""The training motion that a motion is most like: is it new, or was it learned by heart?"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib.base.arrays import place_of
from lib.motion.canonical import forward, yaw
from lib.motion.rotations import about_y
from lib.motion.skeleton import Array

if TYPE_CHECKING:
    import torch

Found = tuple[NDArray[np.float32], NDArray[np.int64]]
Labels = NDArray[np.generic]
Groups = tuple[Labels, Labels]
POSES = 16


def by_distance(
    queries: Array,
    references: Array,
    *,
    rows: NDArray[np.int64] | None = None,
    apart: Groups | None = None,
    block: int = 2048,
    device: "str | torch.device | None" = None,
) -> Found:
    """The nearest reference of each query by Euclidean distance.

    Args:
        queries: (n, d), such as `signatures`, or latents of unit length, where cosine = 1 - distance ** 2 / 2.
        references: (m, d).
        rows: those of the references that count, at least one; all by default.
        apart: labels (n,) and (m,); a reference with the query's own label does not count, so that a set can be
            searched for neighbours that are neither the motion itself nor its mirror image.
        block: queries and references held at a time beside the arrays themselves; on a GPU see
            `lib.base.arrays.ROWS_OF_A_GPU`.
        device: as `lib.base.arrays.place_of` takes it; by default that of the run. Among references whose distances
            float32 tells apart barely, another device may find another one.

    Returns:
        Distances (n,), infinite where no reference counts, and indices (n,) into the references, -1 there; of equally
        near ones the first of `rows`.

    Raises:
        ValueError: no reference.

    Example:
        >>> points, labels = np.array([[0.0], [1.0], [3.0]]), np.array(["a", "a", "b"])
        >>> distance, index = by_distance(points, points, apart=(labels, labels))
        >>> distance.tolist(), index.tolist()
        ([3.0, 2.0, 2.0], [2, 2, 1])
    """
    rows = np.arange(len(references)) if rows is None else rows
    if not len(rows):
        raise ValueError("no references to search")
    least = np.full(len(queries), np.inf, dtype=np.float32)
    index = np.full(len(queries), -1, dtype=np.int64)
    centre = references[rows[:block]].mean(axis=0)  # near the origin, products in float32 lose little
    place = place_of(device)
    block, library = place.block(block), place.library
    own_label, label = (None, None) if apart is None else _numbered(*apart)
    for left in range(0, len(rows), block):
        part = rows[left : left + block]
        there = place.put((references[part] - centre).astype(np.float32))
        squares = library.square(there).sum(axis=1)
        for top in range(0, len(queries), block):
            own = slice(top, top + block)
            # Less the query's own square, which orders nothing.
            tile = squares - 2 * place.put((queries[own] - centre).astype(np.float32)) @ there.T
            if own_label is not None and label is not None:
                tile[place.put(own_label[own, None]) == place.put(label[None, part])] = np.inf
            at = tile.argmin(axis=1)
            found, at = place.back(tile[place.put(np.arange(len(tile))), at]), place.back(at)
            index[own] = np.where(found < least[own], part[at], index[own])
            least[own] = np.minimum(least[own], found)
    distance = np.linalg.norm(queries - references[index], axis=1)
    return np.where(index < 0, np.inf, distance).astype(np.float32), index


def _numbered(queries: Labels, references: Labels) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Labels as numbers, equal where the labels are."""
    numbers = np.unique(np.concatenate([queries, references]), return_inverse=True)[1].astype(np.int64)
    return numbers[: len(queries)], numbers[len(queries) :]


def signatures(motions: Iterable[Array]) -> Array:
    """Motions (T, 22, 3) in metres as points (n, 1056), whose distance is that between the motions' joints.

    The distance is the root mean square over poses and joints in metres, with time stretched to the same length, the
    pelvis laid over the origin in the plane, and the first pose turned to +Z: where a motion travels to does not count,
    how it moves does. Each motion is read once.

    Example:
        >>> signatures(np.zeros((2, 9, 22, 3)) + np.arange(66).reshape(22, 3)).shape
        (2, 1056)
    """
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
