"""The measures of the modality gap with intervals, before and after centring each modality."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.directions import Floats, checked, unit
from lib.metrics.intervals import bootstrap_groups, percentile_interval
from lib.metrics.probe import area_under_roc
from lib.sections.embedding import gap

Statistic = Callable[[Floats], Floats]
COLUMNS = ["measure", "centred", "value", "low", "high", "none", "n"]


def gap_table(
    text: npt.ArrayLike,
    motion: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    draws: int,
    rng: np.random.Generator,
    sample: int = 2000,
    folds: int = 5,
) -> pd.DataFrame:
    """Centroid gap, probe AUC, cosines, alignment and uniformity of paired embeddings.

    Groups are resampled; probes are not trained anew and the centring is not repeated in a replicate. A bootstrap
    replicate of a distance between means is longer than the distance itself, so the centroid gap's interval is that of
    its component along the observed direction. The probe sees each side of a split centred on its own means: see
    `modality_scores`.

    Args:
        text: (n, d).
        motion: (n, d), row by row.
        groups: base clip of each row (n,).
        draws: bootstrap replicates.
        rng: source of randomness.
        sample: rows at most for the uniformities.
        folds: folds of the probe.

    Returns:
        Columns ``measure, centred, value, low, high, none, n``; ``none`` is the value when there is no gap (the
        sampling floor of the centroid gap, 0.5 of the AUC), NaN where that means nothing.

    Example:
        >>> x = np.random.default_rng(0).normal(size=(60, 3))
        >>> table = gap_table(x, x, np.arange(60), draws=50, rng=np.random.default_rng(0)).set_index("measure")
        >>> table["value"]["matched cosine"].round(6).tolist()
        [1.0, 1.0]
    """
    groups = np.asarray(groups)
    raw = checked(text, "text", rows=len(groups)), checked(motion, "motion", rows=len(groups))
    names, group_of = np.unique(groups, return_inverse=True)
    rows = []
    for is_centred, way in ((False, unit), (True, gap.centred)):
        first, second = way(raw[0]), way(raw[1])
        none = {"centroid gap": gap.gap_floor(first, second, groups), "probe AUC": 0.5}
        scores = gap.modality_scores(*raw, groups, folds=folds, rng=rng, centre=is_centred)
        for name, n, statistic in _statistics(first, second, group_of, scores, sample, rng):
            value = float(statistic(np.ones((1, len(names))))[0])
            replicates = bootstrap_groups(statistic, len(names), draws=draws, rng=rng)
            low, high = percentile_interval(replicates)
            rows.append((name, is_centred, value, float(low), float(high), none.get(name, np.nan), n))
    return pd.DataFrame(rows, columns=COLUMNS)


def _statistics(
    text: Floats,
    motion: Floats,
    group_of: npt.NDArray[np.intp],
    scores: Floats,
    sample: int,
    rng: np.random.Generator,
) -> Iterator[tuple[str, int, Statistic]]:
    n, size = len(text), np.bincount(group_of).astype(np.float64)
    texts, motions = (_sums(rows, group_of) for rows in (text, motion))
    difference = (texts - motions).sum(axis=0)
    along = (texts - motions) @ (difference / max(float(np.linalg.norm(difference)), np.finfo(np.float64).tiny))
    yield "centroid gap", n, lambda w: (w @ along) / (w @ size)
    is_motion = np.arange(2 * n) >= n
    yield "probe AUC", n, lambda w: area_under_roc(scores, is_motion, np.tile(w[:, group_of], 2))
    matched = np.bincount(group_of, weights=gap.matched_cosines(text, motion))
    yield "matched cosine", n, lambda w: (w @ matched) / (w @ size)
    within = (texts * motions).sum(axis=1)

    def mismatched(w: Floats) -> Floats:
        every = ((w @ texts) * (w @ motions)).sum(axis=1)
        return np.asarray((every - w**2 @ within) / ((w @ size) ** 2 - w**2 @ size**2))

    yield "mismatched cosine", n, mismatched
    yield "alignment", n, lambda w: 2 - 2 * (w @ matched) / (w @ size)
    for name, rows in (("uniformity of texts", text), ("uniformity of motions", motion)):
        some = np.arange(n) if n <= sample else np.sort(rng.choice(n, sample, replace=False))
        yield name, len(some), _uniformity(gap.gaussian_kernel(rows[some]), group_of[some])


def _uniformity(kernel: Floats, group_of: npt.NDArray[np.intp]) -> Statistic:
    def statistic(w: Floats) -> Floats:
        # A replicate repeats rows; a row and its copy are no pair.
        rows = w[:, group_of]
        pairs = rows.sum(axis=1) ** 2 - (rows**2).sum(axis=1)
        return np.asarray(np.log(((rows @ kernel) * rows).sum(axis=1) / pairs))

    return statistic


def _sums(rows: Floats, group_of: npt.NDArray[np.intp]) -> Floats:
    sums = np.zeros((group_of.max() + 1, rows.shape[1]))
    np.add.at(sums, group_of, rows)
    return sums
