"""Silhouettes from one distance matrix, for as many labelings as wanted."""

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from lib.metrics.directions import Floats


def silhouettes(distances: Floats, codes: npt.NDArray[np.int64]) -> Floats:
    """How much nearer each row is to its own class than to the nearest other class, -1 to 1.

    Source: Rousseeuw 1987; agrees with scikit-learn's ``silhouette_samples``, which takes one labeling at a time.

    Args:
        distances: (n, n).
        codes: class of each row in each labeling (b, n), 0 to c - 1, every class in every labeling, c at least 2.

    Returns:
        Values (b, n); 0 for a row alone in its class.

    Example:
        >>> silhouettes(pairwise(np.array([[0.0], [1.0], [10.0], [11.0]])), np.array([[0, 0, 1, 1]])).round(3).tolist()
        [[0.905, 0.895, 0.895, 0.905]]
    """
    classes = int(codes.max()) + 1
    member = codes[:, :, None] == np.arange(classes)
    size = member.sum(axis=1)[:, None, :]
    flat = member.astype(np.float64).transpose(1, 0, 2).reshape(codes.shape[1], -1)
    sums = (distances @ flat).reshape(codes.shape[1], len(codes), classes).transpose(1, 0, 2)
    own_size = (member * size).sum(axis=2)
    inside = (sums * member).sum(axis=2) / np.maximum(own_size - 1, 1)
    outside = np.where(member, np.inf, sums / size).min(axis=2)
    larger = np.maximum(inside, outside)
    score = np.divide(outside - inside, larger, out=np.zeros_like(larger), where=larger > 0)
    return np.asarray(np.where(own_size > 1, score, 0.0), dtype=np.float64)


def pairwise(vectors: Floats) -> Floats:
    """Euclidean distances of all rows (n, n); for samples, the caller bounds n."""
    return np.asarray(cdist(vectors, vectors), dtype=np.float64)
