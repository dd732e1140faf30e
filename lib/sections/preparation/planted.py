"""Defects planted in the embedded corpora against what scores and funnel find; nothing here runs on real data."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score, roc_curve

from lib.metrics.intervals import wilson
from lib.sections.preparation.funnel import Funnel
from lib.sections.preparation.scores import SCORES

Truth = Mapping[str, Any]
SCORE_OF = {score.defect: score for score in SCORES if score.defect}
MOTION_DEFECTS = ("jitter", "foot skate", "impossible pose", "upper body")
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
    """ROC curves of the scores against planted defects: ``false_positive_rate, true_positive_rate`` by name."""
    points = {}
    for _, defect, score, bad, good in _classes(truth, tables):
        false, true, _ = roc_curve(*_labelled(bad, good))
        rates = pd.DataFrame({"false_positive_rate": false, "true_positive_rate": true})
        points[f"{score.replace('_', '-')} against {defect}, planted"] = rates
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
        ``corpus, planted, score`` (the one meant for the defect, NA where none is), ``entering, dropped, share, low,
        high`` (of the dropped, with Wilson's interval), ``kept, of_kept`` (their share of all that is kept); None
        without planted defects.
    """
    rows = []
    for name, scored, planted in _scored(truth, funnels):
        for defect, ids in planted.items():
            entering = scored[scored["clip_id"].isin(ids)]
            if len(entering):
                kept = int(entering["kept"].sum())
                share = wilson(len(entering) - kept, len(entering))
                counts = (len(entering), len(entering) - kept, share.value, share.low, share.high)
                of_kept = kept / max(1, int(scored["kept"].sum()))
                meant = SCORE_OF[defect].title if defect in SCORE_OF else None
                rows.append((name, defect, meant, *counts, kept, of_kept))
    columns = ["corpus", "planted", "score", "entering", "dropped", "share", "low", "high", "kept", "of_kept"]
    return pd.DataFrame(rows, columns=columns) if rows else None


def lost_actions(truth: Truth | None, funnels: Sequence[Funnel]) -> pd.DataFrame | None:
    """How many clips of each action without a planted defect the scored stages drop, the highest rate first.

    Returns:
        ``corpus, action, entering, dropped, share, low, high`` (Wilson's); a clip counts for each of its actions, and
        an action that loses nothing has no row. None where nothing is lost.
    """
    rows = []
    for name, scored, planted in _scored(truth, funnels):
        clean = scored[scored["clip_id"].isin(planted[NO_DEFECT])]
        actions = (truth or {})[name].get("actions", {})
        lost, entering = (
            Counter(action for clip in ids for action in dict.fromkeys(actions.get(clip, [])))
            for ids in (clean.loc[~clean["kept"], "clip_id"], clean["clip_id"])
        )
        for action, n in lost.items():
            share = wilson(n, entering[action])
            rows.append((name, action, entering[action], n, share.value, share.low, share.high))
    columns = ["corpus", "action", "entering", "dropped", "share", "low", "high"]
    table = pd.DataFrame(rows, columns=columns).sort_values(["share", "entering"], ascending=False, kind="stable")
    return table.reset_index(drop=True) if rows else None


def _planted(truth: Truth | None, name: str) -> dict[str, set[str]]:
    planted = (truth or {}).get(name, {}).get("defects") or {}
    return {defect: set(ids) for defect, ids in planted.items()}


def _classes(truth: Truth | None, tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, str, Any, Any]]:
    for name, table in tables.items():
        if planted := _planted(truth, name):
            defective = set().union(*(planted[defect] for defect in MOTION_DEFECTS))
            for defect, score in SCORE_OF.items():
                scores = score.badness(table.dropna(subset=[score.column]).set_index("clip_id")[score.column])
                bad = scores[scores.index.isin(planted[defect])].to_numpy()
                good = scores[~scores.index.isin(defective)].to_numpy()
                yield name, defect, score.column, bad, good


def _scored(truth: Truth | None, funnels: Sequence[Funnel]) -> Iterator[tuple[str, pd.DataFrame, dict[str, set[str]]]]:
    for funnel in funnels:
        if planted := _planted(truth, funnel.name):
            scored = funnel.scored
            by_defect = {defect: planted[defect] for defect in MOTION_DEFECTS}
            clean = set(scored["clip_id"]).difference(*by_defect.values())
            yield funnel.name, scored, {**by_defect, NO_DEFECT: clean}


def _labelled(bad: Any, good: Any) -> tuple[Any, Any]:
    return np.repeat([1, 0], [len(bad), len(good)]), np.concatenate([bad, good])


def _auc(bad: Any, good: Any) -> float:
    return float(roc_auc_score(*_labelled(bad, good)))
