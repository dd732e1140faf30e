"""How sensitive the metrics are to noise that is added to the joints of real motion in steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus
from lib.metrics.directions import Floats
from lib.metrics.fid import frechet_distance
from lib.metrics.jackknife import blocks_of, jackknife
from lib.metrics.kid import polynomial_mmd
from lib.metrics.matching import expected_precision, matching_score
from lib.metrics.names import METRICS
from lib.metrics.physical import jerk
from lib.metrics.sample_size import Rows, halved
from lib.models.evaluation_prompts import EvaluationPrompts
from lib.models.tmr.model import TMR
from lib.motion.features import from_joints

Encode = Callable[[Sequence[npt.NDArray[np.float32]]], npt.NDArray[np.float32]]
SPLITS, BLOCKS = 20, 15
NOTICING = ("FID", "KID", "R@1", "R@3", "MM-dist", "jerk")
"""The metrics in question; noise raises jerk, and what is worse by the others is said in `METRICS`."""


def of_prompts(
    corpus: Corpus, prompts: EvaluationPrompts, evaluator: TMR, *, levels: Sequence[float], pool: int, seed: int
) -> pd.DataFrame | None:
    """`noise_sensitivity` on the real motions of the prompts; None where a half of them might not fill a pool."""
    if len(prompts.clips) < 3 * pool:
        return None
    joints = [corpus.joints(clip_id) for clip_id in prompts.clips["clip_id"]]
    encode = partial(prompts.latents, evaluator)
    text, groups = prompts.test.text, prompts.clips["base_id"]
    return noise_sensitivity(joints, text, groups, encode, levels=levels, pool=pool, seed=seed)


def noise_sensitivity(
    joints: Sequence[npt.NDArray[np.floating]],
    text: npt.ArrayLike,
    groups: npt.ArrayLike,
    encode: Encode,
    *,
    levels: Sequence[float],
    pool: int,
    seed: int,
) -> pd.DataFrame:
    """One half of real motions against the other half with noise of several sizes added to its joints.

    The first level should be 0: its row is the floor that two halves of real motions keep. A metric notices a further
    level where it is worse there than at the first by a 95 % interval, the jackknife's over blocks of base clips. The
    noise of one level is that of another scaled, and all have the same halves, so levels differ by nothing else.

    Args:
        joints: n motions (T, 22, 3) in metres.
        text: (n, d) latents of their captions.
        groups: base clip of each motion (n,).
        encode: features (T, 263) to motion latents (n, d), of the evaluator.
        levels: standard deviations of the noise in metres.
        pool: of the R-precision.
        seed: of the splits and the noise.

    Returns:
        A row a level: ``noise_m, n`` (motions a half), ``FID, KID, R@1, R@3`` (expected over pools), ``MM-dist, jerk``
        (m/s³), means of 20 splits, and ``noticed_by``, the metrics by name.
    """
    rng = np.random.default_rng(seed)
    splits = halved(groups, times=SPLITS, rng=rng)
    block = blocks_of(groups, BLOCKS, rng=rng)
    noise = [rng.normal(size=clip.shape) for clip in joints]
    real = encode([np.asarray(from_joints(clip), dtype=np.float32) for clip in joints])
    texts = np.asarray(text)
    rows, first = [], None
    for level in levels:
        shaken: list[Floats] = [
            np.asarray(clip + level * shake, dtype=np.float64) for clip, shake in zip(joints, noise, strict=True)
        ]
        latents = encode([np.asarray(from_joints(clip), dtype=np.float32) for clip in shaken])
        against = _Shaken(real, latents, texts, np.array([jerk(clip) for clip in shaken]), splits, pool)
        whole = against.scores(np.ones(len(block), dtype=bool))
        left_out = np.stack([against.scores(block != at) for at in range(block.max() + 1)])
        first = first or (whole, left_out)
        rows.append((level, len(splits[0][0]), *whole, _worse(whole - first[0], left_out - first[1])))
    return pd.DataFrame(rows, columns=["noise_m", "n", *NOTICING, "noticed_by"])


def noticed_from(table: pd.DataFrame) -> dict[str, float]:
    """The smallest noise from which on each metric of `noise_sensitivity` notices every level; infinite for none.

    Example:
        >>> table = pd.DataFrame({"noise_m": [0.0, 0.1, 0.2], "FID": 1.0, "R@1": 1.0, "noticed_by": ["", "FID", "FID"]})
        >>> noticed_from(table)
        {'FID': 0.1, 'R@1': inf}
    """
    smallest = {}
    for metric in [name for name in NOTICING if name in table]:
        level = float("inf")
        for noise, names in zip(table["noise_m"][::-1], table["noticed_by"][::-1], strict=True):
            if metric not in names.split(", "):
                break
            level = float(noise)
        smallest[metric] = level
    return smallest


@dataclass(frozen=True, eq=False)
class _Shaken:
    real: npt.NDArray[np.float32]
    latents: npt.NDArray[np.float32]
    text: npt.NDArray[np.floating]
    jerks: Floats
    splits: Sequence[tuple[Rows, Rows]]
    pool: int

    def scores(self, kept: npt.NDArray[np.bool_]) -> Floats:
        """The metrics in the order of `NOTICING` on the rows that are kept (n,), means over splits."""
        rows = []
        for first, second in self.splits:
            ours, theirs = first[kept[first]], second[kept[second]]
            real, shaken, text = self.real[ours], self.latents[theirs], self.text[theirs]
            precision = expected_precision(text, shaken, pool=self.pool).mean(axis=0)
            sets = frechet_distance(real, shaken), polynomial_mmd(real, shaken)
            rows.append(
                (*sets, precision[0], precision[2], matching_score(text, shaken), np.nanmean(self.jerks[theirs]))
            )
        return np.asarray(np.asarray(rows, dtype=np.float64).mean(axis=0))


def _worse(difference: Floats, left_out: Floats) -> str:
    names = []
    for at, metric in enumerate(NOTICING):
        over = jackknife(float(difference[at]), left_out[:, at], n=len(left_out))
        if over.high < 0 if METRICS[metric].better == "higher" else over.low > 0:
            names.append(metric)
    return ", ".join(names)
