"""How much a body moves in itself, whatever way it goes: a generator that blurs, or stands still, moves too little."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics import physical
from lib.metrics.directions import Floats
from lib.metrics.intervals import Measure, bootstrap_groups, group_sums, percentile_interval
from lib.metrics.names import METRICS
from lib.motion.features import FEATURE_BLOCKS, recover_joints
from lib.motion.skeleton import FPS

NAMES = ("motion energy", "pose spread")
UNITS = {name: METRICS[name].unit for name in NAMES} | physical.UNITS
"""Of the measures of a body: how much it moves, and whether it could move so."""
LEAST, MOST = 0.5, 1.5
"""Shares of real motion's energy: a generator hardly moves unless its own lies above the first by its whole interval,
and is called better or worse only where that interval lies below the second as well."""


def motion_energy(features: npt.ArrayLike, *, fps: float = FPS) -> float:
    """Mean speed of the joints relative to the root, in m/s; 0 for a body that glides and turns without moving.

    Positions are those of the features: from above relative to the root, turned so that the body faces one way, and
    over the floor. So neither the way that is gone nor a turn of the whole body counts.

    Args:
        features: (T, 263), not normalised.
        fps: frames a second.

    Returns:
        The mean over 21 joints and T - 1 steps; NaN for a single frame.

    Example:
        >>> frames = np.zeros((3, 263)); frames[:, 4:67:3] = 0.01 * np.arange(3)[:, None]
        >>> round(motion_energy(frames), 6)
        0.2
    """
    steps = np.diff(_positions(features), axis=0)
    return float(np.linalg.norm(steps, axis=-1).mean() * fps) if steps.size else float("nan")


def pose_spread(features: npt.ArrayLike) -> float:
    """Standard deviation over time of the joints' positions relative to the root, in metres; 0 for one pose held.

    Args:
        features: (T, 263), not normalised; positions as in `motion_energy`.

    Returns:
        The mean over 21 joints and three coordinates, each about its own mean over the clip.

    Example:
        >>> frames = np.zeros((2, 263)); frames[1, 4:67] = 0.2
        >>> round(pose_spread(frames), 6)
        0.1
    """
    return float(_positions(features).std(axis=0).mean())


def bodies(clips: Iterable[npt.ArrayLike], *, fps: float = FPS) -> pd.DataFrame:
    """Both measures and those of `lib.metrics.physical` of each clip (T, 263), a row a clip; columns as in `UNITS`."""
    motions = [*clips]
    possible = physical.physical((recover_joints(np.asarray(motion)) for motion in motions), fps=fps)
    return pd.concat([movement(motions, fps=fps), possible], axis=1)


def movement(clips: Iterable[npt.ArrayLike], *, fps: float = FPS) -> pd.DataFrame:
    """Both measures of each clip (T, 263), a row a clip in the order given; columns as in `NAMES`.

    Example:
        >>> movement([np.zeros((5, 263))]).values.tolist()
        [[0.0, 0.0]]
    """
    rows = [(motion_energy(features, fps=fps), pose_spread(features)) for features in clips]
    return pd.DataFrame(rows, columns=list(NAMES), dtype=np.float64)


def ratio_to_real(
    made: npt.ArrayLike, real: npt.ArrayLike, groups: npt.ArrayLike, *, draws: int, rng: np.random.Generator
) -> Measure:
    """A measure's mean over generated motions as a ratio to its mean over the real motions of the same captions.

    Args:
        made: (n,) of the generated motions, NaN where one is missing.
        real: (n,) of the real ones, row by row; rows that lack either do not count.
        groups: base clip of each row (n,), which the 95 % interval resamples.
        draws: replicates of the bootstrap.
        rng: source of randomness.

    Raises:
        ValueError: no row has both, or the real mean is not positive.

    Example:
        >>> found = ratio_to_real([0.5, 1.0], [1.0, 2.0], ["a", "b"], draws=100, rng=np.random.default_rng(0))
        >>> found.value, found.low, found.high, found.n
        (0.5, 0.5, 0.5, 2)
    """
    made, real = np.asarray(made, dtype=np.float64), np.asarray(real, dtype=np.float64)
    kept = np.isfinite(made) & np.isfinite(real)
    if not kept.any() or real[kept].mean() <= 0:
        raise ValueError("needs rows with a measure of either kind, and a real mean above 0")
    ours, theirs = (group_sums(values[kept], np.asarray(groups)[kept]) for values in (made, real))
    replicates = bootstrap_groups(lambda w: (w @ ours) / (w @ theirs), len(ours), draws=draws, rng=rng)
    low, high = percentile_interval(replicates)
    return Measure(float(ours.sum() / theirs.sum()), float(low), float(high), int(kept.sum()), "", 2)


def _positions(features: npt.ArrayLike) -> Floats:
    frames = np.asarray(features, dtype=np.float64)
    if frames.ndim != 2 or frames.shape[1] != 263 or not len(frames):
        raise ValueError(f"features must be (T, 263) with at least one frame, not {frames.shape}")
    positions: Floats = frames[:, FEATURE_BLOCKS["positions"]].reshape(len(frames), -1, 3)
    return positions
