"""Defects planted in the embedded corpora against what scores and funnel find; nothing here runs on real data."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score, roc_curve

from lib.metrics.intervals import wilson
from lib.sections.preparation.funnel import Funnel

Truth = Mapping[str, Any]
SCORED = (("jitter", "high_pass"), ("impossible pose", "realism"))
MOTION_DEFECTS = ("jitter", "foot skate", "impossible pose", "upper body")
LABELS = ("body mode", "persons")
NO_DEFECT = "none"


def defects(
    truth: Truth | None, tables: Mapping[str, pd.DataFrame], *, draws: int, rng: np.random.Generator
) -> pd.DataFrame | None:
    """How well each score distinguishes the defect it is meant for from clips without any defect of motion.

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
    points = {}
    for _, defect, score, bad, good in _classes(truth, tables):
        false, true, _ = roc_curve(*_labelled(bad, good))
        rates = pd.DataFrame({"false_positive_rate": false, "true_positive_rate": true})
        points[f"{score.replace('_', '-')} against {defect}"] = rates
    return points


def labels(truth: Truth | None, funnels: Sequence[Funnel]) -> pd.DataFrame | None:
    """Clips that fail the stages known from labels, planted and found: ``corpus, stage, planted, found, exact``.

    Planted counts are of consented clips, as the funnel sees them; consent itself is counted over all.
    """
    rows = []
    for funnel in funnels:
        if planted := _planted(truth, funnel.name):
            without = planted["no consent"]
            stages = {"body mode": planted["upper body"] - without, "persons": planted["multi-person"] - without}
            failing = funnel.summary.set_index("stage")["failing"]
            for stage, ids in {"consent": without, **stages}.items():
                rows.append((funnel.name, stage, len(ids), int(failing[stage]), len(ids) == failing[stage]))
    return pd.DataFrame(rows, columns=["corpus", "stage", "planted", "found", "exact"]) if rows else None


def dropped(truth: Truth | None, funnels: Sequence[Funnel]) -> pd.DataFrame | None:
    """What the scored stages do with clips of each planted defect of motion, and with clips of none.

    Counted are the clips that the stages which read labels let pass, since a labelled defect needs no score.

    Returns:
        ``corpus, planted, score`` (the one meant for the defect, NA where none is), ``entering, dropped, kept, share,
        low, high`` (of the dropped, with Wilson's interval); None without planted defects.
    """
    rows = []
    for name, scored, planted in _scored(truth, funnels):
        for defect, ids in planted.items():
            entering = scored[scored["clip_id"].isin(ids)]
            if len(entering):
                kept = int(entering["kept"].sum())
                share = wilson(len(entering) - kept, len(entering))
                counts = (len(entering), len(entering) - kept, kept, share.value, share.low, share.high)
                rows.append((name, defect, dict(SCORED).get(defect), *counts))
    columns = ["corpus", "planted", "score", "entering", "dropped", "kept", "share", "low", "high"]
    return pd.DataFrame(rows, columns=columns) if rows else None


def lost_actions(truth: Truth | None, funnels: Sequence[Funnel]) -> pd.DataFrame | None:
    """Actions of the clips without a planted defect that the scored stages drop, the most frequent first.

    Returns:
        ``corpus, action, dropped, entering``; a clip counts for each of its actions. None where nothing is lost.
    """
    rows = []
    for name, scored, planted in _scored(truth, funnels):
        clean = scored[scored["clip_id"].isin(planted[NO_DEFECT])]
        actions = (truth or {})[name].get("actions", {})
        lost, entering = (
            Counter(action for clip in ids for action in dict.fromkeys(actions.get(clip, [])))
            for ids in (clean.loc[~clean["kept"], "clip_id"], clean["clip_id"])
        )
        rows += [(name, action, n, entering[action]) for action, n in lost.most_common()]
    return pd.DataFrame(rows, columns=["corpus", "action", "dropped", "entering"]) if rows else None


def _planted(truth: Truth | None, name: str) -> dict[str, set[str]]:
    planted = (truth or {}).get(name, {}).get("defects") or {}
    return {defect: set(ids) for defect, ids in planted.items()}


def _classes(truth: Truth | None, tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, str, Any, Any]]:
    for name, table in tables.items():
        if planted := _planted(truth, name):
            defective = set().union(*(planted[defect] for defect in MOTION_DEFECTS))
            for defect, score in SCORED:
                sign = 1.0 if score == "high_pass" else -1.0
                scores = table.dropna(subset=[score]).set_index("clip_id")[score] * sign
                bad = scores[scores.index.isin(planted[defect])].to_numpy()
                good = scores[~scores.index.isin(defective)].to_numpy()
                yield name, defect, score, bad, good


def _scored(truth: Truth | None, funnels: Sequence[Funnel]) -> Iterator[tuple[str, pd.DataFrame, dict[str, set[str]]]]:
    for funnel in funnels:
        if planted := _planted(truth, funnel.name):
            scored = funnel.flags[~funnel.flags[[*LABELS]].any(axis=1)]
            by_defect = {defect: planted[defect] for defect in MOTION_DEFECTS}
            clean = set(scored["clip_id"]).difference(*by_defect.values())
            yield funnel.name, scored, {**by_defect, NO_DEFECT: clean}


def _labelled(bad: Any, good: Any) -> tuple[Any, Any]:
    return np.repeat([1, 0], [len(bad), len(good)]), np.concatenate([bad, good])


def _auc(bad: Any, good: Any) -> float:
    return float(roc_auc_score(*_labelled(bad, good)))
