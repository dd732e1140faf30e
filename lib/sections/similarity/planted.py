"""Planted near-duplicates and shared recordings against what the audits recover; nothing here runs on real data."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

Truth = Mapping[str, Any]


def near_duplicates(
    truth: Truth | None, flags: pd.DataFrame, summary: pd.DataFrame, *, name: str
) -> pd.DataFrame | None:
    """Planted near-duplicate shares of a test set beside the recovered ones, at the highest cosine threshold.

    Returns:
        ``unit, planted, recovered, low, high, within, missed, extra``: whether the interval holds the planted share,
        and planted captions or clips not found, and found ones not planted; None without planted near-duplicates.
    """
    planted = (truth or {}).get(name, {}).get("near_duplicates")
    if not planted:
        return None
    bound = summary["threshold"].max()
    captions = {pair["test"] for pair in planted["pairs"]}
    true = {"caption": captions, "clip": {caption.partition("#")[0] for caption in captions}}
    hits = flags.loc[flags["cosine"] >= bound]
    found = {"caption": set(hits["caption_id"]), "clip": set(hits["clip_id"])}
    rows = []
    for unit in ("caption", "clip"):
        row = summary.query(
            "mirrors == 'without' and scale == 'cosine' and unit == @unit and threshold == @bound"
        ).iloc[0]
        share = planted[f"{unit}_share"]
        missed, extra = len(true[unit] - found[unit]), len(found[unit] - true[unit])
        rows.append(
            (
                unit,
                share,
                row["share"],
                row["low"],
                row["high"],
                bool(row["low"] <= share <= row["high"]),
                missed,
                extra,
            )
        )
    return pd.DataFrame(rows, columns=["unit", "planted", "recovered", "low", "high", "within", "missed", "extra"])


def sources(truth: Truth | None, found: Mapping[str, Mapping[str, int]]) -> pd.DataFrame | None:
    """Planted counts of test clips that share a recording with training beside the counts found.

    Args:
        truth: planted truths by corpus, or None.
        found: by corpus, counts under the names of the truth (``shared``, ``overlapping``, …); clips without consent
            are in neither count.

    Returns:
        ``corpus, fact, planted, found, exact``, or None without planted sources.
    """
    rows = []
    for name, counts in found.items():
        known = (truth or {}).get(name, {})
        planted, withheld = known.get("sources", {}), set(known.get("defects", {}).get("no consent", []))
        for fact, n in counts.items():
            if fact in planted:
                expected = len(set(planted[f"{fact}_ids"]) - withheld) if f"{fact}_ids" in planted else planted[fact]
                rows.append((name, fact, expected, n, expected == n))
    return pd.DataFrame(rows, columns=["corpus", "fact", "planted", "found", "exact"]) if rows else None
