"""Retrieval in galleries of 32: the protocol of Guo et al. as TMR runs it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.metrics.directions import checked
from lib.metrics.ranking import rank_pairs
from lib.metrics.ranks import Ranks, Ties, together


@dataclass(frozen=True)
class BatchedRanks:
    """Ranks within small galleries.

    Args:
        rows: the rows of the input, batch by batch (queries,).
        text_to_motion: ranks of these rows.
        motion_to_text: ranks of these rows.
        size: items in a gallery.
    """

    rows: npt.NDArray[np.int64]
    text_to_motion: Ranks
    motion_to_text: Ranks
    size: int

    def measures(self, *, ties: Ties = "average", ks: Sequence[int] = (1, 2, 3, 5, 10)) -> dict[str, float]:
        """The mean of each batch's measures; ``MedR`` is a mean of medians, as in TMR: retrieval.py."""
        means: dict[str, float] = {}
        for way, ranks in (("t2m", self.text_to_motion), ("m2t", self.motion_to_text)):
            parts = np.arange(len(ranks)).reshape(-1, self.size)
            batches = [ranks.rows(part).measures(ties=ties, ks=ks) for part in parts]
            means |= {f"{way}/{name}": float(np.mean([batch[name] for batch in batches])) for name in batches[0]}
        return means


def batches(ids: Sequence[str], size: int = 32, *, seed: int = 0) -> npt.NDArray[np.int64]:
    """Which rows share a gallery: the ids sorted as strings, shuffled, cut; what is left over is dropped.

    On the 4,384 ids of HumanML3D's ``test.txt`` (mirrors included, ``M…`` after the digits) the shuffled order begins
    2724 3920 1646 775 4283. The 2,192 ids without mirrors give another order.

    Source: TMR: retrieval.py (``np.random.seed(0)``; here a private generator of the same stream).

    Args:
        ids: clip ids, all different, in the order of the rows.
        size: rows in a batch.
        seed: seed of the legacy numpy generator.

    Returns:
        Row numbers (n // size, size).

    Raises:
        ValueError: an id twice, or fewer ids than one batch needs.

    Example:
        >>> batches(["b", "a", "d", "c", "e"], 2).tolist()
        [[3, 1], [0, 2]]
    """
    if len(set(ids)) != len(ids):
        raise ValueError("an id occurs twice: one caption a clip is needed")
    if not 1 <= size <= len(ids):
        raise ValueError(f"batches of {size} cannot be cut from {len(ids)} clips")
    order = np.arange(len(ids))
    np.random.RandomState(seed).shuffle(order)
    whole = len(ids) // size
    by_id = np.array(sorted(range(len(ids)), key=lambda row: ids[row]), dtype=np.int64)
    return by_id[order[: whole * size]].reshape(whole, size)


def rank_in_batches(
    text: npt.ArrayLike, motion: npt.ArrayLike, ids: Sequence[str], size: int = 32, *, seed: int = 0
) -> BatchedRanks:
    """Ranks each pair against the other pairs of its batch; `batches` says which those are.

    Args:
        text: (n, d) finite floats.
        motion: (n, d) finite floats.
        ids: clip ids of the rows.
        size: rows in a batch.
        seed: seed of the shuffle.
    """
    text, motion = checked(text, "text", rows=len(ids)), checked(motion, "motion", rows=len(ids))
    rows = batches(ids, size, seed=seed)
    ranks = [rank_pairs(text[some], motion[some], block=size) for some in rows]
    there, back = (together(way) for way in zip(*ranks, strict=True))
    return BatchedRanks(rows.ravel(), there, back, size)


def small_batches(
    text: npt.ArrayLike,
    motion: npt.ArrayLike,
    ids: Sequence[str],
    size: int = 32,
    *,
    ties: Ties = "average",
    ks: Sequence[int] = (1, 2, 3, 5, 10),
    seed: int = 0,
) -> dict[str, float]:
    """Retrieval measures in galleries of ``size``, both directions (TMR's protocol d).

    Args:
        text: (n, d) finite floats.
        motion: (n, d) finite floats.
        ids: clip ids of the rows.
        size: items in a gallery.
        ties: how ties are decided, see `Ranks.position`.
        ks: the k of R@k.
        seed: seed of the shuffle.

    Returns:
        As `retrieval_metrics`; chance is 100 * k / size.

    Example:
        >>> small_batches(np.eye(4), np.eye(4), list("abcd"), 2, ks=(1,))
        {'t2m/R@1': 100.0, 't2m/MedR': 1.0, 'm2t/R@1': 100.0, 'm2t/MedR': 1.0}
    """
    return rank_in_batches(text, motion, ids, size, seed=seed).measures(ties=ties, ks=ks)
