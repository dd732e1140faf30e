"""The tables of 06: scores by model, paired differences, and the same on subsets and on other corpora."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lib.base.prose import number
from lib.metrics.intervals import span
from lib.metrics.movement import UNITS
from lib.metrics.names import METRICS
from lib.models.evaluation_prompts import Judge
from lib.sections.evaluation.differences import ALL
from lib.sections.evaluation.generation_scores import REAL
from lib.sections.evaluation.judgement import Judgement
from lib.sections.evaluation.values import LEAK_FREE, SHOWN

SPREAD = ("diversity", "multimodality")
PRINTED = ("R@1", "R@2", "R@3", "FID", "MM-dist", *SPREAD)
"""The metrics that papers on HumanML3D print."""
COLUMNS = [
    *("subset", "model", "metric", "better", "value", "baseline", "difference", "low", "high", "p", "n", "base_clips")
]
DIFFERENCE = {"value": ".3", "baseline": ".3", "difference": ".3 low high", "p": "p"}
"""How tables show differences."""
SCORES = {"value": ".4 replication_low replication_high", "expected": ".4 clip_low clip_high"}
SCORES |= dict.fromkeys(["seed_low", "seed_high"], ".4")
MOVEMENT = {"energy": ".2 energy_low energy_high", "spread": ".2 spread_low spread_high"}
HALVES = {"FID": ".3 FID_low FID_high", "KID": ".4 KID_low KID_high"}
PUBLISHED = dict.fromkeys(["R@1", "R@2", "R@3", "FID", "MM-dist", "diversity"], ".3")


def training_sets(summary: pd.DataFrame) -> pd.DataFrame:
    """What generators draw from, and how their trainings went; from `profile_generators.summary`."""
    return summary.rename(columns={"regime": "training_set"})


def main(judgement: Judgement) -> pd.DataFrame:
    """The metrics that papers print, of models and below them of trivial answers; see `wide`."""
    trivial = judgement.trivial_scores
    both = pd.concat([judgement.scores, trivial[trivial["model"] != REAL]], ignore_index=True)
    return wide(both, [metric for metric in PRINTED if metric in set(both["metric"])])


def scores(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """Every metric of every model by each evaluator: ``evaluator, model, metric, …``."""
    return _by_evaluator({one.name: one.scores for one in judgements})


def trivial(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """The scores of trivial answers by each evaluator; see `wide`."""
    return _by_evaluator({one.name: wide(one.trivial_scores, (*SHOWN, "diversity")) for one in judgements})


def halves(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """FID and KID at equal n by each evaluator."""
    return _by_evaluator({one.name: one.halves for one in judgements})


def over_frozen(judgements: Sequence[Judgement], judged: Mapping[str, str], metrics: Sequence[str]) -> pd.DataFrame:
    """Differences to frozen bodies by each evaluator; see `shown`."""
    return _by_evaluator({one.name: shown(one.over_frozen, judged, metrics) for one in judgements})


def _by_evaluator(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parts = [table.assign(evaluator=name)[["evaluator", *table.columns]] for name, table in tables.items()]
    return pd.concat(parts, ignore_index=True)


def bodies(scores: pd.DataFrame) -> pd.DataFrame:
    """The measures of bodies in the same form, each with its unit; lengths in millimetres."""
    physical = scores[scores["metric"].isin(list(UNITS))].copy()
    lengths, numbers = physical["unit"] == "m", ["expected", "seed_low", "seed_high"]
    physical.loc[lengths, numbers] *= 1000
    table = wide(physical, [name for name in UNITS if name in set(physical["metric"])])
    return table.rename(columns={name: f"{name} ({'mm' if unit == 'm' else unit})" for name, unit in UNITS.items()})


def wide(scores: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """A row a model and a column a metric, a cell reading ``expected (low–high over seeds)``.

    `expected` is what replications converge to, which paired differences are about too. The interval over replications
    stands in `scores`.
    """
    cells = scores.assign(text=[_cell(row) for row in scores.to_dict("records")])
    table = cells.pivot(index="model", columns="metric", values="text").reindex(columns=[*metrics])
    return table.loc[[*dict.fromkeys(scores["model"])]].reset_index()


def shown(
    differences: pd.DataFrame, judged: Mapping[str, str], metrics: Sequence[str] = (*SHOWN, *SPREAD)
) -> pd.DataFrame:
    """Differences in some metrics, those of the main table by default, on leak-free clips first and on all second.

    Args:
        differences: from `differences.paired`.
        judged: by model, "yes" or why it is not judged (`movement.judged`).
        metrics: to show.
    """
    rows = differences[differences["metric"].isin([*metrics])]
    table = pd.concat([rows[rows["subset"] == subset] for subset in (LEAK_FREE, ALL)], ignore_index=True)
    return table.assign(judged=[judged.get(model, "–") for model in table["model"]])[[*COLUMNS, "judged"]]


def compared_with(
    tables: Mapping[str, pd.DataFrame], judged: Mapping[str, str], metrics: Sequence[str]
) -> pd.DataFrame:
    """Differences to several rivals, one below the other: ``compared_with, subset, model, …``; see `shown`."""
    parts = [shown(table, judged, metrics).assign(compared_with=rival) for rival, table in tables.items()]
    return pd.concat(parts, ignore_index=True)[["compared_with", *COLUMNS, "judged"]]


def on_subsets(differences: pd.DataFrame, judged_by: Sequence[str]) -> pd.DataFrame:
    """Differences on other subsets in the metrics that decide."""
    other = ~differences["subset"].isin([LEAK_FREE, ALL])
    rows = differences[other & differences["metric"].isin([*judged_by])]
    return rows[COLUMNS].reset_index(drop=True)


def elsewhere(
    differences: Mapping[str, pd.DataFrame], judges: Mapping[str, Sequence[Judge]], judged_by: Sequence[str]
) -> pd.DataFrame | None:
    """Differences on other corpora in the metrics that decide: ``corpus, subset, model, …``; None without any.

    Args:
        differences: by key of the corpus.
        judges: by key of the corpus, for its name.
        judged_by: the metrics that decide.
    """
    tables = [
        table[table["metric"].isin([*judged_by])].assign(corpus=judges[key][0].prompts.corpus)
        for key, table in differences.items()
        if len(table)
    ]
    return pd.concat(tables, ignore_index=True)[["corpus", *COLUMNS]] if tables else None


def noticed(noticing: pd.DataFrame | None) -> pd.DataFrame | None:
    """What every evaluator makes of every alteration, with a star where it notices: ``alteration, evaluator, R@1, …``.

    Args:
        noticing: as `lib.sections.evaluation.noticing.of_prompts` has it; None leaves none.
    """
    return None if noticing is None else _starred(noticing[noticing["evaluator"] != ""], ["alteration", "evaluator"])


def noticed_bodies(noticing: pd.DataFrame | None) -> pd.DataFrame | None:
    """The same for the measures of bodies, each with its unit, lengths in millimetres: ``alteration, …``."""
    if noticing is None:
        return None
    rows = noticing[noticing["evaluator"] == ""].copy()
    lengths = rows["unit"] == "m"
    rows.loc[lengths, "value"] *= 1000
    units = rows["unit"].where(~lengths, "mm")
    return _starred(rows.assign(column=rows["metric"] + " (" + units + ")"), ["alteration"])


def _starred(rows: pd.DataFrame, index: list[str]) -> pd.DataFrame:
    column = rows.get("column", rows["metric"])
    cells = [f"{_short(*row)}{'*' * noticed}" for *row, noticed in rows[["metric", "value", "noticed"]].values]
    table = rows.assign(column=column, cell=cells).pivot(index=index, columns="column", values="cell")
    order = rows.drop_duplicates(index).set_index(index).index
    return table.loc[order, [*dict.fromkeys(column)]].rename_axis(columns=None).reset_index()


def _short(metric: str, value: float) -> str:
    digits = 1 if METRICS[metric].unit == "m" else METRICS[metric].digits
    return number(value, min(digits, 2) if abs(value) >= 10 else digits)


def _cell(row: Mapping[Hashable, Any]) -> str:
    digits = 2 if abs(row["expected"]) >= 10 else max(3, METRICS[row["metric"]].digits)
    text = number(round(row["expected"], digits) + 0.0, digits)  # no minus before a zero
    known = np.isfinite(row["seed_low"])
    return f"{text} ({span(row['seed_low'], row['seed_high'], digits)})" if known else text


def published(comparable: bool) -> pd.DataFrame:
    """Generators on HumanML3D's test set by the evaluators of Guo et al. 2022, as published with their code.

    Args:
        comparable: whether that evaluator, from its public files, judged HumanML3D's test set here; else they compare
            with one another and with nothing measured here.

    Example:
        >>> published(False).query("model == 'MoMask'")["R@3"].tolist()
        [0.807]
    """
    rows = [
        ("real motion", 0.511, 0.703, 0.797, 0.002, 2.974, 9.503),
        ("T2M-GPT", 0.491, 0.680, 0.775, 0.116, 3.118, 9.761),
        ("MoMask", 0.521, 0.713, 0.807, 0.045, 2.958, None),
    ]
    table = pd.DataFrame(rows, columns=["model", "R@1", "R@2", "R@3", "FID", "MM-dist", "diversity"])
    return table.assign(comparable="yes, with the public evaluator's rows" if comparable else "no: other evaluator")
