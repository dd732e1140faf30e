"""Ranks of matched pairs between two sets of vectors, streamed: no n x n matrix is ever held."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lib.base.arrays import Place, place_of
from lib.metrics.directions import Floats, checked, unit
from lib.metrics.ranks import Counts, Ranks

if TYPE_CHECKING:
    import torch

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
    device: "str | torch.device | None" = None,
) -> tuple[Ranks, Ranks]:
    """Ranks every motion for every text and every text for every motion by cosine.

    Row i of ``text`` belongs to row i of ``motion``. With a threshold, items whose sentence is close enough to the
    query's are positives too; the best of them gives the rank and the others stay in the gallery.

    A matrix product rounds the same pair differently in tiles of different shape, so similarities are float64 (error
    below 1e-12 for d up to 4,000) and are compared with one number a query, its best positive's: within 1e-9 of it is a
    tie. Therefore neither the block, the number of threads nor the device can move a rank, and cosines that are equal
    on paper tie.

    Source: Petrovich et al. 2023 + TMR: src/model/metrics.py, which sorts the whole float32 matrix and takes values
    equal to the last bit as ties.

    Args:
        text: (n, d) finite floats, of any length: they are normalised here.
        motion: (n, d) the same.
        sentence: (n, e) sentence embeddings of the texts.
        threshold: raw cosine in -1..1 that a sentence cosine must exceed by more than 1e-7 (float32 resolution); TMR's
            0.95 is 0.90 here, its scale being (cosine + 1) / 2.
        block: rows and columns of a tile; the working memory is about 20 * block ** 2 + 32 * block * d bytes. On a GPU
            see `lib.base.arrays.ROWS_OF_A_GPU`.
        device: as `lib.base.arrays.place_of` takes it; by default that of the run.

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
    place = place_of(device)
    block = place.block(block)
    targets = [_own(text, motion, block)] * 2
    hits: list[Counts] = [np.ones(n, dtype=np.int64)] * 2
    if threshold is not None:
        if sentence is None or np.isnan(threshold):
            raise ValueError("a threshold is a number and needs the sentence embeddings of the texts")
        targets, hits = _best_positives(text, motion, checked(sentence, "sentence", rows=n), threshold, block, place)
    above, tied = _counts(text, motion, targets, block, place)
    ways = zip(above, tied, hits, strict=True)
    there, back = (Ranks(a, t, np.minimum(h, t), n, threshold is None) for a, t, h in ways)
    return there, back


def _tiles(first: npt.ArrayLike, second: npt.ArrayLike, block: int, place: Place) -> Iterator[tuple[slice, slice, Any]]:
    rows, columns = np.asarray(first), np.asarray(second)
    for left in range(0, len(columns), block):
        right = slice(left, min(left + block, len(columns)))
        some = _unit(columns[right], place).T
        for top in range(0, len(rows), block):
            down = slice(top, min(top + block, len(rows)))
            yield down, right, _unit(rows[down], place) @ some


def _unit(vectors: npt.NDArray[np.floating], place: Place) -> Any:
    """`unit`, computed where the vectors are needed."""
    wide = place.put(vectors.astype(np.float64))
    length = place.library.linalg.norm(wide, axis=1, keepdims=True)
    return wide / place.library.where(length > 0, length, 1.0)


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
    place: Place,
) -> tuple[list[Floats], list[Counts]]:
    library = place.library
    best = [np.full(len(text), -np.inf) for _ in range(2)]
    hits: list[Counts] = [np.zeros(len(text), dtype=np.int64) for _ in range(2)]
    pairs = zip(_tiles(sentence, sentence, block, place), _tiles(text, motion, block, place), strict=True)
    for (down, right, alike), (_, _, similarity) in pairs:
        positive = alike > threshold + STRICT
        own = np.arange(max(down.start, right.start), min(down.stop, right.stop))
        positive[place.put(own - down.start), place.put(own - right.start)] = True
        similarity[~positive] = -np.inf
        for way, (at, axis) in enumerate(((down, 1), (right, 0))):
            was = best[way][at]
            now = np.maximum(was, place.back(library.amax(similarity, axis=axis)))
            reached = similarity >= place.put(np.expand_dims(now - TIE, axis))
            found = place.back((reached & positive).sum(axis=axis))
            hits[way][at] = np.where(was >= now - TIE, hits[way][at], 0) + found
            best[way][at] = now
    return best, hits


def _counts(
    text: npt.NDArray[np.floating], motion: npt.NDArray[np.floating], targets: list[Floats], block: int, place: Place
) -> tuple[list[Counts], list[Counts]]:
    library = place.library
    above: list[Counts] = [np.zeros(len(text), dtype=np.int64) for _ in range(2)]
    level: list[Counts] = [np.zeros(len(text), dtype=np.int64) for _ in range(2)]
    for down, right, similarity in _tiles(text, motion, block, place):
        for way, (at, axis) in enumerate(((down, 1), (right, 0))):
            target = np.expand_dims(targets[way][at], axis)
            # 32-bit sums of the raw bytes are several times faster than numpy's count of booleans along an axis.
            for counts, reached in (
                (above, similarity > place.put(target + TIE)),
                (level, similarity >= place.put(target - TIE)),
            ):
                counts[way][at] += place.back(reached.view(library.uint8).sum(axis=axis, dtype=library.int32))
    return above, [reached - higher for reached, higher in zip(level, above, strict=True)]
