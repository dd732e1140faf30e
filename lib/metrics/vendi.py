"""Vendi score: the effective number of different items in a set."""

import numpy as np
import numpy.typing as npt


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
