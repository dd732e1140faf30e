"""The test clips that a regime has not met in training, by recording or by text, and what it scores on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.base.device import one_thread
from lib.base.prose import listed
from lib.corpus.leak_free import leak_free_clips
from lib.metrics.intervals import number, span
from lib.metrics.names import METRICS
from lib.models.evaluation_prompts import EvaluationPrompts
from lib.models.generated_latents import GeneratedLatents, Mask, TestSet
from lib.models.momask.regimes import Regime
from lib.sections.evaluation.differences import ALL
from lib.sections.evaluation.generation_intervals import clip_interval
from lib.sections.evaluation.generation_scores import Scores, scores
from lib.sections.evaluation.values import LEAK_FREE

OWN = "leak-free for it"


@dataclass(frozen=True, eq=False)
class LeakFree:
    """The test clips that the regimes of a comparison have not met in training.

    Attributes:
        groups: (n,) base clip of every test clip.
        own: clips (n,) by regime; empty where it is not known what one of them has met.
    """

    groups: npt.NDArray[np.generic]
    own: Mapping[str, Mask]

    @property
    def mask(self) -> Mask:
        """The clips (n,) that no regime has met."""
        return np.logical_and.reduce([*self.own.values()]) if self.own else np.zeros(len(self.groups), dtype=bool)

    @property
    def common(self) -> dict[str, Mask]:
        """The same as a subset on which regimes are compared; nothing where no clip is left."""
        return {LEAK_FREE: self.mask} if self.mask.any() else {}

    def base_clips(self, mask: Mask) -> int:
        """How many clips without mirrors a subset has."""
        return len(np.unique(self.groups[mask]))


def of_regimes(prompts: EvaluationPrompts, folder: Path, regimes: Sequence[Regime], keys: Sequence[str]) -> LeakFree:
    """The leak-free test clips of every regime, by the lists of 01 for what the regime draws from.

    Args:
        prompts: the test clips of the benchmark.
        folder: the results of 01.
        regimes: what generators are trained on.
        keys: of the corpora, the benchmark first.
    """
    clips = {regime.name: leak_free_clips(folder, regime.added(keys)) for regime in regimes}
    known = {name: of_mix for name, of_mix in clips.items() if of_mix is not None}
    masks = {name: prompts.clips["clip_id"].isin(of_mix).to_numpy() for name, of_mix in known.items()}
    return LeakFree(prompts.clips["base_id"].to_numpy(), masks if len(known) == len(clips) else {})


@one_thread
def table(
    test: TestSet,
    models: Mapping[str, GeneratedLatents],
    clean: LeakFree,
    judged_by: Sequence[str],
    *,
    seed: int,
    draws: int,
    pool: int,
) -> pd.DataFrame | None:
    """What every regime scores on its own leak-free clips, on those of every regime, and on all.

    R-precision compares with motions from all clips, so that fewer clips are no easier.

    Returns:
        ``training_set, clips, n, base_clips`` and the metrics that decide, each with its interval over clips; None
        without lists.
    """
    rows = []
    for name, own in clean.own.items():
        whole = scores(test, models[name], pool=pool)
        parts = {OWN: whole.only(own), "leak-free for all": whole.only(clean.mask), ALL: whole}
        for clips, part in parts.items():
            about = {
                "training_set": name,
                "clips": clips,
                "n": len(part.groups),
                "base_clips": len(np.unique(part.groups)),
            }
            rows.append(about | {metric: _told(part, metric, draws, seed) for metric in judged_by})
    return pd.DataFrame(rows) if rows else None


def values(clean: LeakFree, differences: pd.DataFrame, judged_by: Sequence[str]) -> dict[str, int | str]:
    """How many test clips are leak-free for every regime, and how much wider that makes the intervals.

    Nothing where there is one regime, and where it is not known which clips one of them has met.
    """
    if len(clean.own) < 2:
        return {}
    every, base = len(np.unique(clean.groups)), clean.base_clips(clean.mask)
    own = ", ".join(f"{clean.base_clips(mask):,} for {name}" for name, mask in clean.own.items())
    text = f"{base:,} of {every:,} test clips without mirrors are leak-free for every training set ({own})."
    reach = {subset: _reach(differences, judged_by, subset) for subset in (LEAK_FREE, ALL)}
    if reach[LEAK_FREE]:
        here, there = (listed([f"{number(ends, 3)} in {metric}" for metric, ends in reach[s].items()]) for s in reach)
        text += (
            f" To be shown, a difference must exceed {here} there, and {there} on all test clips: "
            "half the interval, a median over generators."
        )
    return {"leak_free_base_clips": base, "leak_free_of": every, "leak_free": text}


def _reach(differences: pd.DataFrame, judged_by: Sequence[str], subset: str) -> dict[str, float]:
    """Half the width of the interval by metric, a median over models."""
    rows = differences[differences["subset"] == subset]
    half = ((rows["high"] - rows["low"]) / 2).groupby(rows["metric"]).median()
    return {metric: float(half[metric]) for metric in judged_by if np.isfinite(half.get(metric, np.nan))}


def _told(part: Scores, metric: str, draws: int, seed: int) -> str | None:
    if metric not in part.metrics or not len(part.groups):
        return None
    score, digits = clip_interval(part, metric, draws=draws, seed=seed), METRICS[metric].digits
    ends = span(score.low, score.high, digits) if np.isfinite(score.low) else "–"
    return f"{number(score.value, digits)} ({ends})"
