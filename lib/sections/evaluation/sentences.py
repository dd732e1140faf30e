"""Sentences and recorded values of 06: scores, differences between regimes, and what they rest on."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lib.base.prose import listed, sentence
from lib.base.slugs import slug, slugs
from lib.metrics.intervals import Measure
from lib.metrics.names import METRICS
from lib.models.evaluation_prompts import Judge
from lib.models.momask.regimes import SHUFFLED, UNFILTERED, WEIGHTED
from lib.sections.evaluation.differences import ALL
from lib.sections.evaluation.generation_scores import REAL
from lib.sections.evaluation.judgement import Judgement
from lib.sections.evaluation.noise_sensitivity import noticed_from
from lib.sections.evaluation.values import (
    ADDING,
    BESIDE,
    BOTH,
    FILTERING,
    LEAK_FREE,
    NEW,
    SHOWN,
    WEIGHTING,
    difference,
    over_frozen,
)

MASKED = "masked transformer"
Values = dict[str, Measure | float | int | str]


def values(judgement: Judgement) -> Values:
    """Scores of every model, its differences to the benchmark alone, and those that the rule reads; N is base clips."""
    recorded, differences = _scores(judgement.scores), judgement.paired
    named = slugs([*judgement.scores["model"], *differences["model"]])
    for model in dict.fromkeys(differences["model"]):
        for subset in (ALL, LEAK_FREE):
            for row in _rows(differences, model, SHOWN, subset):
                name = f"{named[model]}_{slug(subset)}_{METRICS[row['metric']].key}_difference"
                recorded[name] = _measure(row, "difference")
    return recorded | _of_rule(judgement)


def values_beside(judgement: Judgement) -> Values:
    """The same of the evaluator beside TMR, but for the differences of models that the rule does not read."""
    recorded = {f"{BESIDE}{name}": value for name, value in (_scores(judgement.scores) | _of_rule(judgement)).items()}
    return recorded | {f"{BESIDE}name": judgement.name}


def movement(ratios: pd.DataFrame, baseline: str) -> Values:
    """How much every model moves beside real motion, and which of them are not judged: ``movement`` and the ratios.

    Args:
        ratios: from `lib.sections.evaluation.movement.ratios`, of the models alone.
        baseline: the regime that others are compared with.
    """
    recorded: Values = {}
    named, roles = slugs([*ratios["model"]]), {baseline: "baseline", **_roles([*ratios["model"]])}
    for row in ratios.to_dict("records"):
        for measure in ("energy", "spread"):
            ratio = Measure(row[measure], row[f"{measure}_low"], row[f"{measure}_high"], int(row["n"]), digits=2)
            recorded[f"{named[row['model']]}_{measure}"] = ratio
            if measure == "energy" and row["model"] in roles:
                recorded[f"{roles[row['model']]}_energy"] = ratio
    moves = [f"{row['model']} {row['energy']:.2f} and {row['spread']:.2f}" for row in ratios.to_dict("records")]
    out = ratios[ratios["judged"] != "yes"]
    text = f"Motion energy and pose spread as shares of real motion's: {'; '.join(moves)}."
    if len(out):
        reasons = [f"{row['model']} {row['judged']}" for row in out.to_dict("records")]
        text += f" Not judged: {', '.join(reasons)}."
    return recorded | {"movement": text}


def agreement(first: Judgement, second: Judgement, judged_by: Sequence[str]) -> Values:
    """How many pairs of models both evaluators order alike by each metric that decides: ``agreement``."""
    clauses = []
    for metric in judged_by:
        order = [_order(one.scores, metric) for one in (first, second)]
        shared = [model for model in order[0] if model in order[1]]
        pairs = [(one, other) for at, one in enumerate(shared) for other in shared[at + 1 :]]
        alike = sum(order[1].index(one) < order[1].index(other) for one, other in pairs)
        if pairs:
            clauses.append(f"{alike} of {len(pairs)} pairs of models alike by {metric}, {_named_order(order)}")
    if not clauses:
        return {}
    chance = "by chance half of them would be"
    return {"agreement": f"{first.name} and the {second.name} order {'; '.join(clauses)}; {chance}."}


def finding(
    judgement: Judgement, judged: Mapping[str, str], judged_by: Sequence[str], *, seeds: int, baseline: str
) -> str:
    """The differences between regimes with their intervals, on leak-free clips first, and what these cover."""
    regimes, weighting = _roles([*judgement.paired["model"]]), judgement.weighting
    trained = judgement.paired[judgement.paired["model"].isin([*regimes])]
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
    unfit = [f"{model} {judged[model]}" for model in regimes if judged.get(model, "yes") != "yes"]
    if not sides[ALL]:
        return "There is one dataset, so its generator has none to be compared with."
    covered = f"Intervals are 95 %, over test clips and over {seeds} training seeds a regime at once."
    covered += f" Not judged: {', '.join(unfit)}." if unfit else ""
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
    judges: Mapping[str, Sequence[Judge]],
    judged_by: Sequence[str],
    baseline: str,
) -> Values:
    """The differences on the test clips of other corpora, and on those whose actions the benchmark hardly has.

    Args:
        differences: by key of the corpus.
        judges: by key of the corpus, for its name.
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
            text = f"on the test clips of {judges[key][0].prompts.corpus}, {_less(table, model, judged_by, baseline)}"
            if model in set(new["model"]):
                n = int(new.loc[new["model"] == model, "n"].iloc[0])
                on_new = _less(table, model, judged_by, baseline, NEW).removeprefix(f"{model} less {baseline}: ")
                text += f"; on the {n:,} of them whose actions the benchmark hardly has, {on_new}"
            parts.append(text)
    return recorded | ({"elsewhere": sentence(parts)} if parts else {})


