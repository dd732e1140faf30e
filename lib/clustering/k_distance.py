"""How far each point must look to become core: the curve from which DBSCAN's radius is read."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.clustering.distances import Distances, Metric, Rows, slices, turned
from lib.errors import ParamsError
from lib.metrics.directions import Floats

SPARE = 8


@dataclass(frozen=True)
class KDistances:
    """The sorted k-distance curve.

    Args:
        rows: the sampled rows (m,), in the order of the curve.
        radius: (m,) ascending: the smallest eps at which the row is core.
        min_samples: neighbours counted, the row itself included.
        knee: the radius where the curve turns upwards; a proposal for eps.
    """

    rows: Rows
    radius: Floats
    min_samples: int
    knee: float


def k_distances(
    vectors: npt.ArrayLike | Distances,
    *,
    min_samples: int,
    metric: Metric = "euclidean",
    sample: int = 2000,
    rng: np.random.Generator,
) -> KDistances:
    """The distance to the (min_samples - 1)-th other point, of sampled rows to all rows: exact, no index.

    Source: Ester et al. 1996, section 4.2 (the sorted k-dist graph); the knee is Satopää et al. 2011's: the point
    farthest below the chord, both axes scaled to 0..1.

    Args:
        vectors: (n, d) finite floats, or the same laid out already.
        min_samples: as in `dbscan`: the row itself counts, so 1 gives radius 0.
        metric: ``euclidean`` or ``cosine``.
        sample: rows whose distance is found; all rows are searched.
        rng: draws the sample.

    Returns:
        The curve.

    Raises:
        UserError: fewer rows than ``min_samples``, values that are not finite.

    Example:
        >>> x = np.array([[0.0], [1.0], [3.0], [9.0]])
        >>> k_distances(x, min_samples=2, rng=np.random.default_rng(0)).radius.tolist()
        [1.0, 1.0, 2.0, 6.0]
    """
    laid = vectors if isinstance(vectors, Distances) else Distances(vectors, metric)
    n = len(laid)
    if not 1 <= min_samples <= n:
        raise ParamsError(f"min_samples is {min_samples}; it must be 1 to {n}, the number of points")
    rows = np.sort(rng.choice(n, size=min(sample, n), replace=False))
    wanted = min(n, min_samples + SPARE)
    found = [_nearest(laid, rows[some], wanted)[:, min_samples - 1] for some in slices(len(rows), 512)]
    squared = np.concatenate(found)
    radius = laid.radius(squared)
    order = np.argsort(radius, kind="stable")
    return KDistances(rows[order], radius[order], min_samples, knee(radius[order]))


def knee(ascending: Floats) -> float:
    """The value of an ascending convex curve that lies farthest below the chord between its ends.

    Example:
        >>> knee(np.array([1.0, 1.1, 1.2, 1.3, 9.0]))
        1.3
    """
    low, high = float(ascending[0]), float(ascending[-1])
    if high <= low:
        return high
    below = np.linspace(0, 1, len(ascending)) - (ascending - low) / (high - low)
    return float(ascending[below.argmax()])


def _nearest(laid: Distances, rows: Rows, wanted: int) -> Floats:
    # float32 picks a few more than are wanted, float64 puts them in order.
    best = np.empty((len(rows), 0), dtype=np.float32)
    index = np.empty((len(rows), 0), dtype=np.int64)
    other = turned(laid.laid[rows])
    for some in slices(len(laid)):
        here = np.broadcast_to(np.arange(some.start, some.stop), (len(rows), some.stop - some.start))
        tile = np.concatenate([best, other @ laid.laid[some].T], axis=1)
        names = np.concatenate([index, here], axis=1)
        kept = np.argpartition(-tile, min(wanted, tile.shape[1]) - 1, axis=1)[:, :wanted]
        best, index = np.take_along_axis(tile, kept, axis=1), np.take_along_axis(names, kept, axis=1)
    squared = laid.squared(np.repeat(rows, index.shape[1]), index.ravel()).reshape(index.shape)
    return np.asarray(np.sort(squared, axis=1))
