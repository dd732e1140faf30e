"""Alternative texts of the figures of 06, and the phrases that they share with its sentences."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.base.prose import sentence
from lib.metrics.names import METRICS
from lib.models.momask.regimes import WEIGHTED
from lib.sections.evaluation import rule_values
from lib.sections.evaluation.differences import ALL
from lib.sections.evaluation.values import LEAK_FREE

MASKED = "masked transformer"


def losses_of(logs: pd.DataFrame) -> str:
    """The lowest validation loss by training set, the alternative text of the figure of trainings."""
    own = logs[logs["network"] == MASKED]
    kept = own.groupby(["regime", "seed"], sort=False)["val"].min().groupby("regime", sort=False).mean()
    parts = [f"{name} {loss:.4f}" for name, loss in kept.sort_values().items()]
    return f"Lowest validation loss of the masked transformer, mean over seeds: {'; '.join(parts)}."


def sides(
    differences: pd.DataFrame, weighting: pd.DataFrame, judged_by: Sequence[str], baseline: str
) -> dict[str, list[str]]:
    """What every comparison says on leak-free clips first and on all second: clauses by subset.

    Args:
        differences: to the benchmark alone.
        weighting: of the weighted training sets to the unweighted ones.
        judged_by: the metrics that decide.
        baseline: name of the benchmark alone.
    """
    return {
        subset: [
            *(less(differences, model, judged_by, baseline, subset) for model in compared(differences, subset)),
            *(
                less(weighting, model, judged_by, model.removesuffix(f" {WEIGHTED}"), subset)
                for model in compared(weighting, subset)
            ),
        ]
        for subset in (LEAK_FREE, ALL)
    }


def forest(differences: pd.DataFrame, weighting: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> str:
    """Alternative text of the forest plot, on leak-free clips first."""
    told = sides(differences, weighting, judged_by, baseline)
    return " ".join(f"On {subset} test clips, {'; '.join(parts)}." for subset, parts in told.items() if parts)


def curves(points: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> str:
    """Alternative text of the curves."""
    clauses = []
    for (curve, metric), rows in points.groupby(["curve", "metric"], sort=False):
        if metric in judged_by and len(rows) > 1:
            values = [f"{row['difference']:+.3f} at {row['at']:g}" for row in rows.sort_values("at").to_dict("records")]
            clauses.append(f"{metric} minus {baseline} by {curve}: {', '.join(values)}")
    return sentence(clauses)


def subsets(scores: pd.DataFrame, metric: str, judged: Mapping[str, str]) -> str:
    """Alternative text of the subset figure; a model that is not judged is never the best."""
    fit = np.array([judged.get(model, "yes") == "yes" for model in scores["model"]], dtype=bool)
    rows = scores[(scores["metric"] == metric) & fit]
    best = rows.loc[rows.groupby("subset", sort=False)["value"].idxmax()] if len(rows) else rows
    return "; ".join(f"{row.subset}: {row.model} has the highest {metric}" for row in best.itertuples()) + "."


def by_size(curves: Mapping[str, pd.DataFrame]) -> str:
    """Alternative text of the sample-size figure."""
    parts = [f"{name} from {rows['FID'].iloc[0]:.2f} to {rows['FID'].iloc[-1]:.2f}" for name, rows in curves.items()]
    return "FID between two halves of the clips falls with the number of motions: " + "; ".join(parts) + "."


def compared(differences: pd.DataFrame, subset: str = ALL) -> list[str]:
    """The models that were compared on a subset, in the order of the table."""
    return [*dict.fromkeys(differences.loc[differences["subset"] == subset, "model"])]


def less(differences: pd.DataFrame, model: str, metrics: Sequence[str], baseline: str, subset: str = ALL) -> str:
    """A model minus its baseline by some metrics, each with its interval."""
    parts = []
    for row in rule_values.rows(differences, model, metrics, subset):
        digits = METRICS[row["metric"]].digits
        value, low, high = (f"{row[name]:+.{digits}f}".replace("-", "−") for name in ("difference", "low", "high"))
        parts.append(f"{row['metric']} {value} ({low} to {high})")
    if not parts:
        return f"{model} cannot be compared with {baseline}: too few test clips for an interval"
    return f"{model} minus {baseline}: {', '.join(parts)}"
