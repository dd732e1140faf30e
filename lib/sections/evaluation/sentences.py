"""Sentences and recorded values of 06: scores, differences between generators, and what they rest on."""

from collections.abc import Mapping, Sequence

import pandas as pd

from lib.base.prose import listed
from lib.base.slugs import slug, slugs
from lib.metrics.intervals import Measure
from lib.metrics.names import METRICS
from lib.models.evaluation_prompts import Judge
from lib.models.momask.regimes import SHUFFLED, UNFILTERED
from lib.sections.evaluation import rule_values
from lib.sections.evaluation.differences import ALL
from lib.sections.evaluation.generation_scores import REAL
from lib.sections.evaluation.judgement import Judgement
from lib.sections.evaluation.noticing import AS_IT_IS, FROZEN, by_chance
from lib.sections.evaluation.phrases import MASKED, less, losses_of, sides
from lib.sections.evaluation.rule_values import Values
from lib.sections.evaluation.values import (
    BESIDE,
    LEAK_FREE,
    NEW,
    SHOWN,
)


def values(judgement: Judgement) -> Values:
    """Scores of every model, its differences to the benchmark alone, and those that the rule reads; N is base clips."""
    recorded, differences = rule_values.of_scores(judgement.scores), judgement.paired
    named = slugs([*judgement.scores["model"], *differences["model"]])
    for model in dict.fromkeys(differences["model"]):
        for subset in (ALL, LEAK_FREE):
            for row in rule_values.rows(differences, model, SHOWN, subset):
                name = f"{named[model]}_{slug(subset)}_{METRICS[row['metric']].key}_difference"
                recorded[name] = rule_values.measure(row, "difference")
    return recorded | rule_values.of_rule(judgement)


def values_beside(judgement: Judgement) -> Values:
    """The same of the evaluator beside TMR, but for the differences of models that the rule does not read."""
    recorded = {
        f"{BESIDE}{name}": value
        for name, value in (rule_values.of_scores(judgement.scores) | rule_values.of_rule(judgement)).items()
    }
    return recorded | {f"{BESIDE}name": judgement.name}


def movement(ratios: pd.DataFrame, baseline: str) -> Values:
    """How much every model moves beside real motion, and which of them are not judged: ``movement`` and the ratios.

    Args:
        ratios: from `lib.sections.evaluation.movement.ratios`, of the models alone.
        baseline: the training set that others are compared with.
    """
    recorded: Values = {}
    named, roles = slugs([*ratios["model"]]), {baseline: "baseline", **rule_values.roles([*ratios["model"]])}
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


def agreement(first: Judgement, second: Judgement, judged: Mapping[str, str], judged_by: Sequence[str]) -> Values:
    """How many pairs of models both evaluators order alike by each metric that decides: ``agreement``.

    Models that are not judged, by `lib.sections.evaluation.movement.judged`, have no place in an order.
    """
    clauses = []
    for metric in judged_by:
        order = [
            [model for model in _order(one.scores, metric) if judged.get(model, "yes") == "yes"]
            for one in (first, second)
        ]
        shared = [model for model in order[0] if model in order[1]]
        pairs = [(one, other) for at, one in enumerate(shared) for other in shared[at + 1 :]]
        alike = sum(order[1].index(one) < order[1].index(other) for one, other in pairs)
        if pairs:
            clauses.append(f"{alike} of {len(pairs)} pairs of models alike by {metric} ({_named_order(order)})")
    if not clauses:
        return {}
    told = f"{first.name} and the {second.name} order {' and '.join(clauses)}."
    return {"agreement": f"{told} Chance would order half of the pairs alike."}


def finding(
    judgement: Judgement, judged: Mapping[str, str], judged_by: Sequence[str], *, seeds: int, baseline: str
) -> str:
    """The differences between generators with their intervals, on leak-free clips first, and what these cover."""
    regimes = rule_values.roles([*judgement.paired["model"]])
    trained = judgement.paired[judgement.paired["model"].isin([*regimes])]
    told = sides(trained, judgement.weighting, judged_by, baseline)
    unfit = [f"{model} {judged[model]}" for model in regimes if judged.get(model, "yes") != "yes"]
    if not told[ALL]:
        return "There is one dataset, so its generator has none to be compared with."
    covered = f"Intervals are 95 %, over test clips and {seeds} training seeds at once."
    covered += f" Not judged: {', '.join(unfit)}." if unfit else ""
    if not told[LEAK_FREE]:
        return f"{'; '.join(told[ALL])}. {covered}"
    return " ".join([*(f"On {subset} test clips, {'; '.join(parts)}." for subset, parts in told.items()), covered])


