"""Sentences of 04: how far text and motion lie apart, and how well one finds the other."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd

from lib.base.prose import sentence
from lib.draw.table import records
from lib.metrics.intervals import Measure, number, percent
from lib.models.pairs import FEWEST
from lib.sections.embedding.embedding import WAYS, estimate
from lib.sections.embedding.retrieval_protocols import ALL, LEAK_FREE

SMALL = "small batches"
CLASS_MEASURES = {"probe accuracy": ("probe", "share"), "silhouette": ("silhouette", "")}
"""How the names of values call a measure of how distinguishable classes are, and its unit."""
LOSSES = (("recons", "reconstruction"), ("contrastive", "contrastive"))


def values(
    keys: Mapping[str, str], gaps: pd.DataFrame, intervals: pd.DataFrame, apart: pd.DataFrame | None
) -> dict[str, Measure | float | int | str]:
    """The numbers that prose quotes, by corpus key.

    Args:
        keys: key of each corpus name.
        gaps: `gap_table` with ``corpus``.
        intervals: `interval_table` of all corpora.
        apart: `separable` of all corpora, or None.
    """
    found: dict[str, Measure | float | int | str] = {}
    for name, key in keys.items():
        for row in records(gaps[(gaps["corpus"] == name) & ~gaps["centred"]]):
            slug = row["measure"].replace(" ", "_").lower()
            found[f"{key}_{slug}"] = Measure(row["value"], row["low"], row["high"], int(row["n"]), digits=3)
            if slug == "centroid_gap":
                found[f"{key}_gap_floor"] = row["none"]
        some = intervals[intervals["corpus"] == name]
        for way, direction in zip(("t2m", "m2t"), WAYS, strict=True):
            for measure, protocol, clips in product(("R@1", "R@3"), ("all", SMALL), (LEAK_FREE, ALL)):
                where = "" if clips == ALL else "leak_free_"
                slug = f"{key}_{where}{way}_{protocol.split()[0]}_r{measure[2:]}"
                if (one := estimate(some, protocol, direction, measure, clips=clips)) is not None:
                    found[slug] = one
    for row in records(apart) if apart is not None else []:
        measure, unit = CLASS_MEASURES[row["measure"]]
        name = f"{keys[row['corpus']]}_{row['space']}_{measure}_difference"
        found[name] = Measure(row["difference"], row["low"], row["high"], int(row["n"]), unit, 1 if unit else 3)
        found[f"{name}_p"] = row["p_holm"]
    return found


def facts(
    keys: Mapping[str, str], repeated: pd.DataFrame, keywords: Mapping[str, Sequence[str]], log: pd.DataFrame | None
) -> dict[str, float | int | str]:
    """Repeated captions by corpus key, the keywords, and how training went."""
    found: dict[str, float | int | str] = {
        "keywords": "; ".join(f"{', '.join(some)} ({name})" for name, some in keywords.items())
    }
    for row in records(repeated):
        key = keys[row["corpus"]]
        found |= {f"{key}_sentences": row["sentences"], f"{key}_sentence_shared": row["shared"]}
        found |= {f"{key}_test_clips": row["clips"], f"{key}_ceiling_all": row["ceiling_all"]}
    if log is not None:
        found |= {"epochs": len(log), "training_seconds": float(log["seconds"].sum())}
    return found


def too_few(base_clips: Mapping[str, int]) -> dict[str, str]:
    """Which test splits are too small to be measured.

    Args:
        base_clips: of each test split, by name of the corpus.

    Returns:
        ``too_few``, a sentence; nothing where every split is large enough.

    Example:
        >>> too_few({"own": 2, "other": 40})["too_few"]
        'The gap and retrieval need 5 test clips without mirrors: own has 2 and is left out.'
    """
    small = [f"{name} has {n}" for name, n in base_clips.items() if n < FEWEST]
    verb = "is" if len(small) == 1 else "are"
    clips = f"The gap and retrieval need {FEWEST} test clips without mirrors"
    return {"too_few": f"{clips}: {', '.join(small)} and {verb} left out."} if small else {}


def finding(gaps: pd.DataFrame, intervals: pd.DataFrame, base_clips: Mapping[str, int]) -> str:
    """The size of the gap and R@1 in small batches, of every corpus, and which have too few test clips for either."""
    told = []
    for row in _centroid_gaps(gaps):
        ends = f"95 % CI {row['low']:.2f}–{row['high']:.2f}; {row['none']:.2f} by chance"
        told.append(f"the centroid gap of {row['corpus']} is {row['value']:.2f} ({ends})")
        some = intervals[intervals["corpus"] == row["corpus"]]
        recalls = [text for clips in (LEAK_FREE, ALL) if (text := _recall(some, clips))]
        if recalls:
            chance = some.loc[(some["protocol"] == SMALL) & (some["measure"] == "R@1"), "chance"].iloc[0]
            told.append(f"R@1 among {100 / chance:.0f} is {', and '.join(recalls)} (chance {chance:.1f} %)")
    return " ".join(part for part in (sentence(told), *too_few(base_clips).values()) if part)


def leak_free(keys: Mapping[str, str], intervals: pd.DataFrame) -> dict[str, int | str]:
    """How many queries are leak-free, and how much wider that makes the interval of R@1 among all.

    Args:
        keys: key of each corpus name.
        intervals: `interval_table` of all corpora.

    Returns:
        ``{corpus}_leak_free_clips`` and ``leak_free``, a sentence; nothing where no clips are known to be leak-free.
    """
    found: dict[str, int | str] = {}
    told = []
    for name, some in intervals.groupby("corpus", sort=False):
        sides = [estimate(some, "all", WAYS[0], "R@1", clips=clips) for clips in (LEAK_FREE, ALL)]
        if sides[0] and sides[1] and sides[1].high > sides[1].low:
            clean, every = sides[0], sides[1]
            found[f"{keys[str(name)]}_leak_free_clips"] = clean.n
            wider = (clean.high - clean.low) / (every.high - every.low)
            told.append(
                f"{clean.n:,} of the {every.n:,} test clips of {name} are leak-free for this TMR, mirrors counted; the "
                f"interval of their R@1 among all is {number(wider, 1)} times as wide"
            )
    return found | ({"leak_free": sentence(told)} if told else {})


def training(log: pd.DataFrame | None) -> str:
    """Alternative text of the training curves."""
    if log is None:
        return ""
    rows = records(log)
    best = max(rows, key=lambda row: float(row["R@1"]))
    last = ", the last one, so it may not have converged" if best is rows[-1] else ""
    falls = [f"the {label} loss falls from {rows[0][name]:.2f} to {rows[-1][name]:.2f}" for name, label in LOSSES]
    return sentence([*falls, f"validation R@1 is best, {best['R@1']:.1f} %, in epoch {best['epoch'] + 1:.0f}{last}"])


def plane(points: pd.DataFrame) -> str:
    """Alternative text of the plane of the gap."""
    told = [
        f"{name}, {labels}: {shift(some)}" for (name, labels), some in points.groupby(["corpus", "labels"], sort=False)
    ]
    return "Text and motion latents along the difference of their centroids. " + sentence(told)


def shift(points: pd.DataFrame) -> str:
    """How far the centroids are apart, and in how many pairs the motion lies beyond its text.

    Args:
        points: ``pair, modality, x``.

    Example:
        >>> table = pd.DataFrame({"pair": [0, 1, 0, 1], "modality": ["text", "text", "motion", "motion"]})
        >>> shift(table.assign(x=[0.0, 0.5, 1.0, 0.25]))
        'gap 0.38; motion beyond text in 50 % of pairs'
    """
    wide = points.pivot(index="pair", columns="modality", values="x")
    moved = wide["motion"] - wide["text"]
    return f"gap {moved.mean():.2f}; motion beyond text in {percent(float((moved > 0).mean()), 0)} of pairs"


def cosines(gaps: pd.DataFrame) -> str:
    """Alternative text of the cosine histograms, with the means of the gap table, which are of all pairs."""
    means = gaps[~gaps["centred"]].set_index(["corpus", "measure"])["value"]
    told = [
        f"in {name} matched pairs have a mean cosine of {number(means[name, 'matched cosine'], 2)}, mismatched ones of "
        f"{number(means[name, 'mismatched cosine'], 2)}"
        for name in gaps["corpus"].unique()
    ]
    return sentence(told)


def classes(apart: pd.DataFrame | None, keywords: Mapping[str, Sequence[str]]) -> str:
    """Alternative text of the class figure."""
    words = "; ".join(f"{', '.join(some)} in {name}" for name, some in keywords.items())
    told = f"Clips captioned {words} in the planes of text and motion latents."
    if apart is None:
        return told
    probes = apart[apart["measure"] == "probe accuracy"]
    return (
        told
        + " "
        + sentence(
            [
                f"a probe is right for {percent(r['plane'], 0)} in the plane and {percent(r['full'], 0)} in the full "
                f"{r['space']} space of {r['corpus']}"
                for r in records(probes)
            ]
        )
    )


def recalls(table: pd.DataFrame) -> str:
    """Alternative text of the recall figure."""
    if table.empty:
        return ""
    some = table[(table["measure"] == "R@1") & (table["direction"] == WAYS[0])]
    told = [f"{r['corpus']}, {r['protocol']}, {r['clips']} clips: {r['value']:.1f} %" for r in records(some)]
    return "Text-to-motion R@1 by protocol. " + sentence(told)


def gallery(table: pd.DataFrame | None) -> str:
    """Alternative text of the gallery figure."""
    if table is None:
        return ""
    told = []
    for (corpus, direction), some in table[table["k"] == 1].groupby(["corpus", "direction"], sort=False):
        first, last = some.iloc[0], some.iloc[-1]
        told.append(
            f"{corpus}, {direction}: R@1 falls from {first['recall']:.0f} % among {first['size']:.0f} clips to "
            f"{last['recall']:.0f} % among {last['size']:,.0f}"
        )
    return sentence(told)


def _recall(some: pd.DataFrame, clips: str) -> str:
    """R@1 in small batches in both directions on some clips; empty where it was not measured."""
    both = [estimate(some, SMALL, way, "R@1", clips=clips) for way in WAYS]
    parts = [f"{one.value:.1f} % {way}" for one, way in zip(both, WAYS, strict=True) if one]
    return f"{' and '.join(parts)} on {clips} clips" if len(parts) == len(WAYS) else ""


def _centroid_gaps(gaps: pd.DataFrame) -> list[dict[str, Any]]:
    return records(gaps[(gaps["measure"] == "centroid gap") & ~gaps["centred"]])
