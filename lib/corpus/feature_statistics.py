"""Mean and standard deviation of the 263 features, as HumanML3D ships them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.motion.features import FEATURE_BLOCKS
from lib.motion.motion_array import FEATURES, content_fault, open_array


@dataclass(frozen=True, eq=False)
class FeatureStatistics:
    """HumanML3D's own statistics (Std averaged within groups); the Guo evaluators' and TMR's differ."""

    mean: NDArray[np.float32]
    std: NDArray[np.float32]


def grouped_std(std: NDArray[np.float64]) -> NDArray[np.float32]:
    """HumanML3D's Std: within each block of features, every deviation is the block's mean deviation.

    Source: HumanML3D: cal_mean_variance.ipynb.
    """
    grouped = std.copy()
    for block in FEATURE_BLOCKS.values():
        grouped[block] = std[block].mean()
    return grouped.astype(np.float32)


@dataclass(frozen=True, eq=False)
class Moments:
    """What statistics need of one motion.

    Attributes:
        frames: how many.
        mean: of each feature (263,), float64.
        squares: the sums of squared distances from it (263,), float64.
    """

    frames: int
    mean: NDArray[np.float64]
    squares: NDArray[np.float64]


def moments_of(motion: NDArray[np.float32]) -> Moments:
    """Sums up a motion (T, 263)."""
    wide = motion.astype(np.float64)
    mean = wide.mean(axis=0)
    return Moments(len(wide), mean, np.square(wide - mean).sum(axis=0))


def statistics_of(motions: Iterable[Moments]) -> FeatureStatistics:
    """Mean and grouped deviation of the frames of many motions, of which one is in memory at a time.

    Sums of squares are of distances from the mean so far, in float64, so that a large mean takes no digits of them. A
    block of features that never varies gets the deviation 1: loaders divide by it.

    Args:
        motions: at least one; they are joined in their order.

    Source: Chan, Golub and LeVeque 1983, of two samples joined; HumanML3D: cal_mean_variance.ipynb.

    Example:
        >>> made = statistics_of(map(moments_of, [np.zeros((3, 263), np.float32), np.ones((1, 263), np.float32)]))
        >>> float(made.mean[0]), round(float(made.std[5]), 4)
        (0.25, 0.433)
    """
    rows, mean, squares = 0, np.zeros(FEATURES), np.zeros(FEATURES)
    for motion in motions:
        n, apart = motion.frames, motion.mean - mean
        squares += motion.squares + np.square(apart) * (rows * n / (rows + n))
        mean, rows = mean + apart * (n / (rows + n)), rows + n
    std = grouped_std(np.sqrt(squares / rows))
    return FeatureStatistics(mean.astype(np.float32), np.where(std > 0, std, np.float32(1)))


def read_feature_statistics(root: Path, names: tuple[str, str] = ("Mean.npy", "Std.npy")) -> FeatureStatistics | None:
    """Mean.npy and Std.npy of a folder, or None where either is absent.

    Args:
        root: the folder.
        names: of both files; run folders have them in small letters.

    Raises:
        CorpusError: unreadable, not (263,), not finite, or a deviation that is not positive.
    """
    paths = tuple(root / name for name in names)
    if not all(path.is_file() for path in paths):
        return None
    mean, std = (_vector(path) for path in paths)
    if not (std > 0).all():
        raise CorpusError("a standard deviation is not positive", where=paths[1], fix="take a fresh copy")
    return FeatureStatistics(mean, std)


def _vector(path: Path) -> NDArray[np.float32]:
    array = open_array(path, wanted="an array (263,)")
    if array.shape != FEATURES or array.dtype.kind != "f":
        raise CorpusError(
            f"holds {array.dtype} {array.shape} instead of floats (263,)", where=path, fix="take a fresh copy"
        )
    if content_fault(array.reshape(-1, 1)):
        raise CorpusError("holds NaN or infinite values", where=path, fix="take a fresh copy")
    return array.astype(np.float32)
