"""Defects planted in the embedded corpora against what the scores find; nothing here runs on real data."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score, roc_curve

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
