"""Training generators: every regime with every seed, each once for its content, several at a time."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd
import torch
from filelock import FileLock

from lib.base import seals
from lib.base.device import resolve_device
from lib.base.paths import CACHE
from lib.corpus import Corpus
from lib.models.parallel import run_jobs
from lib.models.temos.epoch import learn, validated
from lib.models.temos.material import Material
from lib.models.temos.model import TEMOS
from lib.models.temos.regimes import Regime
from lib.models.temos.sizes import TEMOSTraining
from lib.models.tmr import checkpoint
from lib.models.tmr.pairs import files_of, rows_hash, segments
from lib.models.tmr.sizes import TMRSizes
from lib.models.tmr.text import STORE, TokenFeatures

VERSION = 3
"""Raised with every change to the code that changes the weights it makes."""


@dataclass(frozen=True, eq=False)
class Job:
    """One generator to train: what its process is told.

    Attributes:
        regime: what it sees.
        val: the segments it is validated on.
        sizes: of its networks.
        training: how, with its seed.
        text: text model, MPNet's folder and store, as `TMR` takes them.
        content: what its folder is named by.
        target: the folder.
        material: where the motions of all regimes lie.
    """

    regime: Regime
    val: pd.DataFrame
    sizes: TMRSizes
    training: TEMOSTraining
    text: tuple[str | Path | None, Path | None, Path]
    content: dict[str, object]
    target: Path
    material: Path

    @property
    def done(self) -> bool:
        """Whether the folder is there and as it was made."""
        return checkpoint.is_sound(self.target, TEMOS)


def train(
    corpora: Sequence[Corpus],
    regimes: Sequence[Regime],
    seeds: Sequence[int],
    *,
    sizes: TMRSizes | None = None,
    training: TEMOSTraining | None = None,
    text_model: str | Path | None = None,
    sentence_model: Path | None = None,
    cache: Path = CACHE / "models",
    store: Path = STORE,
    workers: int | None = None,
    progress: bool = True,
) -> dict[tuple[str, int], Path]:
    """The run folders of generators, of which those are trained that do not exist.

    All are normalised by the statistics of the benchmark's training frames and validated on its val split, and take the
    same number of steps. A folder's name is a hash of the benchmark's and the regime's segments and chances, the
    corpora's files, the sizes, the training, the text model and `VERSION`. An interrupted training goes on from its
    last validation and ends with the same weights, to the bit on the same machine and number of workers.

    Source: Petrovich et al. 2022 + Mathux/TMR: train.py, with the differences that `TEMOSTraining` tells.

    Args:
        corpora: those of the regimes, the benchmark first.
        regimes: what to train on.
        seeds: one generator each.
        sizes: of the networks; the paper's by default.
        training: how; the paper's by default. Its own seed is not used.
        text_model: folder or name of the model whose token states are read; MPNet by default.
        sentence_model: a folder that holds all-mpnet-base-v2.
        cache: where run folders are kept.
        store: where token states are kept.
        workers: how many are trained at a time, each by one thread; by default as many as there are processors, or one
            where there is a GPU.
        progress: whether to show bars.

    Returns:
        By regime and seed the folder, for `TEMOS.from_run_dir`; beside the weights it holds `log.csv` and
        `training.json`.

    Raises:
        CorpusError: no segment to train or validate on, or an unreadable motion.
        ModelError: the text model cannot be had, or a training diverged.
    """
    sizes, training = sizes or TMRSizes(), training or TEMOSTraining()
    text = TokenFeatures(text_model, sentence_model=sentence_model, store=store)
    benchmark, val = (segments(corpora[:1], split, training) for split in ("train", "val"))
    shared = {
        "version": VERSION,
        "sizes": asdict(sizes),
        "text_model": text.producer,
        "corpora": files_of(corpora),
        "segments": {"benchmark": rows_hash(benchmark), "val": rows_hash(val)},
    }
    jobs = {}
    for regime in regimes:
        for seed in seeds:
            own = replace(training, seed=seed)
            content = {**shared, "training": asdict(own), "regime": regime.hash}
            target = checkpoint.run_folder(cache, "temos", content)
            given = (text_model, sentence_model, store)
            jobs[regime.name, seed] = Job(regime, val, sizes, own, given, content, target, cache / ".temos.material")
    cache.mkdir(parents=True, exist_ok=True)
    if not all(job.done for job in jobs.values()):
        with FileLock(cache / ".temos.lock"):
            left = [job for job in jobs.values() if not job.done]
            for job in left:
                seals.say_damage(job.target, checkpoint.AGAIN)
            if left:
                rows = pd.concat([benchmark, val, *(regime.rows for regime in regimes)])
                text.prepare(rows["text"].tolist(), progress=progress)
                material = Material(left[0].material, sizes.stride)
                material.write(corpora, rows, benchmark, progress=progress)
                steps = [job.training.steps for job in left]
                run_jobs(_work, left, steps, desc="training generators", workers=workers, progress=progress)
                shutil.rmtree(material.folder)
    return {named: job.target for named, job in jobs.items()}


def _work(job: Job, told: Callable[[int], object]) -> None:
    material = Material(job.material, job.sizes.stride)
    mean, std = material.statistics()
    text_model, sentence_model, store = job.text
    pairs, val = material.pairs(job.regime.rows), material.pairs(job.val)
    resume_file = job.target.with_name(f".{job.target.name}.part") / "checkpoint.pt"
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(job.training.seed)
        temos = TEMOS(job.sizes, mean, std, text_model=text_model, sentence_model=sentence_model, store=store)
        temos.to(resolve_device())
        optimiser = torch.optim.AdamW(temos.parameters(), lr=job.training.lr, fused=True)
        standing = checkpoint.resume(resume_file, temos, optimiser)
        done = min(standing.epoch * job.training.every, job.training.steps)
        told(done)
        while standing.epoch < job.training.checks:
            start, check = time.process_time(), standing.epoch
            row = learn(temos, optimiser, pairs, job.regime.chances, job.training, check, told=lambda: told(1))
            loss = validated(temos, val)
            row = {"step": check * job.training.every + job.training.steps_of(check), **row, "val": loss}
            standing.note(row | {"cpu_seconds": time.process_time() - start}, -loss, temos)
            checkpoint.save(resume_file, standing, temos, optimiser)
    facts = {
        **job.content,
        "regime_name": job.regime.name,
        "clips": len(job.regime.chances),
        "best_step": standing.log[standing.best_epoch]["step"],
        "best_val": -standing.best_score,
        "cpu_seconds": sum(row["cpu_seconds"] for row in standing.log),
    }
    checkpoint.publish(temos, standing, facts, resume_file.parent, job.target)
