"""Which clips are clean enough: consent, body mode, persons, pose realism, high-pass movement; counts and reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from lib.corpus import Corpus

STAGES = ("consent", "body mode", "persons", "pose realism", "high-pass movement")


@dataclass(frozen=True)
class Thresholds:
    """The bounds of the two scored stages.

    Args:
        realism_min: lowest clip realism kept (0 to 1).
        high_pass_max: highest high-pass score kept.
    """

    realism_min: float
    high_pass_max: float


@dataclass(frozen=True)
class Funnel:
    """The audit of one corpus.

    Args:
        flags: per clip: ``clip_id``, one boolean column a stage (True where the clip fails it), ``reason`` (the first
            stage failed, or NA) and ``kept``. Clips without consent are not in it.
        summary: per stage: ``corpus, stage, entering, dropped, kept, failing_alone`` (failing whatever came before;
            among consented clips for every stage after the first).
        info: the thresholds and the numbers counted.
    """

    flags: pd.DataFrame
    summary: pd.DataFrame
    info: Mapping[str, float]


def thresholds_from(
    quality: pd.DataFrame,
    *,
    realism_quantile: float,
    high_pass_quantile: float,
    realism_min: float | None = None,
    high_pass_max: float | None = None,
) -> Thresholds:
    """Bounds that drop as little of a reference corpus as the quantiles say, unless a bound is given outright.

    Args:
        quality: the reference's scores, columns ``realism`` and ``high_pass``.
        realism_quantile: share of the reference that falls below the realism bound.
        high_pass_quantile: share of the reference that stays below the high-pass bound.
        realism_min: a bound to use as it is.
        high_pass_max: a bound to use as it is.

    Example:
        >>> q = pd.DataFrame({"realism": [0.5, 1.0], "high_pass": [0.0, 2.0]})
        >>> thresholds_from(q, realism_quantile=0.0, high_pass_quantile=1.0)
        Thresholds(realism_min=0.5, high_pass_max=2.0)
    """
    low = float(quality["realism"].quantile(realism_quantile)) if realism_min is None else realism_min
    high = float(quality["high_pass"].quantile(high_pass_quantile)) if high_pass_max is None else high_pass_max
    return Thresholds(low, high)


def funnel(corpus: Corpus, quality: pd.DataFrame, thresholds: Thresholds) -> Funnel:
    """Runs the stages over the unmirrored clips of a corpus that have motion.

    Args:
        corpus: the corpus; clips without consent were withheld when it was loaded and are only counted.
        quality: per clip ``clip_id, realism, high_pass``; a clip whose score is missing fails the stage.
        thresholds: bounds of the scored stages.
    """
    clips = corpus.clips[corpus.clips["mirror_of"].isna() & corpus.clips["has_motion"]]
    scored = clips.merge(quality[["clip_id", "realism", "high_pass"]], on="clip_id", how="left")
    fails = pd.DataFrame(
        {
            "body mode": (scored["body_mode"] != "full").to_numpy(),
            "persons": (scored["person_count"].astype(float) != 1).to_numpy(),
            "pose realism": ~(scored["realism"] >= thresholds.realism_min).to_numpy(),
            "high-pass movement": ~(scored["high_pass"] <= thresholds.high_pass_max).to_numpy(),
        }
    )
    stages = [str(stage) for stage in fails]
    reasons = [next((s for s, failed in zip(stages, row, strict=True) if failed), None) for row in fails.to_numpy()]
    flags = pd.concat([scored[["clip_id", "realism", "high_pass"]], fails], axis=1)
    flags = flags.assign(reason=reasons, kept=~fails.any(axis=1))
    withheld = int(corpus.provenance.withheld.get("consent", 0))
    return Funnel(flags, _summary(corpus.name, flags, withheld), {**vars(thresholds), "withheld": withheld})


def summaries(funnels: Sequence[Funnel]) -> pd.DataFrame | None:
    """The summaries of several corpora under one another, or None when there are none."""
    return pd.concat([one.summary for one in funnels], ignore_index=True) if funnels else None


def _summary(name: str, flags: pd.DataFrame, withheld: int) -> pd.DataFrame:
    entering, rows = len(flags) + withheld, []
    for stage in STAGES:
        dropped = withheld if stage == "consent" else int((flags["reason"] == stage).sum())
        alone = withheld if stage == "consent" else int(flags[stage].sum())
        rows.append((name, stage, entering, dropped, entering - dropped, alone))
        entering -= dropped
    return pd.DataFrame(rows, columns=["corpus", "stage", "entering", "dropped", "kept", "failing_alone"])
