"""Training the evaluator to tell matched pairs of captions and motions from mismatched ones."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pairwise_distance
from torch.nn.utils import clip_grad_norm_
from torch.optim import Optimizer

from lib.base.errors import ModelError
from lib.metrics.matching import expected_precision
from lib.models.evaluators.model import LONGEST, Evaluator
from lib.models.evaluators.networks import UNIT
from lib.models.evaluators.sizes import EvaluatorTraining
from lib.models.tmr.pairs import Pairs

GALLERY = 32
CLIP = 0.5
"""Length to which the gradient of each of the two encoders is cut."""
SHORTENED = 1 / 3
"""Share of motions that are read one movement shorter than they could be."""


def contrastive(text: Tensor, motion: Tensor, rolls: Iterable[int], margin: float) -> tuple[Tensor, Tensor]:
    """What matched pairs lose by their distance, and mismatched ones by being nearer than the margin.

    Source: Hadsell et al. 2006; Guo et al. 2022 + text-to-motion: networks/modules.py (`ContrastiveLoss`),
    networks/trainers.py (`TextMotionMatchTrainer`). Differs: the public code may roll by no place at all.

    Args:
        text: (B, d) latents of captions.
        motion: (B, d) latents of their motions, row by row.
        rolls: by how many places motions are rolled against captions; the mean over them is taken.
        margin: from which distance on a mismatched pair loses nothing.

    Returns:
        Two scalars: the mean of d² over matched pairs, and of max(0, margin - d)² over mismatched ones.

    Example:
        >>> text = torch.tensor([[0.0], [10.0]])
        >>> matched, mismatched = contrastive(text, text + 1, rolls=[1], margin=10)
        >>> round(float(matched), 3), round(float(mismatched), 3)
        (1.0, 0.5)
    """
    matched = pairwise_distance(text, motion).square().mean()
    apart = torch.stack([pairwise_distance(text, motion.roll(-by, dims=0)) for by in rolls])
    return matched, (margin - apart).clamp(min=0).square().mean()


def learn(
    evaluator: Evaluator,
    optimiser: Optimizer,
    pairs: Pairs,
    keys: Sequence[str],
    training: EvaluatorTraining,
    epoch: int,
    *,
    told: Callable[[float], object],
) -> dict[str, float]:
    """Trains for one epoch: every clip once, in random order, with one of its captions drawn.

    The movement encoder stays as it is. All randomness comes from the seed and the number of the epoch, so that an
    interrupted training goes on to the same weights.

    Source: text-to-motion: networks/trainers.py (`TextMotionMatchTrainer`), data/dataset.py.

    Args:
        evaluator: changed in place.
        optimiser: of what is trained.
        pairs: the training clips.
        keys: the caption of each of their rows as tokens.
        training: losses, batch, seed.
        epoch: its number.
        told: called after each step with its loss.

    Returns:
        `matched`, `mismatched` and `loss` as means over the clips.

    Raises:
        ModelError: the loss is no longer finite.
    """
    rng = np.random.default_rng([training.seed, 1, epoch])
    order = pairs.draw(rng)
    torch.manual_seed(int(rng.integers(2**62)))
    evaluator.train()
    evaluator.movement_encoder.eval()
    totals = dict.fromkeys(("matched", "mismatched", "loss"), 0.0)
    count = 0
    for at in range(0, len(order), training.batch):
        rows = order[at : at + training.batch]
        if len(rows) < 2:
            break
        motions = [cropped(pairs.motion(int(row)), rng) for row in rows]
        text, motion = evaluator.of_keys([keys[int(row)] for row in rows]), evaluator.of_frames(motions)
        rolls = 1 + rng.permutation(len(rows) - 1)[: training.rolls]
        matched, mismatched = contrastive(text, motion, rolls.tolist(), training.margin)
        loss = matched + mismatched
        if not loss.isfinite():
            what = f"training the evaluator diverged in epoch {epoch}"
            raise ModelError(what, fix=f"lower lr, which is {training.lr:g}")
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for network in (evaluator.text_encoder, evaluator.motion_encoder):
            clip_grad_norm_(network.parameters(), CLIP)
        optimiser.step()
        for name, term in (("matched", matched), ("mismatched", mismatched), ("loss", loss)):
            totals[name] += float(term.detach()) * len(rows)
        count += len(rows)
        told(float(loss.detach()))
    return {name: total / max(count, 1) for name, total in totals.items()}


def cropped(motion: Tensor, rng: np.random.Generator) -> Tensor:
    """Whole movements of a motion (T, 263), one fewer by a chance of one in three, from anywhere in it.

    Source: text-to-motion: data/dataset.py (`Text2MotionDatasetV2`).
    """
    movements = min(len(motion), LONGEST) // UNIT
    frames = UNIT * (movements - int(movements > 1 and rng.random() < SHORTENED))
    begin = int(rng.integers(len(motion) - frames + 1))
    return motion[begin : begin + frames]


def precision(evaluator: Evaluator, pairs: Pairs, keys: Sequence[str]) -> float:
    """R@1 in galleries of 32 by Euclidean distance, in percent, on whole motions and the first caption of each clip.

    Args:
        evaluator: left in evaluation mode.
        pairs: the validation clips; fewer than 32 make one gallery.
        keys: the caption of each of their rows as tokens.
    """
    evaluator.eval()
    text = evaluator.encode_keys([keys[int(row)] for row in pairs.first])
    motion = evaluator.encode_frames([pairs.motion(int(row)) for row in pairs.first])
    return 100 * float(expected_precision(text, motion, pool=GALLERY, top_k=1).mean())
