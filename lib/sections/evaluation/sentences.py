"""Sentences of 06: whether the added data helps, whether weighting does, and how sure that is."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.base.slugs import slug, slugs
from lib.metrics.intervals import Measure
from lib.models.temos.regimes import SHUFFLED, WEIGHTED
from lib.sections.evaluation.evaluation import HELPS, HURTS, LEAK_FREE, NEW, OPEN, decided, estimate
from lib.sections.evaluation.generation_differences import ALL
from lib.sections.evaluation.generation_noise import noticed_from

Value = Measure | float | int | str
SLUGS = {"R@1": "r1", "R@2": "r2", "R@3": "r3", "FID": "fid", "KID": "kid", "MM-dist": "mm_dist"}


def listed(names: Sequence[str]) -> str:
    """Names as prose lists them.

    Example:
        >>> listed(["R@1", "R@3", "FID"])
        'R@1, R@3 and FID'
    """
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last


def values(table: pd.DataFrame, differences: pd.DataFrame, prefix: str = "") -> dict[str, Value]:
    """Scores of every model and differences to the baseline, on every subset that is not a cluster; N is base clips."""
    found: dict[str, Value] = {}
    named = slugs([*table["model"], *differences["model"]])
    for row in table.to_dict("records"):
        if row["metric"] in SLUGS and np.isfinite(row["clip_low"]):
            name, ends = f"{prefix}{named[row['model']]}_{SLUGS[row['metric']]}", (row["clip_low"], row["clip_high"])
            found[name] = Measure(row["expected"], *ends, int(row["base_clips"]), digits=3)
    for model in differences["model"].unique():
        for subset in (ALL, LEAK_FREE, NEW):
            for metric, short in SLUGS.items():
                if (one := estimate(differences, model, metric, subset)) is not None:
                    found[f"{prefix}{named[model]}_{slug(subset)}_{short}_difference"] = one
    return found


def weighting(table: pd.DataFrame) -> dict[str, Value]:
    """What weighting adds to the same data unweighted, as values ``…_weighting_r3_difference``."""
    found: dict[str, Value] = {}
    for model in dict.fromkeys(table["model"]):
        for metric, short in SLUGS.items():
            if (one := estimate(table, model, metric, ALL)) is not None:
                found[f"{slug(model.removesuffix(f' {WEIGHTED}'))}_weighting_{short}_difference"] = one
    return found


def verdict(differences: pd.DataFrame, weighting: pd.DataFrame, judged_by: Sequence[str]) -> str:
    """Whether adding data helps, weighting does, and both together, by the rule of `evaluation.decided`."""
    names, said = ("Adding the data", "weighting by cluster", "doing both"), _said(differences, weighting, judged_by)
    told = [f"{name} {what}" for name, what in zip(names, said, strict=False)]
    return "; ".join(told) + "." if told else "One dataset: nothing to compare."


def finding(
    differences: pd.DataFrame, weighting: pd.DataFrame, judged_by: Sequence[str], seeds: int, baseline: str
) -> str:
    """The differences behind the verdict with their intervals, and what they cover."""
    told = [_sentence(model, differences, judged_by, baseline) for model in dict.fromkeys(differences["model"])]
    for model in dict.fromkeys(weighting["model"]):
        told.append(_sentence(model, weighting, judged_by, model.removesuffix(f" {WEIGHTED}")))
    if not told:
        return "There is one dataset, so its generator has none to be compared with."
    covered = f"Intervals are 95 %, over test clips and over {seeds} training seeds a regime at once"
    text = "; ".join(told) + f". {covered}; one that holds zero shows nothing."
    said = _said(differences, weighting, judged_by)
    if len(said) == 3 and said[2] == HELPS and said[:2] == [OPEN, OPEN]:
        text += " Two steps can each be too small to be told from zero and their sum still be shown."
    return text


def control(differences: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> dict[str, str]:
    """What came out for the control as a value ``control``, where it was trained."""
    models = [model for model in dict.fromkeys(differences["model"]) if model.endswith(SHUFFLED)]
    return {"control": f"{_sentence(models[0], differences, judged_by, baseline)}."} if models else {}


def noticed(table: pd.DataFrame | None, judged_by: Sequence[str]) -> dict[str, str]:
    """From which noise on each metric is worse than without, and what that means for those that decide: ``noticed``."""
    if table is None:
        return {}
    known = noticed_from(table)
    levels = {level: [metric for metric, own in known.items() if own == level] for level in sorted({*known.values()})}
    told = [f"{listed(names)} {_from(level)}" for level, names in levels.items()]
    text = f"Worse than without noise, by a 95 % interval over base clips: {'; '.join(told)}."
    deciding = {metric: known[metric] for metric in judged_by if metric in known}
    if deciding:
        least = min(deciding.values())
        first = [metric for metric, level in deciding.items() if level == least]
        they = f"{listed(first)} notice{'s' * (len(first) == 1)} noise {_from(least)}"
        text += (
            f" Of those that decide, {they}, and no other earlier: smaller faults of this kind cannot sway the verdict."
        )
    return {"noticed": text}


def validation(logs: pd.DataFrame) -> dict[str, str]:
    """How many trainings had not stopped to improve, and how validation orders the regimes: ``validation``."""
    runs = [one["val"].to_numpy() for _, one in logs.sort_values("step").groupby(["regime", "seed"])]
    late = sum(int(one.argmin() == len(one) - 1) for one in runs)
    text = f"{late} of {len(runs)} trainings had their lowest validation loss at the last check"
    return {"validation": f"{text}{': these were still improving' if late else ''}. {_losses(logs)}"}


def elsewhere(differences: Mapping[str, pd.DataFrame], judged_by: Sequence[str]) -> str:
    """What the added data does on the other corpora's test clips and on the actions that the benchmark lacks."""
    told = []
    for name, table in differences.items():
        for model in dict.fromkeys(table["model"]):
            whole = f"{model} {decided(table, model, ALL, judged_by)} on the test clips of {name}"
            new = table[(table["subset"] == NEW) & (table["model"] == model)]
            if len(new):
                n = int(new["n"].iloc[0])
                rule = decided(table, model, NEW, judged_by)
                whole += f", and {rule} on the {n:,} of them whose actions the benchmark hardly has"
            told.append(whole)
    text = "; ".join(told)
    return text[:1].upper() + text[1:] + "." if told else ""


