"""What the rule of 06 reads of tables of scores and differences, under the names that `values` declares."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lib.base.slugs import slugs
from lib.metrics.intervals import Measure
from lib.metrics.names import METRICS
from lib.models.momask.regimes import WEIGHTED
from lib.sections.evaluation.differences import ALL
from lib.sections.evaluation.generation_scores import REAL
from lib.sections.evaluation.judgement import Judgement
from lib.sections.evaluation.values import (
    ADDING,
    BOTH,
    FILTERING,
    LEAK_FREE,
    NEW,
    SHOWN,
    WEIGHTING,
    difference,
    over_frozen,
)

Values = dict[str, Measure | float | int | str]


def of_scores(scores: pd.DataFrame) -> Values:
    """The scores of every model that have an interval over clips."""
    named = slugs([*scores["model"]])
    return {
        f"{named[row['model']]}_{METRICS[row['metric']].key}": measure(row, "expected", "clip_")
        for row in scores.to_dict("records")
        if row["metric"] in SHOWN and np.isfinite(row["clip_low"])
    }


def of_rule(judgement: Judgement) -> Values:
    """What the rule reads of an evaluator: what each role's regime gains, and what regimes gain over frozen bodies."""
    recorded = of_roles(judgement.paired)
    for role, table in ((WEIGHTING, judgement.weighting), (FILTERING, judgement.filtering)):
        for model in dict.fromkeys(table["model"]):
            if model in roles([model]):
                recorded |= of_role(role, table, model)
    frozen = judgement.over_frozen
    for model, regime in {REAL: "real", **roles([*frozen["model"]])}.items():
        for subset in (ALL, LEAK_FREE):
            for row in rows(frozen, model, SHOWN, subset):
                name = over_frozen(regime, row["metric"], leak_free=subset == LEAK_FREE)
                recorded[name] = measure(row, "difference")
    return recorded


def of_roles(differences: pd.DataFrame, corpus: str = "") -> Values:
    """What the rule reads of the differences to the benchmark alone: of adding the data, and of weighting it too."""
    recorded: Values = {}
    for model, role in roles([*differences["model"]]).items():
        recorded |= of_role(role, differences, model, corpus)
    return recorded


def of_role(role: str, differences: pd.DataFrame, model: str, corpus: str = "") -> Values:
    """What a regime gains in a role, on all clips and on leak-free ones, or on new actions of another corpus."""
    recorded: Values = {}
    for subset in (ALL, NEW) if corpus else (ALL, LEAK_FREE):
        for row in rows(differences, model, SHOWN, subset):
            name = difference(role, row["metric"], corpus, new=subset == NEW, leak_free=subset == LEAK_FREE)
            recorded[name] = measure(row, "difference")
            recorded[f"{name}_rival"], recorded[f"{name}_p"] = float(row["baseline"]), float(row["p"])
            if not corpus:
                recorded[f"{name}_over_clips"] = measure(row, "difference", "clip_")
    return recorded


def roles(models: Sequence[str]) -> dict[str, str]:
    """The regimes that the rule judges, and whether each adds the data alone or weights it too.

    Example:
        >>> roles(["h3d", "h3d+dm", "h3d+dm weighted", "h3d+dm 25 %", "h3d+dm shuffled", "a+b (external)"])
        {'h3d+dm': 'adding', 'h3d+dm weighted': 'both'}
    """
    adding = {model: ADDING for model in models if "+" in model and " " not in model}
    return adding | {model: BOTH for model in _weighted(models)}


def _weighted(models: Sequence[str]) -> list[str]:
    return [model for model in dict.fromkeys(models) if model.partition(" ")[2] == WEIGHTED]


def rows(differences: pd.DataFrame, model: str, metrics: Sequence[str], subset: str) -> list[dict[Hashable, Any]]:
    """The differences of a model on a subset that have an interval, in the order of the metrics."""
    chosen = differences[(differences["model"] == model) & (differences["subset"] == subset)]
    known = {row["metric"]: row for row in chosen.to_dict("records") if np.isfinite(row["low"])}
    return [known[metric] for metric in metrics if metric in known]


def measure(row: Mapping[Hashable, Any], column: str, prefix: str = "") -> Measure:
    """A number of a table with its interval; N counts base clips."""
    ends = row[f"{prefix}low"], row[f"{prefix}high"]
    return Measure(row[column], *ends, int(row["base_clips"]), digits=METRICS[row["metric"]].digits)
