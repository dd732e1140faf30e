"""Training generators: a tokenizer for every regime, then every regime with every seed, each once for its content."""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd
import torch
from filelock import FileLock

from lib.base import atomic, seals
from lib.base.device import resolve_device
from lib.base.hashes import digest
from lib.base.paths import CACHE
from lib.corpus import Corpus
from lib.models.momask.conditions import STORE, SentenceConditions
from lib.models.momask.length_estimator import LengthEstimator
from lib.models.momask.masked import MaskTransformer
from lib.models.momask.model import MoMask
from lib.models.momask.options import TOKENIZER
from lib.models.momask.quantizer import Averages
from lib.models.momask.residual import ResidualTransformer
from lib.models.momask.sizes import MoMaskSizes, MoMaskTraining
from lib.models.momask.stage import Stage, train_stage
from lib.models.momask.text_stages import LengthStage, MaskedStage, ResidualStage, Texts
from lib.models.momask.tokenizer import RVQVAE
from lib.models.momask.tokenizer_stage import TokenizerStage, scales
from lib.models.momask.tokens import SEGMENT, Tokens, write_tokens
from lib.models.momask.weights import OURS, Weights
from lib.models.parallel import run_jobs
from lib.models.temos.material import Material
from lib.models.temos.regimes import Regime
from lib.models.tmr import checkpoint
from lib.models.tmr.checkpoint import Standing
from lib.models.tmr.pairs import files_of, rows_hash, segments
from lib.models.tmr.run import load, save

VERSION = 1
"""Raised with every change to the code that changes the weights it makes."""


@dataclass(frozen=True, eq=False)
class Job:
    """One tokenizer, or one generator, to train: what its process is told.

    Attributes:
        regime: what it sees.
        val: the segments it is validated on.
        sizes: of its networks.
        training: how, with its seed.
        content: what its folder is named by.
        target: the folder.
        material: where the motions of all regimes lie.
        tokenizer: the folder of the regime's tokenizer; None where that is what is trained.
        text: MPNet's folder and store, as `SentenceConditions` takes them.
    """

    regime: Regime
    val: pd.DataFrame
    sizes: MoMaskSizes
    training: MoMaskTraining
    content: dict[str, object]
    target: Path
    material: Path
    tokenizer: Path | None
    text: tuple[Path | None, Path]

    @property
    def done(self) -> bool:
        """Whether the folder is there and as it was made."""
        return seals.intact(self.target)

    @property
    def steps(self) -> int:
        """Of all its stages."""
        how = self.training
        stages = (how.tokenizer,) if self.tokenizer is None else (how.masked, how.residual, how.lengths)
        return sum(stage.steps for stage in stages)


def train(
    corpora: Sequence[Corpus],
    regimes: Sequence[Regime],
    seeds: Sequence[int],
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
    draw the same segments alike, such as one and its control of other captions, have the same tokenizer. A folder's name
    is a hash of the benchmark's and the regime's segments and chances, the corpora's files, the sizes, the training and
    `VERSION`; a generator's also of its captions and the text model. An interrupted training goes on from its last
    validation and ends with the same weights, to the bit on the same processor and number of workers.

    Source: Guo et al. 2023 + momask-codes: train_vq.py, train_t2m_transformer.py, train_res_transformer.py,
    models/vq/vq_trainer.py (LengthEstTrainer). They take the weights with the best FID on the validation split; we take
    those with the lowest validation loss, which no evaluator has a part in. The condition is MPNet's sentence vector.

    Args:
        corpora: those of the regimes, the benchmark first.
        regimes: what to train on.
        seeds: one generator each.
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
    }
    tokenizers: dict[str, Job] = {}
    generators: dict[tuple[str, int], Job] = {}
    for regime in regimes:
        tokenizers[regime.name] = first = _tokenizer_job(
            shared, regime, val, sizes, training, cache, (sentence_model, store)
        )
        for seed in seeds:
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
                missing = _left({job.target: job for job in tokenizers.values()}.values())
                if missing:
                    material = Material(missing[0].material, stride=1)
                    material.write(corpora, rows, benchmark, progress=progress)
                    _run(_train_tokenizer, missing, "training tokenizers", workers, progress)
                    shutil.rmtree(material.folder)
                _run(_train_generator, left, "training generators", workers, progress)
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


def _run(
    work: Callable[[Job, Callable[[int], object]], None], jobs: list[Job], desc: str, workers: int | None, bar: bool
) -> None:
    run_jobs(work, jobs, [job.steps for job in jobs], desc=desc, workers=workers, progress=bar)


