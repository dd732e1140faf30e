"""Sentences of 07: which prompts were shown, and whether generators repeat what they were trained on."""

from collections.abc import Sequence

import pandas as pd

from lib.audit.copying import MEASURES, copied
from lib.audit.visualization import Gathered
from lib.metrics.intervals import Estimate, percent, span
from lib.report.findings.evaluation import slug
from lib.results import WITHHELD

FORMATS = {
    "median_generated": ".3",
    "median_real": ".3",
    "median_training": ".3",
    "closer_than_real": "percent low high",
    "near": "percent near_low near_high",
    "real_near": "percent",
}


def beside(shown: pd.DataFrame) -> pd.DataFrame:
    """How far each shown motion is from training: ``prompt, regime, shape_m, cosine, …caption``."""
    captions = [f"nearest_by_{measure}_caption" for measure in MEASURES]
    return shown.rename(columns={"shape": "shape_m"})[["prompt", "regime", "shape_m", "cosine", *captions]]


def table(copies: pd.DataFrame) -> pd.DataFrame:
    """The summary of `lib.audit.copying` as a table shows it."""
    units = [f"{measure} ({MEASURES[measure]})" for measure in copies["measure"]]
    named = {"generated": "median_generated", "real": "median_real", "training": "median_training"}
    named |= {"closer": "closer_than_real", "closer_low": "low", "closer_high": "high"}
    return copies.assign(measure=units).drop(columns="bound").rename(columns=named)


def values(
    copies: pd.DataFrame, prompts: pd.DataFrame, found: Gathered, *, withheld: bool
) -> dict[str, Estimate | float | int | str]:
    """Shares of every regime by measure, the prompts' captions, and how many clips stand behind it."""
    told: dict[str, Estimate | float | int | str] = {
        "clips": len(found.what.clips),
        "base_clips": int(found.what.clips["base_id"].nunique()),
        "training_clips": len(found.training.table),
        "prompts": len(prompts),
        "regimes": ", ".join(found.shown),
    }
    told |= {f"prompt_{row.prompt}": WITHHELD if withheld else str(row.caption) for row in prompts.itertuples()}
    for row in copies.to_dict("records"):
        name, n = f"{slug(row['regime'])}_{row['measure']}", int(row["n"])
        for share in ("closer", "near"):
            one = Estimate(row[share], row[f"{share}_low"], row[f"{share}_high"], n, "share")
            told[f"{name}_{share}"] = one
        told[f"{name}_real_near"] = percent(row["real_near"])
    return told


def verdict(copies: pd.DataFrame, near_quantile: float) -> str:
    """Which regimes show signs of copying by the rule of `lib.audit.copying.copied`."""
    names = copied(copies, near_quantile=near_quantile)
    return f"Signs of copying: {_listed(names)}." if names else "No sign of copying."


def finding(copies: pd.DataFrame, near_quantile: float, seeds: int) -> str:
    """How many generated motions lie near training, beside chance and beside real motions."""
    told = [
        f"{percent(row['near'])} ({span(100 * row['near_low'], 100 * row['near_high'], 1)}) of the motions "
        f"of {row['regime']} against {percent(row['real_near'])} of real test motions"
        for row in copies[copies["measure"] == "shape"].to_dict("records")
    ]
    rule = f"nearer in shape than {percent(near_quantile, 0)} of training motions lie to any other"
    covered = f"Intervals are 95 %, over test clips with their mirrors; {_seeds(seeds)} a regime"
    return f"Near a training motion, that is {rule}, lie {'; '.join(told)}. {covered}."


def distances(copies: pd.DataFrame, near_quantile: float) -> str:
    """Alternative text of the figure of distances."""
    told = [
        f"{row['regime']} {row['generated']:.3f} against {row['real']:.3f} of real test motions"
        for row in copies[copies["measure"] == "shape"].to_dict("records")
    ]
    return f"Median distance in metres to the nearest training motion: {'; '.join(told)}. " + verdict(
        copies, near_quantile
    )


def _seeds(count: int) -> str:
    return "one training seed" if count == 1 else f"{count} training seeds"


def _listed(names: Sequence[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
