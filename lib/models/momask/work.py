"""What one process of a training does: a tokenizer with the tokens of its regime, or a generator."""

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import torch

from lib.base import atomic, seals
from lib.base.device import resolve_device
from lib.models.momask.conditions import SentenceConditions
from lib.models.momask.length_estimator import LengthEstimator
from lib.models.momask.masked import MaskTransformer
from lib.models.momask.material import Material
from lib.models.momask.model import MoMask
from lib.models.momask.quantizer import Averages
from lib.models.momask.regimes import Regime
from lib.models.momask.residual import ResidualTransformer
from lib.models.momask.sizes import MoMaskSizes, MoMaskTraining
from lib.models.momask.stage import Stage, train_stage
from lib.models.momask.text_stages import LengthStage, MaskedStage, ResidualStage, Texts
from lib.models.momask.tokenizer import RVQVAE
from lib.models.momask.tokenizer_stage import TokenizerStage, scales
from lib.models.momask.tokens import Tokens, write_tokens
from lib.models.momask.weights import OURS, Weights
from lib.models.tmr.checkpoint import Standing
from lib.models.tmr.run import load, save

WAIT = 0.2
"""Seconds between two looks for a tokenizer."""


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


def train_one(job: Job, told: Callable[[int], object]) -> None:
    """Trains a tokenizer, or a generator once another process has left its tokenizer.

    Args:
        job: what to do.
        told: called with the number of steps made, and while it waits, so that it can stop the work.
    """
    if job.tokenizer is None:
        return train_tokenizer(job, told)
    while not job.tokenizer.is_dir():
        told(0)
        time.sleep(WAIT)
    return train_generator(job, told)


def train_tokenizer(job: Job, told: Callable[[int], object]) -> None:
    """Trains the tokenizer of a regime and writes its folder: weights, statistics, and the tokens of its segments.

    Args:
        job: what to do.
        told: called with the number of steps made.
    """
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


def train_generator(job: Job, told: Callable[[int], object]) -> None:
    """Trains the transformers and the length estimator on a tokenizer's tokens, and writes the run folder.

    Args:
        job: what to do.
        told: called with the number of steps made.
    """
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
            LengthStage(lengths, texts, job.regime.chances, val, how.lengths),
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
