"""Planted defects of the embedded corpora against what the funnel drops and keeps; nothing here runs on real data."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lib.metrics.intervals import wilson
from lib.sections.preparation.funnel import Funnel
from lib.sections.preparation.planted import MOTION_DEFECTS, SCORED, Truth

LABELS = ("body mode", "persons")
NO_DEFECT = "none"


def labels(truth: Truth | None, funnels: Sequence[Funnel]) -> pd.DataFrame | None:
    """Clips that fail the stages known from labels, planted and found: ``corpus, stage, planted, found, exact``.

    Planted counts are of consented clips, as the funnel sees them; consent itself is counted over all.
    """
    rows = []
    for one in funnels:
        name = one.summary["corpus"].iloc[0]
        planted = (truth or {}).get(name, {}).get("defects")
        if planted:
            without = set(planted["no consent"])
            stages = {
                "body mode": set(planted["upper body"]) - without,
                "persons": set(planted["multi-person"]) - without,
            }
            found = one.summary.set_index("stage")["failing"]
            for stage, ids in {"consent": without, **stages}.items():
                rows.append((name, stage, len(ids), int(found[stage]), len(ids) == found[stage]))
    return pd.DataFrame(rows, columns=["corpus", "stage", "planted", "found", "exact"]) if rows else None


def scores(truth: Truth | None, funnels: Sequence[Funnel]) -> pd.DataFrame | None:
    """What the scored stages do with clips of each planted defect of motion, and with clips of none.

    Counted are the clips that the stages which read labels let pass, since a defect that a label tells needs no score.

    Returns:
        ``corpus, planted, score`` (the one made for the defect, NA where none is), ``entering, dropped, kept, share,
        low, high`` (of the dropped, with Wilson's interval); None without planted defects.
    """
    made_for = dict(SCORED)
    rows = []
    for name, scored, planted in _scored(truth, funnels):
        for defect, ids in planted.items():
            met = scored[scored["clip_id"].isin(ids)]
            if len(met):
                dropped = int((~met["kept"]).sum())
                share = wilson(dropped, len(met))
                counts = (len(met), dropped, len(met) - dropped, share.value, share.low, share.high)
                rows.append((name, defect, made_for.get(defect), *counts))
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
        lost, all_of = (
            Counter(action for clip in ids for action in dict.fromkeys(actions.get(clip, [])))
            for ids in (clean.loc[~clean["kept"], "clip_id"], clean["clip_id"])
        )
        rows += [(name, action, n, all_of[action]) for action, n in lost.most_common()]
    return pd.DataFrame(rows, columns=["corpus", "action", "dropped", "entering"]) if rows else None


def _scored(truth: Truth | None, funnels: Sequence[Funnel]) -> list[tuple[str, pd.DataFrame, dict[str, set[str]]]]:
    found: list[tuple[str, pd.DataFrame, dict[str, set[str]]]] = []
    for one in funnels:
        name = one.summary["corpus"].iloc[0]
        planted: Mapping[str, Any] | None = (truth or {}).get(name, {}).get("defects")
        if planted:
            scored = one.flags[~one.flags[[*LABELS]].any(axis=1)]
            by_defect = {defect: set(planted[defect]) for defect in MOTION_DEFECTS}
            clean = set(scored["clip_id"]).difference(*by_defect.values())
            found.append((name, scored, {**by_defect, NO_DEFECT: clean}))
    return found
