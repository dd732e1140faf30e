"""Planted truths of the embedded corpora against what the audits recovered; nothing here runs on real data."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score, roc_curve

from lib.metrics.actions import ActionCounts, share_intervals

Truth = Mapping[str, Any]
SCORED = (("jitter", "high_pass"), ("impossible pose", "realism"))
MOTION_DEFECTS = ("jitter", "foot skate", "impossible pose", "upper body")


def defects(
    truth: Truth | None, tables: Mapping[str, pd.DataFrame], *, draws: int, rng: np.random.Generator
) -> pd.DataFrame | None:
    """How well each score tells the defect it is meant for from clips without any defect of motion.

    Args:
        truth: planted truths by corpus, or None.
        tables: scores by corpus.
        draws: bootstrap replicates over clips, within either class.
        rng: source of randomness.

    Returns:
        ``corpus, defect, score, auc, low, high, defective, clean``, or None without planted defects.
    """
    rows = []
    for name, defect, score, bad, good in _classes(truth, tables):
        auc = _auc(bad, good)
        resampled = [_auc(rng.choice(bad, len(bad)), rng.choice(good, len(good))) for _ in range(draws)]
        low, high = np.quantile(resampled, [0.025, 0.975])
        rows.append((name, defect, score, auc, low, high, len(bad), len(good)))
    columns = ["corpus", "defect", "score", "auc", "low", "high", "defective", "clean"]
    return pd.DataFrame(rows, columns=columns) if rows else None


def curves(truth: Truth | None, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """ROC curves of both scores against planted defects: ``false_positive_rate, true_positive_rate`` by name."""
    found = {}
    for _, defect, score, bad, good in _classes(truth, tables):
        fpr, tpr, _ = roc_curve(np.repeat([1, 0], [len(bad), len(good)]), np.concatenate([bad, good]))
        found[f"{score.replace('_', '-')} against {defect}"] = pd.DataFrame(
            {"false_positive_rate": fpr, "true_positive_rate": tpr}
        )
    return found


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


def actions(
    truth: Truth | None,
    counts: Mapping[str, ActionCounts],
    verbs: Sequence[str],
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame | None:
    """Planted share of each verb beside the recovered one.

    Returns:
        ``corpus, verb, planted, recovered, low, high, within``: whether the interval holds the planted share; None
        without planted verbs.
    """
    rows = []
    for name, one in counts.items():
        planted = (truth or {}).get(name, {}).get("verbs")
        if planted:
            found = share_intervals(one, verbs, draws=draws, rng=np.random.default_rng(seed))
            total = sum(planted.values())
            found.insert(0, "corpus", name)
            found.insert(2, "planted", [planted.get(verb, 0) / total for verb in verbs])
            found["within"] = found["planted"].between(found["low"], found["high"])
            rows.append(found.rename(columns={"share": "recovered"}))
    columns = ["corpus", "verb", "planted", "recovered", "low", "high", "within"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else None


def _classes(truth: Truth | None, tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, str, Any, Any]]:
    found = []
    for name, table in tables.items():
        planted = (truth or {}).get(name, {}).get("defects")
        if planted:
            spoilt = {clip for defect in MOTION_DEFECTS for clip in planted[defect]}
            for defect, score in SCORED:
                sign = 1.0 if score == "high_pass" else -1.0
                scores = table.dropna(subset=[score]).set_index("clip_id")[score] * sign
                bad = scores[scores.index.isin(planted[defect])].to_numpy()
                good = scores[~scores.index.isin(spoilt)].to_numpy()
                found.append((name, defect, score, bad, good))
    return found


def _auc(bad: Any, good: Any) -> float:
    return float(roc_auc_score(np.repeat([1, 0], [len(bad), len(good)]), np.concatenate([bad, good])))
