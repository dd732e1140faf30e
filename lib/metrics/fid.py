"""The Fréchet distance of two sets of embeddings (FID), from their means and covariances."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lib.metrics.directions import Floats, checked


@dataclass(frozen=True)
class Moments:
    """Mean and covariance of a sample.

    Args:
        mean: (d,).
        covariance: (d, d), divided by n - 1.
        n: rows of the sample.
    """

    mean: Floats
    covariance: Floats
    n: int

    @cached_property
    def root(self) -> Floats:
        """R of full rank (d, rank) with R R^T = covariance, less the directions that are zero but for rounding."""
        values, vectors = np.linalg.eigh(self.covariance)
        there = values > values.max() * len(values) * np.finfo(np.float64).eps
        return np.asarray(vectors[:, there] * np.sqrt(values[there]))


def moments(embeddings: npt.ArrayLike) -> Moments:
    """Mean and covariance (ddof = 1) of rows (n, d), in float64.

    Source: text-to-motion: utils/metrics.py (`calculate_activation_statistics`).

    Raises:
        ValueError: fewer than two rows, another shape, values that are not finite.

    Example:
        >>> found = moments([[0.0, 1.0], [2.0, 1.0]])
        >>> found.mean.tolist(), found.covariance.tolist()
        ([1.0, 1.0], [[2.0, 0.0], [0.0, 0.0]])
    """
    mean, scaled = _scaled(embeddings)
    return Moments(mean, scaled.T @ scaled, len(scaled))


def frechet_distance(real: npt.ArrayLike, generated: npt.ArrayLike) -> float:
    """Squared Fréchet distance of the normal laws fitted to two samples; 0 for equal samples, lower is closer.

    A sample's own size sets a floor: two samples of one law are not at 0 (see `lib.metrics.sample_size`), so values
    compare only at equal n, and the kernel distance (`lib.metrics.kid`) belongs beside it.

    Source: Heusel et al. 2017 and Guo et al. 2022 + text-to-motion: utils/metrics.py (`calculate_frechet_distance`).
        That takes `scipy.linalg.sqrtm` of the product of the covariances and drops an imaginary part. Here its trace is
        the sum of the singular values of the product of two roots of full rank, which are the rows about their mean
        where there are no more of them than dimensions. The two agree to 1e-8 where the covariances are regular; where
        they are not, as with n below d, a root of the singular product errs by some 1e-8 of the traces, and this does
        not.

    Args:
        real: (n, d) finite embeddings, not normalised unless the caller did.
        generated: (m, d).

    Returns:
        The distance, in squared units of the embeddings.

    Raises:
        ValueError: fewer than two rows, dimensions that differ, values that are not finite.

    Example:
        >>> frechet_distance([[0.0], [2.0]], [[3.0], [5.0]])
        9.0
    """
    (mean, x), (other, y) = _scaled(real), _scaled(generated)
    if x.shape[1] != y.shape[1] or max(len(x), len(y)) > x.shape[1]:
        return frechet_between(moments(real), moments(generated))
    common = np.linalg.svd(x @ y.T, compute_uv=False).sum()
    return float(((mean - other) ** 2).sum() + (x**2).sum() + (y**2).sum() - 2 * common)


def frechet_between(real: Moments, generated: Moments) -> float:
    """The distance from moments, where the samples themselves are no longer needed.

    Example:
        >>> one = Moments(np.zeros(2), np.eye(2), 10)
        >>> frechet_between(one, Moments(np.zeros(2), 4 * np.eye(2), 10))
        2.0
    """
    if real.mean.shape != generated.mean.shape:
        raise ValueError(f"real has {len(real.mean)} dimensions, generated {len(generated.mean)}")
    common = np.linalg.svd(real.root.T @ generated.root, compute_uv=False).sum()
    apart = ((real.mean - generated.mean) ** 2).sum()
    return float(apart + np.trace(real.covariance) + np.trace(generated.covariance) - 2 * common)


def _scaled(embeddings: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The mean (d,), and rows (n, d) about it over the root of n - 1, whose products are the covariance."""
    rows = checked(embeddings, "embeddings").astype(np.float64)
    if len(rows) < 2:
        raise ValueError("a covariance needs at least two rows")
    mean = rows.mean(axis=0)
    return mean, (rows - mean) / np.sqrt(len(rows) - 1)
