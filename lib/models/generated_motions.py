"""From captions to motions to an evaluator's latents, for generators that run here and for files of other models."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from lib.base import atomic, seals
from lib.base.hashes import text_sha256
from lib.base.paths import CACHE
from lib.corpus.generations import Generations, write_generations
from lib.metrics.movement import UNITS, bodies
from lib.models.evaluation_prompts import EvaluationPrompts, Judge
from lib.models.generated_latents import GeneratedLatents
from lib.models.momask.model import MoMask
from lib.models.momask.sizes import Sampling

Floats = NDArray[np.float32]
Runs = Mapping[tuple[str, int], Path]
"""Run folders by regime and seed."""
Judged = dict[str, dict[str, GeneratedLatents]]
"""Motions as evaluators see them, by evaluator and by regime or model of others."""
EXTERNAL = "(external)"
VERSION = 2
"""Raised with every change to the code that changes the motions that generators make."""


def kept_folder(runs: Runs, prompts: EvaluationPrompts, sampling: Sampling) -> Path:
    """Where first repeats lie, ``<regime> seed <seed>/0/<clip_id>.npy``, by generators, captions and draw."""
    content = [VERSION, asdict(sampling), *([*map(str, key), folder.name] for key, folder in runs.items())]
    table = prompts.clips[["clip_id", "text", "frames"]].to_csv(index=False)
    return CACHE / "generations" / text_sha256(json.dumps([content, table]))[:16]


def generate_and_keep(
    runs: Runs, opened: Callable[[Path], MoMask], judges: Sequence[Judge], *, repeats: int, sampling: Sampling
) -> Judged:
    """`generate`, whose first repeats are written to the `kept_folder` and sealed, unless they lie there intact."""
    folder = kept_folder(runs, judges[0].prompts, sampling)
    complete = seals.intact(folder)
    if not complete:
        seals.say_damage(folder, "the motions are made again")
        atomic.remove(folder)
    judged = generate(runs, opened, judges, repeats=repeats, sampling=sampling, keep=None if complete else folder)
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
        progress: whether to show a bar.

    Returns:
        By judge and regime. Measures of bodies are those of the first repeat.

    Raises:
        ValueError: an evaluator is one of the generators.
    """
    prompts = judges[0].prompts
    texts, frames = prompts.clips["text"].tolist(), prompts.clips["frames"].tolist()
    latents: dict[tuple[str, str], list[Floats]] = {}
    measured: dict[str, list[pd.DataFrame]] = {}
    for (name, seed), folder in tqdm(runs.items(), desc=f"generating for {prompts.corpus}", disable=not progress):
        momask = opened(folder)
        if momask.fingerprint in {judge.evaluator.fingerprint for judge in judges}:
            raise ValueError("a generator cannot judge itself")
        conditions = momask.vectors(texts)
        of_repeats: dict[str, list[Floats]] = {judge.name: [] for judge in judges}
        for repeat in range(repeats):
            motions = momask.generate(conditions, frames, seed=repeat, sampling=sampling)
            for judge in judges:
                of_repeats[judge.name].append(judge.latents(motions))
            if repeat == 0:
                measured.setdefault(name, []).append(bodies(motions))
                if keep is not None:
                    by_clip = dict(zip(prompts.clips["clip_id"], motions, strict=True))
                    write_generations(keep, f"{name} seed {seed}", 0, by_clip)
        for judge in judges:
            latents.setdefault((judge.name, name), []).append(np.stack(of_repeats[judge.name]))
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
