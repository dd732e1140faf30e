"""Training generators: a tokenizer for every regime, then every regime with every seed, each once for its content."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd
from filelock import FileLock

from lib.base import atomic, seals
from lib.base.device import device_in_key
from lib.base.hashes import digest
from lib.base.paths import CACHE
from lib.corpus import Corpus
from lib.models.momask.conditions import STORE, SentenceConditions
from lib.models.momask.material import Material
from lib.models.momask.options import TOKENIZER
from lib.models.momask.regimes import Regime
from lib.models.momask.sizes import MoMaskSizes, MoMaskTraining
from lib.models.momask.tokens import SEGMENT
from lib.models.momask.work import Job, train_one
from lib.models.parallel import run_jobs
from lib.models.tmr import checkpoint
from lib.models.tmr.pairs import files_of, rows_hash, segments

VERSION = 1
"""Raised with every change to the code that changes the weights it makes."""


def train(
    corpora: Sequence[Corpus],
    regimes: Sequence[Regime],
    seeds: Mapping[str, Sequence[int]],
    *,
    sizes: MoMaskSizes | None = None,
    training: MoMaskTraining | None = None,
    sentence_model: Path | None = None,
    cache: Path = CACHE / "models",
    store: Path = STORE,
    workers: int | None = None,
    progress: bool = True,
) -> dict[tuple[str, int], Path]:
    """The run folders of generators, of which those are trained that do not exist.

    All are normalised by the statistics of the benchmark's training frames and validated on its val split, and take the
    same number of steps. A tokenizer sees the motions of its own regime alone, and is one for all seeds; regimes that
    draw the same segments alike, such as one and its control of other captions, have the same tokenizer. A folder is
    named by a hash of the benchmark's and the regime's segments and chances, the corpora's files, the sizes, the
    training, `VERSION`, and the kind of device unless it is a processor; a generator's also by the captions and the
    text model. An interrupted training goes on from its last validation and ends with the same weights, to the bit on
    the same processor and number of workers.

    Source: Guo et al. 2023 + momask-codes: train_vq.py, train_t2m_transformer.py, train_res_transformer.py,
    models/vq/vq_trainer.py (LengthEstTrainer). They take the weights with the best FID on the validation split; we take
    those with the lowest validation loss, which no evaluator has a part in. The condition is MPNet's sentence vector.

    Args:
        corpora: those of the regimes, the benchmark first.
        regimes: what to train on.
        seeds: of each regime by name, one generator each.
        sizes: of the networks; the public ones by default. The condition's width is MPNet's.
        training: how; as the public code by default. Its own seed is the tokenizers'.
        sentence_model: a folder that holds all-mpnet-base-v2.
        cache: where run folders are kept.
        store: where sentence vectors are kept.
        workers: how many are trained at a time, each by one thread; by default as many as there are processors, or one
            where there is a GPU.
        progress: whether to show bars.

    Returns:
        By regime and seed the folder, for `MoMask.from_run_dir`; beside the weights it holds `log.csv` and
        `training.json`.

    Raises:
        CorpusError: no segment to train or validate on, or an unreadable motion.
        ModelError: the text model cannot be had, or a training diverged.
    """
    training = training or MoMaskTraining()
    text = SentenceConditions(sentence_model, store=store)
    sizes = replace(sizes or MoMaskSizes(), condition=text.width)
    benchmark, val = (segments(corpora[:1], split, training) for split in ("train", "val"))
    shared: dict[str, object] = {
        "version": VERSION,
        "corpora": files_of(corpora),
        "segments": {"benchmark": rows_hash(benchmark), "val": rows_hash(val)},
        **device_in_key(),
    }
    tokenizers: dict[str, Job] = {}
    generators: dict[tuple[str, int], Job] = {}
    for regime in regimes:
        tokenizers[regime.name] = first = _tokenizer_job(
            shared, regime, val, sizes, training, cache, (sentence_model, store)
        )
        for seed in seeds[regime.name]:
            own = replace(training, seed=seed)
            content = {
                **shared,
                "tokenizer": first.target.name,
                "sizes": asdict(sizes),
                "training": {name: asdict(getattr(own, name)) for name in ("masked", "residual", "lengths")},
                "seed": seed,
                "text_model": text.producer,
                "regime": regime.hash,
            }
            target = checkpoint.run_folder(cache, "momask", content)
            generators[regime.name, seed] = replace(
                first, training=own, content=content, target=target, tokenizer=first.target
            )
    cache.mkdir(parents=True, exist_ok=True)
    if not all(job.done for job in generators.values()):
        with FileLock(cache / ".momask.lock"):
            left = _left(generators.values())
            if left:
                rows = pd.concat([benchmark, val, *(regime.rows for regime in regimes)])
                text.prepare(rows["text"].tolist(), progress=progress)
                needed = {job.tokenizer for job in left}
                missing = _left({job.target: job for job in tokenizers.values() if job.target in needed}.values())
                material = Material(left[0].material, stride=1)
                if missing:
                    material.write(corpora, rows, benchmark, progress=progress)
                jobs = [*missing, *left]
                steps = [job.steps for job in jobs]
                run_jobs(train_one, jobs, steps, desc="training generators", workers=workers, progress=progress)
                shutil.rmtree(material.folder, ignore_errors=True)
    return {named: job.target for named, job in generators.items()}


def _tokenizer_job(
    shared: dict[str, object],
    regime: Regime,
    val: pd.DataFrame,
    sizes: MoMaskSizes,
    training: MoMaskTraining,
    cache: Path,
    text: tuple[Path | None, Path],
) -> Job:
    content = {
        **shared,
        "sizes": {name: getattr(sizes, name) for name in (*TOKENIZER, "block_dropout", "motion_features")},
        "training": asdict(training.tokenizer),
        "seed": training.seed,
        "shifts": training.shifts,
        "motions": digest([("segments", rows_hash(regime.rows[SEGMENT])), ("chances", regime.chances.tobytes().hex())]),
    }
    target = checkpoint.run_folder(cache, "rvq", content)
    return Job(regime, val, sizes, training, content, target, cache / ".momask.material", None, text)


def _left(jobs: Iterable[Job]) -> list[Job]:
    left = [job for job in jobs if not job.done]
    for job in left:
        seals.say_damage(job.target, checkpoint.AGAIN)
        atomic.remove(job.target)
    return left
