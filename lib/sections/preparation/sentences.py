"""Sentences and numbers of 00: size, language and cleanliness of the corpora; `loss_sentences` tells what is lost."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lib.draw.table import records
from lib.metrics.intervals import Measure, number, percent, span
from lib.sections.preparation.bounds import Bounds
from lib.sections.preparation.funnel import Funnel
from lib.sections.preparation.motion_quality import MotionQuality
from lib.sections.preparation.scores import SCORES

Values = dict[str, int | float | str | Measure]


def values(
    keys: Sequence[str],
    sizes: pd.DataFrame,
    language: pd.DataFrame,
    funnels: Sequence[Funnel],
    bounds: Bounds | None,
    recovered: pd.DataFrame | None,
) -> Values:
    """The numbers of each corpus under its key, as in ``h3d_clips``, and those of the scores.

    Args:
        keys: of the corpora, in their order.
        sizes: from `lib.sections.preparation.statistics.sizes`.
        language: from `lib.sections.preparation.statistics.language`.
        funnels: of all corpora that have scores.
        bounds: of the funnels.
        recovered: from `lib.sections.preparation.planted.defects`.
    """
    recorded: Values = {}
    passed = {funnel.name: funnel for funnel in funnels}
    for key, size, words in zip(keys, records(sizes), records(language), strict=True):
        length = Measure(words["words_per_caption"], words["low"], words["high"], words["captions"], "words")
        recorded |= {
            f"{key}_clips": size["clips"],
            f"{key}_clips_with_mirrors": size["clips_with_mirrors"],
            f"{key}_captions": size["captions"],
            f"{key}_clips_with_motion": size["clips_with_motion"],
            f"{key}_hours": size["hours_with_motion"],
            f"{key}_words_per_caption": length,
            f"{key}_distinct_words": words["distinct_words"],
            f"{key}_rarefied_words": float(words["rarefied_words"]),
        }
        if funnel := passed.get(size["corpus"]):
            recorded[f"{key}_funnel_entering"] = int(funnel.summary["entering"].iloc[0])
            recorded[f"{key}_funnel_kept"] = funnel.kept
            recorded |= _clean(key, funnel)
    recorded |= _bounds(bounds)
    for row in records(recovered) if recovered is not None else []:
        name = f"auc_{row['score']}_{row['defect']}".replace(" ", "_")
        recorded[name] = Measure(row["auc"], row["low"], row["high"], row["defective"] + row["clean"], digits=3)
    return recorded


def roles(sizes: pd.DataFrame, language: pd.DataFrame, funnels: Sequence[Funnel]) -> Values:
    """What the rule reads: the numbers of the first corpus, the benchmark, and of the last, the candidate.

    Args:
        sizes: from `lib.sections.preparation.statistics.sizes`.
        language: from `lib.sections.preparation.statistics.language`.
        funnels: of all corpora that have scores.
    """
    recorded: Values = {"benchmark_words": float(language["rarefied_words"].iloc[0])}
    passed = {funnel.name: funnel for funnel in funnels}
    rows = records(sizes)
    for role, size in zip(("benchmark", "candidate"), (rows[0], *rows[1:][-1:]), strict=False):
        recorded[f"{role}_clips"] = size["clips"]
        if funnel := passed.get(size["corpus"]):
            recorded |= {f"{role}_kept": funnel.kept} | _clean(role, funnel) | _costliest(role, funnel)
    return recorded


def _costliest(role: str, funnel: Funnel) -> Values:
    """The stage that drops most clips, and how many; nothing where none does. Consent is nobody's to change."""
    stages = [row for row in records(funnel.summary) if row["stage"] != "consent" and row["dropped"]]
    if not stages:
        return {}
    most = max(stages, key=lambda row: int(row["dropped"]))
    return {f"{role}_costliest": most["stage"], f"{role}_costliest_clips": most["dropped"]}


def partial(sizes: pd.DataFrame) -> dict[str, str]:
    """``partial``, which corpora lack captions; nothing where none does."""
    lacking = [row for row in records(sizes) if row["clips_captioned"] < row["clips"]]
    told = [
        f"Only {row['clips_captioned']:,} of {row['clips']:,} clips of {row['corpus']} have captions here."
        for row in lacking
    ]
    return {"partial": " ".join(told)} if told else {}


def finding(sizes: pd.DataFrame, language: pd.DataFrame, funnels: Sequence[Funnel]) -> str:
    """Size and vocabulary of every corpus, and what the funnel keeps of the candidate."""
    told = []
    for size, words in zip(records(sizes), records(language), strict=True):
        clips = f"{size['corpus']} has {size['clips']:,} clips and {size['captions']:,} captions, mirrors left out"
        told.append(f"{clips}, and {words['distinct_words']:,} distinct words.")
        if words["rarefied_to"] < words["captions"]:
            told.append(f"In {words['rarefied_to']:,} captions it would have {words['rarefied_words']:,.0f}.")
    for funnel in funnels[-1:]:
        entering = funnel.summary["entering"].iloc[0]
        told.append(f"The funnel keeps {funnel.kept:,} of {entering:,} clips of {funnel.name}.")
    return " ".join([*told, *partial(sizes).values()])


