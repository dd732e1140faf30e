"""The generators of a profile: which regimes there are, their trained runs, and what there is to tell of them."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from lib.base import seals, state
from lib.corpus.generations import Generations, folder_of, read_generations
from lib.models import generated_motions
from lib.models.evaluation_prompts import Judge
from lib.models.generated_motions import Judged, Runs
from lib.models.momask.model import MoMask
from lib.models.momask.regimes import SHUFFLED, Regime, regimes
from lib.models.momask.training import train
from lib.models.tmr.checkpoint import log
from lib.run import profile_tmr
from lib.run.pipeline import BY_STEM
from lib.run.results import Run

CLUSTERING = "05_clustering"
MASKED, MASKED_STAGE = "masked", "masked transformer"


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
    """The regimes of the corpora as 06 asks for them; the weighted ones only where 05 left weights.

    Args:
        run: the notebook's, 06 or one that reads its block.
    """
    asked, weights = run.profile.evaluation, sampling_weights(run)
    if len(run.corpora) > 1 and weights is None:
        run.warn("no sampling weights from 05: the weighted regime was left out")
    return regimes(
        run.selected(asked.clips),
        run.profile.models.momask.training,
        weights=weights,
        shuffled=asked.shuffled,
        unfiltered=run.all_clips if asked.unfiltered else None,
        shares=asked.shares,
        exponents=asked.exponents,
        seed=run.profile.seed,
    )


def seeds_of(run: Run, of_regimes: Sequence[Regime]) -> dict[str, list[int]]:
    """The seeds of every regime by name: those that 06 asks for, fewer of the control where it asks for fewer."""
    asked = run.profile.evaluation
    fewer = asked.seeds if asked.control_seeds is None else asked.control_seeds
    return {one.name: fewer if one.name.endswith(f" {SHUFFLED}") else asked.seeds for one in of_regimes}


def trained_on(run: Run) -> str:
    """What a page says of the clips that TMR and the generators were trained on."""
    clips = profile_tmr.training_clips(run, run.profile.evaluation.clips, run.profile.models.momask.training)
    return f"{profile_tmr.trained_on(run)} The generators draw from {clips}."


def trained(run: Run, of_regimes: Sequence[Regime]) -> Runs:
    """The runs of all regimes and seeds, trained now unless they exist; their fingerprints are noted."""
    asked = run.profile.models.momask
    runs = train(
        [*run.selected(run.profile.evaluation.clips).values()],
        of_regimes,
        seeds_of(run, of_regimes),
        sizes=asked.sizes,
        training=asked.training,
        sentence_model=run.mpnet,
    )
    for (name, seed), folder in runs.items():
        run.model(f"MoMask, {name}, seed {seed}", str(_training(folder)["fingerprint"]))
    return runs


def generate(run: Run, runs: Runs, judges: Sequence[Judge], *, repeats: int) -> Judged:
    """What evaluators make of the motions of every generator; first repeats are kept, and 07 shows them."""
    sampling = run.profile.models.momask.sampling
    open_one = partial(MoMask.from_run_dir, sentence_model=run.mpnet)
    return generated_motions.generate_and_keep(runs, open_one, judges, repeats=repeats, sampling=sampling, workers=None)


def generate_elsewhere(
    run: Run, runs: Runs, judges: Mapping[str, Sequence[Judge]], *, repeats: int
) -> dict[str, Judged]:
    """The same for the test captions of every corpus but the first, the benchmark, by key."""
    _, *keys = judges
    return {key: generate(run, runs, judges[key], repeats=repeats) for key in keys}


def of_others(run: Run, clips: pd.DataFrame, *, folder: str | None) -> Generations | None:
    """The motions that other models made, with a warning for every fault.

    Args:
        run: the execution.
        clips: ``clip_id, frames`` of the clips whose captions they were made for.
        folder: where they lie; None looks for the benchmark's own folder of generations.

    Returns:
        None where there is no such folder.
    """
    root = next(iter(run.profile.corpora.values())).root
    place = folder_of(Path(root), folder)
    if place is None:
        return None
    frames = dict(zip(clips["clip_id"], clips["frames"].tolist(), strict=True))
    files = read_generations(place, clips["clip_id"].tolist(), frames=frames)
    if count := len(files.report) - len(files.bodies):
        run.warn(f"generations: {count:,} files are missing, refused or of another length")
    for model, reason, detail in files.bodies[["model", "reason", "detail"]].itertuples(index=False):
        run.warn(f"generations of {model} are {reason}: {detail}")
    return files


def kept_motions(
    run: Run, of_regimes: Sequence[Regime], runs: Runs, judge: Judge
) -> dict[str, tuple[Generations, list[str]]]:
    """The motions that 06 kept, made again where the cache was emptied, and those of other models.

    Returns:
        By model, the folder that was read and the names that the model has there, one a seed.
    """
    asked, prompts = run.profile.evaluation, judge.prompts
    folder = generated_motions.kept_folder(runs, prompts, run.profile.models.momask.sampling)
    if not seals.intact(folder):
        generate(run, runs, [judge], repeats=1)
    kept = read_generations(folder, prompts.clips["clip_id"].tolist())
    faulty = kept.report.drop(index=kept.bodies.index)
    if faulty["model"].ne("").any():  # what lies outside a model's folder says that the generations are complete
        run.warn("some generations that 06 kept are missing or unreadable: empty .cache/generations and run it again")
    seeds = seeds_of(run, of_regimes)
    files = {one.name: (kept, [f"{one.name} seed {seed}" for seed in seeds[one.name]]) for one in of_regimes}
    others = of_others(run, prompts.clips, folder=asked.generations)
    if others is not None:
        files |= {f"{name} {generated_motions.EXTERNAL}": (others, [name]) for name in others.models}
    return files


def summary(of_regimes: Sequence[Regime], runs: Runs, corpora: Mapping[str, object]) -> pd.DataFrame:
    """One row a regime: what it draws from, and how its trainings went (means over seeds)."""
    rows = []
    for regime in of_regimes:
        trainings = [_training(folder) for (name, _), folder in runs.items() if name == regime.name]
        shares = {f"drawn_from_{key}": share for key, share in regime.shares([*corpora]).items()}
        rows.append(
            {
                "regime": regime.name,
                "clips": int((regime.chances > 0).sum()),
                **shares,
                "seeds": len(trainings),
                "steps": int(trainings[0]["training"][MASKED]["steps"]),
                "best_step": sum(one["best_step"][MASKED_STAGE] for one in trainings) / len(trainings),
                "validation_loss": sum(one["best_val"][MASKED_STAGE] for one in trainings) / len(trainings),
                "tokenizer": trainings[0]["tokenizer"].removeprefix("rvq-")[:8],
                "tokenizer_loss": _tokenizer(runs, regime.name)["best_val"]["tokenizer"],
                "cpu_seconds": sum(one["cpu_seconds"] for one in trainings),
                "tokenizer_cpu_seconds": _tokenizer(runs, regime.name)["cpu_seconds"],
            }
        )
    return pd.DataFrame(rows).round({"best_step": 0}).astype({"best_step": int})


def logs(runs: Runs) -> pd.DataFrame:
    """The training logs of all runs: ``regime, seed, network, step, …``."""
    parts = [log(folder).assign(regime=name, seed=seed) for (name, seed), folder in runs.items()]
    return pd.concat(parts, ignore_index=True)[["regime", "seed", *parts[0].columns.drop(["regime", "seed"])]]


def _tokenizer(runs: Runs, regime: str) -> dict[str, Any]:
    folder = next(folder for (name, _), folder in runs.items() if name == regime)
    return _training(folder.parent / _training(folder)["tokenizer"])


def _training(folder: Path) -> dict[str, Any]:
    return state.required(folder / "training.json", dict[str, Any], fix="train it again: make report")
