"""What the retrieval protocols of TMR say of the corpora, as tables: on leak-free test clips first, on all second."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.metrics import retrieval
from lib.metrics.gallery import recall_by_gallery
from lib.metrics.intervals import Measure, told
from lib.metrics.ranks import Ties
from lib.models.pairs import CaptionMotionLatents
from lib.sections.embedding.published_range import published
from lib.sections.embedding.retrieval_protocols import ALL, KS, Protocol, protocols
from lib.text.encoder import encode

FORMATS = dict.fromkeys([*(f"R@{k}" for k in KS), "MedR"], ".2")
"""Decimals that TMR prints."""
WAYS = ("text to motion", "motion to text")
Found = Mapping[str, Sequence[Protocol]]


def of_corpora(
    tests: Mapping[str, CaptionMotionLatents],
    *,
    clean: Mapping[str, Collection[str]],
    model: Path | None = None,
    threshold: float,
    batch: int,
    ties: Ties,
    block: int,
) -> dict[str, list[Protocol]]:
    """`protocols` of each corpus that has test pairs, on its leak-free clips first where these are known.

    Args:
        tests: pairs of the test splits, by corpus.
        clean: leak-free test clips, by corpus; a corpus without any has all clips alone.
        model: folder of MPNet, which reads the captions; None for the fetched one.
        threshold: as for `protocols`, like those that follow.
        batch: gallery of protocol d.
        ties: how ties are decided.
        block: rows and columns of a tile.
    """
    found: dict[str, list[Protocol]] = {}
    for name, test in ((name, test) for name, test in tests.items() if len(test)):
        sentence = encode(test.clips["text"].tolist(), model=model)
        whole = protocols(test, sentence, threshold=threshold, batch=batch, ties=ties, block=block)
        some = [one.among(clean.get(name, ()), ties=ties) for one in whole]
        found[name] = [*(one for one in some if one), *whole]
    return found


def protocol_table(found: Found) -> pd.DataFrame:
    """The galleries: ``corpus, clips, protocol, queries, gallery, note``; clips says which are queries."""
    rows = [
        (name, one.clips, one.name, len(one.ranks[0]), one.ranks[0].gallery, one.note) for name, one in _each(found)
    ]
    return pd.DataFrame(rows, columns=["corpus", "clips", "protocol", "queries", "gallery", "note"])


def retrieval_table(found: Found) -> pd.DataFrame:
    """What TMR prints for each protocol: ``data, clips, protocol, way, R@k …, MedR``; the way is t2m or m2t."""
    rows = []
    for corpus, protocol in _each(found):
        for way in ("t2m", "m2t"):
            measures = {k.split("/")[1]: value for k, value in protocol.measures.items() if k.startswith(way)}
            about = {"data": corpus, "clips": protocol.clips, "protocol": protocol.name}
            rows.append({**about, "way": way, **measures})
    return pd.DataFrame(rows)


def beside_published(table: pd.DataFrame) -> pd.DataFrame:
    """The measured rows, then those of `published`, which say so and are of other data and another model.

    No rows where nothing was measured.
    """
    if table.empty:
        return table
    quoted = published()
    quoted = quoted.assign(data="published: " + quoted["model"], clips=ALL, protocol="all")
    return pd.concat([table, quoted[table.columns]], ignore_index=True)


def interval_table(found: Found, *, ties: Ties, draws: int, seed: int) -> pd.DataFrame:
    """R@k and MedR with intervals over base clips, a row a protocol, direction and measure.

    Returns:
        ``corpus, clips, protocol, direction, measure, value, low, high, chance, ceiling, n, note``; chance and ceiling
        are given for R@1.
    """
    rows, rng = [], np.random.default_rng(seed)
    for corpus, one in _each(found):
        for direction, ranks in zip(WAYS, one.ranks, strict=True):
            estimates = retrieval.intervals(ranks, one.groups, draws=draws, rng=rng, ties=ties, ks=KS)
            for measure, e in estimates.items():
                bounds = (one.chance, one.ceiling) if measure == "R@1" else (np.nan, np.nan)
                about = (corpus, one.clips, one.name, direction, measure)
                rows.append((*about, e.value, e.low, e.high, *bounds, e.n, one.note))
    about = ("corpus", "clips", "protocol", "direction", "measure")
    return pd.DataFrame(rows, columns=[*about, "value", "low", "high", "chance", "ceiling", "n", "note"])


def shown(intervals: pd.DataFrame) -> pd.DataFrame | None:
    """The interval table for reading: R@1, R@3 and MedR side by side, and the chance of R@1; None of no rows."""
    if intervals.empty:
        return None
    keys = ["corpus", "clips", "protocol", "direction"]
    shown_ = intervals.assign(told=told(intervals, 1))
    order = shown_.drop_duplicates(keys).set_index(keys).index
    wide = shown_.pivot(index=keys, columns="measure", values="told").loc[order]
    chance = intervals[intervals["measure"] == "R@1"].set_index(keys)["chance"]
    table = wide[["R@1", "R@3", "MedR"]].join(chance).reset_index()
    return table.assign(direction=table["direction"].map(dict(zip(WAYS, ("t2m", "m2t"), strict=True)))).rename(
        columns={"direction": "way"}
    )


def estimate(table: pd.DataFrame, protocol: str, direction: str, measure: str, *, clips: str = ALL) -> Measure | None:
    """One row of one corpus' `interval_table` as an estimate, or None where the protocol could not be run."""
    asked = {"protocol": protocol, "direction": direction, "measure": measure, "clips": clips}
    rows = table[np.logical_and.reduce([table[column] == value for column, value in asked.items()])]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return Measure(row["value"], row["low"], row["high"], int(row["n"]), "%" if measure != "MedR" else "", 1)


