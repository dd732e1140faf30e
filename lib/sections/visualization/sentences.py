"""Sentences and recorded values of 07: the prompts, and how near generated motions lie to training."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from lib.base.prose import listed
from lib.base.slugs import slugs
from lib.base.withheld import WITHHELD
from lib.metrics.intervals import Measure, percent, span
from lib.sections.visualization import trivial_answers
from lib.sections.visualization.copying import GENERATED, REAL, TRAINING
from lib.sections.visualization.displayed_motions import TRUTH, DisplayedMotions

Values = dict[str, Measure | float | int | str]
NAMES = {GENERATED: "made", REAL: "real", TRAINING: "training"}
DISTANCE = {"shape": "distance_cm", "meaning": "distance_in_0.01"}
FORMATS = {
    **{name: ".1 distance_low distance_high" for name in DISTANCE.values()},
    "near": "percent near_low near_high",
    "closer_than_real": "percent closer_low closer_high",
    "energy_of_real": ".2 energy_low energy_high",
    "training_clips_nearest": ".0",
}
SHOWN = {"energy_m/s": ".2", "energy_of_real": ".2", "to_truth_m": ".2", "shape_m": ".3", "cosine": ".3"}


def beside(shown: pd.DataFrame, motions: DisplayedMotions) -> pd.DataFrame:
    """How much each shown motion moves, and how far it is from the real one and from training.

    Args:
        shown: from `displayed_motions.of_prompts`.
        motions: for the names of their seeds.

    Returns:
        A row a motion: ``prompt, model, seed, energy_m/s, energy_of_real, to_truth_m, shape_m, cosine,
        nearest_by_meaning_caption``; what would hold the real motion against itself is empty.
    """
    names = {"energy": "energy_m/s", "of_real": "energy_of_real", "apart": "to_truth_m", "shape": "shape_m"}
    named = shown.rename(columns=names)
    made = named["model"] != TRUTH
    takes = [
        motions.takes(model)[int(seed)].removeprefix("seed ") or None if of_model else None
        for model, seed, of_model in zip(named["model"], named["seed"], made, strict=True)
    ]
    columns = ["prompt", "model", "seed", *SHOWN, "nearest_by_meaning_caption"]
    return named.assign(
        seed=pd.Series(takes, index=named.index, dtype=object),
        **{name: named[name].where(made) for name in ("energy_of_real", "to_truth_m")},
    )[columns]


def table(copies: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The summary of `copying` in one measure as a table shows it, distances in hundredths.

    Of trivial answers it has what they make alone, since real and training motions are the benchmark's. Motion energy
    stands in the table by shape.
    """
    whole = ~copies["model"].isin(trivial_answers.NAMES) | (copies["kind"] == GENERATED)
    energy = [] if measure == "shape" else ["energy", "energy_low", "energy_high"]
    rows = copies[(copies["measure"] == measure) & whole].drop(columns=["measure", "bound", *energy])
    hundredths = {name: 100 * rows[name] for name in ("distance", "distance_low", "distance_high")}
    names = {"model": "trained_as", "kind": "motions", "closer": "closer_than_real", "distance": DISTANCE[measure]}
    names |= {"distinct": "training_clips_nearest", "energy": "energy_of_real"}
    return rows.assign(kind=rows["kind"].map(NAMES), **hundredths).rename(columns=names)


def prompts(
    table: pd.DataFrame, motions: DisplayedMotions, *, fps: float, looks: Mapping[int, str], withheld: bool
) -> Values:
    """The prompts' captions and how many clips stand behind the section.

    Args:
        table: from `chosen_prompts.table`.
        motions: real and generated.
        fps: frames a second that players show.
        looks: by number of the prompt, what to watch; empty where that may not be said.
        withheld: whether captions and private motions are withheld.
    """
    clips = motions.captions.clips
    recorded: Values = {
        "clips": len(clips),
        "base_clips": int(clips["base_id"].nunique()),
        "training_clips": len(motions.training.table),
        "prompts": len(table),
        "models": ", ".join(motions.generated),
        "shown_fps": round(fps, 1),
    }
    recorded |= {f"prompt_{row.prompt}": WITHHELD if withheld else str(row.caption) for row in table.itertuples()}
    recorded |= {f"look_{number}": look or WITHHELD for number, look in looks.items()}
    if withheld:
        recorded["withheld"] = "Captions and ids are withheld here, and so is every motion that private data went into."
    return recorded


