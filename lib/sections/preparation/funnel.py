"""Which clips are clean enough: consent, body mode, persons, pose realism, high-pass movement; counts and reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from lib.corpus import Corpus
from lib.sections.preparation.parameters import Preparation

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
        summary: per stage: ``corpus, stage, entering, dropped, kept, failing`` (whatever came before, among
            consented clips for every stage after the first).
        info: the thresholds and the numbers counted.
    """

    flags: pd.DataFrame
    summary: pd.DataFrame
    info: Mapping[str, float]


def thresholds_from(quality: pd.DataFrame | None, params: Preparation) -> Thresholds | None:
    """Bounds that drop as little of the benchmark as the quantiles say, unless a bound is given outright.

    Args:
        quality: the benchmark's scores, columns ``realism`` and ``high_pass``, or None where there are none.
        params: the quantiles, or the bounds.

    Example:
        >>> q = pd.DataFrame({"realism": [0.5, 1.0], "high_pass": [0.0, 2.0]})
        >>> thresholds_from(q, Preparation(realism_quantile=0.0, high_pass_max=1.5))
        Thresholds(realism_min=0.5, high_pass_max=1.5)
    """
    if quality is None:
        return None
    low = quality["realism"].quantile(params.realism_quantile) if params.realism_min is None else params.realism_min
    high = (
        quality["high_pass"].quantile(params.high_pass_quantile)
        if params.high_pass_max is None
        else params.high_pass_max
    )
    return Thresholds(float(low), float(high))


def funnels(
    corpora: Sequence[Corpus], tables: Mapping[str, pd.DataFrame], thresholds: Thresholds | None
) -> list[Funnel]:
    """The funnel of every corpus that has scores."""
    if thresholds is None:
        return []
    return [funnel(corpus, tables[corpus.name], thresholds) for corpus in corpora if corpus.name in tables]


def last_scored(corpora: Sequence[Corpus], tables: Mapping[str, pd.DataFrame]) -> Corpus | None:
    """The candidate: the last corpus that has scores."""
    return next((corpus for corpus in reversed(corpora) if corpus.name in tables), None)


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
    flags = flags.assign(reason=pd.Series(reasons, dtype="object"), kept=~fails.any(axis=1))
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
    return pd.DataFrame(rows, columns=["corpus", "stage", "entering", "dropped", "kept", "failing"])
