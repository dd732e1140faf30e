"""Bounds of the scores: how far from the benchmark's bulk a clip may lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.intervals import bootstrap_groups
from lib.motion.realism_scale import odds
from lib.sections.preparation.scores import SCORES, Score

TAIL = 0.05
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Bounds:
    """The bounds of the scored stages.

    Args:
        at: by score.
        replicates: (draws,) by score, from resampled benchmark clips; a bound that was given does not vary.
        given: the scores whose bound was given outright.
        clips: benchmark clips that the others come from.
    """

    at: Mapping[str, float]
    replicates: Mapping[str, Floats] = field(repr=False)
    given: frozenset[str] = frozenset()
    clips: int = 0

    def table(self) -> pd.DataFrame:
        """One row a score: ``score, bound, low, high, unit, odds, rule``, with the interval of the replicates."""
        rows = []
        for score in SCORES:
            bound, fixed = self.at[score.column], score.column in self.given
            low, high = (np.nan, np.nan) if fixed else np.quantile(self.replicates[score.column], [0.025, 0.975])
            rule = "given" if fixed else "no stricter" if bound == score.lax else "fence"
            told = None if score.unit else odds(bound)
            rows.append((score.title, bound, low, high, score.unit or "log-odds", told, rule))
        return pd.DataFrame(rows, columns=["score", "bound", "low", "high", "unit", "odds", "rule"])


def bounds(
    benchmark: pd.DataFrame,
    *,
    reach: float,
    given: Mapping[str, float | None],
    draws: int,
    rng: np.random.Generator,
) -> Bounds:
    """The fence of every score on the benchmark's clips, unless a bound is given outright.

    Args:
        benchmark: its scores, a row a clip.
        reach: see :func:`fence`.
        given: by parameter (``realism_min`` and so on) a bound, or None.
        draws: bootstrap replicates over the benchmark's base clips.
        rng: source of randomness.
    """
    at, replicates, fixed = {}, {}, set()
    for score in SCORES:
        outright = given[score.bound]
        values = benchmark[score.column].dropna().to_numpy()
        if outright is None and not len(values):
            outright = -np.inf if score.low_is_bad else np.inf
        if outright is not None:
            at[score.column], replicates[score.column] = float(outright), np.full(draws, float(outright))
            fixed.add(score.column)
            continue
        at[score.column] = float(fence(score, values[None], reach)[0])
        replicates[score.column] = bootstrap_groups(
            lambda w, score=score, values=values: fence(score, _drawn(values, w), reach),  # type: ignore[misc]
            len(values),
            draws=draws,
            rng=rng,
        )
    return Bounds(at, replicates, frozenset(fixed), len(benchmark))


def fence(score: Score, values: Floats, reach: float) -> Floats:
    """A bound that lies beyond the worst twentieth by ``reach`` times its distance from the median.

    It rests on the twentieth and the median and not on the one or two worst clips, so it hardly moves when clips are
    resampled. No bound is stricter than ``score.lax``.

    Args:
        score: which end is bad, and whether distances are factors.
        values: (b, n) of the benchmark's clips, one sample a row.
        reach: how far.

    Returns:
        (b,) bounds.

    Source: after the fences of Tukey 1977, Exploratory Data Analysis, with the worst twentieth for the quartile, since
        only one end is bad and scores are skewed.

    Example:
        >>> from lib.sections.preparation.scores import SCORES
        >>> fence(SCORES[1], np.linspace(0, 1, 101)[None], 1.0).round(2).tolist()
        [1.4]
    """
    x = np.log(np.maximum(values, 1e-6)) if score.logarithmic else values
    middle, tail = np.quantile(x, [0.5, TAIL if score.low_is_bad else 1 - TAIL], axis=1)
    bound = tail + reach * (tail - middle)
    bound = np.exp(bound) if score.logarithmic else bound
    return np.asarray(np.minimum(bound, score.lax) if score.low_is_bad else np.maximum(bound, score.lax))


def _drawn(values: Floats, weights: Floats) -> Floats:
    """Samples (b, n) from how often each of n values was drawn (b, n)."""
    ordered = np.sort(values)
    counts = weights[:, np.argsort(values, kind="stable")].astype(int)
    return np.stack([np.repeat(ordered, row) for row in counts])
