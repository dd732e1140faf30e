"""How different the items of a set are, from one another or for one text, and a subset that differs most."""

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from lib.metrics.directions import Floats, checked, unit

ROWS = 512


def diversity(embeddings: npt.ArrayLike, *, pairs: int = 300, rng: np.random.Generator) -> float:
    """Mean Euclidean distance between two random draws of motions; best when it equals that of real motions.

    Each draw is without replacement and independent of the other, so that a motion may meet itself (once in n).

    Source: Guo et al. 2022 + text-to-motion: utils/metrics.py (`calculate_diversity`), which wants n above ``pairs``.

    Args:
        embeddings: (n, d), n at least ``pairs``.
        pairs: motions in a draw.
        rng: source of randomness.

    Raises:
        ValueError: another shape, values that are not finite, fewer rows than ``pairs``.

    Example:
        >>> diversity(np.ones((400, 8)), rng=np.random.default_rng(0))
        0.0
    """
    rows = checked(embeddings, "embeddings").astype(np.float64)
    first, second = _draws(len(rows), pairs, rng)
    return float(np.linalg.norm(rows[first] - rows[second], axis=1).mean())


def multimodality(embeddings: npt.ArrayLike, *, pairs: int = 10, rng: np.random.Generator) -> float:
    """Mean Euclidean distance between two random draws among the motions made for one text, over texts.

    Source: Guo et al. 2022 + text-to-motion: utils/metrics.py (`calculate_multimodality`): 30 motions a text, two
        independent draws of 10, the same for all texts.

    Args:
        embeddings: (texts, repeats, d), repeats at least ``pairs``.
        pairs: motions in a draw.
        rng: source of randomness.

    Raises:
        ValueError: another shape, values that are not finite, fewer repeats than ``pairs``.

    Example:
        >>> multimodality(np.ones((5, 30, 8)), rng=np.random.default_rng(0))
        0.0
    """
    made = _repeated(embeddings)
    first, second = _draws(made.shape[1], pairs, rng)
    return float(np.linalg.norm(made[:, first] - made[:, second], axis=2).mean())


def spread_by_text(embeddings: npt.ArrayLike) -> Floats:
    """What `multimodality` expects of each text: the mean distance over all ordered pairs of its motions.

    Args:
        embeddings: (texts, repeats, d).

    Returns:
        Distances (texts,), a motion's distance of 0 to itself counted, as the two draws may meet.

    Example:
        >>> spread_by_text([[[0.0], [2.0]]]).tolist()
        [1.0]
    """
    made = _repeated(embeddings)
    return np.asarray([cdist(some, some).mean() for some in made])


def spread_of_all(embeddings: npt.ArrayLike) -> Floats:
    """What `diversity` expects with each row as one of the pair: the mean distance to all rows, itself included.

    Args:
        embeddings: (n, d).

    Returns:
        Distances (n,); their mean is the expectation of `diversity`.

    Example:
        >>> spread_of_all([[0.0], [2.0]]).tolist()
        [1.0, 1.0]
    """
    rows = checked(embeddings, "embeddings").astype(np.float64)
    return np.concatenate([cdist(rows[top : top + ROWS], rows).mean(axis=1) for top in range(0, len(rows), ROWS)])


def _draws(n: int, pairs: int, rng: np.random.Generator) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    if not 1 <= pairs <= n:
        raise ValueError(f"{pairs} pairs cannot be drawn without replacement from {n} motions")
    return rng.choice(n, pairs, replace=False), rng.choice(n, pairs, replace=False)


def _repeated(embeddings: npt.ArrayLike) -> Floats:
    made = np.asarray(embeddings, dtype=np.float64)
    if made.ndim != 3 or not made.size or not np.isfinite(made).all():
        raise ValueError(f"embeddings must be finite (texts, repeats, d), not of shape {made.shape}")
    return made


def vendi(vectors: npt.NDArray[np.floating]) -> float:
    """Exponential of the entropy of the eigenvalues of K/n, K being the cosines of all pairs.

    1 where all items are the same, n where no two have anything in common; bounded by n and by the width of the
    vectors, so that only sets of equal size compare. XᵀX/n has the same eigenvalues as XXᵀ/n; the smaller is taken.

    Args:
        vectors: (n, d), each of length 1, so that K is 1 on the diagonal.

    Returns:
        1..n; NaN without vectors.

    Raises:
        ValueError: vectors that are not of length 1.

    Source: Friedman and Dieng 2023, The Vendi Score, definition 3.1 + vertaix/Vendi-Score: vendi.py (score_dual).

    Example:
        >>> round(vendi(np.eye(4)), 6), round(vendi(np.ones((3, 1))), 6)
        (4.0, 1.0)
    """
    x = np.asarray(vectors, dtype=np.float64)
    if not len(x):
        return float("nan")
    if not np.allclose(np.linalg.norm(x, axis=1), 1.0, atol=1e-3):
        raise ValueError("vectors must be of length 1")
    matrix = (x @ x.T if x.shape[0] <= x.shape[1] else x.T @ x) / len(x)
    eigenvalues = np.clip(np.linalg.eigvalsh(matrix), 0.0, None)
    eigenvalues = eigenvalues[eigenvalues > 0] / eigenvalues.sum()
    return float(np.exp(-(eigenvalues * np.log(eigenvalues)).sum()))


def farthest_first(vectors: npt.ArrayLike, size: int) -> npt.NDArray[np.int64]:
    """Rows chosen one by one, each the least similar to its nearest chosen row; the first is farthest from the mean.

    TMR lists 100 test captions that are as dissimilar as an approximation of the quadratic knapsack problem finds;
    where a corpus comes without such a list this greedy choice (Gonzalez 1985) takes its place: the smallest distance
    within it is at least half of the best possible. Memory is O(n d), no n x n matrix.

    Args:
        vectors: (n, d), compared by cosine.
        size: rows wanted; all rows where there are fewer.

    Returns:
        Row numbers in the order chosen; of equal candidates the first.

    Example:
        >>> farthest_first([[1, 0], [1, 0.1], [-1, 0], [0, 1]], 3).tolist()
        [2, 0, 3]
    """
    rows = unit(checked(vectors, "vectors"))
    chosen = [int(np.argmin(rows @ rows.mean(axis=0)))]
    nearest = rows @ rows[chosen[0]]
    while len(chosen) < min(size, len(rows)):
        nearest[chosen[-1]] = np.inf
        chosen.append(int(np.argmin(nearest)))
        nearest = np.maximum(nearest, rows @ rows[chosen[-1]])
    return np.array(chosen, dtype=np.int64)
