"""The shares of 01 at every threshold, with their intervals: what the threshold slider shows."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from lib.draw.interactive.threshold import ThresholdSlider
from lib.metrics.intervals import bootstrap_groups, group_sums, percentile_interval
from lib.sections.similarity.text_leak import UNITS, HeldOut, TextLeak, by_unit

GRID = np.linspace(0, 1, 201)
"""Cosines, 0.005 apart: what a slider from 0.5 to 1 reads on either scale."""
Floats = npt.NDArray[np.float64]


def slider(
    leaks: Mapping[str, TextLeak], held: HeldOut, *, start: float, draws: int, rng: np.random.Generator
) -> ThresholdSlider:
    """A slider over the shares at every threshold.

    Args:
        leaks: as for :func:`shares`.
        held: as for :func:`shares`.
        start: the threshold at which it stands at first.
        draws: bootstrap replicates.
        rng: source of randomness.
    """
    return ThresholdSlider(shares(leaks, held, draws=draws, rng=rng), start)


def shares(leaks: Mapping[str, TextLeak], held: HeldOut, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """The share of every test set, and of held-out recordings, at or above every cosine of the grid.

    Args:
        leaks: the audits; the intervals of each resample base clips, and are those of its summary when `rng` begins as
            the generator did that made it.
        held: the recordings held out, with the range over its draws for an interval.
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        ``line, interval, unit, n, cosine, share, low, high``.
    """
    parts = []
    for leak in leaks.values():
        seed = int(rng.integers(2**32))
        name = f"{leak.test} test, {leak.train} train"
        for unit in UNITS:
            best = by_unit(leak.flags, unit)
            made = curve(best["cosine"], best["base_id"], draws=draws, rng=np.random.default_rng(seed))
            parts.append(made.assign(line=name, interval="95 % CI", unit=unit))
    first = next(iter(leaks.values()))
    drawn = [flags for _, flags in held.flags.groupby("draw")]
    for unit in UNITS:
        told = {"line": f"{first.train} recordings held out", "unit": unit}
        parts.append(_range(drawn, unit).assign(interval=f"range over {len(drawn)} draws", **told))
    return pd.concat(parts, ignore_index=True)[["line", "interval", "unit", "n", "cosine", "share", "low", "high"]]


def curve(cosines: npt.ArrayLike, groups: npt.ArrayLike, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Shares at or above every cosine of the grid, as `lib.metrics.intervals.share` estimates each of them.

    Args:
        cosines: (n,).
        groups: the resampling unit of each (n,).
        draws: bootstrap replicates; all bounds share them, so that intervals do not cross.
        rng: source of randomness.

    Returns:
        ``cosine, n, share, low, high``.

    Example:
        >>> made = curve([0.2, 0.9], ["a", "b"], draws=50, rng=np.random.default_rng(0))
        >>> made.set_index("cosine")["share"].loc[[0.0, 0.5, 1.0]].tolist()
        [1.0, 0.5, 0.0]
    """
    values = np.asarray(cosines, dtype=np.float32)
    reached = values[:, None] >= GRID.astype(np.float32)
    sizes = group_sums(np.ones(len(values)), groups)
    hits = np.stack([group_sums(column, groups) for column in reached.T], axis=1)
    share = reached.mean(axis=0)
    replicates = bootstrap_groups(lambda w: (w @ hits) / (w @ sizes)[:, None], len(sizes), draws=draws, rng=rng)
    low, high = percentile_interval(replicates)
    for place in np.flatnonzero((share == 0) | (share == 1)):
        low[place], high[place] = proportion_confint(round(share[place] * len(sizes)), len(sizes), method="wilson")
    return pd.DataFrame({"cosine": GRID.round(4), "n": len(values), "share": share, "low": low, "high": high})


def _range(drawn: list[pd.DataFrame], unit: str) -> pd.DataFrame:
    values = [np.asarray(by_unit(flags, unit)["cosine"], dtype=np.float32) for flags in drawn]
    each: Floats = np.stack([(one[:, None] >= GRID.astype(np.float32)).mean(axis=0) for one in values])
    ends = {"share": each.mean(axis=0), "low": each.min(axis=0), "high": each.max(axis=0)}
    return pd.DataFrame({"cosine": GRID.round(4), "n": round(np.mean([len(one) for one in values])), **ends})
