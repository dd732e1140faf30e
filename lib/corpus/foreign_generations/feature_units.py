"""Whether 263 features of a generator are normalised or in their own units, as told or as their bodies show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.corpus.feature_statistics import FeatureStatistics
from lib.motion.body import body_faults
from lib.motion.features import FEATURE_BLOCKS, recover_joints

Floats = NDArray[np.floating]

LOOKED_AT = 50
MOST, FEW = 0.9, 0.1
"""Shares of motions that are bodies from which on all are taken for such, and up to which none is."""
PELVIS_M = (0.15, 1.5)
"""Median height of a pelvis: of somebody who sits on the floor, of a tall person who stands on a chair."""
FIX = "say --features normalised or --features plain"


FeatureUnits = Literal["normalised", "plain"]


@dataclass(frozen=True)
class Look:
    """How many motions are bodies of steady bones at a body's height, read in either way."""

    plain: int
    normalised: int
    motions: int


def look(motions: Iterable[Floats], statistics: FeatureStatistics | None) -> Look:
    """Counts the motions that are bodies, read as they are and with mean and deviation put back.

    Args:
        motions: (T, 263) each.
        statistics: that they may be normalised by; None counts none.
    """
    some = [np.asarray(motion, dtype=np.float64) for motion in motions]
    back = [] if statistics is None else [restored(motion, statistics) for motion in some]
    return Look(sum(map(_is_body, some)), sum(map(_is_body, back)), len(some))


def decide(seen: Look) -> tuple[FeatureUnits, str]:
    """What features must be, and the clause that says so.

    Features that are read rightly keep the length of the bones and the pelvis at a pelvis' height; normalised ones that
    are taken as they are do neither. So it is asked first whether they are bodies as they are.

    Raises:
        CorpusError: they are bodies in neither way, or in a part of the motions only.

    Example:
        >>> decide(Look(plain=0, normalised=9, motions=9))[0]
        'normalised'
    """
    counted = f"{seen.plain} of {seen.motions} motions are bodies as they are, {seen.normalised} with Mean and Std"
    if seen.plain >= MOST * seen.motions:
        return "plain", f"features are taken for plain: {counted}"
    if seen.plain <= FEW * seen.motions and seen.normalised >= MOST * seen.motions:
        return "normalised", f"features are taken for normalised: {counted}"
    raise CorpusError(f"features may be normalised or not: {counted}", fix=FIX)


def doubt(told: FeatureUnits, seen: Look) -> str:
    """A clause where features do not look as they were told to be; empty where they do.

    Example:
        >>> doubt("plain", Look(plain=0, normalised=9, motions=9))
        'features were said to be plain, and 0 of 9 motions looked at are bodies so'
    """
    count = seen.plain if told == "plain" else seen.normalised
    few = count < MOST * seen.motions
    return f"features were said to be {told}, and {count} of {seen.motions} motions looked at are bodies so" * few


def restored(motion: Floats, statistics: FeatureStatistics) -> Floats:
    """Normalised features (T, 263) in their own units."""
    plain: Floats = motion * statistics.std + statistics.mean
    return plain


def _is_body(motion: Floats) -> bool:
    if not np.isfinite(motion).all() or not len(motion):
        return False
    low, high = PELVIS_M
    faults = {fault.kind for fault in body_faults(recover_joints(motion))}
    return bool(low < np.median(motion[:, FEATURE_BLOCKS["root height"]]) < high) and not faults & {
        "drift",
        "scale",
        "bone",
    }
