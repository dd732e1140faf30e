"""Sentences of 06: whether the added data helps, whether weighting does, and how sure that is."""

from collections.abc import Mapping, Sequence

import pandas as pd

from lib.audit.evaluation import HELPS, HURTS, LEAK_FREE, NEW, OPEN, decided, estimate
from lib.audit.generation_differences import ALL
from lib.audit.generation_noise import in_order
from lib.metrics.intervals import Estimate
from lib.models.temos_regimes import SHUFFLED, WEIGHTED
from lib.report.findings.slugs import slug, slugs

Value = Estimate | float | int | str
SLUGS = {"R@1": "r1", "R@2": "r2", "R@3": "r3", "FID": "fid", "KID": "kid", "MM-dist": "mm_dist"}


def values(table: pd.DataFrame, differences: pd.DataFrame, prefix: str = "") -> dict[str, Value]:
    """Scores of every model and differences to the baseline, on every subset that is not a cluster."""
    found: dict[str, Value] = {}
    named = slugs([*table["model"], *differences["model"]])
    for row in table.to_dict("records"):
        if row["metric"] in SLUGS:
            name = f"{prefix}{named[row['model']]}_{SLUGS[row['metric']]}"
            found[name] = Estimate(row["expected"], row["clip_low"], row["clip_high"], int(row["n"]), digits=3)
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
    """Whether the added data helps and whether weighting helps, by the rule of `lib.audit.evaluation.decided`."""
    models = [*dict.fromkeys(differences["model"])]
    plain = [m for m in models if "+" in m and not m.endswith((WEIGHTED, SHUFFLED))]
    if not plain:
        return "One dataset: nothing to compare."
    told = [f"Adding the data {decided(differences, plain[0], ALL, judged_by)}"]
    if len(weighting):
        told.append(f"weighting by cluster {decided(weighting, f'{plain[0]} {WEIGHTED}', ALL, judged_by)}")
    return "; ".join(told) + "."


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
    return "; ".join(told) + f". {covered}; one that holds zero shows nothing."


def control(differences: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> dict[str, str]:
    """What came out for the control as a value ``control``, where it was trained."""
    models = [model for model in dict.fromkeys(differences["model"]) if model.endswith(SHUFFLED)]
    return {"control": f"{_sentence(models[0], differences, judged_by, baseline)}."} if models else {}


def noticed(table: pd.DataFrame | None) -> dict[str, str]:
    """Which metrics get worse with every step of noise, as a value ``noticed``."""
    if table is None:
        return {}
    worse = in_order(table)
    lost = [metric for metric, ordered in worse.items() if not ordered]
    return {"noticed": f"All but {', '.join(lost)} do." if lost else f"All of {', '.join(worse)} do."}


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
    best = logs.groupby("regime", sort=False)["val"].min()
    return "Lowest validation loss: " + "; ".join(f"{name} {loss:.3f}" for name, loss in best.items()) + "."


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
    return "FID falls with the number of motions: " + "; ".join(told) + "."


def _sentence(model: str, table: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> str:
    parts = []
    for metric in judged_by:
        one = estimate(table, model, metric, ALL)
        if one is not None:
            parts.append(metric + f" {one.value:+.3f} ({one.low:+.3f} to {one.high:+.3f})".replace("-", "−"))
    word = {HELPS: "better than", HURTS: "worse than", OPEN: "not shown to differ from"}
    return f"{model} is {word.get(decided(table, model, ALL, judged_by), 'mixed against')} {baseline}: " + ", ".join(
        parts
    )