def _left(jobs: Iterable[Job]) -> list[Job]:
    left = [job for job in jobs if not job.done]
    for job in left:
        seals.say_damage(job.target, checkpoint.AGAIN)
    return left


def _train_tokenizer(job: Job, told: Callable[[int], object]) -> None:
    material, sizes, device = Material(job.material, stride=1), job.sizes, resolve_device()
    mean, std = material.statistics()
    statistics = mean.to(device), scales(std).to(device)
    pairs, val = material.pairs(job.regime.rows), material.pairs(job.val)
    scratch = _scratch(job)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(job.training.seed)
        network = RVQVAE(sizes).to(device)
        averages = Averages(sizes.quantizers, sizes.codes, sizes.code_dim, decay=job.training.tokenizer.decay).to(
            device
        )
        stage = TokenizerStage(network, averages, pairs, job.regime.chances, val, job.training, statistics)
        standing = train_stage(stage, job.training.seed, scratch / "tokenizer.pt", told)
    part = scratch / f"run-{os.getpid()}"
    part.mkdir()
    both = material.pairs(pd.concat([job.regime.rows, job.val], ignore_index=True))
    write_tokens(part, network, both, statistics, job.training.shifts)
    weights = {name: tensor.cpu() for name, tensor in network.state_dict().items()}
    save({"tokenizer": weights, "mean": mean, "std": statistics[1].cpu()}, part / "weights.pt")
    _publish(job, part, {"tokenizer": standing}, {})


def _train_generator(job: Job, told: Callable[[int], object]) -> None:
    assert job.tokenizer is not None
    sizes, device, scratch, how = job.sizes, resolve_device(), _scratch(job), job.training
    held = load(job.tokenizer / "weights.pt")
    tokenizer = RVQVAE(sizes)
    tokenizer.load_state_dict(held["tokenizer"])
    texts, val = (_texts(job, rows, device) for rows in (job.regime.rows, job.val))
    standings: dict[str, Standing] = {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(how.seed)
        masked, residual = MaskTransformer(sizes).to(device), ResidualTransformer(sizes).to(device)
        lengths = LengthEstimator(sizes.condition).to(device)
        stages: tuple[Stage, ...] = (
            MaskedStage(masked, texts, job.regime.chances, val, how.masked),
            ResidualStage(residual, texts, job.regime.chances, val, how.residual),
            LengthStage(lengths, texts, job.regime.chances, val, how),
        )
        for stage in stages:
            file = scratch / f"{stage.name.replace(' ', '_')}.pt"
            standings[stage.name] = train_stage(stage, how.seed, file, told)
    condition = SentenceConditions.name
    momask = MoMask(Weights(tokenizer, masked, residual, lengths, held["mean"], held["std"], condition)).cpu()
    part = scratch / f"run-{os.getpid()}"
    best = dict(zip(OURS, (how.tokenizer.steps, *(_best(one)["step"] for one in standings.values())), strict=True))
    shares = how.masked.unconditional, how.residual.unconditional
    momask.to_run_dir(part, shares=shares, facts={name: int(step) for name, step in best.items()})
    size = sum(parameter.numel() for parameter in momask.parameters())
    _publish(job, part, standings, {"parameters": size, "fingerprint": momask.fingerprint})


def _texts(job: Job, rows: pd.DataFrame, device: torch.device) -> Texts:
    assert job.tokenizer is not None
    folder, store = job.text
    tokens = Tokens(job.tokenizer, rows)
    return Texts(rows, tokens, SentenceConditions(folder, store=store), device)


def _scratch(job: Job) -> Path:
    folder = job.target.with_name(f".{job.target.name}.part")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _best(standing: Standing) -> dict[str, float]:
    return standing.log[standing.best_epoch]


def _publish(job: Job, part: Path, standings: dict[str, Standing], facts: dict[str, object]) -> None:
    """Adds logs and facts to a folder, which appears whole and sealed; the checkpoints go."""
    logs = [pd.DataFrame(standing.log).assign(network=name) for name, standing in standings.items()]
    log = pd.concat(logs, ignore_index=True)
    log[["network", *log.columns.drop("network")]].to_csv(part / "log.csv", index=False)
    noted = {
        **job.content,
        "regime_name": job.regime.name,
        "clips": len(job.regime.chances),
        "best_step": {name: int(_best(standing)["step"]) for name, standing in standings.items()},
        "best_val": {name: -standing.best_score for name, standing in standings.items()},
        "cpu_seconds": float(log["cpu_seconds"].sum()),
        **facts,
    }
    (part / "training.json").write_text(json.dumps(noted, indent=1), encoding="utf-8")
    seals.seal(part)
    atomic.swap_in(part, job.target)
    shutil.rmtree(part.parent, ignore_errors=True)
