"""Lloyd's iterations where PyTorch has a place: blocks of rows against all centroids, sums in float64."""

import numpy as np
import numpy.typing as npt

from lib.base.arrays import Place
from lib.clustering.points import Singles

Labels = npt.NDArray[np.int64]
ROWS = 16_384
"""Rows laid there at a time: of 1,000 centroids, distances and memberships of a block take 130 MB."""


def centroids(rows: Singles, seeds: Singles, place: Place, *, iterations: int, spherical: bool = False) -> Singles:
    """Centroids after some of Lloyd's iterations, or when no row changes its centroid any more.

    The sums of a block are one product of the memberships, zeros and ones, and the rows, so that the same device gives
    the same centroids to the bit; adding rows one by one to their sums would take them in any order. A centroid that no
    row is nearest to takes the row farthest from its own, as scikit-learn does it; where all rows lie on their
    centroids, it stays.

    Source: Lloyd 1982; scikit-learn: _k_means_common.pyx (`_relocate_empty_clusters`).

    Args:
        rows: (n, d); of unit length with `spherical`.
        seeds: (k, d), to begin with.
        place: PyTorch's, on any device.
        iterations: at most.
        spherical: whether centroids are scaled to unit length.

    Returns:
        (k, d) float32.

    Example:
        >>> import torch
        >>> from lib.base.arrays import place_of
        >>> rows = np.array([[0.0], [2.0], [9.0], [11.0]], dtype=np.float32)
        >>> centroids(rows, rows[:2], place_of(torch.device("cpu")), iterations=9).tolist()
        [[1.0], [10.0]]
    """
    made, before = np.array(seeds, dtype=np.float32), None
    for _ in range(iterations):
        labels, squared, sums = _passed(rows, made, place)
        if before is not None and np.array_equal(labels, before):
            break
        before = labels
        sizes = np.bincount(labels, minlength=len(made)).astype(np.float64)
        _relocate(rows, labels, squared, sums, sizes)
        wide = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], made)
        if spherical:
            wide /= np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), np.finfo(float).tiny)
        made = wide.astype(np.float32)
    return made


def _passed(rows: Singles, centroids: Singles, place: Place) -> tuple[Labels, Singles, npt.NDArray[np.float64]]:
    """One pass over the rows: labels, squared distances, and the sum of the rows of each centroid (k, d)."""
    library = place.library
    labels, squared = np.empty(len(rows), dtype=np.int64), np.empty(len(rows), dtype=np.float32)
    sums = np.zeros(centroids.shape, dtype=np.float64)
    centre = rows[:ROWS].mean(axis=0)  # near the origin, products in float32 lose little
    there = place.put(centroids - centre)
    squares, numbers = library.square(there).sum(axis=1), place.put(np.arange(len(centroids)))
    for top in range(0, len(rows), ROWS):
        part = slice(top, top + ROWS)
        some = place.put(rows[part] - centre)
        far = squares - 2 * some @ there.T  # less the row's own square, which orders nothing
        at = far.argmin(axis=1)
        own = far[place.put(np.arange(len(far))), at] + library.square(some).sum(axis=1)
        labels[part], squared[part] = place.back(at), place.back(own)
        members = (at[:, None] == numbers).to(some.dtype)
        sums += place.back(members.T @ some)
    sums += np.bincount(labels, minlength=len(centroids))[:, None] * centre.astype(np.float64)
    return labels, squared.clip(0), sums


def _relocate(
    rows: Singles, labels: Labels, squared: Singles, sums: npt.NDArray[np.float64], sizes: npt.NDArray[np.float64]
) -> None:
    """Gives empty centroids the rows that lie farthest from their own, which lose them."""
    empty = np.flatnonzero(sizes == 0)
    farthest = np.argsort(-squared, kind="stable")[: len(empty)]
    for to, row in zip(empty, farthest, strict=False):
        if squared[row] > 0 and sizes[labels[row]] > 1:
            sums[labels[row]] -= rows[row]
            sizes[labels[row]] -= 1
            sums[to], sizes[to] = rows[row], 1