def protocol(judge: Judge, *, pool: int) -> str:
    """The protocol of every number of a table, in one sentence, to print with it."""
    prompts = judge.prompts
    size = "of unit length" if prompts.normalised else "not normalised"
    n, base = len(prompts.clips), prompts.clips["base_id"].nunique()
    return (
        f"Evaluator {judge.name} {judge.evaluator.fingerprint[:12]}, {prompts.test.text.shape[1]} dimensions, "
        f"latents {size}, "
        f"Euclidean distance, pools of {min(pool, n)}, {n:,} test clips of {prompts.corpus}, N = {base:,} without "
        "mirrors."
    )


def protocols(judges: Mapping[str, Sequence[Judge]], judged_by: Sequence[str], *, pool: int) -> Values:
    """The protocol on the benchmark by both evaluators and elsewhere, and the metrics that decide."""
    first, *others = [protocol(tmr, pool=pool) for tmr, _ in judges.values()]
    beside = protocol(next(iter(judges.values()))[1], pool=pool)
    recorded: Values = {"protocol": first, "beside_protocol": beside, "judged_by": " and ".join(judged_by)}
    return recorded | ({"protocol_elsewhere": " ".join(others)} if others else {})


def noticed(sensitivity: pd.DataFrame | None, judged_by: Sequence[str]) -> Values:
    """From which noise on each metric is worse than without, and what that means for those that decide: ``noticed``."""
    if sensitivity is None:
        return {}
    smallest = noticed_from(sensitivity)
    levels = {noise: [m for m, own in smallest.items() if own == noise] for noise in sorted({*smallest.values()})}
    parts = [f"{listed(names)} {_from(noise)}" for noise, names in levels.items()]
    text = f"Worse than without noise, by a 95 % interval over base clips: {'; '.join(parts)}."
    deciding = {metric: smallest[metric] for metric in judged_by if metric in smallest}
    if deciding:
        least = min(deciding.values())
        first = [metric for metric, noise in deciding.items() if noise == least]
        they = f"{listed(first)} notice{'s' * (len(first) == 1)} noise {_from(least)}"
        text += (
            f" Of those that decide, {they}, and no other earlier: smaller faults of this kind cannot sway the verdict."
        )
    return {"noticed": text}


def validation(logs: pd.DataFrame) -> Values:
    """How many trainings had not stopped to improve, and how validation orders the regimes: ``validation``."""
    own = logs[logs["network"] == MASKED].sort_values("step")
    runs = [losses["val"].to_numpy() for _, losses in own.groupby(["regime", "seed"])]
    late = sum(int(losses.argmin() == len(losses) - 1) for losses in runs)
    text = f"{late} of {len(runs)} masked transformers had their lowest validation loss at the last check"
    return {"validation": f"{text}{': these were still improving' if late else ''}. {losses_of(logs)}"}


def losses_of(logs: pd.DataFrame) -> str:
    """The lowest validation loss of every regime, the alternative text of the figure of trainings."""
    own = logs[logs["network"] == MASKED]
    kept = own.groupby(["regime", "seed"], sort=False)["val"].min().groupby("regime", sort=False).mean()
    parts = [f"{name} {loss:.4f}" for name, loss in kept.sort_values().items()]
    return f"Lowest validation loss of the masked transformer, mean over seeds: {'; '.join(parts)}."


