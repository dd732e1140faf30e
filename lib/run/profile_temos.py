"""The generators of a profile: which regimes there are, their trained runs, and what there is to tell of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from lib.base import state
from lib.models.temos.model import TEMOS
from lib.models.temos.regimes import Regime, regimes
from lib.models.temos.training import log, train
from lib.run.pipeline import BY_STEM
from lib.run.results import Run

CLUSTERING = "05_clustering"
Runs = dict[tuple[str, int], Path]
"""By regime and seed, the run folder."""


def sampling_weights(run: Run) -> pd.DataFrame | None:
    """The weights that 05 left: ``clip_id, cluster, weight``; None where the profile does not run it."""
    if CLUSTERING not in BY_STEM or CLUSTERING not in run.profile.notebooks:
        return None
    file = run.results(CLUSTERING) / "sampling_weights.parquet"
    return pd.read_parquet(file) if file.is_file() else None


def cluster_names(run: Run) -> dict[str, str]:
    """Names that 05 gave its clusters, by label as text; empty where it left none."""
    if CLUSTERING not in BY_STEM:
        return {}
    file = run.results(CLUSTERING) / "tables" / "draws.csv"
    table = pd.read_csv(file, dtype=str) if file.is_file() else pd.DataFrame(columns=["cluster", "name"])
    return dict(zip(table["cluster"], table["name"], strict=True))


def regimes_of(run: Run) -> list[Regime]:
    """The regimes of the profile's corpora; the weighted one where there are weights, the control where asked for."""
    training = run.profile.models.temos.training
    weights = sampling_weights(run)
    asked = run.profile.evaluation
    found = regimes(run.corpora, training, weights=weights, shuffled=asked.shuffled, seed=run.profile.seed)
    if len(run.corpora) > 1 and weights is None:
        run.warn("no sampling weights from 05: the weighted regime was left out")
    return found


def trained(run: Run, found: list[Regime]) -> Runs:
    """The runs of all regimes and seeds, trained now unless they exist; their fingerprints are noted."""
    asked = run.profile.models.temos
    runs = train(
        [*run.corpora.values()],
        found,
        run.profile.evaluation.seeds,
        sizes=asked.sizes,
        training=asked.training,
        text_model=run.profile.models.tmr.text_model,
        sentence_model=run.mpnet,
    )
    for (name, seed), folder in runs.items():
        run.model(f"TEMOS, {name}, seed {seed}", str(_told(folder)["fingerprint"]))
    return runs


def opened(run: Run, folder: Path) -> TEMOS:
    """The generator of a run folder."""
    return TEMOS.from_run_dir(folder, text_model=run.profile.models.tmr.text_model, sentence_model=run.mpnet)


def summary(found: list[Regime], runs: Runs, corpora: Mapping[str, object]) -> pd.DataFrame:
    """One row a regime: what it draws from, and how its trainings went (means over seeds)."""
    rows = []
    for regime in found:
        told = [_told(folder) for (name, _), folder in runs.items() if name == regime.name]
        shares = {f"drawn_from_{key}": share for key, share in regime.shares([*corpora]).items()}
        rows.append(
            {
                "regime": regime.name,
                "clips": int((regime.chances > 0).sum()),
                **shares,
                "seeds": len(told),
                "steps": int(told[0]["training"]["steps"]),
                "best_step": sum(one["best_step"] for one in told) / len(told),
                "validation_loss": sum(one["best_val"] for one in told) / len(told),
                "cpu_seconds": sum(one["cpu_seconds"] for one in told),
            }
        )
    return pd.DataFrame(rows).round({"best_step": 0}).astype({"best_step": int})


def logs(runs: Runs) -> pd.DataFrame:
    """The training logs of all runs: ``regime, seed, step, …``."""
    parts = [log(folder).assign(regime=name, seed=seed) for (name, seed), folder in runs.items()]
    return pd.concat(parts, ignore_index=True)[["regime", "seed", *parts[0].columns.drop(["regime", "seed"])]]


def _told(folder: Path) -> dict[str, Any]:
    return state.required(folder / "training.json", dict[str, Any], fix="train it again: make report")
