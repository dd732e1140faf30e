"""Near-duplicates by an index of faiss, which may miss some, and the share that it finds."""

from collections.abc import Iterator
from typing import Any, Literal

import faiss
import numpy as np

from lib.metrics.intervals import Measure, share
from lib.metrics.near_duplicates import Pairs, Rows, Vectors, checked_rows

Index = Literal["hnsw", "ivf"]
Search = Literal["exact", "hnsw", "ivf"]
LINKS = 32
EFFORT = {"hnsw": 128, "ivf": 24}
"""Rows that a search keeps in mind (hnsw), lists that it looks through (ivf): what the recall is bought with."""
POINTS_A_LIST = 39
"""The fewest training points a centroid that faiss takes without a warning."""
SAMPLED_LISTS = 64
MANY = 64
"""Neighbours that are asked for at first; the range search of faiss's graphs ends the process on some sizes."""
SAMPLED_AT_ONCE = 64


class IndexedPairs:
    """An index over rows, and the pairs it finds.

    Source: Malkov and Yashunin 2018 (hnsw), Jégou et al. 2011 (ivf) + faiss: IndexHNSWFlat, IndexIVFFlat, with whole
    vectors and inner products.

    Args:
        vectors: (n, d) finite floats, L2-normalised.
        index: ``hnsw``, a graph of near neighbours, slow to build and quick to ask; ``ivf``, rows in lists by the
            nearest of some 4 sqrt(n) centroids.
        effort: see `EFFORT`, whose values are the default.
        seed: of the centroids.

    Raises:
        ValueError: values that are not finite.

    Example:
        >>> rows = np.repeat(np.eye(3), 2, axis=0)
        >>> found = IndexedPairs(rows, "hnsw").above(0.9)
        >>> sorted((int(i), int(j)) for first, second, _ in found for i, j in zip(first, second))
        [(0, 1), (1, 0), (2, 3), (3, 2), (4, 5), (5, 4)]
    """

    def __init__(self, vectors: Vectors, index: Index, *, effort: int | None = None, seed: int = 0) -> None:
        self.rows = checked_rows(vectors)
        n, d = self.rows.shape
        effort = EFFORT[index] if effort is None else effort
        self.found: Any
        if index == "hnsw":
            self.found = faiss.IndexHNSWFlat(d, LINKS, faiss.METRIC_INNER_PRODUCT)
            self.found.hnsw.efSearch = effort
        else:
            lists = max(1, min(int(4 * np.sqrt(n)), n // POINTS_A_LIST))
            self.found = faiss.IndexIVFFlat(faiss.IndexFlatIP(d), d, lists, faiss.METRIC_INNER_PRODUCT)
            self.found.cp.seed, self.found.nprobe = seed, min(effort, lists)
            sample = np.random.default_rng(seed).permutation(n)[: SAMPLED_LISTS * lists]
            if n:
                self.found.train(self.rows[np.sort(sample)])
        if n:
            self.found.add(self.rows)

    def above(self, threshold: float, *, rows: Rows | None = None, block: int = 2048) -> Iterator[Pairs]:
        """Rows that the index finds at or above a threshold of others.

        Args:
            threshold: the lowest similarity that counts, inclusive, as float32 rounds it.
            rows: those to ask for, by default all.
            block: rows asked for at a time, fewer where they have many near-duplicates; memory is 1,000 bytes of each.

        Yields:
            asked (k,) and found (k,) int64, never the same row, and similarity (k,) float32. Asked for all rows, a pair
            comes from both its ends, or from one where the index misses it from the other.
        """
        asked, many = np.arange(len(self.rows)) if rows is None else rows, MANY
        while len(asked):
            more = []
            at_once = max(1, block * MANY // many)
            for start in range(0, len(asked), at_once):
                some = asked[start : start + at_once]
                similarity, found = self.found.search(self.rows[some], min(many, len(self.rows)))
                near = (found >= 0) & (similarity >= np.float32(threshold))
                # A row whose neighbours all reach the threshold may have more: it is asked again for twice as many.
                full = near.all(axis=1) & (many < len(self.rows))
                more.append(some[full])
                near &= ~full[:, None] & (found != some[:, None])
                row, place = np.nonzero(near)
                yield some[row], found[row, place].astype(np.int64), similarity[row, place]
            asked, many = np.concatenate(more), 2 * many

    def recall(self, threshold: float, *, sample: int, draws: int, rng: np.random.Generator) -> Measure:
        """The share of near-duplicates of sampled rows that the index finds, against all rows, one by one.

        Args:
            threshold: as for `above`.
            sample: rows drawn at most, without replacement; work is that of multiplying them with all rows.
            draws: bootstrap replicates, which resample the drawn rows.
            rng: source of randomness.

        Returns:
            The share of true (row, near-duplicate) pairs, NaN where the drawn rows have none.

        Example:
            >>> found = IndexedPairs(np.repeat(np.eye(3), 2, axis=0), "ivf")
            >>> found.recall(0.9, sample=6, draws=100, rng=np.random.default_rng(0)).text
            '100.0 % (95 % CI 61.0–100.0, N = 6)'
        """
        n = len(self.rows)
        asked = np.sort(rng.choice(n, size=min(sample, n), replace=False))
        found = {(i, j) for first, second, _ in self.above(threshold, rows=asked) for i, j in _both(first, second)}
        owner, hits = [], []
        for start in range(0, len(asked), SAMPLED_AT_ONCE):
            some = asked[start : start + SAMPLED_AT_ONCE]
            near, other = np.nonzero(self.rows[some] @ self.rows.T >= np.float32(threshold))
            true = [pair for pair in _both(some[near], other) if pair[0] != pair[1]]
            owner += [row for row, _ in true]
            hits += [pair in found for pair in true]
        return share(hits, owner, draws=draws, rng=rng)


def _both(first: Rows, second: Rows) -> Iterator[tuple[int, int]]:
    return zip(first.tolist(), second.tolist(), strict=True)
