"""Do the metrics tell real motion from spoilt motion, and by how much: noise added in steps."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.directions import Floats
from lib.metrics.frechet import frechet_distance
from lib.metrics.jackknife import blocks_of
from lib.metrics.kid import polynomial_mmd
from lib.metrics.matching import expected_precision, matching_score
from lib.metrics.physical import jerk
from lib.motion.features import from_joints

Encode = Callable[[Sequence[npt.NDArray[np.float32]]], npt.NDArray[np.float32]]
LEVELS = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02)
WORSE_UP = {"FID": True, "KID": True, "R@1": False, "R@3": False, "MM-dist": True, "jerk": True}


def noise_sanity(
    joints: Sequence[npt.NDArray[np.floating]],
    text: npt.ArrayLike,
    groups: npt.ArrayLike,
    encode: Encode,
    *,
    levels: Sequence[float] = LEVELS,
    pool: int = 32,
    seed: int,
) -> pd.DataFrame:
    """One half of real motions against the other half with noise of several sizes added to its joints.

    The first level should be 0: its row is the floor that two halves of real motions keep, and every further row should
    be worse. The noise of one level is that of another scaled, so levels differ by nothing else.

    Args:
        joints: n motions (T, 22, 3) in metres.
        text: (n, d) latents of their captions.
        groups: base clip of each motion (n,).
        encode: features (T, 263) to motion latents (n, d), of the evaluator.
        levels: standard deviations of the noise in metres.
        pool: of the R-precision.
        seed: of the split and the noise.

    Returns:
        A row a level: ``noise_m, n, FID, KID, R@1, R@3`` (expected over pools), ``MM-dist, jerk`` (m/s³).
    """
    rng = np.random.default_rng(seed)
    half = blocks_of(groups, 2, rng=rng)
    one, other = np.flatnonzero(half == 0).tolist(), np.flatnonzero(half == 1).tolist()
    n = min(len(one), len(other))
    real = encode([np.asarray(from_joints(joints[at]), dtype=np.float32) for at in one[:n]])
    texts = np.asarray(text)[other[:n]]
    noise = [rng.normal(size=joints[at].shape) for at in other[:n]]
    rows = []
    for level in levels:
        spoilt: list[Floats] = [
            np.asarray(joints[at] + level * shake, dtype=np.float64) for at, shake in zip(other[:n], noise, strict=True)
        ]
        latents = encode([np.asarray(from_joints(clip), dtype=np.float32) for clip in spoilt])
        precision = expected_precision(texts, latents, pool=pool).mean(axis=0)
        shaken = float(np.nanmean([jerk(clip) for clip in spoilt]))
        scores = (frechet_distance(real, latents), polynomial_mmd(real, latents), precision[0], precision[2])
        rows.append((level, n, *scores, matching_score(texts, latents), shaken))
    return pd.DataFrame(rows, columns=["noise_m", "n", *WORSE_UP])


def in_order(table: pd.DataFrame) -> dict[str, bool]:
    """Whether each metric of `noise_sanity` gets worse with every step of noise.

    Example:
        >>> in_order(pd.DataFrame({"FID": [1.0, 2.0], "R@1": [0.5, 0.6]}))
        {'FID': True, 'R@1': False}
    """
    steps = {metric: np.diff(table[metric]) * (1 if up else -1) for metric, up in WORSE_UP.items() if metric in table}
    return {metric: bool((step > 0).all()) for metric, step in steps.items()}
