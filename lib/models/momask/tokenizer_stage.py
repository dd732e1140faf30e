"""The training of the tokenizer: what is lost between windows of motions and what is made of their tokens."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import smooth_l1_loss

from lib.models.momask.quantizer import Averages
from lib.models.momask.sizes import FRAMES_A_TOKEN, MoMaskTraining, TokenizerTraining
from lib.models.momask.stage import Rows, Stage
from lib.models.momask.tokenizer import RVQVAE
from lib.models.momask.tokens import FRAMES_AT_ONCE, of_one_length, row_chances
from lib.models.tmr.pairs import Pairs
from lib.motion.features import FEATURE_BLOCKS

POSITIONS = FEATURE_BLOCKS["positions"]
WEIGHTIER = ("yaw rate", "root velocity", "root height", "contacts")
BIAS = 5.0


def scales(std: Tensor) -> Tensor:
    """What features are divided by: the mean deviation of their block, a fifth of it for the root and the contacts.

    Source: HumanML3D: cal_mean_variance.ipynb; momask-codes: data/t2m_dataset.py, `feat_bias`.

    Args:
        std: (263,) deviations, 1 for a feature that does not move.

    Example:
        >>> found = scales(torch.cat([torch.full((67,), 0.5), torch.full((192,), 0.25), torch.ones(4)]))
        >>> [round(found[at].item(), 3) for at in (0, 4, 66, 67, 262)]
        [0.1, 0.5, 0.5, 0.25, 0.2]
    """
    scale = std.clone()
    for name, block in FEATURE_BLOCKS.items():
        moving = std[block][std[block] != 1]
        mean = moving.mean() if len(moving) else std.new_tensor(1.0)
        scale[block] = mean / BIAS if name in WEIGHTIER else mean
    return scale


class TokenizerStage(Stage):
    """Windows in, windows out.

    Source: momask-codes: models/vq/vq_trainer.py (RVQTokenizerTrainer). Its "velocity" loss is on the positions of the
    joints. Windows are of clips drawn by their chances; theirs are of all windows alike.

    Args:
        network: changed in place.
        averages: of its code vectors.
        pairs: the training segments.
        chances: (clips,) probability of each clip.
        val: the segments it is validated on, whole.
        training: losses.
        statistics: mean and scale, on the network's device.
    """

    name, number = "tokenizer", 0
    network: RVQVAE
    schedule: TokenizerTraining

    def __init__(
        self,
        network: RVQVAE,
        averages: Averages,
        pairs: Pairs,
        chances: NDArray[np.float64],
        val: Pairs,
        training: MoMaskTraining,
        statistics: tuple[Tensor, Tensor],
    ) -> None:
        self.schedule = self.training = training.tokenizer
        self.network, self.averages = network, averages
        self.kept = nn.ModuleDict({"network": network, "averages": averages})
        self.pairs, self.val = pairs, val
        self.mean, self.std = statistics
        self.lengths = np.array([len(pairs.motion(row)) for row in range(len(pairs.rows))])
        window = self.training.window
        self.chances = row_chances(
            pairs.rows, chances, self.lengths, window, f"{window} frames, the tokenizer's window,"
        )

    def losses(self, rows: Rows, rng: np.random.Generator) -> dict[str, Tensor]:
        """Losses of a window of each segment."""
        window, quantizers = self.training.window, self.network.sizes.quantizers
        starts = rng.integers(self.lengths[rows] - window + 1)
        windows = [self.pairs.motion(row)[start : start + window] for row, start in zip(rows, starts, strict=True)]
        frames = self._normalised(windows)
        used = quantizers
        if rng.random() < self.training.quantizer_dropout:
            used = int(rng.integers(1, quantizers + 1))
        decoded, quantized = self.network(frames, self.averages, used=used, temperature=self.training.temperature)
        terms = {
            "recons": smooth_l1_loss(decoded, frames),
            "velocity": smooth_l1_loss(decoded[..., POSITIONS], frames[..., POSITIONS]),
            "commitment": quantized.commitment,
        }
        loss = terms["recons"] + self.training.velocity * terms["velocity"]
        loss = loss + self.training.commitment * terms["commitment"]
        return {**terms, "perplexity": quantized.perplexity, "loss": loss}

    def validated(self) -> float:
        """The reconstruction loss, the mean over all frames of the validation segments."""
        motions = [self.val.motion(int(row)) for row in self.val.first]
        motions = [motion[: len(motion) // FRAMES_A_TOKEN * FRAMES_A_TOKEN] for motion in motions]
        motions = [motion for motion in motions if len(motion)]
        total, count = 0.0, 0
        for some in of_one_length([len(motion) for motion in motions], FRAMES_AT_ONCE):
            frames = self._normalised([motions[at] for at in some])
            decoded = self.network.decode(self.network.encode(frames))
            total += float(smooth_l1_loss(decoded, frames, reduction="sum"))
            count += frames.numel()
        return total / max(count, 1)

    def _normalised(self, motions: Sequence[Tensor]) -> Tensor:
        return (torch.stack(list(motions)).to(self.mean.device) - self.mean) / self.std
