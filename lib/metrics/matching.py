"""Whether a generated motion matches its text: R-precision in pools, and the mean distance of matched pairs."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist
from scipy.stats import hypergeom

from lib.base.arrays import Place, place_of
from lib.metrics.directions import Floats, checked

if TYPE_CHECKING:
    import torch

TIE = 1e-9
ROWS = 512


def r_precision(
    text: npt.ArrayLike,
    motion: npt.ArrayLike,
    *,
    pool: int = 32,
    top_k: int = 3,
    rng: np.random.Generator | None = None,
) -> Floats:
    """Share of texts whose own motion is among the nearest 1, 2, … top_k motions of a pool.

    Distances that differ by less than 1e-9 of the larger are ties, and count as if tied motions were shuffled: a
    model that answers every text with one motion scores k / pool. The reference sorts, so its ties fall as they come.

    Source: Guo et al. 2022 + text-to-motion: utils/metrics.py (`calculate_R_precision`, `calculate_top_k`) and
        final_evaluation.py, whose loader shuffles and drops the last partial batch of 32.

    Args:
        text: (n, d) embeddings of the texts.
        motion: (n, d) embeddings of the motions, row by row; distances are Euclidean, nothing is normalised here.
        pool: motions a text is compared with, its own included; the last n % pool rows are dropped.
        top_k: the largest k.
        rng: shuffles the rows before they are dealt to pools; None keeps the given order.

    Returns:
        Shares for k = 1 … top_k (top_k,), as fractions; chance is k / pool.

    Raises:
        ValueError: shapes that do not match, values that are not finite, n below ``pool``, a ``top_k`` that is not in
            1 … pool.

    Example:
        >>> r_precision(np.eye(4), np.eye(4)[[0, 1, 3, 2]], pool=2, top_k=2).tolist()
        [0.5, 1.0]
    """
    text, motion = _pair(text, motion)
    n = len(text)
    if not 1 <= top_k <= pool <= n:
        raise ValueError(f"needs 1 <= top_k <= pool <= n, not top_k {top_k}, pool {pool}, n {n}")
    order = np.arange(n) if rng is None else rng.permutation(n)
    pools = order[: n // pool * pool].reshape(-1, pool)
    return np.asarray(np.mean([_within(text[some], motion[some], top_k) for some in pools], axis=0))


def matching_score(text: npt.ArrayLike, motion: npt.ArrayLike) -> float:
    """Mean Euclidean distance of each text (n, d) to its own motion (n, d): MM-dist, lower is better.

    Source: Guo et al. 2022 + text-to-motion: final_evaluation.py (`evaluate_matching_score`), which leaves out the rows
        of the last partial batch; here all rows count.

    Example:
        >>> matching_score([[0.0, 0.0], [1.0, 1.0]], [[3.0, 4.0], [1.0, 1.0]])
        2.5
    """
    return float(distances(text, motion).mean())


def distances(text: npt.ArrayLike, motion: npt.ArrayLike) -> Floats:
    """Euclidean distance of each pair (n,).

    Example:
        >>> distances([[0.0, 0.0]], [[3.0, 4.0]]).tolist()
        [5.0]
    """
    text, motion = _pair(text, motion)
    return np.asarray(np.linalg.norm(text - motion, axis=1))


def expected_precision(
    text: npt.ArrayLike,
    motion: npt.ArrayLike,
    *,
    pool: int = 32,
    top_k: int = 3,
    device: "str | torch.device | None" = None,
) -> Floats:
    """The R-precision of each text averaged over all pools it could be in: `r_precision` without the luck of the draw.

    A pool leaves a hypergeometric number of the motions that beat a text's own (as in `lib.metrics.gallery`), so the
    mean over pools follows from one pass over all motions, in float64 where the device is: ties are wider than it
    rounds. Values of single clips can be resampled and paired.

    Args:
        text: (n, d).
        motion: (n, d); row i belongs to text i.
        pool: motions a text is compared with, its own included; all there are if n is smaller.
        top_k: the largest k.
        device: as `lib.base.arrays.place_of` takes it; by default that of the run.

    Returns:
        Probabilities (n, top_k); their mean is the expectation of `r_precision`.

    Example:
        >>> expected_precision(np.eye(3), np.eye(3)[[1, 0, 2]], pool=2, top_k=1).ravel().tolist()
        [0.25, 0.25, 1.0]
    """
    text, motion = _pair(text, motion)
    own, place = np.linalg.norm(text - motion, axis=1), place_of(device)
    there = place.put(motion)
    above, tied = np.zeros(len(text), dtype=np.int64), np.zeros(len(text), dtype=np.int64)
    for top in range(0, len(text), ROWS):
        rows = np.arange(top, min(top + ROWS, len(text)))
        above[rows], tied[rows] = _places(_apart(text[rows], there, place), own[rows], rows, place)
    sums = _summed_chances(len(text), min(pool, len(text)), top_k)
    return np.asarray((sums[above + tied] - sums[above]) / tied[:, None])


@lru_cache(maxsize=16)
def _summed_chances(n: int, pool: int, top_k: int) -> Floats:
    # Row a: the chances of finding an own motion that has 0, 1, … a - 1 others before it, summed; ties average them.
    before = np.arange(n)
    chances = np.stack([hypergeom.cdf(k, n - 1, before, pool - 1) for k in range(top_k)], axis=1) if n > 1 else 1.0
    return np.concatenate([np.zeros((1, top_k)), np.cumsum(np.broadcast_to(chances, (n, top_k)), axis=0)])


def _within(text: Floats, motion: Floats, top_k: int) -> Floats:
    far = cdist(text, motion)
    above, tied = _places(far, np.diagonal(far), np.arange(len(text)), Place(np, None))
    k = np.arange(1, top_k + 1)
    return np.asarray(np.clip((k - above[:, None]) / tied[:, None], 0, 1).mean(axis=0))


def _apart(text: Floats, motion: Any, place: Place) -> Any:
    """Euclidean distances from differences, where the motions lie."""
    if place.device is None:
        return cdist(text, motion)
    return place.library.cdist(place.put(text), motion, compute_mode="donot_use_mm_for_euclid_dist")


def _places(
    far: Any, own: Floats, column: npt.NDArray[np.int64], place: Place
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    library, mine = place.library, place.put(own[:, None])
    slack = TIE * library.maximum(mine, far)
    nearer, level = far < mine - slack, library.abs(far - mine) <= slack
    at = place.put(np.arange(len(own))), place.put(column)
    nearer[at], level[at] = False, True
    return place.back(nearer.sum(axis=1)), place.back(level.sum(axis=1))


def _pair(text: npt.ArrayLike, motion: npt.ArrayLike) -> tuple[Floats, Floats]:
    first = checked(text, "text").astype(np.float64)
    second = checked(motion, "motion", rows=len(first)).astype(np.float64)
    if first.shape[1] != second.shape[1]:
        raise ValueError(f"text has {first.shape[1]} dimensions, motion {second.shape[1]}")
    return first, second
