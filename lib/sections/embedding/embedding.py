"""What the retrieval protocols of TMR say of a corpus, beside chance and beside what a sentence alone can tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.metrics import retrieval
from lib.metrics.diversity import farthest_first
from lib.metrics.gallery import recall_by_gallery
from lib.metrics.intervals import Measure, told
from lib.metrics.ranks import Ranks, Ties
from lib.models.pairs import CaptionMotionLatents, Floats
from lib.text.encoder import encode

KS = (1, 2, 3, 5, 10)
DISSIMILAR = 100
"""Clips of protocol c where the corpus lists none, as many as TMR lists for HumanML3D."""
FORMATS = dict.fromkeys([*(f"R@{k}" for k in KS), "MedR"], ".2")
"""Decimals that TMR prints."""
WAYS = ("text to motion", "motion to text")


@dataclass(frozen=True)
class Protocol:
    """Ranks of both directions under one retrieval protocol.

    Attributes:
        name: of the protocol.
        ranks: text-to-motion, motion-to-text.
        groups: base clip of each query (n,).
        measures: what TMR prints: `t2m/R@k`, `t2m/MedR`, the same for `m2t`.
        chance: R@1 in percent of a ranking at random.
        ceiling: R@1 in percent of a model that knows a motion's sentence and nothing more, ties broken at random.
        note: what a reader must know.
    """

    name: str
    ranks: tuple[Ranks, Ranks]
    groups: NDArray[Any]
    measures: dict[str, float]
    chance: float
    ceiling: float
    note: str = ""


Found = Mapping[str, Sequence[Protocol]]


def protocols(
    test: CaptionMotionLatents, sentence: Floats, *, threshold: float, batch: int, ties: Ties, block: int
) -> list[Protocol]:
    """The four retrieval protocols of TMR on test pairs.

    Args:
        test: pairs of the test split, mirrors included as published.
        sentence: (n, e) sentence vectors of the captions.
        threshold: raw cosine above which another caption's clip is as good (protocol b).
        batch: gallery of protocol d.
        ties: how ties are decided.
        block: rows and columns of a tile.

    Returns:
        All, threshold, dissimilar, batches; the last only where the split holds one batch.

    Source: Petrovich et al. 2023 + TMR: retrieval.py.
    """
    groups, ids, n = test.clips["base_id"].to_numpy(), test.clips["clip_id"].tolist(), len(test)

    def measured(ranks: tuple[Ranks, Ranks]) -> dict[str, float]:
        return retrieval.both_ways(*ranks, ties=ties, ks=KS)

    full = retrieval.rank_pairs(test.text, test.motion, block=block)
    told = retrieval.rank_pairs(sentence, sentence, block=block)
    near = retrieval.rank_pairs(test.text, test.motion, sentence=sentence, threshold=threshold, block=block)
    positives = _positives(sentence, threshold, block)
    listed = set(test.listed).intersection(ids)
    wanted = list(test.listed) if listed else [ids[row] for row in farthest_first(sentence, DISSIMILAR)]
    far, found, missing = retrieval.dissimilar(test.text, test.motion, ids, wanted)
    at = [ids.index(name) for name in found]
    far_told = retrieval.rank_pairs(sentence[at], sentence[at])
    origin = "the corpus' own list" if listed else "chosen farthest first by sentence"
    all_ = Protocol("all", full, groups, measured(full), 100 / n, _ceiling(told))
    threshold_ = Protocol(
        "threshold", near, groups, measured(near), 100 * positives / n, 100.0, f"cosine > {threshold:g}"
    )
    note = f"{len(found)} clips, {origin}" + (f", {len(missing)} listed are missing" if missing else "")
    dissimilar_ = Protocol("dissimilar", far, groups[at], measured(far), 100 / len(at), _ceiling(far_told), note)
    if n < batch:
        return [all_, threshold_, dissimilar_]
    drawn = retrieval.rank_in_batches(test.text, test.motion, ids, batch)
    batch_told = retrieval.rank_in_batches(sentence, sentence, ids, batch)
    ranks = (drawn.text_to_motion, drawn.motion_to_text)
    ceiling = _ceiling((batch_told.text_to_motion, batch_told.motion_to_text))
    note = f"{len(drawn.rows) // batch} galleries, {n - len(drawn.rows)} clips left over"
    batches = Protocol(
        "small batches", ranks, groups[drawn.rows], drawn.measures(ties=ties, ks=KS), 100 / batch, ceiling, note
    )
    return [all_, threshold_, dissimilar_, batches]


def of_corpora(
    tests: Mapping[str, CaptionMotionLatents],
    *,
    model: Path | None = None,
    threshold: float,
    batch: int,
    ties: Ties,
    block: int,
) -> dict[str, list[Protocol]]:
    """`protocols` of each corpus that has test pairs.

    Args:
        tests: pairs of the test splits, by corpus.
        model: folder of MPNet, which reads the captions; None for the fetched one.
        threshold: as for `protocols`, like those that follow.
        batch: gallery of protocol d.
        ties: how ties are decided.
        block: rows and columns of a tile.
    """
    return {
        name: protocols(
            test,
            encode(test.clips["text"].tolist(), model=model),
            threshold=threshold,
            batch=batch,
            ties=ties,
            block=block,
        )
        for name, test in tests.items()
        if len(test)
    }


def protocol_table(found: Found) -> pd.DataFrame:
    """The galleries: ``corpus, protocol, queries, gallery, note``."""
    rows = [(name, one.name, len(one.ranks[0]), one.ranks[0].gallery, one.note) for name, one in _each(found)]
    return pd.DataFrame(rows, columns=["corpus", "protocol", "queries", "gallery", "note"])


def retrieval_table(found: Found) -> pd.DataFrame:
    """What TMR prints for each protocol: ``data, protocol, way, R@k …, MedR``; the way is t2m or m2t."""
    rows = []
    for corpus, protocol in _each(found):
        for way in ("t2m", "m2t"):
            measures = {k.split("/")[1]: value for k, value in protocol.measures.items() if k.startswith(way)}
            rows.append({"data": corpus, "protocol": protocol.name, "way": way, **measures})
    return pd.DataFrame(rows)


def beside_published(table: pd.DataFrame) -> pd.DataFrame:
    """The measured rows, then those of `published`, which say so and are of other data and another model.

    No rows where nothing was measured.
    """
    if table.empty:
        return table
    quoted = published()
    quoted = quoted.assign(data="published: " + quoted["model"], protocol="all")
    return pd.concat([table, quoted[table.columns]], ignore_index=True)


def interval_table(found: Found, *, ties: Ties, draws: int, seed: int) -> pd.DataFrame:
    """R@k and MedR with intervals over base clips, a row a protocol, direction and measure.

    Returns:
        ``corpus, protocol, direction, measure, value, low, high, chance, ceiling, n, note``; chance and ceiling are
        given for R@1.
    """
    rows, rng = [], np.random.default_rng(seed)
    for corpus, one in _each(found):
        for direction, ranks in zip(WAYS, one.ranks, strict=True):
            estimates = retrieval.intervals(ranks, one.groups, draws=draws, rng=rng, ties=ties, ks=KS)
            for measure, e in estimates.items():
                bounds = (one.chance, one.ceiling) if measure == "R@1" else (np.nan, np.nan)
                rows.append((corpus, one.name, direction, measure, e.value, e.low, e.high, *bounds, e.n, one.note))
    columns = ["corpus", "protocol", "direction", "measure", "value", "low", "high", "chance", "ceiling", "n", "note"]
    return pd.DataFrame(rows, columns=columns)


def shown(intervals: pd.DataFrame) -> pd.DataFrame | None:
    """The interval table for reading: R@1, R@3 and MedR side by side, and the chance of R@1; None of no rows."""
    if intervals.empty:
        return None
    keys = ["corpus", "protocol", "direction"]
    shown_ = intervals.assign(told=told(intervals, 1))
    order = shown_.drop_duplicates(keys).set_index(keys).index
    wide = shown_.pivot(index=keys, columns="measure", values="told").loc[order]
    chance = intervals[intervals["measure"] == "R@1"].set_index(keys)["chance"]
    table = wide[["R@1", "R@3", "MedR"]].join(chance).reset_index()
    return table.assign(direction=table["direction"].map(dict(zip(WAYS, ("t2m", "m2t"), strict=True)))).rename(
        columns={"direction": "way"}
    )


def estimate(table: pd.DataFrame, protocol: str, direction: str, measure: str) -> Measure | None:
    """One row of one corpus' `interval_table` as an estimate, or None where the protocol could not be run."""
    rows = table[(table["protocol"] == protocol) & (table["direction"] == direction) & (table["measure"] == measure)]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return Measure(row["value"], row["low"], row["high"], int(row["n"]), "%" if measure != "MedR" else "", 1)


