"""The training of one network: steps, validations, checkpoints, and its best weights at the end."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lib.base.errors import ModelError
from lib.models.momask.sizes import Schedule
from lib.models.tmr import checkpoint
from lib.models.tmr.checkpoint import Standing

BETAS = (0.9, 0.99)
"""Of momask-codes' optimisers."""
Rows = NDArray[np.int64]


class Stage(ABC):
    """What the training of a network needs to know of it.

    Attributes:
        name: for messages and the log.
        number: of the stage, which its random numbers depend on.
        schedule: steps and rates.
        network: what is trained, and kept at its best.
        kept: what a checkpoint holds: the network, and what else its training goes on from.
        chances: (rows,) probability of each segment to fill a place in a batch.
        lengths: (rows,) by which the segments of a bucket are dealt to its batches.
        clip: norm that gradients are cut to, if at all.
    """

    name: str
    number: int
    schedule: Schedule
    network: nn.Module
    kept: nn.Module
    chances: NDArray[np.float64]
    lengths: Rows
    clip: float | None = None

    @abstractmethod
    def losses(self, rows: Rows, rng: np.random.Generator) -> dict[str, Tensor]:
        """Losses of a batch of segments; ``loss`` is the one that is made small."""

    @abstractmethod
    def validated(self) -> float:
        """The loss on the validation segments, always of the same noise."""


def train_stage(stage: Stage, seed: int, file: Path, told: Callable[[int], object]) -> Standing:
    """Trains a network, from where a checkpoint has it, and gives it its best weights.

    All randomness of the steps between two validations comes from the seed, the stage and the validation's number, so
    that an interrupted training goes on to the same weights.

    Args:
        stage: the network and its losses.
        seed: of the training.
        file: the checkpoint.
        told: called with the number of steps made.

    Returns:
        The log, and when the weights were best.

    Raises:
        ModelError: the loss is no longer finite.
    """
    schedule = stage.schedule
    optimiser = torch.optim.AdamW(
        stage.network.parameters(), lr=schedule.lr, betas=BETAS, weight_decay=schedule.weight_decay, fused=True
    )
    standing = checkpoint.resume(file, stage.kept, optimiser)
    told(min(standing.epoch * schedule.every, schedule.steps))
    while standing.epoch < schedule.checks:
        start, check = time.process_time(), standing.epoch
        rng = np.random.default_rng([seed, stage.number, check])
        row = _learn(stage, optimiser, check, rng, told)
        stage.network.eval()
        torch.manual_seed(stage.number)
        with torch.no_grad():
            loss = stage.validated()
        row = {"step": check * schedule.every + schedule.steps_of(check), **row, "val": loss}
        standing.note(row | {"cpu_seconds": time.process_time() - start}, -loss, stage.network)
        checkpoint.save(file, standing, stage.kept, optimiser)
    stage.network.load_state_dict(standing.best)
    stage.network.eval()
    return standing


def _learn(
    stage: Stage,
    optimiser: torch.optim.Optimizer,
    check: int,
    rng: np.random.Generator,
    told: Callable[[int], object],
) -> dict[str, float]:
    """Trains up to the next validation; each loss as the mean over the steps."""
    schedule = stage.schedule
    torch.manual_seed(int(rng.integers(2**62)))
    stage.network.train()
    totals: dict[str, float] = {}
    steps = schedule.steps_of(check)
    for at, rows in enumerate(drawn(stage.chances, stage.lengths, schedule, steps, rng)):
        for group in optimiser.param_groups:
            group["lr"] = schedule.lr_at(check * schedule.every + at)
        terms = stage.losses(rows, rng)
        if not terms["loss"].isfinite():
            told_at = f"training MoMask's {stage.name} diverged before check {check}"
            raise ModelError(told_at, fix=f"lower its lr, which is {schedule.lr:g}")
        optimiser.zero_grad()
        terms["loss"].backward()  # type: ignore[no-untyped-call]
        if stage.clip is not None:
            nn.utils.clip_grad_norm_(stage.network.parameters(), stage.clip)
        optimiser.step()
        for name, term in terms.items():
            totals[name] = totals.get(name, 0.0) + float(term.detach())
        told(1)
    return {name: total / steps for name, total in totals.items()}


def drawn(
    chances: NDArray[np.float64], lengths: Rows, schedule: Schedule, steps: int, rng: np.random.Generator
) -> Iterator[Rows]:
    """One batch of rows a step, with replacement by their chances.

    The rows of `schedule.bucket` batches are drawn at once and dealt by length; the batches come in random order.

    Yields:
        Row numbers, shortest segment first.

    Example:
        >>> rng, schedule = np.random.default_rng(0), Schedule(batch=3, bucket=2)
        >>> found = list(drawn(np.array([0.5, 0.0, 0.5]), np.array([9, 5, 7]), schedule, 3, rng))
        >>> [len(rows) for rows in found], {int(row) for rows in found for row in rows}
        ([3, 3, 3], {0, 2})
    """
    for start in range(0, steps, schedule.bucket):
        count = min(schedule.bucket, steps - start)
        rows = rng.choice(len(chances), size=count * schedule.batch, p=chances)
        by_length = rows[np.argsort(lengths[rows], kind="stable")]
        for at in rng.permutation(count):
            yield by_length[at * schedule.batch : (at + 1) * schedule.batch]
