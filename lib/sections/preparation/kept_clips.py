"""Sentences of 00 about how many clips there are, how many pass the funnel, and which of them wrongly."""

from collections.abc import Sequence

import pandas as pd

from lib.draw.table import records
from lib.metrics.intervals import number, span, wilson
from lib.sections.preparation.funnel import Funnel
from lib.sections.preparation.funnel_calibration import NO_DEFECT

MOST = 3
"""Actions named."""


def values(
    sizes: pd.DataFrame,
    funnels: Sequence[Funnel],
    dropped: pd.DataFrame | None,
    lost_actions: pd.DataFrame | None,
) -> dict[str, str]:
    """``larger``, ``kept`` and ``lost``; what the profile cannot say is left out.

    Args:
        sizes: from `lib.sections.preparation.statistics.sizes`.
        funnels: of all corpora that have scores.
        dropped: from `lib.sections.preparation.funnel_calibration.scores`.
        lost_actions: from `lib.sections.preparation.funnel_calibration.lost_actions`.
    """
    told = {"larger": _larger(sizes), "kept": _kept(funnels), "lost": _lost(dropped, lost_actions)}
    return {name: sentence for name, sentence in told.items() if sentence}


def _larger(sizes: pd.DataFrame) -> str:
    if len(sizes) < 2 or not sizes["clips"].iloc[0]:
        return ""
    first, *_, last = records(sizes)
    times = number(last["clips"] / first["clips"], 1)
    return (
        f"Mirrors left out, {last['corpus']} has {times} times as many clips as {first['corpus']} "
        f"({last['clips']:,} against {first['clips']:,})."
    )


def _kept(funnels: Sequence[Funnel]) -> str:
    passed = [(one.summary["corpus"].iloc[0], int(one.flags["kept"].sum()), len(one.flags)) for one in funnels]
    told = [f"{wilson(kept, entering).text} pass in {name}" for name, kept, entering in passed if entering]
    if not told:
        return ""
    sentence = f"Of the clips with consent, {' and '.join(told)}"
    (first, fewer, _), (last, more, _) = passed[0], passed[-1]
    if len(passed) > 1 and fewer:
        sentence += f"; the {more:,} of {last} are {number(more / fewer, 1)} times the {fewer:,} of {first}"
    return f"{sentence}."


def _lost(dropped: pd.DataFrame | None, actions: pd.DataFrame | None) -> str:
    if dropped is None:
        return ""
    return " ".join(_of_corpus(name, part, actions) for name, part in dropped.groupby("corpus", sort=False))


def _of_corpus(name: object, rows: pd.DataFrame, actions: pd.DataFrame | None) -> str:
    told: list[str] = []
    for row in records(rows):
        share = f"{row['dropped']:,} of {row['entering']:,}"
        if row["planted"] == NO_DEFECT:
            ends = f"{100 * row['share']:.1f} %, 95 % CI {span(100 * row['low'], 100 * row['high'], 1)}"
            told.insert(0, f"{share} without a planted defect ({ends}{_named(name, actions)})")
        else:
            unsought = ", which no score looks for" if pd.isna(row["score"]) else ""
            told.append(f"{share} with {row['planted']}{unsought}")
    return f"Of the clips of {name} that reach the scored stages, the funnel drops {'; '.join(told)}."


def _named(name: object, actions: pd.DataFrame | None) -> str:
    if actions is None:
        return ""
    most = records(actions[actions["corpus"] == name].head(MOST))
    listed = ", ".join(f"{row['action']} {row['dropped']:,} of {row['entering']:,}" for row in most)
    return f"; most often {listed}" if listed else ""