def gallery_table(
    found: Found, *, ties: Ties, draws: int, seed: int, ks: Sequence[int] = (1, 3, 10)
) -> pd.DataFrame | None:
    """R@k against the size of the gallery: ``corpus, direction, size, k, recall, low, high, chance``.

    None where nothing was measured.
    """
    parts = []
    for corpus, full in ((name, one) for name, one in _each(found) if one.name == "all"):
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
        ceilings = {one.name: one.ceiling for one in protocols_}
        rows.append(row | {"ceiling_all": ceilings["all"], "ceiling_batches": ceilings.get("small batches", np.nan)})
    return pd.DataFrame(rows, columns=["corpus", "clips", "sentences", "shared", "ceiling_all", "ceiling_batches"])


def _each(found: Found) -> Iterator[tuple[str, Protocol]]:
    return ((name, one) for name, many in found.items() for one in many)


def _ceiling(ranks: tuple[Ranks, Ranks]) -> float:
    return 100 * float(ranks[0].found(1, "expected").mean())


def _positives(sentence: Floats, threshold: float, block: int) -> float:
    rows = sentence / np.linalg.norm(sentence, axis=1, keepdims=True)
    counts = [int((rows[at : at + block] @ rows.T > threshold).sum()) for at in range(0, len(rows), block)]
    return sum(counts) / len(rows)


def published() -> pd.DataFrame:
    """Retrieval of TMR and TEMOS on HumanML3D's 4,384 test clips, protocol (a), as Petrovich et al. 2023 print it.

    Example:
        >>> published().query("model == 'TMR'")["R@1"].tolist()
        [5.68, 9.95]
    """
    rows = [
        ("TMR", "t2m", 5.68, 10.59, 14.04, 20.34, 30.94, 28.0),
        ("TMR", "m2t", 9.95, 12.44, 17.95, 23.56, 32.69, 28.5),
        ("TEMOS", "t2m", 2.12, 4.09, 5.87, 8.26, 13.52, 173.0),
        ("TEMOS", "m2t", 3.86, 4.54, 6.94, 9.38, 14.00, 183.25),
    ]
    return pd.DataFrame(rows, columns=["model", "way", "R@1", "R@2", "R@3", "R@5", "R@10", "MedR"])
