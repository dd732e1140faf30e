"""Exact nearest neighbours by dot product, in blocks: memory follows the block, not the corpus."""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.floating]


def nearest(queries: Vectors, references: Vectors, *, block: int = 2048) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The most similar reference of every query: exact, no index, no sampling.

    On L2-normalised rows the score is the raw cosine, in -1..1. TMR's scale is (cosine + 1) / 2: see `half_scale`.

    Source: Petrovich et al. 2023, TMR + TMR: src/model/tmr.py (sentence similarity as a full matrix); here the
    matrix exists one block x block tile at a time.

    Args:
        queries: (n, d) finite floats.
        references: (m, d) finite floats, m >= 1.
        block: rows and columns of a tile; the working memory is about 4 * block ** 2 bytes.

    Returns:
        scores (n,) float32 and indices (n,) int64 into the references; among equal scores the lowest index wins.

    Raises:
        ValueError: shapes that do not match, no references, values that are not finite, or a block below one.

    Example:
        >>> scores, indices = nearest(np.eye(2), np.array([[0.0, 1.0], [0.6, 0.8], [0.6, 0.8]]), block=2)
        >>> scores.round(2).tolist(), indices.tolist()
        ([0.6, 1.0], [1, 0])
    """
    queries, references = _checked(queries, "queries", block), _checked(references, "references", block)
    if queries.shape[1] != references.shape[1]:
        raise ValueError(f"queries have {queries.shape[1]} dimensions, references {references.shape[1]}")
    if not len(references):
        raise ValueError("no references to search")
    scores = np.full(len(queries), -np.inf, dtype=np.float32)
    indices = np.zeros(len(queries), dtype=np.int64)
    for top in range(0, len(queries), block):
        rows = slice(top, top + block)
        for left in range(0, len(references), block):
            tile = queries[rows] @ references[left : left + block].T
            best = tile.argmax(axis=1)
            score = tile[np.arange(len(tile)), best]
            better = score > scores[rows]
            scores[rows] = np.where(better, score, scores[rows])
            indices[rows] = np.where(better, best + left, indices[rows])
    return scores, indices


def pairs_above(
    vectors: Vectors, threshold: float, *, block: int = 2048
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Every pair of rows whose similarity reaches a threshold, each pair once.

    Args:
        vectors: (n, d) finite floats, L2-normalised for cosines.
        threshold: the lowest similarity that counts, inclusive.
        block: rows and columns of a tile; memory is a tile plus the pairs found.

    Returns:
        first (k,) and second (k,) int64 with first < second, in ascending order, and similarity (k,) float32.

    Raises:
        ValueError: values that are not finite, a threshold that is not a number, or a block below one.

    Example:
        >>> pairs_above(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), 0.9)[:2]
        (array([0]), array([2]))
    """
    vectors = _checked(vectors, "vectors", block)
    if np.isnan(threshold):
        raise ValueError("the threshold is not a number")
    first: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    second, found = list(first), [np.zeros(0, dtype=np.float32)]
    for top in range(0, len(vectors), block):
        for left in range(top, len(vectors), block):
            tile = vectors[top : top + block] @ vectors[left : left + block].T
            rows, columns = np.nonzero(tile >= np.float32(threshold))
            above = rows + top < columns + left
            rows, columns = rows[above], columns[above]
            first.append(rows + top)
            second.append(columns + left)
            found.append(tile[rows, columns])
    one, two, scores = np.concatenate(first), np.concatenate(second), np.concatenate(found)
    order = np.lexsort((two, one))
    return one[order], two[order], scores[order]


def half_scale(cosine: NDArray[np.float32]) -> NDArray[np.float32]:
    """TMR's similarity scale, (cosine + 1) / 2, on which its thresholds .95 and .80 are cosines .90 and .60.

    Args:
        cosine: raw cosines, any shape.

    Returns:
        The same shape, in 0..1.

    Example:
        >>> half_scale(np.float32([0.9, 0.6, -1.0])).round(2).tolist()
        [0.95, 0.8, 0.0]
    """
    return np.asarray((cosine + np.float32(1)) / np.float32(2), dtype=np.float32)


def _checked(vectors: Vectors, name: str, block: int) -> NDArray[np.float32]:
    if block < 1:
        raise ValueError(f"block must be 1 or more, not {block}")
    array = np.ascontiguousarray(vectors, dtype=np.float32)
    if array.ndim != 2:
        raise ValueError(f"{name} must be (n, d), not {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} hold NaN or infinity in {int((~np.isfinite(array).all(axis=1)).sum())} rows")
    return array