def control(differences: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> Values:
    """How the control differs, and by which metrics it beats the same data with their own captions: ``control``."""
    permuted = next((model for model in differences["model"] if model.endswith(f" {SHUFFLED}")), None)
    if permuted is None:
        return {}
    own = permuted.removesuffix(f" {SHUFFLED}")
    subset = LEAK_FREE if rule_values.rows(differences, permuted, judged_by, LEAK_FREE) else ALL
    gains, rivals = (
        {row["metric"]: row["difference"] for row in rule_values.rows(differences, model, judged_by, subset)}
        for model in (permuted, own)
    )
    better: dict[str, list[str]] = {"better": [], "no better": []}
    for metric in gains.keys() & rivals.keys():
        gain = (gains[metric] - rivals[metric]) * (-1 if METRICS[metric].lower_is_better else 1)
        better["better" if gain > 0 else "no better"].append(metric)
    clauses = [f"{how} in {listed(sorted(metrics))}" for how, metrics in better.items() if metrics]
    told = f" Its estimate is {' and '.join(clauses)} than that of {own}." if clauses else ""
    return {"control": f"On {subset} test clips, {less(differences, permuted, judged_by, baseline, subset)}.{told}"}


def filtered(filtering: pd.DataFrame, judged_by: Sequence[str]) -> Values:
    """What the filter does, as a value ``filtering``, where a generator was trained without it."""
    clauses = [less(filtering, one, judged_by, f"{one} {UNFILTERED}") for one in dict.fromkeys(filtering["model"])]
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
        recorded |= rule_values.of_roles(table, key)
        new = table[table["subset"] == NEW]
        if len(new):
            recorded[f"elsewhere_{slug(key)}_new_clips"] = int(new["n"].iloc[0])
        for model in dict.fromkeys(table["model"]):
            name = judges[key][0].prompts.corpus
            parts.append(f"On the test clips of {name}, {less(table, model, judged_by, baseline)}.")
            if model in set(new["model"]):
                n = int(new.loc[new["model"] == model, "n"].iloc[0])
                on_new = less(table, model, judged_by, baseline, NEW).removeprefix(f"{model} minus {baseline}: ")
                parts.append(f"On the {n:,} of them whose actions the benchmark hardly has, {on_new}.")
    return recorded | ({"elsewhere": " ".join(parts)} if parts else {})


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
    tmr, second = next(iter(judges.values()))
    clips = tmr.prompts.clips
    counted = f"N = {clips['base_id'].nunique():,} test clips of {tmr.prompts.corpus}, {len(clips):,} with mirrors, "
    counted += f"in pools of {min(pool, len(clips))}."
    recorded: Values = {"protocol": first, "beside_protocol": protocol(second, pool=pool), "counted": counted}
    recorded["judged_by"] = " and ".join(judged_by)
    return recorded | ({"protocol_elsewhere": " ".join(others)} if others else {})


def noticed(noticing: pd.DataFrame | None, judged_by: Sequence[str]) -> Values:
    """Which alterations of real motions the metrics that decide miss, by evaluator, frozen first: ``noticed``.

    ``detected`` counts those that they mark by the first evaluator.
    """
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
    told = f"None of them detects {listed(by_all)}." if by_all else "One of them at least detects each."
    chance = f"Chance alone would mark about {by_chance(noticing):.0f} of the {len(altered):,} comparisons."
    return _detected(deciding, judged_by) | {
        "noticed": f"Of {len(names)} alterations, {' '.join(parts)} {told} {chance}"
    }


def _detected(altered: pd.DataFrame, judged_by: Sequence[str]) -> Values:
    """How many alterations each metric marks by the first evaluator, beside what chance would mark."""
    own = altered[altered["evaluator"] == altered["evaluator"].iloc[0]] if len(altered) else altered
    marked = [
        f"{metric} detects {rows.groupby('alteration')['noticed'].all().sum()} ({by_chance(rows):.1f} by chance)"
        for metric in judged_by
        if len(rows := own[own["metric"] == metric])
    ]
    if not marked:
        return {}
    made = f"Of {own['alteration'].nunique()} faults made in half of the real test motions"
    return {"detected": f"{made}, {' and '.join(marked)}, by {own['evaluator'].iloc[0]}."}


def validation(logs: pd.DataFrame) -> Values:
    """How many trainings had not stopped to improve, and how validation orders training sets: ``validation``."""
    own = logs[logs["network"] == MASKED].sort_values("step")
    runs = [losses["val"].to_numpy() for _, losses in own.groupby(["regime", "seed"])]
    late = sum(int(losses.argmin() == len(losses) - 1) for losses in runs)
    text = f"{late} of {len(runs)} masked transformers were still improving at the last check."
    return {"validation": f"{text} {losses_of(logs)}"}


def _order(scores: pd.DataFrame, metric: str) -> list[str]:
    """The models from the best to the worst by a metric."""
    rows = scores[(scores["metric"] == metric) & (scores["model"] != REAL)]
    return rows.sort_values("expected", ascending=METRICS[metric].lower_is_better)["model"].tolist()


def _named_order(orders: Sequence[Sequence[str]]) -> str:
    best = [order[0] for order in orders]
    return f"{best[0]} first by both" if best[0] == best[1] else f"{best[0]} and {best[1]} first"
