"""The generations of a profile: who is asked for what, by which evaluator, and where first repeats are kept."""

import json
from functools import partial
from pathlib import Path

import pandas as pd

from lib.base import atomic, seals
from lib.base.errors import CorpusError, RunError
from lib.base.hashes import text_sha256
from lib.base.paths import CACHE
from lib.corpus.generations import Generations, folder_of, read_generations
from lib.models import latents
from lib.models.latents import Latents
from lib.models.tmr.model import TMR
from lib.run import profile_temos
from lib.run.profile_temos import Runs
from lib.run.results import Run
from lib.sections.evaluation import generation_made
from lib.sections.evaluation.generation_made import FEWEST, MOST, VERSION, Asked
from lib.sections.evaluation.generation_noise import noise_sanity
from lib.sections.evaluation.generation_sets import Made

EMBEDDING = "04_embedding_gap"


def encoded(run: Run, evaluator: TMR) -> dict[str, Latents]:
    """The latents that 04 left, by key of the corpus.

    Raises:
        RunError: they are missing, or of another evaluator.
    """
    found = {key: latents.read(run.results(EMBEDDING), key) for key in run.corpora}
    for one in found.values():
        if one.fingerprint != evaluator.fingerprint:
            told = f"latents are of TMR {one.fingerprint[:12]}, the evaluator is {evaluator.fingerprint[:12]}"
            raise RunError(told, where=EMBEDDING, fix="run it again: make report")
    return found


def asked(run: Run, found: dict[str, Latents]) -> dict[str, Asked]:
    """What generators are asked for, by key of the corpus, the benchmark first; other corpora may have nothing to ask.

    Raises:
        CorpusError: no clip of the benchmark's test split can be asked for.
    """
    given = {"normalised": run.params.normalised, "seed": run.profile.seed}
    every = {key: generation_made.asked(one, found[key], **given) for key, one in run.corpora.items()}
    if not len(next(iter(every.values())).clips):
        told = f"no test clip with a caption and a motion of {FEWEST} to {MOST - 1} frames"
        raise CorpusError(told, where=run.benchmark.name, fix="leave 06_evaluation out of the profile's notebooks")
    return {key: one for key, one in every.items() if len(one.clips)}


def spoilt(run: Run, test: Asked, evaluator: TMR) -> pd.DataFrame | None:
    """Real test motions with noise against real ones; None where a half of them might not fill a pool."""
    if len(test.clips) < 3 * run.params.pool:
        return None
    return noise_sanity(
        [run.benchmark.joints(clip_id) for clip_id in test.clips["clip_id"]],
        test.test.text,
        test.clips["base_id"],
        partial(test.latents, evaluator),
        levels=run.params.noise,
        pool=run.params.pool,
        seed=run.profile.seed,
    )


def left_out(every: dict[str, Asked]) -> pd.DataFrame:
    """How many test clips are asked for and how many are not, by reason: ``corpus, asked_for, base_clips, …``."""
    rows = [
        {
            "corpus": one.corpus,
            "asked_for": len(one.clips),
            "base_clips": one.clips["base_id"].nunique(),
            **one.left_out,
        }
        for one in every.values()
    ]
    return pd.DataFrame(rows)


def made(
    run: Run, runs: Runs, what: Asked, evaluator: TMR, others: Generations | None = None, *, repeats: int
) -> dict[str, Made]:
    """The motions of every generator of the profile, and of others; the profile's first repeats are kept for 07."""
    folder = kept(runs, what)
    complete = seals.intact(folder)
    if not complete:
        seals.say_damage(folder, "the motions are made again")
        atomic.remove(folder)
    opened = partial(profile_temos.opened, run)
    found = generation_made.made(runs, opened, what, evaluator, repeats=repeats, keep=None if complete else folder)
    if not complete:
        seals.seal(folder)
    return found if others is None else {**found, **generation_made.external(others, what, evaluator)}


def elsewhere(run: Run, runs: Runs, every: dict[str, Asked], evaluator: TMR) -> dict[str, dict[str, Made]]:
    """The motions of the same generators for the test captions of every corpus but the benchmark, by key."""
    _, *keys = every
    return {key: made(run, runs, every[key], evaluator, repeats=run.params.repeats_elsewhere) for key in keys}


def kept(runs: Runs, what: Asked) -> Path:
    """Where the first repeats lie, `<regime> seed <seed>/0/<clip_id>.npy`, by generators, captions and `VERSION`."""
    content = [VERSION, *([*map(str, key), folder.name] for key, folder in runs.items())]
    table = what.clips[["clip_id", "text", "frames"]].to_csv(index=False)
    return CACHE / "generations" / text_sha256(json.dumps([content, table]))[:16]


def external(run: Run, what: Asked) -> Generations | None:
    """What lies in the folder of generations that the parameters name, or in the benchmark's own; None without one."""
    root = next(iter(run.profile.corpora.values())).root
    folder = folder_of(Path(root), run.profile.evaluation.generations)
    if folder is None:
        return None
    frames = dict(zip(what.clips["clip_id"], what.clips["frames"].tolist(), strict=True))
    found = read_generations(folder, what.clips["clip_id"].tolist(), frames=frames)
    if files := len(found.report) - len(found.bodies):
        run.warn(f"generations: {files:,} files are missing, refused or of another length")
    for model, reason, detail in found.bodies[["model", "reason", "detail"]].itertuples(index=False):
        run.warn(f"generations of {model} are {reason}: {detail}")
    return found


def counts(found: Generations | None) -> pd.DataFrame | None:
    """How many of those files are usable, missing, refused or of another length."""
    return None if found is None else found.summary()


def faults(found: Generations | None) -> pd.DataFrame | None:
    """Every fault of those files, their paths named so that they are withheld where ids are."""
    return None if found is None else found.report.rename(columns={"path": "file_source"})
