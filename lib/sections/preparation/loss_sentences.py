"""Sentences of 00 on what the funnel drops and leaves: planted defects, sound clips by action, rare words."""

from typing import Any

import pandas as pd

from lib.base.prose import listed
from lib.draw.table import records
from lib.metrics.intervals import percent, span
from lib.sections.preparation.planted import NO_DEFECT

ACTIONS_NAMED = 3
ENOUGH_CLIPS, HIGH_RATE = 15, 0.15
"""An action with this many clips that loses a larger share than this is named first."""


def lost(dropped: pd.DataFrame | None, actions: pd.DataFrame | None) -> dict[str, str]:
    """``lost``, what the scored stages drop of planted defects and of sound clips; nothing without planted defects.

    Actions that lose more than `HIGH_RATE` of their sound clips come first; a clip is sound without a planted defect.

    Args:
        dropped: from `lib.sections.preparation.planted.dropped`.
        actions: from `lib.sections.preparation.planted.lost_actions`.
    """
    if dropped is None:
        return {}
    corpora = dropped.groupby("corpus", sort=False)
    return {"lost": " ".join(_lost_of(str(name), rows, actions) for name, rows in corpora)}


def rare(table: pd.DataFrame | None) -> dict[str, str]:
    """``rare``, what the scored stages drop of clips with rare words and with common ones, dataset by dataset.

    Args:
        table: from `lib.sections.preparation.statistics.losses_by_word`.
    """
    if table is None:
        return {}
    told = []
    for name, rows in table.groupby("corpus", sort=False):
        rare, *others = records(rows)
        parts = [f"{_dropped(rare)} of clips with the rarest words ({_where(rare)})"]
        parts += [f"{_dropped(row)} of those with the commonest ({_where(row)})" for row in others[-1:]]
        told.append(f"In {name} the scores drop {listed(parts)}.")
    return {"rare": " ".join(told)}


def _dropped(row: dict[str, Any]) -> str:
    return f"{percent(row['dropped'])} (95 % CI {span(100 * row['low'], 100 * row['high'], 1)}, N = {row['clips']:,})"


def _where(row: dict[str, Any]) -> str:
    return f"in {row['clips_with_the_rarest_word']} clips"


def _lost_of(corpus: str, rows: pd.DataFrame, actions: pd.DataFrame | None) -> str:
    told, found, left = [], [], []
    for row in records(rows):
        if row["planted"] == NO_DEFECT:
            sound = f"{row['dropped']:,} of {row['entering']:,} sound clips ({_rate(row)})"
            told.append(f"In {corpus} the scores drop {sound}.")
        else:
            unsought = " (no score looks for it)" if pd.isna(row["score"]) else ""
            found.append(f"{row['dropped']:,} of {row['entering']:,} with {row['planted']}{unsought}")
            left += [f"{row['planted']} {row['kept']:,} ({percent(row['of_kept'])})"] if row["kept"] else []
    told += [f"Of the clips of {corpus} with a planted defect they drop {listed(found)}."] if found else []
    told += [f"What is kept still holds {listed(left)}."] if left else ["None of these is kept."] if found else []
    return " ".join([*_look_first(corpus, actions), *told, *_most_often(corpus, actions)])


def _rate(row: dict[str, Any]) -> str:
    return f"{percent(row['share'])}, 95 % CI {span(100 * row['low'], 100 * row['high'], 1)}"


def _lossy(corpus: str, actions: pd.DataFrame | None) -> pd.DataFrame:
    if actions is None:
        return pd.DataFrame(columns=["share", "entering"])
    return actions[(actions["corpus"] == corpus) & (actions["entering"] >= ENOUGH_CLIPS)]


def _look_first(corpus: str, actions: pd.DataFrame | None) -> list[str]:
    """The actions that lose too much, a sentence each."""
    enough = _lossy(corpus, actions)
    return [
        f"{'Then' if place else 'Look first'} at “{row['action']}”: {corpus} loses {row['dropped']:,} of "
        f"{row['entering']:,} sound clips ({_rate(row)})."
        for place, row in enumerate(records(enough[enough["share"] > HIGH_RATE]))
    ]


def _most_often(corpus: str, actions: pd.DataFrame | None) -> list[str]:
    enough = _lossy(corpus, actions)
    rows = records(enough[enough["share"] <= HIGH_RATE].head(ACTIONS_NAMED))
    named = [f"“{row['action']}” {row['dropped']:,} of {row['entering']:,}" for row in rows]
    after = "After these, t" if (enough["share"] > HIGH_RATE).any() else "T"
    clause = f"{after}he actions that lose most are"
    return [f"{clause} {listed(named)} (actions with {ENOUGH_CLIPS} sound clips or more)."] if named else []
