"""How far two modalities lie apart in a shared space, and how well pairs are aligned in it."""

import numpy as np
import numpy.typing as npt

from lib.metrics.directions import Floats, checked, unit
from lib.metrics.probe import deal, departures


def centroid_gap(text: npt.ArrayLike, motion: npt.ArrayLike) -> float:
    """Euclidean distance between the mean directions of the modalities, 0 to 2.

    Source: Liang et al. 2022, Mind the Gap, section 4.2. Sampling alone keeps it above zero: see `gap_floor`.

    Example:
        >>> centroid_gap([[1, 0], [1, 0]], [[0, 2], [0, 1]]) == 2**0.5
        True
    """
    text, motion = _pair(text, motion)
    return float(np.linalg.norm(text.mean(axis=0) - motion.mean(axis=0)))


def gap_floor(text: npt.ArrayLike, motion: npt.ArrayLike, groups: npt.ArrayLike) -> float:
    """The centroid gap to expect when the modalities do not differ: root mean square over swaps within groups.

    Swapping text and motion of each group by a fair coin gives the mean of independent vectors of random sign, whose
    squared length is on average the sum of their squared lengths.

    Example:
        >>> gap_floor([[1, 0], [1, 0]], [[-1, 0], [-1, 0]], ["a", "b"]) == 2**0.5
        True
    """
    text, motion = _pair(text, motion)
    names, group_of = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.zeros((len(names), text.shape[1]))
    np.add.at(sums, group_of, text - motion)
    return float(np.sqrt((sums**2).sum()) / len(text))


def matched_cosines(text: npt.ArrayLike, motion: npt.ArrayLike) -> Floats:
    """Cosine of each pair (n,).

    Example:
        >>> matched_cosines([[1, 0], [0, 3]], [[2, 0], [1, 0]]).tolist()
        [1.0, 0.0]
    """
    text, motion = _pair(text, motion)
    return np.asarray((text * motion).sum(axis=1))


def mismatched_cosines(
    text: npt.ArrayLike, motion: npt.ArrayLike, groups: npt.ArrayLike, *, sample: int, rng: np.random.Generator
) -> Floats:
    """Cosines of random pairs from different groups.

    Args:
        text: (n, d).
        motion: (n, d).
        groups: base clip of each row (n,); pairs within one are not drawn.
        sample: pairs drawn, with replacement.
        rng: source of randomness.

    Returns:
        Cosines (sample,).

    Raises:
        ValueError: a single group.

    Example:
        >>> mismatched_cosines(np.eye(2), np.eye(2), ["a", "b"], sample=3, rng=np.random.default_rng(0)).tolist()
        [0.0, 0.0, 0.0]
    """
    text, motion = _pair(text, motion)
    _, group_of, sizes = np.unique(np.asarray(groups), return_inverse=True, return_counts=True)
    if len(sizes) < 2:
        raise ValueError("mismatched pairs need at least two groups")
    by_group = np.argsort(group_of, kind="stable")
    start = np.cumsum(sizes) - sizes
    # Rows weighted by their number of partners make every admissible pair equally likely.
    partners = (len(text) - sizes[group_of]).astype(np.float64)
    rows = rng.choice(len(text), size=sample, p=partners / partners.sum())
    group = group_of[rows]
    others = start[group] + sizes[group] + rng.integers(0, len(text) - sizes[group])
    return np.asarray((text[rows] * motion[by_group[others % len(text)]]).sum(axis=1))


def alignment(text: npt.ArrayLike, motion: npt.ArrayLike) -> float:
    """Mean squared distance of matched unit vectors, 0 (best) to 4.

    Source: Wang and Isola 2020 (alpha = 2), equation 4.

    Example:
        >>> alignment([[1, 0]], [[-1, 0]])
        4.0
    """
    return float((2 - 2 * matched_cosines(text, motion)).mean())


def gaussian_kernel(vectors: npt.ArrayLike, *, t: float = 2.0) -> Floats:
    """exp(-t * squared distance) of all pairs of unit vectors (n, n), 0 on the diagonal; the caller bounds n."""
    rows = unit(checked(vectors, "vectors"))
    kernel = np.exp(-t * np.maximum(2 - 2 * rows @ rows.T, 0))
    np.fill_diagonal(kernel, 0)
    return np.asarray(kernel)


def modality_scores(
    text: npt.ArrayLike,
    motion: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    folds: int,
    rng: np.random.Generator,
    centre: bool = False,
) -> Floats:
    """Held-out scores of a linear probe for "is a motion": the texts' (n,), then the motions' (n,).

    Pairs and groups stay on one side of a split, so each fold holds as many texts as motions. With ``centre`` the rows
    of each side of a split are centred on their own modality's mean there: a mean shared by both sides, or taken from
    the training side, leaves what one side has too much of as what the other lacks, and the probe scores
    systematically below chance. Centred, a linear probe is at chance unless the modalities differ in shape.
    """
    pair = _pair(text, motion)
    move = centred if centre else unit
    fold_of = deal(groups, folds, rng=rng)
    scores = np.empty((2, len(fold_of)))
    for fold in range(folds):
        train, test = fold_of != fold, fold_of == fold
        seen, unseen = (np.concatenate([move(rows[side]) for rows in pair]) for side in (train, test))
        targets = np.repeat([[0.0], [1.0]], train.sum(), axis=0)
        scores[:, test] = departures(seen, targets, unseen).reshape(2, -1)
    return scores.ravel()


def centred(vectors: npt.ArrayLike) -> Floats:
    """Unit vectors less their mean, scaled to length one again: a modality without its offset.

    Example:
        >>> centred([[1.0, 1.0], [1.0, -1.0]]).round(6).tolist()
        [[0.0, 1.0], [0.0, -1.0]]
    """
    rows = unit(checked(vectors, "vectors"))
    return unit(rows - rows.mean(axis=0))


def _pair(text: npt.ArrayLike, motion: npt.ArrayLike) -> tuple[Floats, Floats]:
    first = checked(text, "text")
    second = checked(motion, "motion", rows=len(first))
    if first.shape[1] != second.shape[1]:
        raise ValueError(f"text has {first.shape[1]} dimensions, motion {second.shape[1]}")
    return unit(first), unit(second)
