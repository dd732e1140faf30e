"""Sentences and recorded values of 06: scores, differences between regimes, and what they rest on."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lib.base.prose import listed, sentence
from lib.base.slugs import slug, slugs
from lib.metrics.intervals import Measure
from lib.metrics.names import METRICS
from lib.models.evaluation_prompts import EvaluationPrompts
from lib.models.generated_motions import EXTERNAL
from lib.models.momask.regimes import SHUFFLED, UNFILTERED, WEIGHTED
from lib.models.tmr.model import TMR
from lib.sections.evaluation.differences import ALL
from lib.sections.evaluation.noticing import AS_IT_IS, FROZEN, by_chance
from lib.sections.evaluation.values import (
    ADDING,
    BOTH,
    FILTERING,
    LEAK_FREE,
    NEW,
    SHOWN,
    WEIGHTING,
    difference,
    level,
    over_frozen,
)

Values = dict[str, Measure | float | int | str]


def values(scores: pd.DataFrame, differences: pd.DataFrame, weighting: pd.DataFrame, filtering: pd.DataFrame) -> Values:
    """Scores of every model, its differences to the benchmark alone, and those that the rule reads; N is base clips."""
    recorded: Values = {}
    named = slugs([*scores["model"], *differences["model"]])
    for row in scores.to_dict("records"):
        if row["metric"] in SHOWN and np.isfinite(row["clip_low"]):
            recorded[f"{named[row['model']]}_{METRICS[row['metric']].key}"] = _measure(row, "expected", "clip_")
    for model in dict.fromkeys(differences["model"]):
        for subset in (ALL, LEAK_FREE):
            for row in _rows(differences, model, SHOWN, subset):
                name = f"{named[model]}_{slug(subset)}_{METRICS[row['metric']].key}_difference"
                recorded[name] = _measure(row, "difference")
    of_roles = _of_roles(differences)
    for model in dict.fromkeys(weighting["model"]):
        of_roles |= _of_role(WEIGHTING, weighting, model)
    for model in dict.fromkeys(filtering["model"]):
        of_roles |= _of_role(FILTERING, filtering, model)
    return recorded | of_roles


def finding(
    differences: pd.DataFrame, weighting: pd.DataFrame, judged_by: Sequence[str], *, seeds: int, baseline: str
) -> str:
    """The differences between regimes with their intervals, on leak-free clips first, and what these cover."""
    trained = differences[~differences["model"].str.endswith(f" {UNFILTERED}")]
    sides = {
        subset: [
            *(_less(trained, model, judged_by, baseline, subset) for model in _models(trained, subset)),
            *(
                _less(weighting, model, judged_by, model.removesuffix(f" {WEIGHTED}"), subset)
                for model in _models(weighting, subset)
            ),
        ]
        for subset in (LEAK_FREE, ALL)
    }
    if not sides[ALL]:
        return "There is one dataset, so its generator has none to be compared with."
    covered = f"Intervals are 95 %, over test clips and over {seeds} training seeds a regime at once."
    if not sides[LEAK_FREE]:
        return f"{'; '.join(sides[ALL])}. {covered}"
    told = [f"On {subset} test clips, {'; '.join(parts)}." for subset, parts in sides.items()]
    return f"{' '.join(told)} {covered}"


def control(differences: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> Values:
    """The differences of the control as a value ``control``, where it was trained."""
    models = [model for model in dict.fromkeys(differences["model"]) if model.endswith(f" {SHUFFLED}")]
    return {"control": f"{_less(differences, models[0], judged_by, baseline)}."} if models else {}


def filtered(filtering: pd.DataFrame, judged_by: Sequence[str]) -> Values:
    """What the filter does, as a value ``filtering``, where a generator was trained without it."""
    clauses = [_less(filtering, one, judged_by, f"{one} {UNFILTERED}") for one in dict.fromkeys(filtering["model"])]
    return {"filtering": f"{'; '.join(clauses)}."} if clauses else {}


def elsewhere(
    differences: Mapping[str, pd.DataFrame],
    prompts: Mapping[str, EvaluationPrompts],
    judged_by: Sequence[str],
    baseline: str,
) -> Values:
    """The differences on the test clips of other corpora, and on those whose actions the benchmark hardly has.

    Args:
        differences: by key of the corpus.
        prompts: of the corpora, by key, for their names.
        judged_by: the metrics that decide.
        baseline: name of what is compared with.
    """
    recorded: Values = {}
    parts = []
    for key, table in differences.items():
        recorded |= _of_roles(table, key)
        new = table[table["subset"] == NEW]
        if len(new):
            recorded[f"elsewhere_{slug(key)}_new_clips"] = int(new["n"].iloc[0])
        for model in dict.fromkeys(table["model"]):
            text = f"on the test clips of {prompts[key].corpus}, {_less(table, model, judged_by, baseline)}"
            if model in set(new["model"]):
                n = int(new.loc[new["model"] == model, "n"].iloc[0])
                on_new = _less(table, model, judged_by, baseline, NEW).removeprefix(f"{model} less {baseline}: ")
                text += f"; on the {n:,} of them whose actions the benchmark hardly has, {on_new}"
            parts.append(text)
    return recorded | ({"elsewhere": sentence(parts)} if parts else {})


def protocol(prompts: EvaluationPrompts, evaluator: TMR, *, pool: int) -> str:
    """The protocol of every number of a table, in one sentence, to print with it."""
    size = "of unit length" if prompts.normalised else "not normalised"
    n, base = len(prompts.clips), prompts.clips["base_id"].nunique()
    return (
        f"Evaluator TMR {evaluator.fingerprint[:12]}, {prompts.test.text.shape[1]} dimensions, latents {size}, "
        f"Euclidean distance, pools of {min(pool, n)}, {n:,} test clips of {prompts.corpus}, N = {base:,} without "
        "mirrors."
    )


def protocols(
    prompts: Mapping[str, EvaluationPrompts], evaluator: TMR, judged_by: Sequence[str], *, pool: int
) -> Values:
    """The protocol on the benchmark and elsewhere, and the metrics that decide."""
    first, *others = [protocol(of_corpus, evaluator, pool=pool) for of_corpus in prompts.values()]
    recorded: Values = {"protocol": first, "judged_by": " and ".join(judged_by)}
    return recorded | ({"protocol_elsewhere": " ".join(others)} if others else {})


def noticed(noticing: pd.DataFrame | None, judged_by: Sequence[str]) -> Values:
    """Which alterations of real motions each metric that decides misses, by evaluator, frozen first: ``noticed``."""
    if noticing is None:
        return {}
    altered = noticing[noticing["alteration"] != AS_IT_IS]
    names = sorted(dict.fromkeys(altered["alteration"]), key=lambda name: name != FROZEN)
    deciding = altered[altered["metric"].isin([*judged_by])]
    missed = {
        f"{metric} by {evaluator}": [name for name in names if name in {*rows.loc[~rows["noticed"], "alteration"]}]
        for (evaluator, metric), rows in deciding.groupby(["evaluator", "metric"], sort=False)
    }
    parts = [f"{metric} misses {listed(some) if some else 'none'}." for metric, some in missed.items()]
    by_all = [name for name in names if all(name in some for some in missed.values())]
    told = f"None of them tells {listed(by_all)} from real motion" if by_all else "One of them at least notices each"
    chance = f"chance alone would mark about {by_chance(noticing):.0f} of the {len(altered):,} comparisons"
    return {"noticed": f"Of {len(names)} alterations, {' '.join(parts)} {told}. If no alteration mattered, {chance}."}


def validation(logs: pd.DataFrame) -> Values:
    """How many trainings had not stopped to improve, and how validation orders the regimes: ``validation``."""
    runs = [losses["val"].to_numpy() for _, losses in logs.sort_values("step").groupby(["regime", "seed"])]
    late = sum(int(losses.argmin() == len(losses) - 1) for losses in runs)
    text = f"{late} of {len(runs)} trainings had their lowest validation loss at the last check"
    return {"validation": f"{text}{': these were still improving' if late else ''}. {losses_of(logs)}"}


def losses_of(logs: pd.DataFrame) -> str:
    """The lowest validation loss of every regime, the alternative text of the figure of trainings."""
    kept = logs.groupby(["regime", "seed"], sort=False)["val"].min().groupby("regime", sort=False).mean()
    parts = [f"{name} {loss:.4f}" for name, loss in kept.sort_values().items()]
    return f"Lowest validation loss of a training, mean over seeds: {'; '.join(parts)}."


def forest(differences: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> str:
    """Alternative text of the forest plot, on leak-free clips first."""
    told = []
    for subset in (LEAK_FREE, ALL):
        parts = [_less(differences, model, judged_by, baseline, subset) for model in _models(differences, subset)]
        told += [f"On {subset} test clips, {'; '.join(parts)}."] if parts else []
    return " ".join(told)


def subsets(scores: pd.DataFrame, metric: str) -> str:
    """Alternative text of the subset figure."""
    rows = scores[scores["metric"] == metric]
    best = rows.loc[rows.groupby("subset", sort=False)["value"].idxmax()] if len(rows) else rows
    return "; ".join(f"{row.subset}: {row.model} has the highest {metric}" for row in best.itertuples()) + "."


def by_size(curves: Mapping[str, pd.DataFrame]) -> str:
    """Alternative text of the sample-size figure."""
    parts = [f"{name} from {rows['FID'].iloc[0]:.2f} to {rows['FID'].iloc[-1]:.2f}" for name, rows in curves.items()]
    return "FID between two halves of the clips falls with the number of motions: " + "; ".join(parts) + "."


def _of_roles(differences: pd.DataFrame, corpus: str = "") -> Values:
    """What the rule reads of the differences to the benchmark alone: of adding the data, and of weighting it too."""
    recorded: Values = {}
    for model, role in _roles(differences).items():
        recorded |= _of_role(role, differences, model, corpus)
    return recorded


def _roles(differences: pd.DataFrame) -> dict[str, str]:
    """The regimes that the rule judges, and whether each adds the data alone or weights it too."""
    models = [model for model in dict.fromkeys(differences["model"]) if "+" in model]
    judged = [model for model in models if not model.endswith((SHUFFLED, UNFILTERED, EXTERNAL))]
    return {model: BOTH if model.endswith(f" {WEIGHTED}") else ADDING for model in judged}


def over_frozen_body(differences: pd.DataFrame) -> Values:
    """What each regime that the rule judges scores less a body frozen at its mean pose, on all and leak-free clips."""
    return {
        over_frozen(role, row["metric"], leak_free=subset == LEAK_FREE): _measure(row, "difference")
        for model, role in _roles(differences).items()
        for subset in (ALL, LEAK_FREE)
        for row in _rows(differences, model, SHOWN, subset)
    }


def _of_role(role: str, differences: pd.DataFrame, model: str, corpus: str = "") -> Values:
    recorded: Values = {}
    for subset in (ALL, NEW) if corpus else (ALL, LEAK_FREE):
        for row in _rows(differences, model, SHOWN, subset):
            measured, new, clean = (role, row["metric"], corpus), subset == NEW, subset == LEAK_FREE
            name = difference(*measured, new=new, leak_free=clean)
            recorded[name] = _measure(row, "difference")
            recorded[level(*measured, new=new, leak_free=clean)] = float(row["baseline"])
            if not corpus:
                recorded[f"{name}_over_clips"] = _measure(row, "difference", "clip_")
    return recorded


def _models(differences: pd.DataFrame, subset: str = ALL) -> list[str]:
    """The models that were compared on a subset, in the order of the table."""
    return [*dict.fromkeys(differences.loc[differences["subset"] == subset, "model"])]


def _rows(differences: pd.DataFrame, model: str, metrics: Sequence[str], subset: str) -> list[dict[Hashable, Any]]:
    """The differences of a model on a subset that have an interval, in the order of the metrics."""
    rows = differences[(differences["model"] == model) & (differences["subset"] == subset)]
    known = {row["metric"]: row for row in rows.to_dict("records") if np.isfinite(row["low"])}
    return [known[metric] for metric in metrics if metric in known]


def _measure(row: Mapping[Hashable, Any], column: str, prefix: str = "") -> Measure:
    """A number of a table with its interval; N counts base clips."""
    ends = row[f"{prefix}low"], row[f"{prefix}high"]
    return Measure(row[column], *ends, int(row["base_clips"]), digits=METRICS[row["metric"]].digits)


def _less(differences: pd.DataFrame, model: str, metrics: Sequence[str], baseline: str, subset: str = ALL) -> str:
    parts = []
    for row in _rows(differences, model, metrics, subset):
        digits = METRICS[row["metric"]].digits
        value, low, high = (f"{row[name]:+.{digits}f}".replace("-", "−") for name in ("difference", "low", "high"))
        parts.append(f"{row['metric']} {value} ({low} to {high})")
    if not parts:
        return f"{model} cannot be compared with {baseline}: too few test clips for an interval"
    return f"{model} less {baseline}: {', '.join(parts)}"