def copies(summary: pd.DataFrame, *, near_quantile: float) -> Values:
    """What every model has by every measure, and under plain names what the rule reads of each: ``near_1`` and so on.

    What the rule reads of trivial answers is named ``trivial_near_1`` and so on.

    Args:
        summary: from `copying.summary`.
        near_quantile: as there.
    """
    recorded: Values = {f"{measure}_bounds": _bounds(summary, measure) for measure in DISTANCE}
    recorded["near_quantile"] = near_quantile
    named = slugs(summary["model"])
    trivial = [name for name in named if name in trivial_answers.NAMES]
    models = [name for name in named if name not in trivial]
    recorded |= {f"model_{number}": model for number, model in enumerate(models, 1)}
    recorded |= {f"trivial_{number}": name for number, name in enumerate(trivial, 1)}
    read = {model: f"{{}}_{number}" for number, model in enumerate(models, 1)}
    read |= {name: f"trivial_{{}}_{number}" for number, name in enumerate(trivial, 1)}
    for row in summary.to_dict("records"):
        measure = row["measure"]
        name = f"{named[row['model']]}_{measure}_{NAMES[row['kind']]}"
        near = Measure(row["near"], row["near_low"], row["near_high"], int(row["n"]), "share")
        recorded[f"{name}_near"] = near
        if row["kind"] == GENERATED:
            closer = Measure(row["closer"], row["closer_low"], row["closer_high"], int(row["n"]), "share")
            recorded[f"{name}_closer"] = closer
        if row["kind"] == GENERATED and measure == "shape":
            ends = (row["energy"], row["energy_low"], row["energy_high"])
            energy = Measure(*ends, int(row["n"]), "× real", 2)
            recorded |= {read[row["model"]].format("near"): near, read[row["model"]].format("energy"): energy}
    return recorded


def finding(summary: pd.DataFrame, *, near_quantile: float, seeds: int) -> str:
    """How many generated motions lie near training, beside real motions and beside chance."""
    pairs = _by_shape(summary)
    rule = f"nearer in shape than {percent(near_quantile, 0)} of training motions are to any other"
    near = [f"{own['model']} {_share(own)}, real test motions {_share(real)}" for own, real in pairs]
    moves = [
        f"{own['model']} {own['energy']:.2f} ({span(own['energy_low'], own['energy_high'], 2)})" for own, _ in pairs
    ]
    few = [f"{own['model']} {own['distinct']:.0f}, real {real['distinct']:.0f}" for own, real in pairs]
    several = "one training seed" if seeds == 1 else f"{seeds} training seeds"
    return (
        f"A motion is near training when it is {rule}. Share near training: {'; '.join(near)}. "
        f"Motion energy as a ratio to real motion: {'; '.join(moves)}. "
        f"Different training clips that are nearest to one seed's motions: {'; '.join(few)}. "
        f"Intervals are 95 %, over test clips with their mirrors, {several} a training set."
    )


def distances(summary: pd.DataFrame) -> str:
    """Alternative text of the figure of distances."""
    parts = [
        f"{own['model']} {own['distance']:.3f} m against {real['distance']:.3f} m of real test motions"
        for own, real in _by_shape(summary)
    ]
    return f"Mean distance to the nearest training motion: {'; '.join(parts)}."


def row(shown: pd.DataFrame, caption: str) -> str:
    """Alternative text of the picture of one prompt: what comes nearest to the real motion, and how far training is.

    It is about the first seed of each model, which the picture shows.
    """
    generated, real = shown[(shown["model"] != TRUTH) & (shown["seed"] == 0)], shown[shown["model"] == TRUTH]
    if generated.empty or real.empty:
        return f"Stick figures for “{caption}”."
    best, apart = generated["model"].iloc[generated["apart"].argmin()], generated["apart"].min()
    near = span(generated["shape"].min(), generated["shape"].max(), 2)
    return (
        f"Stick figures for “{caption}”: of {len(generated)} models {best} comes nearest to the real motion, "
        f"{apart:.2f} m away; what they made lies {near} m from the nearest training motion, the real one "
        f"{real['shape'].iloc[0]:.2f} m."
    )


def _by_shape(summary: pd.DataFrame) -> list[tuple[dict[Hashable, Any], dict[Hashable, Any]]]:
    rows = summary[(summary["measure"] == "shape") & ~summary["model"].isin(trivial_answers.NAMES)]
    generated, real = (rows[rows["kind"] == kind].to_dict("records") for kind in (GENERATED, REAL))
    return [*zip(generated, real, strict=True)]


def _share(row: Mapping[Hashable, Any]) -> str:
    return f"{percent(row['near'])} ({span(100 * row['near_low'], 100 * row['near_high'], 1)})"


def _bounds(summary: pd.DataFrame, measure: str) -> str:
    rows = summary[(summary["measure"] == measure) & (summary["kind"] == GENERATED)]
    rows = rows[~rows["model"].isin(trivial_answers.NAMES)]
    return listed([f"{100 * row['bound']:.2f} ({row['model']})" for row in rows.to_dict("records")])
