"""Ranks of matched pairs between two sets of vectors, streamed: no n x n matrix is ever held."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from lib.metrics.directions import Floats, checked, unit
from lib.metrics.ranks import Counts, Ranks

BLOCK = 512
TIE = 1e-9
STRICT = 1e-7


def rank_pairs(
    text: npt.ArrayLike,
    motion: npt.ArrayLike,
    *,
    sentence: npt.ArrayLike | None = None,
    threshold: float | None = None,
    block: int = BLOCK,
) -> tuple[Ranks, Ranks]:
    """Ranks every motion for every text and every text for every motion by cosine.

    Row i of ``text`` belongs to row i of ``motion``. With a threshold, items whose sentence is close enough to the
    query's are positives too; the best of them gives the rank and the others stay in the gallery.

    A matrix product rounds the same pair differently in tiles of different shape, so similarities are float64 (error
    below 1e-12 for d up to 4,000) and are compared with one number a query, its best positive's: within 1e-9 of it is a
    tie. Therefore neither the block nor the number of threads can move a rank, and cosines that are equal on paper tie.

    Source: Petrovich et al. 2023 + TMR: src/model/metrics.py, which sorts the whole float32 matrix and takes values
    equal to the last bit as ties.

    Args:
        text: (n, d) finite floats, of any length: they are normalised here.
        motion: (n, d) the same.
        sentence: (n, e) sentence embeddings of the texts.
        threshold: raw cosine in -1..1 that a sentence cosine must exceed by more than 1e-7 (float32 resolution); TMR's
            0.95 is 0.90 here, its scale being (cosine + 1) / 2.
        block: rows and columns of a tile; the working memory is about 20 * block ** 2 + 32 * block * d bytes.

    Returns:
        Text-to-motion and motion-to-text ranks.

    Raises:
        ValueError: shapes that do not match, values that are not finite, a threshold without sentences.

    Example:
        >>> there, back = rank_pairs([[1, 0], [0, 1], [0, 1]], [[1, 0], [0, 1], [1, 1]], block=2)
        >>> there.above.tolist(), there.tied.tolist(), back.above.tolist()
        ([0, 0, 1], [1, 1, 1], [0, 0, 0])
    """
    text = checked(text, "text")
    n = len(text)
    motion = checked(motion, "motion", rows=n)
    if text.shape[1] != motion.shape[1]:
        raise ValueError(f"text has {text.shape[1]} dimensions, motion {motion.shape[1]}")
    if block < 1:
        raise ValueError(f"block must be 1 or more, not {block}")
    targets = [_own(text, motion, block)] * 2
    hits: list[Counts] = [np.ones(n, dtype=np.int64)] * 2
    if threshold is not None:
        if sentence is None or np.isnan(threshold):
            raise ValueError("a threshold is a number and needs the sentence embeddings of the texts")
        targets, hits = _best_positives(text, motion, checked(sentence, "sentence", rows=n), threshold, block)
    above, tied = _counts(text, motion, targets, block)
    ways = zip(above, tied, hits, strict=True)
    there, back = (Ranks(a, t, np.minimum(h, t), n, threshold is None) for a, t, h in ways)
    return there, back


def _tiles(first: npt.ArrayLike, second: npt.ArrayLike, block: int) -> Iterator[tuple[slice, slice, Floats]]:
    rows, columns = np.asarray(first), np.asarray(second)
    for left in range(0, len(columns), block):
        right = slice(left, min(left + block, len(columns)))
        some = unit(columns[right]).T
        for top in range(0, len(rows), block):
            down = slice(top, min(top + block, len(rows)))
            yield down, right, unit(rows[down]) @ some


def _own(text: npt.NDArray[np.floating], motion: npt.NDArray[np.floating], block: int) -> Floats:
    starts = range(0, len(text), block)
    parts = [(unit(text[at : at + block]) * unit(motion[at : at + block])).sum(axis=1) for at in starts]
    return np.concatenate(parts)


def _best_positives(
    text: npt.NDArray[np.floating],
    motion: npt.NDArray[np.floating],
    sentence: npt.NDArray[np.floating],
    threshold: float,
    block: int,
) -> tuple[list[Floats], list[Counts]]:
    best = [np.full(len(text), -np.inf) for _ in range(2)]
    hits: list[Counts] = [np.zeros(len(text), dtype=np.int64) for _ in range(2)]
    pairs = zip(_tiles(sentence, sentence, block), _tiles(text, motion, block), strict=True)
    for (down, right, alike), (_, _, similarity) in pairs:
        positive = alike > threshold + STRICT
        own = np.arange(max(down.start, right.start), min(down.stop, right.stop))
        positive[own - down.start, own - right.start] = True
        similarity[~positive] = -np.inf
        for way, (at, axis) in enumerate(((down, 1), (right, 0))):
            was, now = best[way][at], np.maximum(best[way][at], similarity.max(axis=axis))
            reached = similarity >= np.expand_dims(now - TIE, axis)
            hits[way][at] = np.where(was >= now - TIE, hits[way][at], 0) + (reached & positive).sum(axis=axis)
            best[way][at] = now
    return best, hits


def _counts(
    text: npt.NDArray[np.floating], motion: npt.NDArray[np.floating], targets: list[Floats], block: int
) -> tuple[list[Counts], list[Counts]]:
    above: list[Counts] = [np.zeros(len(text), dtype=np.int64) for _ in range(2)]
    level: list[Counts] = [np.zeros(len(text), dtype=np.int64) for _ in range(2)]
    for down, right, similarity in _tiles(text, motion, block):
        for way, (at, axis) in enumerate(((down, 1), (right, 0))):
            target = np.expand_dims(targets[way][at], axis)
            # 32-bit sums of the raw bytes are several times faster than numpy's count of booleans along an axis.
            above[way][at] += (similarity > target + TIE).view(np.uint8).sum(axis=axis, dtype=np.uint32)
            level[way][at] += (similarity >= target - TIE).view(np.uint8).sum(axis=axis, dtype=np.uint32)
    return above, [reached - higher for reached, higher in zip(level, above, strict=True)]
