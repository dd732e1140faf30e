"""One pass of TMR over its pairs, to learn from them or to be measured on them."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad
from torch.optim import Optimizer

from lib.base.errors import ModelError
from lib.metrics.small_batches import small_batches
from lib.models.tmr.losses import Outputs, losses
from lib.models.tmr.model import TMR
from lib.models.tmr.networks import Gaussian, padded
from lib.models.tmr.pairs import Pairs
from lib.models.tmr.sizes import TMRTraining

Sentences = Callable[[Sequence[str]], Tensor]

GALLERY = 32
GROUP = 16


def learn(
    tmr: TMR,
    optimiser: Optimizer,
    pairs: Pairs,
    training: TMRTraining,
    epoch: int,
    *,
    sentences: Sentences,
    told: Callable[[float], object],
) -> dict[str, float]:
    """Trains for one epoch: every clip once, in random order, with one of its captions drawn.

    All randomness comes from the seed and the number of the epoch, so that an epoch need not know the ones before it
    and an interrupted training goes on to the same weights.

    Args:
        tmr: changed in place.
        optimiser: of its parameters.
        pairs: the training clips.
        training: losses, batch, seed.
        epoch: its number.
        sentences: unit vectors (n, s) of captions.
        told: called after each step with its loss.

    Returns:
        Each loss as the mean over the clips.

    Raises:
        ModelError: the loss is no longer finite.
    """
    rng = np.random.default_rng([training.seed, epoch])
    order = pairs.draw(rng)
    torch.manual_seed(int(rng.integers(2**62)))
    tmr.train()
    totals: dict[str, float] = {}
    for at in range(0, len(order), training.batch):
        rows = sorted(order[at : at + training.batch], key=lambda row: len(pairs.motion(row)))
        motions = [tmr.normalised(pairs.motion(row)) for row in rows]
        texts = pairs.texts(rows)
        outputs = passed(tmr, tmr.token_states(texts), motions)
        terms = losses(outputs, padded(motions)[0], sentences(texts).to(tmr.mean.device), training)
        if not terms["loss"].isfinite():
            raise ModelError(f"training TMR diverged in epoch {epoch}", fix=f"lower lr, which is {training.lr:g}")
        optimiser.zero_grad()
        terms["loss"].backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        values = {name: float(term.detach()) for name, term in terms.items()}
        totals = {name: totals.get(name, 0.0) + value * len(rows) for name, value in values.items()}
        told(values["loss"])
    return {name: total / len(order) for name, total in totals.items()}


def passed(tmr: TMR, texts: Sequence[Tensor], motions: Sequence[Tensor]) -> Outputs:
    """What the networks make of a batch of B pairs.

    Source: Mathux/TMR: src/model/temos.py, forward, which pads the batch as a whole. Here motions go through in groups
    of similar length, each padded to its own longest, and the two latents of a pair are decoded together: the outputs
    are the same but for rounding and dropout, with less padding when lengths vary.

    Args:
        tmr: the networks.
        texts: B token states (tokens, text_features).
        motions: B normalised motions (T, motion_features), shortest first.

    Returns:
        Decoded motions are padded to the longest of the batch.
    """
    text = tmr.text_encoder(*padded(texts))
    size = GROUP if tmr.mean.device.type == "cpu" else len(motions)
    groups = [padded(motions[at : at + size]) for at in range(0, len(motions), size)]
    means, logvars = zip(*(tmr.motion_encoder(*group) for group in groups), strict=True)
    motion = torch.cat(means), torch.cat(logvars)
    latents = sampled(text), sampled(motion)
    decoded: list[Tensor] = []
    both = torch.stack(latents).split(size, dim=1)  # type: ignore[no-untyped-call]
    for z, (frames, mask) in zip(both, groups, strict=True):
        made = torch.stack(tmr.motion_decoder(z.flatten(0, 1), mask.repeat(2, 1)).chunk(2))
        decoded.append(pad(made, (0, 0, 0, len(motions[-1]) - frames.shape[1])))
    of_text, of_motion = torch.cat(decoded, dim=1)
    return Outputs(latents, (text, motion), (of_text, of_motion))


def sampled(gaussian: Gaussian) -> Tensor:
    """One sample of each row's Gaussian (B, d), through which gradients pass."""
    mu, logvar = gaussian
    return mu + torch.randn_like(mu) * (0.5 * logvar).exp()


def recall(tmr: TMR, pairs: Pairs) -> dict[str, float]:
    """R@1 in galleries of 32, both ways and their mean, on means and the first caption of each clip.

    Args:
        tmr: left in evaluation mode.
        pairs: the validation clips; fewer than 32 make one gallery.

    Returns:
        `t2m/R@1`, `m2t/R@1` and `R@1` in percent.
    """
    tmr.eval()
    text = tmr.encode_text(pairs.texts(pairs.first))
    motion = tmr.encode_frames([pairs.motion(int(row)) for row in pairs.first])
    found = small_batches(text, motion, pairs.ids, min(GALLERY, len(pairs)), ks=(1,))
    there, back = found["t2m/R@1"], found["m2t/R@1"]
    return {"t2m/R@1": there, "m2t/R@1": back, "R@1": (there + back) / 2}
