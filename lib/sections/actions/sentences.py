"""Sentences of 02: which verbs lead, how concentrated they are, how far the corpora differ."""

from collections.abc import Mapping, Sequence

import pandas as pd

from lib.draw.table import records
from lib.metrics.actions import ActionCounts
from lib.metrics.intervals import Measure, percent, span


def values(
    keys: Sequence[str],
    counts: Mapping[str, ActionCounts],
    tops: Mapping[str, pd.DataFrame],
    distance: pd.DataFrame | None,
) -> dict[str, str | int | float | Measure]:
    """Leading verb, its share, and concentration of each corpus under its key; the distance of the first two."""
    found: dict[str, str | int | float | Measure] = {}
    for key, (name, one) in zip(keys, counts.items(), strict=True):
        first = tops[name].iloc[0]
        total = int(one.totals.sum())
        found |= {
            f"{key}_top_verb": str(first["verb"]),
            f"{key}_top_share": Measure(first["share"], first["low"], first["high"], total, "share"),
            f"{key}_top_leads": float(first["top"]),
            f"{key}_distinct_verbs": len(one.totals),
            f"{key}_captions_with_verb": one.with_verb / one.captions,
        }
    if distance is not None:
        row = distance.iloc[0]
        found["jensen_shannon"] = Measure(row["value"], row["low"], row["high"], row["groups"], digits=3)
        found["jensen_shannon_floor"] = float(row["floor"])
    return found


def verdict(claims: pd.DataFrame, lead_share: float) -> str:
    """Which of the claimed verbs leads each corpus in at least that share of resamples, or that none surely does."""
    told = []
    for name, rows in claims.groupby("corpus", sort=False):
        sure = rows.loc[rows["leads"] >= lead_share, "verb"].tolist()
        told.append(f"“{sure[0]}” leads {name}" if sure else f"no claimed verb surely leads {name}")
    return _sentence(told)


def finding(tops: Mapping[str, pd.DataFrame], counts: Mapping[str, ActionCounts], distance: pd.DataFrame | None) -> str:
    """The leading verb of every corpus with its share and how sure its lead is, and how far the corpora lie apart."""
    told = [_leader(name, table, counts[name]) for name, table in tops.items()]
    if distance is not None:
        row = distance.iloc[0]
        interval = f"95 % CI {row['low']:.2f}–{row['high']:.2f}; {row['floor']:.2f} by chance alone"
        told.append(f"the Jensen-Shannon distance is {row['value']:.2f} ({interval})")
    return _sentence(told)


def missed(recovered: pd.DataFrame | None, claims: pd.DataFrame) -> dict[str, str]:
    """Planted shares that the interval of the recovered one does not hold, and what the tags have to do with it.

    Args:
        recovered: from `lib.sections.planted.actions`.
        claims: from `lib.sections.actions.action_mix.claims`, of the same verbs.

    Returns:
        ``missed``, a sentence; nothing where every interval holds the planted share.
    """
    told = []
    for row in records(recovered[~recovered["within"]]) if recovered is not None else []:
        found = f"{percent(row['recovered'])} (95 % CI {span(100 * row['low'], 100 * row['high'], 1)})"
        part = (
            f"the interval of “{row['verb']}” in {row['corpus']}, {found}, misses the planted {percent(row['planted'])}"
        )
        counted = claims[(claims["corpus"] == row["corpus"]) & (claims["verb"] == row["verb"])].iloc[0]
        if row["recovered"] < row["planted"] and counted["clips_as_any_word"] > counted["clips_as_verb"]:
            as_verb, as_any = (percent(counted[name]) for name in ("clips_as_verb", "clips_as_any_word"))
            part += f"; as a verb the word is in {as_verb} of the clips, under any tag in {as_any}"
        told.append(part)
    return {"missed": _sentence(told)} if told else {}


def bars(tops: Mapping[str, pd.DataFrame]) -> str:
    """Alternative text of the bar figure."""
    told = [f"{name}: {', '.join(table['verb'].head(5))}" for name, table in tops.items()]
    return "Most frequent verbs. " + "; ".join(told) + "."


def pies(counts: Mapping[str, ActionCounts], n: int) -> str:
    """Alternative text of the pies."""
    told = [
        f"the {min(n, len(one.shares))} most frequent verbs make up {percent(one.shares.head(n).sum(), 0)} of {name}"
        for name, one in counts.items()
    ]
    return _sentence(told)


def coverage(concentration: pd.DataFrame) -> str:
    """Alternative text of the coverage figure."""
    told = [
        f"10 verbs cover {percent(row['top_10'], 0)} of {row['corpus']} (Gini {row['gini']:.2f})"
        for row in records(concentration)
    ]
    return _sentence(told)


def log_odds(table: pd.DataFrame | None, names: Sequence[str]) -> str:
    """Alternative text of the log-odds figure."""
    if table is None:
        return ""
    first, last = ", ".join(table["verb"].head(3)), ", ".join(table["verb"].tail(3).iloc[::-1])
    return f"Most typical of {names[0]}: {first}; most typical of {names[1]}: {last}."


def _leader(name: str, table: pd.DataFrame, counts: ActionCounts) -> str:
    first = table.iloc[0]
    ends = f"95 % CI {100 * first['low']:.1f}–{100 * first['high']:.1f}"
    counted = f"{counts.captions:,} captions of {counts.matrix.shape[0]:,} clips"
    sure = f"in {percent(first['top'], 0)} of resamples"
    return (
        f"in {name} “{first['verb']}” leads {sure}, with {percent(first['share'])} of the verbs ({ends}) in {counted}"
    )


def _sentence(told: Sequence[str]) -> str:
    text = "; ".join(told)
    return text[:1].upper() + text[1:] + "." if text else ""