def larger(sizes: pd.DataFrame) -> dict[str, str]:
    """``larger``, how many times the clips of the first corpus the last one has; nothing where there is one."""
    if len(sizes) < 2 or not sizes["clips"].iloc[0]:
        return {}
    first, *_, last = records(sizes)
    times, counts = number(last["clips"] / first["clips"], 1), f"{last['clips']:,} against {first['clips']:,}"
    return {"larger": f"{last['corpus']} has {times} times as many clips as {first['corpus']} ({counts})."}


def kept(funnels: Sequence[Funnel]) -> dict[str, str]:
    """``kept``, the shares of clips that pass the funnels; nothing where no clip enters one."""
    shares = [
        f"In {funnel.name} {funnel.clean.text} of the clips with consent pass." for funnel in funnels if funnel.clean
    ]
    if not shares:
        return {}
    first, last = funnels[0], funnels[-1]
    if len(funnels) > 1 and first.kept:
        times = number(last.kept / first.kept, 1)
        shares.append(f"The {last.kept:,} kept of {last.name} are {times} times the {first.kept:,} of {first.name}.")
    return {"kept": " ".join(shares)}


def caption_lengths(language: pd.DataFrame) -> str:
    """Alternative text of the caption length figure."""
    rows = records(language)
    medians = [f"{row['corpus']} captions have {row['median_words']:.0f} words in the median" for row in rows]
    return "Distribution of words per caption: " + ", ".join(medians) + "."


def rarefaction(language: pd.DataFrame) -> str:
    """Alternative text of the rarefaction figure."""
    counts = [f"{row['corpus']} uses {row['rarefied_words']:,.0f} distinct words" for row in records(language)]
    return f"At {int(language['rarefied_to'].iloc[0]):,} captions " + ", ".join(counts) + "."


def funnel(funnels: Sequence[Funnel]) -> str:
    """Alternative text of the funnel figure."""
    clauses = []
    for audit in funnels:
        worst = audit.summary.sort_values("dropped", kind="stable").iloc[-1]
        lost = f"most are lost to {worst['stage']} ({worst['dropped']:,})"
        clauses.append(f"{audit.name} keeps {audit.kept:,} of {audit.summary['entering'].iloc[0]:,} clips, {lost}")
    return "; ".join(clauses) + "."


def scores(quality: MotionQuality, bounds: Bounds) -> str:
    """Alternative text of the score distributions."""
    clauses = []
    for name, table in quality.tables.items():
        beyond = [
            f"{percent(score.beyond(table[score.column], bounds.at[score.column]).mean())} by {score.title}"
            for score in SCORES
        ]
        clauses.append(f"of {name} {', '.join(beyond)}")
    return f"Clips beyond the bounds: {'; '.join(clauses)}."


def sensitivity(table: pd.DataFrame) -> str:
    """Alternative text of the sensitivity figure."""
    words, motions = (records(table.sort_values(column))[0] for column in ("word_ratio", "motion_ratio"))
    return (
        f"Distinct words stay at {percent(words['word_ratio'], 0)} or more of what random removal would leave (least "
        f"by {words['score']}); spread of motion falls to {percent(motions['motion_ratio'], 0)} at the least (by "
        f"{motions['score']})."
    )


def roc(held_out: pd.DataFrame | None, recovered: pd.DataFrame | None) -> str:
    """Alternative text of the ROC figure."""
    rows = records(recovered) if recovered is not None else []
    areas = [f"{row['score']} against {row['defect']} {row['auc']:.3f}" for row in rows]
    if held_out is not None:
        areas.append(f"held-out perturbed poses {held_out['auc'].iloc[0]:.3f}")
    return "Areas under the ROC curves: " + ", ".join(areas) + "."


def examples(corpus: str, which: str) -> str:
    """Alternative text of the strips."""
    return f"Stick figures of the {which} clips of {corpus} by each score."


def _clean(role: str, funnel: Funnel) -> Values:
    return {f"{role}_clean": funnel.clean} if funnel.clean else {}


def _bounds(bounds: Bounds | None) -> Values:
    """Each bound under the name of the parameter that gives it, and ``bounds``, all of them in a sentence."""
    if bounds is None:
        return {}
    recorded: Values = {}
    clauses = []
    for score, row in zip(SCORES, records(bounds.table()), strict=True):
        side, at = ("at least" if score.low_is_bad else "at most"), bounds.at[score.column]
        if not np.isfinite(at):
            continue
        clause = f"{score.title} {side} {score.text(at)}"
        if pd.isna(row["low"]):
            recorded[score.bound] = at
            clauses.append(f"{clause} (given)")
            continue
        measure = Measure(at, row["low"], row["high"], bounds.clips, score.unit, 1 if score.title == "realism" else 2)
        recorded[score.bound] = measure if measure.low < measure.high else at
        digits = 1 if not score.unit else 2 if measure.high >= 0.1 else 3
        ends = f" (95 % CI {span(measure.low, measure.high, digits)})" if measure.low < measure.high else ""
        clauses.append(f"{clause}{ends}")
    return recorded | {"bounds": f"The bounds of this run: {'; '.join(clauses)}."}
