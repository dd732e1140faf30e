"""How far respondents agree with one another: Krippendorff's alpha on ranks."""

from functools import partial
from typing import Literal

import krippendorff
import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.intervals import Floats, bootstrap_groups, percentile_interval
from lib.sections.captioners.preferences.ballots import Ballots

Level = Literal["nominal", "ordinal", "interval"]


def alpha(values: npt.ArrayLike, level: Level = "ordinal") -> float:
    """Krippendorff's alpha: 1 for perfect agreement, 0 for what chance gives, below 0 for disagreement.

    Source: Krippendorff 2011, "Computing Krippendorff's alpha-reliability"; the package of that name.

    Args:
        values: what each rater answered on each unit (raters, units), NaN where nothing.
        level: how far apart two values are taken to be.

    Returns:
        Alpha; NaN where no unit has two values, or all values are equal, since then nothing could have disagreed.

    Example:
        >>> alpha([[1, 2, 3, 3], [1, 2, 3, 3]]), alpha([[1, 1], [1, 1]])
        (1.0, nan)
    """
    table = np.asarray(values, dtype=np.float64)
    domain = np.unique(table[~np.isnan(table)])
    counts = (table.T[:, :, None] == domain).sum(axis=1)
    return _alpha(counts, domain, level)


def agreement(ballots: Ballots, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Alpha of the ranks (ordinal) and of the first places (nominal), with intervals over clips.

    A unit is a caption of a clip, ranked by each respondent who saw it. Clips are resampled, not respondents: a
    respondent drawn twice would agree with themselves.

    Returns:
        Columns ``of, level, alpha, low, high, respondents, clips``; NaN where no two respondents judged the same
        clip.
    """
    rows = []
    measures: tuple[tuple[str, Level, Floats], ...] = (
        ("ranks", "ordinal", ballots.ranks),
        ("first place or not", "nominal", _first_or_not(ballots.ranks)),
    )
    for name, level, values in measures:
        units = _by_clip(ballots, values)
        domain = np.unique(values[~np.isnan(values)])
        counts = (units[..., None] == domain).sum(axis=2)
        value = _alpha(counts.reshape(-1, len(domain)), domain, level)
        low, high = float("nan"), float("nan")
        if np.isfinite(value) and len(counts) > 1:
            resampled = partial(_resampled, counts, domain, level)
            low, high = map(float, percentile_interval(bootstrap_groups(resampled, len(counts), draws=draws, rng=rng)))
        rows.append((name, level, value, low, high, len(ballots.people), len(counts)))
    return pd.DataFrame(rows, columns=["of", "level", "alpha", "low", "high", "respondents", "clips"])


def _resampled(counts: npt.NDArray[np.int64], domain: Floats, level: Level, weights: Floats) -> Floats:
    drawn = (np.repeat(counts, row.astype(int), axis=0).reshape(-1, len(domain)) for row in weights)
    return np.array([_alpha(resample, domain, level) for resample in drawn])


def _first_or_not(ranks: Floats) -> Floats:
    best = (ranks == np.nanmin(ranks, axis=1, keepdims=True)).astype(np.float64)
    return np.asarray(np.where(np.isnan(ranks), np.nan, best))


def _by_clip(ballots: Ballots, values: Floats) -> Floats:
    """Values by clip, captioner and respondent (c, k, r)."""
    clips, clip = np.unique(ballots.clips, return_inverse=True)
    person = np.searchsorted(ballots.people, ballots.respondents)
    units = np.full((len(clips), values.shape[1], len(ballots.people)), np.nan)
    units[clip, :, person] = values
    return units


def _alpha(counts: npt.NDArray[np.int64], domain: Floats, level: Level) -> float:
    shared = counts[counts.sum(axis=1) > 1]
    if not len(shared) or (shared.sum(axis=0) > 0).sum() < 2:
        return float("nan")
    return float(krippendorff.alpha(value_counts=shared, value_domain=domain, level_of_measurement=level))
