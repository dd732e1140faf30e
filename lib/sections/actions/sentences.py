"""Sentences and numbers of 02: which verbs lead, how concentrated they are, how far the corpora differ."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lib.base.prose import sentence
from lib.corpus import Corpus
from lib.draw.table import records
from lib.metrics.actions import ActionCounts
from lib.metrics.intervals import Counted, Measure, percent, span

Values = dict[str, str | int | float | Measure | Counted]
CLIPS = ["clips_as_verb", "clips_as_any_word"]


def values(
    corpora: Mapping[str, Corpus],
    counts: Mapping[str, ActionCounts],
    shares: pd.DataFrame,
    distance: pd.DataFrame | None,
    aside: pd.DataFrame,
) -> Values:
    """Leading verb, its share, and concentration of each corpus under its key; the distance of the first two.

    Args:
        corpora: by key.
        counts: by name, of the corpora with a verb to count.
        shares: from `lib.sections.actions.action_mix.shares`.
        distance: from `lib.sections.actions.action_mix.distance`.
        aside: from `lib.sections.actions.action_mix.set_aside`.
    """
    recorded: Values = {}
    leaders = {row["corpus"]: row for row in records(shares[shares["rank"] == 1])}
    for key, name in ((key, corpus.name) for key, corpus in corpora.items() if corpus.name in counts):
        counted, leader = counts[name], leaders[name]
        share = Measure(leader["share"], leader["low"], leader["high"], int(counted.totals.sum()), "share")
        recorded |= {
            f"{key}_top_verb": str(leader["verb"]),
            f"{key}_top_share": share,
            f"{key}_top_leads": Counted(float(leader["top"]), "share", 1),
            f"{key}_distinct_verbs": len(counted.totals),
            f"{key}_captions_with_verb": Counted(counted.with_verb / counted.captions, "share", 1),
            f"{key}_set_aside": Counted(float(aside.loc[aside["corpus"] == name, "share"].sum()), "share", 1),
        }
    if distance is not None:
        row = distance.iloc[0]
        recorded["jensen_shannon"] = Measure(row["value"], row["low"], row["high"], row["groups"], digits=3)
        recorded["jensen_shannon_floor"] = float(row["floor"])
    return recorded


def claims(
    corpora: Mapping[str, Corpus], counts: Mapping[str, ActionCounts], table: pd.DataFrame, claimed: Sequence[str]
) -> Values:
    """What the rule reads of each claim: the first verb is claimed to lead the first corpus, and so on.

    Args:
        corpora: by key.
        counts: by name, of the corpora with a verb to count.
        table: from `lib.sections.actions.action_mix.claims`.
        claimed: the verbs; those beyond the number of corpora are claimed of none.
    """
    recorded: Values = {}
    rows = {(row["corpus"], row["verb"]): row for row in records(table)}
    for place, (corpus, verb) in enumerate(zip(corpora.values(), claimed, strict=False), 1):
        recorded[f"claim_{place}_verb"] = verb
        if corpus.name in counts:
            row, total = rows[corpus.name, verb], int(counts[corpus.name].totals.sum())
            recorded[f"claim_{place}_leads"] = Counted(float(row["leads"]), "share", 1)
            recorded[f"claim_{place}_share"] = Measure(row["share"], row["low"], row["high"], total, "share")
    return recorded


def finding(counts: Mapping[str, ActionCounts], shares: pd.DataFrame, distance: pd.DataFrame | None) -> str:
    """The leading verb of every corpus with its share and how sure its lead is, and how far the corpora lie apart."""
    clauses = [_leader(row, counts[row["corpus"]]) for row in records(shares[shares["rank"] == 1])]
    if distance is not None:
        row = distance.iloc[0]
        interval = f"95 % CI {row['low']:.2f}–{row['high']:.2f}; {row['floor']:.2f} by chance alone"
        clauses.append(f"the Jensen-Shannon distance is {row['value']:.2f} ({interval})")
    return sentence(clauses)


def missed(recovered: pd.DataFrame | None, claims: pd.DataFrame) -> dict[str, str]:
    """Planted shares that the interval of the recovered one does not hold, and what the tags have to do with it.

    Args:
        recovered: from `lib.sections.actions.planted.verbs`.
        claims: from `lib.sections.actions.action_mix.claims`, of the same verbs.

    Returns:
        ``missed``, a sentence; nothing where every interval holds the planted share.
    """
    if recovered is None:
        return {}
    outside = recovered[~recovered["within"]]
    clauses = []
    for row in records(outside.merge(claims[["corpus", "verb", *CLIPS]], on=["corpus", "verb"])):
        share = f"{percent(row['recovered'])} (95 % CI {span(100 * row['low'], 100 * row['high'], 1)})"
        clause = f"the interval of “{row['verb']}” in {row['corpus']}, {share}, misses the planted "
        clause += percent(row["planted"])
        as_verb, as_word = (row[column] for column in CLIPS)
        if row["recovered"] < row["planted"] and as_word > as_verb:
            clause += f"; as a verb the word is in {percent(as_verb)} of the clips, under any tag in {percent(as_word)}"
        clauses.append(clause)
    return {"missed": sentence(clauses)} if clauses else {}


def bars(top: pd.DataFrame) -> str:
    """Alternative text of the bar figure."""
    corpora = top.groupby("corpus", sort=False)["verb"]
    return "Most frequent actions. " + "; ".join(f"{name}: {', '.join(verbs.head(5))}" for name, verbs in corpora) + "."


def pies(shares: pd.DataFrame, n: int) -> str:
    """Alternative text of the pies."""
    corpora = shares.groupby("corpus", sort=False)
    clauses = [
        f"the {min(n, len(rows))} most frequent actions of {name}, led by {', '.join(rows['verb'].head(3))}, make up "
        f"{percent(rows['share'].head(n).sum(), 0)} of its action verbs"
        for name, rows in corpora
    ]
    return sentence(clauses)


def coverage(concentration: pd.DataFrame) -> str:
    """Alternative text of the coverage figure."""
    clauses = [
        f"10 actions cover {percent(row['top_10'], 0)} of {row['corpus']} (Gini {row['gini']:.2f})"
        for row in records(concentration)
    ]
    return sentence(clauses)


def log_odds(contrast: pd.DataFrame, names: Sequence[str]) -> str:
    """Alternative text of the log-odds figure."""
    first, last = ", ".join(contrast["verb"].head(3)), ", ".join(contrast["verb"].tail(3).iloc[::-1])
    return f"Most typical of {names[0]}: {first}; most typical of {names[1]}: {last}."


def _leader(row: Mapping[str, Any], counts: ActionCounts) -> str:
    ends = f"95 % CI {100 * row['low']:.1f}–{100 * row['high']:.1f}"
    counted = f"{counts.captions:,} captions of {counts.matrix.shape[0]:,} clips"
    leads = f"in {row['corpus']} “{row['verb']}” leads in {percent(row['top'], 0)} of resamples"
    return f"{leads}, with {percent(row['share'])} of the action verbs ({ends}) in {counted}"
