"""From captions to motions to an evaluator's latents, for generators that run here and for files of other models."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from lib.base import atomic, seals
from lib.base.hashes import text_sha256
from lib.base.paths import CACHE
from lib.corpus.generations import Generations, write_generations
from lib.metrics.physical import UNITS, physical
from lib.models.evaluation_prompts import EvaluationPrompts
from lib.models.generated_latents import GeneratedLatents
from lib.models.temos.model import TEMOS
from lib.models.tmr.model import TMR
from lib.motion.features import recover_joints

Floats = NDArray[np.float32]
Runs = Mapping[tuple[str, int], Path]
"""Run folders by regime and seed; every regime has the same number of seeds."""
EXTERNAL = "(external)"
VERSION = 1
"""Raised with every change to the code that changes the motions that generators make."""


def kept_folder(runs: Runs, prompts: EvaluationPrompts) -> Path:
    """Where first repeats lie, ``<regime> seed <seed>/0/<clip_id>.npy``, by generators, captions and `VERSION`."""
    content = [VERSION, *([*map(str, key), folder.name] for key, folder in runs.items())]
    table = prompts.clips[["clip_id", "text", "frames"]].to_csv(index=False)
    return CACHE / "generations" / text_sha256(json.dumps([content, table]))[:16]


def generate_and_keep(
    runs: Runs, opened: Callable[[Path], TEMOS], prompts: EvaluationPrompts, evaluator: TMR, *, repeats: int
) -> dict[str, GeneratedLatents]:
    """`generate`, whose first repeats are written to the `kept_folder` and sealed, unless they lie there intact."""
    folder = kept_folder(runs, prompts)
    complete = seals.intact(folder)
    if not complete:
        seals.say_damage(folder, "the motions are made again")
        atomic.remove(folder)
    generated = generate(runs, opened, prompts, evaluator, repeats=repeats, keep=None if complete else folder)
    if not complete:
        seals.seal(folder)
    return generated


def generate(
    runs: Runs,
    opened: Callable[[Path], TEMOS],
    prompts: EvaluationPrompts,
    evaluator: TMR,
    *,
    repeats: int,
    keep: Path | None = None,
    progress: bool = True,
) -> dict[str, GeneratedLatents]:
    """The evaluator's latents of every generator's motions for the prompts; repeats have the same noise everywhere.

    Args:
        runs: run folders.
        opened: opens a run folder.
        prompts: the captions.
        evaluator: another model than any generator.
        repeats: motions a caption.
        keep: where the first repeat is written, as ``<regime> seed <seed>/0/<clip_id>.npy``.
        progress: whether to show a bar.

    Returns:
        By regime. Physical measures are those of the first repeat.

    Raises:
        ValueError: the evaluator is one of the generators.
    """
    texts, frames = prompts.clips["text"].tolist(), prompts.clips["frames"].tolist()
    latents: dict[str, list[Floats]] = {}
    bodies: dict[str, list[pd.DataFrame]] = {}
    for (name, seed), folder in tqdm(runs.items(), desc=f"generating for {prompts.corpus}", disable=not progress):
        temos = opened(folder)
        if temos.fingerprint == evaluator.fingerprint:
            raise ValueError("a generator cannot judge itself")
        captions = temos.gaussians(texts)
        of_repeats = []
        for repeat in range(repeats):
            motions = temos.decode(captions, frames, seed=repeat)
            of_repeats.append(prompts.latents(evaluator, motions))
            if repeat == 0:
                bodies.setdefault(name, []).append(physical(recover_joints(motion) for motion in motions))
                if keep is not None:
                    by_clip = dict(zip(prompts.clips["clip_id"], motions, strict=True))
                    write_generations(keep, f"{name} seed {seed}", 0, by_clip)
        latents.setdefault(name, []).append(np.stack(of_repeats))
    return {
        name: GeneratedLatents(
            np.stack(of_seeds), {measure: np.stack([body[[measure]].T for body in bodies[name]]) for measure in UNITS}
        )
        for name, of_seeds in latents.items()
    }


def of_files(files: Generations | None, prompts: EvaluationPrompts, evaluator: TMR) -> dict[str, GeneratedLatents]:
    """The latents of motions that other models made, by name and `EXTERNAL`; NaN where one is missing or refused."""
    if files is None:
        return {}
    place = {clip: at for at, clip in enumerate(prompts.clips["clip_id"])}
    models = {}
    for name in files.models:
        repeats = files.repeats(name)
        latents = np.full((1, len(repeats), len(place), prompts.test.text.shape[1]), np.nan)
        body = {measure: np.full((1, 1, len(place)), np.nan) for measure in UNITS}
        for number, repeat in enumerate(repeats):
            clips, motions = zip(*files.motions(name, repeat), strict=True)
            rows = [place[clip] for clip in clips]
            latents[0, number, rows] = prompts.latents(evaluator, motions)
            if number == 0:
                measured = physical(recover_joints(motion) for motion in motions)
                for measure in UNITS:
                    body[measure][0, 0, rows] = measured[measure]
        models[f"{name} {EXTERNAL}"] = GeneratedLatents(latents, body)
    return models


def usable(files: Generations | None) -> pd.DataFrame | None:
    """How many of those files are usable, missing, refused or of another length."""
    return None if files is None else files.summary()


def faults(files: Generations | None) -> pd.DataFrame | None:
    """Every fault of those files, their paths named so that they are withheld where ids are."""
    return None if files is None else files.report.rename(columns={"path": "file_source"})
