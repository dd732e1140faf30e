"""Sentences of 07: which prompts were shown, and whether generators repeat what they were trained on."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from lib.base.slugs import slugs
from lib.base.withheld import WITHHELD
from lib.metrics.intervals import Measure, percent, span
from lib.sections.evaluation.sentences import listed
from lib.sections.visualization.copying import GENERATED, REAL, TRAINING, blurred, copied
from lib.sections.visualization.visualization import TRUTH, Gathered

NAMES = {GENERATED: "made", REAL: "real", TRAINING: "training"}
DISTANCE = {"shape": "distance_cm", "meaning": "distance_in_0.01"}
FORMATS = {
    **{name: ".1 distance_low distance_high" for name in DISTANCE.values()},
    "near": "percent near_low near_high",
    "closer_than_real": "percent closer_low closer_high",
    "training_clips_nearest": ".0",
}
SHOWN = {"to_truth_m": ".2", "shape_m": ".3", "cosine": ".3"}


def beside(shown: pd.DataFrame) -> pd.DataFrame:
    """How far each shown motion is from the real one and from training: ``prompt, model, to_truth_m, …caption``."""
    named = shown.rename(columns={"apart": "to_truth_m", "shape": "shape_m"})
    columns = ["prompt", "model", "to_truth_m", "shape_m", "cosine", "nearest_by_meaning_caption"]
    return named.assign(to_truth_m=named["to_truth_m"].where(named["model"] != TRUTH))[columns]


def table(copies: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The summary of `copying` in one measure as a table shows it, distances in hundredths."""
    some = copies[copies["measure"] == measure].drop(columns=["measure", "bound"])
    hundredths = {name: 100 * some[name] for name in ("distance", "distance_low", "distance_high")}
    names = {"model": "trained_as", "kind": "motions", "closer": "closer_than_real", "distance": DISTANCE[measure]}
    names["distinct"] = "training_clips_nearest"
    return some.assign(kind=some["kind"].map(NAMES), **hundredths).rename(columns=names)


def values(
    copies: pd.DataFrame, prompts: pd.DataFrame, found: Gathered, *, fps: float, withheld: bool
) -> dict[str, Measure | float | int | str]:
    """What every model has by every measure, the prompts' captions, and how many clips stand behind it."""
    told: dict[str, Measure | float | int | str] = {
        "clips": len(found.what.clips),
        "base_clips": int(found.what.clips["base_id"].nunique()),
        "training_clips": len(found.training.table),
        "prompts": len(prompts),
        "models": ", ".join(found.generated),
        "shown_fps": round(fps, 1),
    }
    told |= {f"prompt_{row.prompt}": WITHHELD if withheld else str(row.caption) for row in prompts.itertuples()}
    if withheld:
        told["withheld"] = "Captions and ids are withheld here, and so is every motion that private data went into."
    named = slugs(copies["model"])
    for row in copies.to_dict("records"):
        name = f"{named[row['model']]}_{row['measure']}_{NAMES[row['kind']]}"
        told[f"{name}_near"] = Measure(row["near"], row["near_low"], row["near_high"], int(row["n"]), "share")
        if row["kind"] == GENERATED:
            ends = row["closer_low"], row["closer_high"]
            told[f"{name}_closer"] = Measure(row["closer"], *ends, int(row["n"]), "share")
    return told | {f"{measure}_bounds": _bounds(copies, measure) for measure in DISTANCE}


def verdict(copies: pd.DataFrame, near_quantile: float) -> str:
    """Which models show signs of copying by the rule of `copying.copied`, and which hardly could."""
    names = copied(copies, near_quantile=near_quantile)
    soft = [name for name in blurred(copies) if name not in names]
    told = f"Signs of copying: {listed(names)}" if names else "No sign of copying"
    if not soft:
        return f"{told}."
    makes = "makes" if len(soft) == 1 else "make"
    return f"{told}; but {listed(soft)} {makes} blurred motions, which could hardly show any."


def finding(copies: pd.DataFrame, near_quantile: float, seeds: int) -> str:
    """How many generated motions lie near training, beside real motions and beside chance."""
    told = [
        f"{_share(made)} of what {made['model']} makes and {_share(real)} of real test motions"
        for made, real in _by_shape(copies)
    ]
    rule = f"nearer in shape than {percent(near_quantile, 0)} of training motions are to any other"
    covered = f"Intervals are 95 %, over test clips with their mirrors, {_seeds(seeds)} a regime"
    few = [f"{made['distinct']:.0f} for {made['model']} ({real['distinct']:.0f})" for made, real in _by_shape(copies)]
    alike = f"Different training clips that are nearest to one seed's motions (to the real ones): {'; '.join(few)}"
    return (
        f"A motion is near training when it is {rule}. Near its own training lie {'; '.join(told)}. {alike}. {covered}."
    )


def distances(copies: pd.DataFrame, near_quantile: float) -> str:
    """Alternative text of the figure of distances."""
    told = [
        f"{made['model']} {made['distance']:.3f} m against {real['distance']:.3f} m of real test motions"
        for made, real in _by_shape(copies)
    ]
    return f"Mean distance to the nearest training motion: {'; '.join(told)}. {verdict(copies, near_quantile)}"


def row(shown: pd.DataFrame, caption: str) -> str:
    """Alternative text of the picture of one prompt: what comes nearest to the real motion, and how far training is."""
    made, real = shown[shown["model"] != TRUTH], shown[shown["model"] == TRUTH]
    if made.empty or real.empty:
        return f"Stick figures for “{caption}”."
    best, apart = made["model"].iloc[made["apart"].argmin()], made["apart"].min()
    return (
        f"Stick figures for “{caption}”: of {len(made)} models {best} comes nearest to the real motion, {apart:.2f} m "
        f"away; what they made lies {span(made['shape'].min(), made['shape'].max(), 2)} m from the nearest training "
        f"motion, the real one {real['shape'].iloc[0]:.2f} m."
    )


def _by_shape(copies: pd.DataFrame) -> list[tuple[dict[Hashable, Any], dict[Hashable, Any]]]:
    some = copies[copies["measure"] == "shape"]
    made, real = (some[some["kind"] == kind].to_dict("records") for kind in (GENERATED, REAL))
    return [*zip(made, real, strict=True)]


def _share(row: Mapping[Hashable, Any]) -> str:
    return f"{percent(row['near'])} ({span(100 * row['near_low'], 100 * row['near_high'], 1)})"


def _seeds(count: int) -> str:
    return "one training seed" if count == 1 else f"{count} training seeds"


def _bounds(copies: pd.DataFrame, measure: str) -> str:
    rows = copies[(copies["measure"] == measure) & (copies["kind"] == GENERATED)]
    return listed([f"{100 * row['bound']:.2f} ({row['model']})" for row in rows.to_dict("records")])
