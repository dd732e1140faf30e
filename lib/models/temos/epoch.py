"""The steps of a TEMOS between two validations, and a validation."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import smooth_l1_loss
from torch.optim import Optimizer

from lib.base.errors import ModelError
from lib.models.temos.model import TEMOS
from lib.models.temos.sizes import TEMOSTraining
from lib.models.tmr.epoch import sampled
from lib.models.tmr.losses import Outputs, generative
from lib.models.tmr.networks import padded
from lib.models.tmr.pairs import Pairs

CLIPS_AT_ONCE = 32


def learn(
    temos: TEMOS,
    optimiser: Optimizer,
    pairs: Pairs,
    chances: NDArray[np.float64],
    training: TEMOSTraining,
    check: int,
    *,
    told: Callable[[], object],
) -> dict[str, float]:
    """Trains up to the next validation.

    All randomness comes from the seed and the number of the validation, so that an interrupted training goes on to the
    same weights.

    Args:
        temos: changed in place.
        optimiser: of its parameters.
        pairs: the training clips.
        chances: (clips,) probability of each to be drawn for a place in a batch; they sum to 1.
        training: losses, batch, seed.
        check: number of the validation, from 0.
        told: called after each step.

    Returns:
        Each loss as the mean over the steps.

    Raises:
        ModelError: the loss is no longer finite.
    """
    rng = np.random.default_rng([training.seed, check])
    torch.manual_seed(int(rng.integers(2**62)))
    temos.train()
    rows: list[dict[str, float]] = []
    for at, batch in enumerate(drawn(pairs, chances, training, training.steps_of(check), rng)):
        for group in optimiser.param_groups:
            group["lr"] = training.lr_at(check * training.every + at)
        motions = [temos.normalised(pairs.motion(row)) for row in batch]
        outputs, frames = passed(temos, temos.token_states(pairs.texts(batch)), motions)
        terms = generative(outputs, frames)
        weighted = (getattr(training, name) * term for name, term in terms.items())
        terms["loss"] = sum(weighted, frames.new_zeros(()))
        if not terms["loss"].isfinite():
            raise ModelError(f"training TEMOS diverged before check {check}", fix=f"lower lr, which is {training.lr:g}")
        optimiser.zero_grad()
        terms["loss"].backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        rows.append({name: float(term.detach()) for name, term in terms.items()})
        told()
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def drawn(
    pairs: Pairs, chances: NDArray[np.float64], training: TEMOSTraining, steps: int, rng: np.random.Generator
) -> Iterator[list[int]]:
    """One batch of rows a step: clips with replacement by their chances, then one of each clip's captions.

    The clips of `training.bucket` batches are drawn at once and dealt by length; the batches come in random order.

    Yields:
        Row numbers, shortest segment first.
    """
    for start in range(0, steps, training.bucket):
        count = min(training.bucket, steps - start)
        clips = rng.choice(len(pairs), size=count * training.batch, p=chances)
        rows = pairs.first[clips] + rng.integers(pairs.captions[clips])
        by_length = sorted(rows.tolist(), key=lambda row: len(pairs.motion(row)))
        for at in rng.permutation(count):
            yield by_length[at * training.batch : (at + 1) * training.batch]


def passed(temos: TEMOS, texts: Sequence[Tensor], motions: Sequence[Tensor]) -> tuple[Outputs, Tensor]:
    """What the networks make of a batch of pairs, and its motions as padded."""
    frames, mask = padded(motions)
    text = temos.text_encoder(*padded(texts))
    motion = temos.motion_encoder(frames, mask)
    latents = sampled(text), sampled(motion)
    of_text, of_motion = temos.motion_decoder(torch.cat(latents), mask.repeat(2, 1)).chunk(2)
    return Outputs(latents, (text, motion), (of_text, of_motion)), frames


@torch.inference_mode()
def validated(temos: TEMOS, pairs: Pairs) -> float:
    """The reconstruction loss of motions from the means of their captions, the mean over all frames of all captions."""
    temos.eval()
    rows = sorted(range(len(pairs.rows)), key=lambda row: len(pairs.motion(row)))
    total, count = 0.0, 0
    for at in range(0, len(rows), CLIPS_AT_ONCE):
        some = rows[at : at + CLIPS_AT_ONCE]
        frames, mask = padded([temos.normalised(pairs.motion(row)) for row in some])
        mu, _ = temos.text_encoder(*padded(temos.token_states(pairs.texts(some))))
        decoded = temos.motion_decoder(mu, mask)
        total += float(smooth_l1_loss(decoded, frames, reduction="sum"))
        count += int(mask.sum())
    return total / (count * pairs.motion(0).shape[1])
