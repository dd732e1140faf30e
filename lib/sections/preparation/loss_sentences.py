"""Sentences of 00 on what the funnel drops and leaves: planted defects, sound clips by action, rare words."""

from typing import Any

import pandas as pd

from lib.draw.table import records
from lib.metrics.intervals import percent, span
from lib.sections.preparation.planted import NO_DEFECT

ACTIONS_NAMED = 3
ENOUGH_CLIPS, HIGH_RATE = 15, 0.15
"""An action with this many clips that loses a larger share than this is named first."""


def lost(dropped: pd.DataFrame | None, actions: pd.DataFrame | None) -> dict[str, str]:
    """``lost``, what the scored stages drop of planted defects and of sound clips; nothing without planted defects.

    Actions that lose more than `HIGH_RATE` of their sound clips come first.

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
    clauses = []
    for name, rows in table.groupby("corpus", sort=False):
        ends = records(rows.iloc[[0, -1]]) if len(rows) > 1 else records(rows)
        told = [
            f"{percent(row['dropped'])} (95 % CI {span(100 * row['low'], 100 * row['high'], 1)}, N = {row['clips']:,}) "
            f"of those whose rarest word occurs in {row['clips_with_the_rarest_word']} clips"
            for row in ends
        ]
        clauses.append(f"of {name} {' and '.join(told)}")
    return {"rare": f"The scores drop {'; '.join(clauses)}."}


def _lost_of(corpus: str, rows: pd.DataFrame, actions: pd.DataFrame | None) -> str:
    clauses: list[str] = []
    left: list[str] = []
    for row in records(rows):
        share = f"{row['dropped']:,} of {row['entering']:,}"
        if row["planted"] == NO_DEFECT:
            clauses.insert(0, f"{share} without a planted defect ({_rate(row)})")
        else:
            clauses.append(f"{share} with {row['planted']}{', which no score looks for' * pd.isna(row['score'])}")
            left.append(f"{row['planted']} {percent(row['of_kept'])} ({row['kept']:,})")
    sentence = f"Of the clips of {corpus} that reach the scored stages, the funnel drops {'; '.join(clauses)}."
    kept = f" Of what it keeps, planted defects are: {', '.join(left)}." if left else ""
    return f"{_named_first(corpus, actions)}{sentence}{_most_often(corpus, actions)}{kept}"


def _rate(row: dict[str, Any]) -> str:
    return f"{percent(row['share'])}, 95 % CI {span(100 * row['low'], 100 * row['high'], 1)}"


def _lossy(corpus: str, actions: pd.DataFrame | None) -> pd.DataFrame:
    if actions is None:
        return pd.DataFrame(columns=["share", "entering"])
    return actions[(actions["corpus"] == corpus) & (actions["entering"] >= ENOUGH_CLIPS)]


def _named_first(corpus: str, actions: pd.DataFrame | None) -> str:
    """The actions that lose too much; "" where none does."""
    enough = _lossy(corpus, actions)
    named = [
        f"{row['action']} ({row['dropped']:,} of {row['entering']:,}, {_rate(row)})"
        for row in records(enough[enough["share"] > HIGH_RATE])
    ]
    if not named:
        return ""
    return (
        f"Look first: of {corpus} the funnel loses more than {percent(HIGH_RATE, 0)} of sound {' and '.join(named)}. "
    )


def _most_often(corpus: str, actions: pd.DataFrame | None) -> str:
    enough = _lossy(corpus, actions)
    rows = records(enough[enough["share"] <= HIGH_RATE].head(ACTIONS_NAMED))
    named = ", ".join(f"{row['action']} {row['dropped']:,} of {row['entering']:,} ({_rate(row)})" for row in rows)
    clause = f"Among actions with {ENOUGH_CLIPS} sound clips or more, the highest rates"
    return f" {clause}{' after these' * bool(_named_first(corpus, actions))} are: {named}." if named else ""
