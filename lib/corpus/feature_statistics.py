"""Mean and standard deviation of the 263 features, as HumanML3D ships them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.motion.motion_array import FEATURES, content_fault, open_array


@dataclass(frozen=True, eq=False)
class FeatureStatistics:
    """HumanML3D's own statistics (Std averaged within groups); the Guo evaluators' and TMR's differ."""

    mean: NDArray[np.float32]
    std: NDArray[np.float32]


def read_feature_statistics(root: Path) -> FeatureStatistics | None:
    """Mean.npy and Std.npy of a folder, or None where either is absent.

    Raises:
        CorpusError: unreadable, not (263,), not finite, or a deviation that is not positive.
    """
    paths = (root / "Mean.npy", root / "Std.npy")
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
