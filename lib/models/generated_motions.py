"""From captions to motions to an evaluator's latents, for generators that run here and for files of other models."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base import atomic, cache_use, seals
from lib.base.device import device_in_key
from lib.base.hashes import text_sha256
from lib.base.paths import CACHE
from lib.corpus.generations import Generations, write_generations
from lib.metrics.movement import UNITS, bodies
from lib.models.evaluation_prompts import EvaluationPrompts, Judge
from lib.models.generated_latents import GeneratedLatents
from lib.models.momask.model import MoMask
from lib.models.momask.sizes import Sampling
from lib.models.parallel import run_jobs

Floats = NDArray[np.float32]
Runs = Mapping[tuple[str, int], Path]
"""Run folders by regime and seed."""
Judged = dict[str, dict[str, GeneratedLatents]]
"""Motions as evaluators see them, by evaluator and by regime or model of others."""
EXTERNAL = "(external)"
VERSION = 2
"""Raised with every change to the code that changes the motions that generators make."""


def kept_folder(runs: Runs, prompts: EvaluationPrompts, sampling: Sampling) -> Path:
    """Where first repeats lie, ``<regime> seed <seed>/0/<clip_id>.npy``, by generators, captions, draw and device."""
    content = [VERSION, asdict(sampling), *([*map(str, key), folder.name] for key, folder in runs.items())]
    content += device_in_key().values()
    table = prompts.clips[["clip_id", "text", "frames"]].to_csv(index=False)
    return cache_use.note(CACHE / "generations" / text_sha256(json.dumps([content, table]))[:16])


def generate_and_keep(
    runs: Runs,
    opened: Callable[[Path], MoMask],
    judges: Sequence[Judge],
    *,
    repeats: int,
    sampling: Sampling,
    workers: int | None = 1,
) -> Judged:
    """`generate`, whose first repeats are written to the `kept_folder` and sealed, unless they lie there intact."""
    folder = kept_folder(runs, judges[0].prompts, sampling)
    complete = seals.intact(folder)
    if not complete:
        seals.say_damage(folder, "the motions are made again")
        atomic.remove(folder)
    keep = None if complete else folder
    judged = generate(runs, opened, judges, repeats=repeats, sampling=sampling, keep=keep, workers=workers)
    if not complete:
        seals.seal(folder)
    return judged


def generate(
    runs: Runs,
    opened: Callable[[Path], MoMask],
    judges: Sequence[Judge],
    *,
    repeats: int,
    sampling: Sampling,
    keep: Path | None = None,
    workers: int | None = 1,
    progress: bool = True,
) -> Judged:
    """What evaluators make of every generator's motions for the prompts; repeats have the same noise everywhere.

    Args:
        runs: run folders.
        opened: opens a run folder.
        judges: the evaluators, all with the same prompts.
        repeats: motions a caption.
        sampling: how motions are drawn.
        keep: where the first repeat is written, as ``<regime> seed <seed>/0/<clip_id>.npy``.
        workers: how many generators run at a time, as `run_jobs` takes it; more than one need `opened` and evaluators
            that can be pickled.
        progress: whether to show a bar.

    Returns:
        By judge and regime. Measures of bodies are those of the first repeat.

    Raises:
        ValueError: an evaluator is one of the generators.
    """
    jobs = [_Job(*key, folder, opened, judges, repeats, sampling, keep) for key, folder in runs.items()]
    desc, steps = f"generating for {judges[0].prompts.corpus}", [repeats] * len(jobs)
    latents: dict[tuple[str, str], list[Floats]] = {}
    measured: dict[str, list[pd.DataFrame]] = {}
    for job, (seen, of_bodies) in zip(
        jobs, run_jobs(_of_run, jobs, steps, desc=desc, workers=workers, progress=progress), strict=True
    ):
        measured.setdefault(job.regime, []).append(of_bodies)
        for judge, of_repeats in seen.items():
            latents.setdefault((judge, job.regime), []).append(of_repeats)
    body = {
        name: {measure: np.stack([rows[[measure]].T for rows in of_seeds]) for measure in UNITS}
        for name, of_seeds in measured.items()
    }
    return {
        judge.name: {
            name: GeneratedLatents(np.stack(latents[judge.name, name]), of_name) for name, of_name in body.items()
        }
        for judge in judges
    }


@dataclass(frozen=True, eq=False)
class _Job:
    """One generator: what its process is given."""

    regime: str
    seed: int
    folder: Path
    opened: Callable[[Path], MoMask]
    judges: Sequence[Judge]
    repeats: int
    sampling: Sampling
    keep: Path | None


def _of_run(job: _Job, told: Callable[[int], object]) -> tuple[dict[str, Floats], pd.DataFrame]:
    """Latents (repeats, prompts, d) of a generator's motions by evaluator, and what the first repeat's bodies do."""
    prompts, momask = job.judges[0].prompts, job.opened(job.folder)
    if momask.fingerprint in {judge.evaluator.fingerprint for judge in job.judges}:
        raise ValueError("a generator cannot judge itself")
    conditions, frames = momask.vectors(prompts.clips["text"].tolist()), prompts.clips["frames"].tolist()
    latents: dict[str, list[Floats]] = {judge.name: [] for judge in job.judges}
    measured = pd.DataFrame()
    for repeat in range(job.repeats):
        motions = momask.generate(conditions, frames, seed=repeat, sampling=job.sampling)
        for judge in job.judges:
            latents[judge.name].append(judge.latents(motions))
        if repeat == 0:
            measured = bodies(motions)
            if job.keep is not None:
                by_clip = dict(zip(prompts.clips["clip_id"], motions, strict=True))
                write_generations(job.keep, f"{job.regime} seed {job.seed}", 0, by_clip)
        told(1)
    return {name: np.stack(of_repeats) for name, of_repeats in latents.items()}, measured


def of_files(files: Generations | None, judges: Sequence[Judge]) -> Judged:
    """What evaluators make of the motions that other models made, by name and `EXTERNAL`.

    NaN stands where a motion is missing or refused.
    """
    judged: dict[str, dict[str, GeneratedLatents]] = {judge.name: {} for judge in judges}
    prompts = judges[0].prompts
    place = {clip: at for at, clip in enumerate(prompts.clips["clip_id"])}
    for name in files.models if files is not None else ():
        assert files is not None
        repeats = files.repeats(name)
        shape = (1, len(repeats), len(place))
        latents = {judge.name: np.full((*shape, judge.prompts.test.text.shape[1]), np.nan) for judge in judges}
        body = {measure: np.full((1, 1, len(place)), np.nan) for measure in UNITS}
        for number, repeat in enumerate(repeats):
            clips, motions = zip(*files.motions(name, repeat), strict=True)
            rows = [place[clip] for clip in clips]
            for judge in judges:
                latents[judge.name][0, number, rows] = judge.latents(motions)
            if number == 0:
                measured = bodies(motions)
                for measure in UNITS:
                    body[measure][0, 0, rows] = measured[measure]
        for judge in judges:
            judged[judge.name][f"{name} {EXTERNAL}"] = GeneratedLatents(latents[judge.name], body)
    return judged


def joined(first: Judged, second: Judged) -> Judged:
    """The motions of both, by evaluator."""
    return {judge: {**models, **second[judge]} for judge, models in first.items()}


def usable(files: Generations | None) -> pd.DataFrame | None:
    """How many of those files are usable, missing, refused or of another length."""
    return None if files is None else files.summary()


def faults(files: Generations | None) -> pd.DataFrame | None:
    """Every fault of those files, their paths named so that they are withheld where ids are."""
    return None if files is None else files.report.rename(columns={"path": "file_source"})
