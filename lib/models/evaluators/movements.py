"""Training the movement encoder, by an autoencoder of short windows of frames."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import l1_loss
from torch.optim import Optimizer

from lib.base.errors import CorpusError, ModelError
from lib.models.evaluators.model import FEATURES, Evaluator
from lib.models.evaluators.networks import READ, MovementConvDecoder
from lib.models.evaluators.sizes import EvaluatorTraining
from lib.models.tmr.pairs import Pairs


class Autoencoder(nn.Module):
    """The evaluator's movement encoder with a decoder of its own, which is left when it has been trained.

    Args:
        evaluator: whose movement encoder is trained.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        super().__init__()
        sizes = evaluator.sizes
        self.encoder = evaluator.movement_encoder
        self.decoder = MovementConvDecoder(sizes.movement, sizes.movement_hidden, FEATURES)


def losses(model: Autoencoder, frames: Tensor, training: EvaluatorTraining) -> dict[str, Tensor]:
    """Reconstruction, how unlike neighbouring movements are, how large they are, and the weighted sum.

    Source: Guo et al. 2022 + text-to-motion: networks/trainers.py (`DecompTrainerV3`).

    Args:
        model: encodes frames without contacts and decodes all.
        frames: (B, window, 263) normalised.
        training: for the weights.

    Returns:
        Scalars `rebuilt`, `smooth`, `sparse` (unweighted) and `loss`.
    """
    movements = model.encoder(frames[..., :READ])
    terms = {
        "rebuilt": l1_loss(model.decoder(movements), frames),
        "smooth": l1_loss(movements[:, 1:], movements[:, :-1]) if movements.shape[1] > 1 else frames.new_zeros(()),
        "sparse": movements.abs().mean(),
    }
    return {**terms, "loss": terms["rebuilt"] + training.smooth * terms["smooth"] + training.sparse * terms["sparse"]}


class Windows:
    """Windows of a fixed number of frames, anywhere in the clips.

    Args:
        pairs: whose clips are cut, each in the segment of its first caption.
        frames: of a window.

    Raises:
        CorpusError: no clip is that long.
    """

    def __init__(self, pairs: Pairs, frames: int) -> None:
        clips = [pairs.motion(int(row)) for row in pairs.first]
        self.clips = [clip for clip in clips if len(clip) >= frames]
        self.frames = frames
        places = [len(clip) - frames + 1 for clip in self.clips]
        self.ends = np.cumsum(places)
        self.count = sum(len(clip) for clip in self.clips) // frames
        if not self.clips:
            raise CorpusError(f"no clip of {frames} frames to train on", fix="shorten window, or add clips")

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """As many windows as the clips could be cut into, each at any place with the same chance: an epoch."""
        return rng.integers(self.ends[-1], size=self.count)

    def __getitem__(self, numbers: Sequence[int] | np.ndarray) -> Tensor:
        """Windows (n, frames, 263) by their numbers, not normalised."""
        at = np.searchsorted(self.ends, numbers, side="right")
        begins = np.asarray(numbers) - np.concatenate([[0], self.ends])[at]
        return torch.stack(
            [self.clips[clip][begin : begin + self.frames] for clip, begin in zip(at, begins, strict=True)]
        )


def learn(
    evaluator: Evaluator,
    model: Autoencoder,
    optimiser: Optimizer,
    windows: Windows,
    training: EvaluatorTraining,
    epoch: int,
    *,
    told: Callable[[float], object],
) -> dict[str, float]:
    """Trains for one epoch; all randomness comes from the seed and the epoch's number.

    Args:
        evaluator: normalises frames.
        model: changed in place.
        optimiser: of its parameters.
        windows: of the training clips.
        training: losses, batch, seed.
        epoch: its number.
        told: called after each step with its loss.

    Returns:
        Each loss as the mean over the windows.

    Raises:
        ModelError: the loss is no longer finite.
    """
    rng = np.random.default_rng([training.seed, 0, epoch])
    order = windows.draw(rng)
    torch.manual_seed(int(rng.integers(2**62)))
    model.train()
    totals: dict[str, float] = {}
    for begin in range(0, len(order), training.movement_batch):
        some = order[begin : begin + training.movement_batch]
        terms = losses(model, evaluator.normalised(windows[some]), training)
        if not terms["loss"].isfinite():
            told_of = f"training the movement encoder diverged in epoch {epoch}"
            raise ModelError(told_of, fix=f"lower movement_lr, which is {training.movement_lr:g}")
        optimiser.zero_grad()
        terms["loss"].backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        for name, term in terms.items():
            totals[name] = totals.get(name, 0.0) + float(term.detach()) * len(some)
        told(float(terms["loss"].detach()))
    return {name: total / len(order) for name, total in totals.items()}


@torch.no_grad()
def rebuilt(evaluator: Evaluator, model: Autoencoder, windows: Windows, training: EvaluatorTraining) -> float:
    """The reconstruction error of windows, the same ones each time; `model` is left in evaluation mode."""
    model.eval()
    order = windows.draw(np.random.default_rng(training.seed))
    size = training.movement_batch
    parts = [order[at : at + size] for at in range(0, len(order), size)]
    errors = [float(losses(model, evaluator.normalised(windows[some]), training)["rebuilt"]) for some in parts]
    return float(np.average(errors, weights=[len(some) for some in parts]))
