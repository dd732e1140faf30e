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
from lib.sections.embedding.modality_gap import LABELS
from lib.sections.embedding.retrieval_protocols import ALL, LEAK_FREE
from lib.sections.embedding.variety import ADDED, COUNTED, LESS, MODALITIES, NEIGHBOURS
from lib.sections.embedding.variety import estimate as variety_estimate

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


def equal_gallery(keys: Mapping[str, str], table: pd.DataFrame) -> dict[str, Measure | float | int]:
    """What the rule reads of TMR's recall beside the published one, by corpus key.

    Args:
        keys: key of each corpus name.
        table: from `published_range.compared`.
    """
    found: dict[str, Measure | float | int] = {}
    for row in records(table):
        key, way = keys[row["corpus"]], row["way"]
        found[f"{key}_equal_{way}_r1"] = Measure(row["recall"], row["low"], row["high"], int(row["n"]), "%", 1)
        found |= {f"{key}_published_{way}_{end}": float(row[f"published_{end}"]) for end in ("low", "high")}
        found |= {f"{key}_equal_gallery": int(row["gallery"]), f"{key}_equal_ceiling": float(row["ceiling"])}
    return found


def variety(keys: Mapping[str, str], table: pd.DataFrame) -> dict[str, Measure | str]:
    """What mirrors add to variety by the kernel of neighbours, by corpus key, and ``variety``, the same in a sentence.

    Args:
        keys: key of each corpus name.
        table: `variety.variety`.

    Returns:
        Nothing where no corpus has enough mirrored clips.
    """
    found: dict[str, Measure | str] = {}
    clauses = []
    for name in table["corpus"].unique():
        for of in MODALITIES:
            one = {what: variety_estimate(table, name, of, NEIGHBOURS, what) for what in (*COUNTED, *ADDED, LESS)}
            found |= {f"{keys[name]}_{of}_effective_{what}": one[what] for what in COUNTED}
            found |= {f"{keys[name]}_{of}_times_by_{what}": one[what] for what in ADDED}
            found[f"{keys[name]}_{of}_mirrors_less_clips"] = one[LESS]
            less = one[LESS]
            said = "add less" if less.high < 0 else "add more" if less.low > 0 else "are not shown to add less"
            clauses.append(
                f"mirrors multiply the effective number of {of} of {name} by {one['mirrors'].text}, as many other "
                f"clips by {one['clips'].text} and exact copies by {number(one['copies'].value, 2)}: mirrors {said}"
            )
    return found | ({"variety": sentence(clauses)} if clauses else {})


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
    means = points.groupby(["corpus", "labels", "modality"], sort=False)["x"].mean()
    told = []
    for name in points["corpus"].unique():
        seen, chance = (means[name, labels, "motion"] - means[name, labels, "text"] for labels in LABELS)
        told.append(f"in {name} the centroids are {seen:.2f} apart, {chance:.2f} after swapping modalities at random")
    return "Text and motion latents along the difference of their centroids. " + sentence(told)


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