def gallery_table(
    found: Found, *, ties: Ties, draws: int, seed: int, ks: Sequence[int] = (1, 3, 10)
) -> pd.DataFrame | None:
    """R@k of all clips against the size of the gallery: ``corpus, direction, size, k, recall, low, high, chance``.

    None where nothing was measured.
    """
    parts = []
    for corpus, full in ((name, one) for name, one in _each(found) if (one.name, one.clips) == ("all", ALL)):
        most = full.ranks[0].gallery
        sizes = sorted({*(int(size) for size in np.geomspace(min(2, most), most, 12).round()), min(32, most)})
        for way, ranks in zip(WAYS, full.ranks, strict=True):
            rng = np.random.default_rng(seed)
            curve = recall_by_gallery(ranks, full.groups, sizes=sizes, ks=ks, draws=draws, rng=rng, ties=ties)
            parts.append(curve.assign(corpus=corpus, direction=way))
    columns = ["corpus", "direction", "size", "k", "recall", "low", "high", "chance"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else None


def repeated_sentences(tests: Mapping[str, CaptionMotionLatents], found: Found) -> pd.DataFrame:
    """How captions repeat among test clips, and what that allows.

    Returns:
        ``corpus, clips, sentences, shared`` (share of clips whose sentence another clip has too), ``ceiling_all,
        ceiling_batches`` (R@1 in percent of a model that knows each motion's sentence and nothing more).
    """
    rows = []
    for name, protocols_ in found.items():
        text = tests[name].clips["text"]
        shared = float((text.map(text.value_counts()) > 1).mean())
        row: dict[str, Any] = {"corpus": name, "clips": len(text), "sentences": int(text.nunique()), "shared": shared}
        ceilings = {one.name: one.ceiling for one in protocols_ if one.clips == ALL}
        rows.append(row | {"ceiling_all": ceilings["all"], "ceiling_batches": ceilings.get("small batches", np.nan)})
    return pd.DataFrame(rows, columns=["corpus", "clips", "sentences", "shared", "ceiling_all", "ceiling_batches"])


def _each(found: Found) -> Iterator[tuple[str, Protocol]]:
    return ((name, one) for name, many in found.items() for one in many)