def forest(differences: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> str:
    """Alternative text of the forest plot, on leak-free clips first."""
    told = []
    for subset in (LEAK_FREE, ALL):
        parts = [_less(differences, model, judged_by, baseline, subset) for model in _models(differences, subset)]
        told += [f"On {subset} test clips, {'; '.join(parts)}."] if parts else []
    return " ".join(told)


def curves(points: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> str:
    """Alternative text of the curves."""
    clauses = []
    for (curve, metric), rows in points.groupby(["curve", "metric"], sort=False):
        if metric in judged_by and len(rows) > 1:
            values = [f"{row['difference']:+.3f} at {row['at']:g}" for row in rows.sort_values("at").to_dict("records")]
            clauses.append(f"{metric} less {baseline} by {curve}: {', '.join(values)}")
    return sentence(clauses)


def subsets(scores: pd.DataFrame, metric: str, judged: Mapping[str, str]) -> str:
    """Alternative text of the subset figure; a model that is not judged is never the best."""
    rows = scores[(scores["metric"] == metric) & (scores["model"].map(judged).fillna("yes") == "yes")]
    best = rows.loc[rows.groupby("subset", sort=False)["value"].idxmax()] if len(rows) else rows
    return "; ".join(f"{row.subset}: {row.model} has the highest {metric}" for row in best.itertuples()) + "."


def by_size(curves: Mapping[str, pd.DataFrame]) -> str:
    """Alternative text of the sample-size figure."""
    parts = [f"{name} from {rows['FID'].iloc[0]:.2f} to {rows['FID'].iloc[-1]:.2f}" for name, rows in curves.items()]
    return "FID between two halves of the clips falls with the number of motions: " + "; ".join(parts) + "."


def _scores(scores: pd.DataFrame) -> Values:
    named = slugs([*scores["model"]])
    return {
        f"{named[row['model']]}_{METRICS[row['metric']].key}": _measure(row, "expected", "clip_")
        for row in scores.to_dict("records")
        if row["metric"] in SHOWN and np.isfinite(row["clip_low"])
    }


def _of_rule(judgement: Judgement) -> Values:
    """What the rule reads of an evaluator: what each role's regime gains, and what regimes gain over frozen bodies."""
    recorded = _of_roles(judgement.paired)
    for role, table in ((WEIGHTING, judgement.weighting), (FILTERING, judgement.filtering)):
        for model in dict.fromkeys(table["model"]):
            if model in _roles([model]):
                recorded |= _of_role(role, table, model)
    frozen = judgement.over_frozen
    for model, regime in {REAL: "real", **_roles([*frozen["model"]])}.items():
        for subset in (ALL, LEAK_FREE):
            for row in _rows(frozen, model, SHOWN, subset):
                name = over_frozen(regime, row["metric"], leak_free=subset == LEAK_FREE)
                recorded[name] = _measure(row, "difference")
    return recorded


def _of_roles(differences: pd.DataFrame, corpus: str = "") -> Values:
    """What the rule reads of the differences to the benchmark alone: of adding the data, and of weighting it too."""
    recorded: Values = {}
    for model, role in _roles([*differences["model"]]).items():
        recorded |= _of_role(role, differences, model, corpus)
    return recorded


def _roles(models: Sequence[str]) -> dict[str, str]:
    """The regimes that the rule judges, and whether each adds the data alone or weights it too.

    Example:
        >>> _roles(["h3d", "h3d+dm", "h3d+dm weighted", "h3d+dm 25 %", "h3d+dm shuffled", "a+b (external)"])
        {'h3d+dm': 'adding', 'h3d+dm weighted': 'both'}
    """
    adding = {model: ADDING for model in models if "+" in model and " " not in model}
    return adding | {model: BOTH for model in _weighted(models)}


def _weighted(models: Sequence[str]) -> list[str]:
    return [model for model in dict.fromkeys(models) if model.partition(" ")[2] == WEIGHTED]


def _of_role(role: str, differences: pd.DataFrame, model: str, corpus: str = "") -> Values:
    recorded: Values = {}
    for subset in (ALL, NEW) if corpus else (ALL, LEAK_FREE):
        for row in _rows(differences, model, SHOWN, subset):
            name = difference(role, row["metric"], corpus, new=subset == NEW, leak_free=subset == LEAK_FREE)
            recorded[name] = _measure(row, "difference")
            recorded[f"{name}_rival"], recorded[f"{name}_p"] = float(row["baseline"]), float(row["p"])
            if not corpus:
                recorded[f"{name}_over_clips"] = _measure(row, "difference", "clip_")
    return recorded


def _order(scores: pd.DataFrame, metric: str) -> list[str]:
    """The models from the best to the worst by a metric."""
    rows = scores[(scores["metric"] == metric) & (scores["model"] != REAL)]
    return rows.sort_values("expected", ascending=METRICS[metric].lower_is_better)["model"].tolist()


def _named_order(orders: Sequence[Sequence[str]]) -> str:
    best = [order[0] for order in orders]
    return f"both with {best[0]} first" if best[0] == best[1] else f"with {best[0]} and {best[1]} first"


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


def _from(noise: float) -> str:
    return f"from {1000 * noise:g} mm on" if np.isfinite(noise) else "at no level"
