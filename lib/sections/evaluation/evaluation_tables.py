"""The tables of 06: scores, paired differences, subsets, sample sizes, and the same on other corpora."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.metrics.physical import UNITS
from lib.models.latents import Latents
from lib.models.temos.regimes import WEIGHTED
from lib.run import profile_temos
from lib.run.results import Run
from lib.sections.evaluation import evaluation, generation, generation_differences
from lib.sections.evaluation.evaluation import wide
from lib.sections.evaluation.generation import REAL
from lib.sections.evaluation.generation_differences import ALL
from lib.sections.evaluation.generation_made import Asked
from lib.sections.evaluation.generation_sets import Made, Mask

SHOWN = ("R@1", "R@2", "R@3", "FID", "KID", "MM-dist")
SPREAD = ("diversity", "multimodality")
DIFFERENCE = {"value": ".3", "baseline": ".3", "difference": ".3 low high"}
COLUMNS = ["subset", "model", "metric", "better", "value", "baseline", "difference", "low", "high", "n", "base_clips"]
SIZES, SMALLEST = 6, 20

Models = Mapping[str, Made]


def scored(run: Run, what: Asked, models: Models) -> pd.DataFrame:
    """Every metric of the real motions and of every model, with its intervals; see `generation.table`."""
    given = {"seed": run.profile.seed, "draws": run.params.bootstrap, "pool": run.params.pool}
    return generation.table(what.test, models, **given)


def main(table: pd.DataFrame) -> pd.DataFrame:
    """The main table."""
    there = set(table["metric"])
    return wide(table, [metric for metric in (*SHOWN, *SPREAD) if metric in there])


def bodies(table: pd.DataFrame) -> pd.DataFrame:
    """The physical measures in the same form, each with its unit; lengths in millimetres."""
    some = table[table["metric"].isin(list(UNITS))].copy()
    small, numbers = some["unit"] == "m", ["expected", "seed_low", "seed_high"]
    some.loc[small, numbers] *= 1000
    told = wide(some, [name for name in UNITS if name in set(some["metric"])])
    return told.rename(columns={name: f"{name} ({'mm' if unit == 'm' else unit})" for name, unit in UNITS.items()})


def subsets(run: Run, what: Asked, encoded: Mapping[str, Latents]) -> dict[str, Mask]:
    """The leak-free clips of 01, and the clusters of 05."""
    found = evaluation.leak_free(what, run.results("01_similarity_test"))
    weights = profile_temos.sampling_weights(run)
    return {**found, **evaluation.clusters(what, weights, run.corpora, encoded, profile_temos.cluster_names(run))}


def differences(
    run: Run, what: Asked, models: Models, baseline: str, parts: Mapping[str, Mask] | None = None
) -> pd.DataFrame:
    """Each model less the baseline on all clips and on subsets; see `generation_differences`."""
    given = {"seed": run.profile.seed, "draws": run.params.bootstrap, "pool": run.params.pool}
    return generation_differences.differences(what.test, models, baseline=baseline, subsets=parts, **given)


def weighting(run: Run, what: Asked, models: Models) -> pd.DataFrame:
    """The weighted regimes less the same data unweighted; empty where there is none."""
    found = [
        differences(run, what, {plain: models[plain], name: made}, plain)
        for name, made in models.items()
        if (plain := name.removesuffix(f" {WEIGHTED}")) != name and plain in models
    ]
    return pd.concat(found, ignore_index=True) if found else differences(run, what, {}, "")


def on_all(table: pd.DataFrame) -> pd.DataFrame:
    """Differences on all clips."""
    return table[table["subset"] == ALL].reset_index(drop=True)


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Differences in the metrics of the main table, as a table shows them."""
    some = table[table["metric"].isin([*SHOWN, *SPREAD])]
    return some[[*COLUMNS]].drop(columns="subset" if set(some["subset"]) <= {ALL} else []).reset_index(drop=True)


def on_parts(table: pd.DataFrame, judged_by: Sequence[str]) -> pd.DataFrame:
    """Differences on subsets in the metrics that decide."""
    some = table[(table["subset"] != ALL) & table["metric"].isin([*judged_by])]
    return some[[*COLUMNS]].reset_index(drop=True)


def by_subset(run: Run, what: Asked, models: Models, parts: Mapping[str, Mask]) -> pd.DataFrame:
    """The scores of every model, and of real motion, on all clips and on every subset."""
    every = {ALL: np.ones(len(what.clips), dtype=bool), **parts}
    given = {"seed": run.profile.seed, "draws": run.params.bootstrap, "pool": run.params.pool}
    return generation_differences.by_subset(what.test, {REAL: what.test.real, **models}, every, **given)


def halves(run: Run, what: Asked, models: Models) -> pd.DataFrame:
    """FID and KID at equal n: real against real, real against every model."""
    return generation.halves(what.test, models, seed=run.profile.seed)


def curves(run: Run, what: Asked, models: Models) -> dict[str, pd.DataFrame]:
    """FID by the number of motions, up to the halves of `halves`; see `generation.by_size`."""
    return generation.by_size(what.test, models, smallest=SMALLEST, sizes=SIZES, seed=run.profile.seed)


def stacked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """Tables under one another, named in the column ``model``."""
    return pd.concat([one.assign(model=name) for name, one in tables.items()], ignore_index=True) if tables else None


def elsewhere(
    run: Run, every: Mapping[str, Asked], models: Mapping[str, Models], baseline: str
) -> dict[str, pd.DataFrame]:
    """Differences on the test clips of the other corpora, and on those whose actions the benchmark hardly has."""
    rule = {"rare": run.params.rare, "not_actions": run.params.not_actions}
    return {
        every[key].corpus: differences(
            run, every[key], made, baseline, evaluation.new_actions(every[key], run.benchmark, **rule)
        )
        for key, made in models.items()
    }


def side_by_side(tables: Mapping[str, pd.DataFrame], judged_by: Sequence[str]) -> pd.DataFrame | None:
    """Those differences in the metrics that decide: ``corpus, subset, model, …``."""
    parts = [one[one["metric"].isin([*judged_by])].assign(corpus=name) for name, one in tables.items() if len(one)]
    return pd.concat(parts, ignore_index=True)[["corpus", *COLUMNS]] if parts else None
