"""Which actions a corpus is about, by those verbs of its captions that name one; mirrored clips are left out."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.corpus.other_languages import english
from lib.draw.table import records
from lib.metrics import actions
from lib.metrics.actions import ActionCounts
from lib.metrics.intervals import share
from lib.text.tokens import mended, pos_key, verbs

NUMBERS = ["count", "share", "low", "high", "top"]


def with_verbs(corpora: Mapping[str, Corpus], *, not_actions: Collection[str]) -> dict[str, pd.DataFrame]:
    """Captions of unmirrored clips with their part-of-speech key and its verbs, of every corpus with a verb to count.

    Args:
        corpora: by key.
        not_actions: verbs that name no action.

    Returns:
        ``…, key, verbs, set_aside`` by the name of the corpus: the verbs that name an action, and the others.

    Raises:
        CorpusError: no caption of any corpus has a verb.
    """
    tables = {}
    for name, table in english(corpora.values()).items():
        keys = mended(pos_key(table), table["text"])
        lists = keys.map(verbs)
        named = lists.map(lambda words: [word for word in words if word not in not_actions])
        others = lists.map(lambda words: [word for word in words if word in not_actions])
        if named.map(len).any():
            tables[name] = table.assign(key=keys.to_numpy(), verbs=named.to_numpy(), set_aside=others.to_numpy())
    if not tables:
        names = ", ".join(corpus.name for corpus in corpora.values())
        fix = "leave 02_action_distribution out of the profile's notebooks"
        raise CorpusError("no caption has an English verb to count", where=names, fix=fix)
    return tables


def counts(tables: Mapping[str, pd.DataFrame]) -> dict[str, ActionCounts]:
    """Counts of the verbs that name an action, by base clip of every corpus, from :func:`with_verbs`."""
    return {name: actions.count(list(table["verbs"]), list(table["base_id"])) for name, table in tables.items()}


def set_aside(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The verbs that are not ranked since they name no action.

    Args:
        tables: by corpus, captions as :func:`with_verbs` gives them.

    Returns:
        Most frequent first: ``corpus, verb, count, share``, the share being of all verb occurrences, those of actions
        among them.
    """
    parts = []
    for name, table in tables.items():
        found = (
            table["set_aside"]
            .explode()
            .dropna()
            .value_counts()
            .sort_index()
            .sort_values(ascending=False, kind="stable")
        )
        total = int(table["verbs"].map(len).sum() + found.sum())
        parts.append(pd.DataFrame({"corpus": name, "verb": list(found.index), "count": found.to_numpy()}))
        parts[-1]["share"] = parts[-1]["count"] / total
    return pd.concat(parts, ignore_index=True)


def shares(counts: Mapping[str, ActionCounts], *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """The share of every verb among those of its corpus that name an action, with an interval over base clips.

    Args:
        counts: by corpus.
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        Most frequent first: ``corpus, rank, verb, count, share, low, high, top``, where ``top`` is the share of
        replicates in which the verb is the most frequent one.
    """
    parts = []
    for name, counted in counts.items():
        table = actions.share_intervals(counted, list(counted.totals.index), draws=draws, rng=rng)
        parts.append(table.assign(corpus=name, rank=range(1, len(table) + 1)))
    return pd.concat(parts, ignore_index=True)[["corpus", "rank", "verb", *NUMBERS]]


def of_verbs(shares: pd.DataFrame, corpus: str, verbs: Sequence[str]) -> pd.DataFrame:
    """The rows of :func:`shares` of some verbs in a corpus; one that it lacks has no rank, and 0 for every number.

    Example:
        >>> table = pd.DataFrame({"corpus": "c", "rank": 1, "verb": ["walk"], "count": 9, "share": 1.0})
        >>> of_verbs(table.assign(low=1.0, high=1.0, top=1.0), "c", ["dance", "walk"])["count"].tolist()
        [0.0, 9.0]
    """
    rows = shares[shares["corpus"] == corpus].set_index("verb").reindex(list(verbs))
    return rows.assign(corpus=corpus, **rows[NUMBERS].fillna(0)).reset_index()


def concentration(counts: Mapping[str, ActionCounts]) -> pd.DataFrame:
    """How verbs spread: ``corpus, captions, with_verb, distinct_verbs, gini, top_10, top_30, top_50`` (coverage)."""
    rows = []
    for name, counted in counts.items():
        covered = counted.shares.cumsum()
        row: dict[str, object] = {
            "corpus": name,
            "captions": counted.captions,
            "with_verb": counted.with_verb / counted.captions,
            "distinct_verbs": len(covered),
            "gini": actions.gini(counted.totals),
        }
        rows.append(row | {f"top_{k}": float(covered.iloc[min(k, len(covered)) - 1]) for k in (10, 30, 50)})
    return pd.DataFrame(rows)


def claims(
    tables: Mapping[str, pd.DataFrame],
    shares: pd.DataFrame,
    claimed: Sequence[str],
    *,
    draws: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """How often each of the claimed verbs leads each corpus, and in how many clips it is.

    Taggers take some verbs for nouns ("a dance"), so the share of clips is given under the key's VERB tag and under any
    tag; a word counts for a verb when it begins with the verb less its final "e" ("danc", "walk").

    Args:
        tables: by corpus, captions as :func:`with_verbs` gives them.
        shares: from :func:`shares`.
        claimed: the verbs to look at.
        draws: bootstrap replicates, of the share of clips under any tag.
        rng: source of randomness.

    Returns:
        One row a corpus and verb: ``corpus, verb, rank, share, low, high, leads`` (the share of replicates in which it
        is the most frequent verb), ``clips_as_verb, clips_as_any_word, any_low, any_high``.
    """
    rows = []
    for name, table in tables.items():
        for row in records(of_verbs(shares, name, list(dict.fromkeys(claimed)))):
            as_verb = _by_clip(table, table["verbs"].map(lambda verbs, verb=row["verb"]: verb in verbs))
            as_word = _by_clip(table, table["key"].map(lambda key, verb=row["verb"]: _mentions(key, verb)))
            mentioned = share(as_word, as_word.index, draws=draws, rng=rng)
            counted = {column: row[column] for column in ("corpus", "verb", "rank", "share", "low", "high")}
            clips = {"clips_as_verb": float(as_verb.mean()), "clips_as_any_word": mentioned.value}
            rows.append({**counted, "leads": row["top"], **clips, "any_low": mentioned.low, "any_high": mentioned.high})
    return pd.DataFrame(rows).astype({"rank": "Int64"})


def contrast(counts: Mapping[str, ActionCounts]) -> pd.DataFrame | None:
    """Log-odds of every verb between the first two corpora, or None when there is only one."""
    if len(counts) < 2:
        return None
    first, second = list(counts.values())[:2]
    return actions.log_odds(first, second)


def distance(counts: Mapping[str, ActionCounts], *, draws: int, rng: np.random.Generator) -> pd.DataFrame | None:
    """Jensen-Shannon distance of the first two corpora with its interval and chance floor, or None for one corpus."""
    if len(counts) < 2:
        return None
    names, (first, second) = list(counts)[:2], list(counts.values())[:2]
    estimate = actions.jensen_shannon(first, second, draws=draws, rng=rng)
    return pd.DataFrame([{"corpora": ", ".join(names), **estimate}])


def _by_clip(table: pd.DataFrame, flags: "pd.Series[bool]") -> "pd.Series[bool]":
    return flags.groupby(table["base_id"]).any()


def _mentions(key: str, verb: str) -> bool:
    stem = verb.removesuffix("e")
    return any(token.startswith(stem) for token in key.split())