def of_elsewhere(differences: Mapping[str, pd.DataFrame], judged_by: Sequence[str]) -> dict[str, str]:
    """`elsewhere` as a value, where there is anything to tell."""
    told = elsewhere(differences, judged_by)
    return {"elsewhere": told} if told else {}


def training(logs: pd.DataFrame) -> str:
    """Alternative text of the training figure."""
    return _losses(logs)


def forest(differences: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> str:
    """Alternative text of the forest plot."""
    told = [_sentence(model, differences, judged_by, baseline) for model in dict.fromkeys(differences["model"])]
    return "; ".join(told) + "." if told else ""


def subsets(table: pd.DataFrame, metric: str) -> str:
    """Alternative text of the subset figure."""
    rows = table[table["metric"] == metric]
    best = rows.loc[rows.groupby("subset", sort=False)["value"].idxmax()] if len(rows) else rows
    return "; ".join(f"{row.subset}: {row.model} has the highest {metric}" for row in best.itertuples()) + "."


def by_size(curves: Mapping[str, pd.DataFrame]) -> str:
    """Alternative text of the sample-size figure."""
    told = [f"{name} from {rows['FID'].iloc[0]:.2f} to {rows['FID'].iloc[-1]:.2f}" for name, rows in curves.items()]
    return "FID between two halves of the clips falls with the number of motions: " + "; ".join(told) + "."


def _sentence(model: str, table: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> str:
    parts = []
    for metric in judged_by:
        one = estimate(table, model, metric, ALL)
        if one is not None:
            parts.append(metric + f" {one.value:+.3f} ({one.low:+.3f} to {one.high:+.3f})".replace("-", "−"))
    if not parts:
        return f"{model} cannot be compared with {baseline}: too few test clips for an interval"
    word = {HELPS: "better than", HURTS: "worse than", OPEN: "not shown to differ from"}
    return f"{model} is {word.get(decided(table, model, ALL, judged_by), 'mixed against')} {baseline}: " + ", ".join(
        parts
    )


def _said(differences: pd.DataFrame, weighting: pd.DataFrame, judged_by: Sequence[str]) -> list[str]:
    """What the rule says of adding the data, of weighting it, and of both against the benchmark alone."""
    models = [*dict.fromkeys(differences["model"])]
    plain = next((m for m in models if "+" in m and not m.endswith((WEIGHTED, SHUFFLED))), "")
    if not plain:
        return []
    said = [decided(differences, plain, ALL, judged_by)]
    if len(weighting):
        said += [decided(table, f"{plain} {WEIGHTED}", ALL, judged_by) for table in (weighting, differences)]
    return said


def _losses(logs: pd.DataFrame) -> str:
    kept = logs.groupby(["regime", "seed"], sort=False)["val"].min().groupby("regime", sort=False).mean()
    told = [f"{name} {loss:.4f}" for name, loss in kept.sort_values().items()]
    return f"Lowest validation loss of a training, mean over seeds: {'; '.join(told)}."


def _from(level: float) -> str:
    return f"from {1000 * level:g} mm on" if np.isfinite(level) else "at no level"
