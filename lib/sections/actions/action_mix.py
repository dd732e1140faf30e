"""Which actions a corpus is about, by the verbs of its captions; mirrored clips are left out."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.metrics import actions
from lib.metrics.intervals import share
from lib.sections.preparation.statistics import captions
from lib.text.tokens import pos_key, verbs


def tagged(corpus: Corpus) -> pd.DataFrame:
    """Captions of unmirrored clips with their part-of-speech key and its verbs: ``…, key, verbs``."""
    table = captions(corpus)
    keys = pos_key(table)
    return table.assign(key=keys.to_numpy(), verbs=keys.map(verbs).to_numpy())


def with_verbs(corpora: Mapping[str, Corpus]) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The corpora in whose captions there is a verb to count.

    Args:
        corpora: by key.

    Returns:
        Their :func:`tagged` captions by name, and their keys.

    Raises:
        CorpusError: no caption of any corpus has a verb.
    """
    tables = {key: tagged(corpus) for key, corpus in corpora.items()}
    keys = [key for key, table in tables.items() if table["verbs"].map(len).any()]
    if not keys:
        names = ", ".join(corpus.name for corpus in corpora.values())
        fix = "leave 02_action_distribution out of the profile's notebooks"
        raise CorpusError("no caption has an English verb to count", where=names, fix=fix)
    return {corpora[key].name: tables[key] for key in keys}, keys


def count(table: pd.DataFrame) -> actions.ActionCounts:
    """Verb counts by base clip, from :func:`tagged`."""
    return actions.count(list(table["verbs"]), list(table["base_id"]))


def top(counts: actions.ActionCounts, n: int, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """The n most frequent verbs with intervals: ``rank, verb, count, share, low, high, top``."""
    table = actions.share_intervals(counts, list(counts.totals.index[:n]), draws=draws, rng=rng)
    table.insert(0, "rank", range(1, len(table) + 1))
    return table


def stacked(tops: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The tables of :func:`top` under one another, with a ``corpus`` column first."""
    return pd.concat([table.assign(corpus=name) for name, table in tops.items()], ignore_index=True)[
        ["corpus", "rank", "verb", "count", "share", "low", "high", "top"]
    ]


def all_counts(counts: Mapping[str, actions.ActionCounts]) -> pd.DataFrame:
    """Every verb of every corpus, most frequent first: ``corpus, rank, verb, count, share, cumulative_share``."""
    parts = []
    for name, one in counts.items():
        shares = one.shares.to_numpy()
        table = pd.DataFrame({"verb": one.totals.index, "count": one.totals.to_numpy(), "share": shares})
        table.insert(0, "rank", range(1, len(table) + 1))
        table.insert(0, "corpus", name)
        parts.append(table.assign(cumulative_share=shares.cumsum()))
    return pd.concat(parts, ignore_index=True)


def concentration(counts: Mapping[str, actions.ActionCounts]) -> pd.DataFrame:
    """How verbs spread: ``corpus, captions, with_verb, distinct_verbs, gini, top_10, top_30, top_50`` (coverage)."""
    rows = []
    for name, one in counts.items():
        covered = one.shares.cumsum()
        at: dict[str, object] = {f"top_{k}": float(covered.iloc[min(k, len(covered)) - 1]) for k in (10, 30, 50)}
        first: dict[str, object] = {"corpus": name, "captions": one.captions, "with_verb": one.with_verb / one.captions}
        rows.append({**first, "distinct_verbs": len(covered), "gini": actions.gini(one.totals), **at})
    return pd.DataFrame(rows)


def claims(tables: Mapping[str, pd.DataFrame], claimed: Sequence[str], *, draws: int, seed: int) -> pd.DataFrame:
    """Checks which of the claimed verbs leads where.

    Taggers take some verbs for nouns ("a dance"), so the share of clips is given under the key's VERB tag and under any
    tag; a word counts for a verb when it begins with the verb less its final "e" ("danc", "walk").

    Args:
        tables: by corpus, captions as :func:`tagged` gives them.
        claimed: the verbs to look at.
        draws: bootstrap replicates.
        seed: of each corpus's replicates, so that a share has one interval wherever it is shown.

    Returns:
        One row a corpus and verb: ``corpus, verb, rank, share, low, high, leads`` (the share of replicates in which it
        is the most frequent verb), ``clips_as_verb, clips_as_any_word, any_low, any_high``.
    """
    rows = []
    for name, table in tables.items():
        counts, rng = count(table), np.random.default_rng(seed)
        found = actions.share_intervals(counts, claimed, draws=draws, rng=rng).set_index("verb")
        ranks = {verb: rank for rank, verb in enumerate(counts.totals.index, 1)}
        for verb in claimed:
            as_verb = pd.Series([verb in one for one in table["verbs"]]).groupby(table["base_id"].to_numpy()).any()
            as_word = (
                pd.Series([_mentions(key, verb) for key in table["key"]]).groupby(table["base_id"].to_numpy()).any()
            )
            mentioned = share(as_word, as_word.index, draws=draws, rng=rng)
            rows.append(
                {
                    "corpus": name,
                    "verb": verb,
                    "rank": ranks.get(verb),
                    "share": found.loc[verb, "share"],
                    "low": found.loc[verb, "low"],
                    "high": found.loc[verb, "high"],
                    "leads": found.loc[verb, "top"],
                    "clips_as_verb": float(as_verb.mean()),
                    "clips_as_any_word": mentioned.value,
                    "any_low": mentioned.low,
                    "any_high": mentioned.high,
                }
            )
    return pd.DataFrame(rows).astype({"rank": "Int64"})


def contrast(counts: Mapping[str, actions.ActionCounts]) -> pd.DataFrame | None:
    """Log-odds of every verb between the first two corpora, or None when there is only one."""
    if len(counts) < 2:
        return None
    first, second = list(counts.values())[:2]
    return actions.log_odds(first, second)


def distance(
    counts: Mapping[str, actions.ActionCounts], *, draws: int, rng: np.random.Generator
) -> pd.DataFrame | None:
    """Jensen-Shannon distance of the first two corpora with its interval and chance floor, or None for one corpus."""
    if len(counts) < 2:
        return None
    (one, first), (other, second) = list(counts.items())[:2]
    return pd.DataFrame([{"corpora": f"{one}, {other}", **actions.jensen_shannon(first, second, draws=draws, rng=rng)}])


def _mentions(key: str, verb: str) -> bool:
    stem = verb.removesuffix("e")
    return any(token.startswith(stem) for token in key.split())
