"""The trainings that read texts: of the masked transformer, the residual transformer and the length estimator."""

from abc import abstractmethod

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lib.models.momask.conditions import Conditions
from lib.models.momask.generation import cosine_share, padding_of
from lib.models.momask.length_estimator import LengthEstimator
from lib.models.momask.masked import MaskTransformer
from lib.models.momask.residual import ResidualTransformer
from lib.models.momask.sizes import LENGTH_CLASSES, Schedule, TransformerTraining
from lib.models.momask.stage import Rows, Stage
from lib.models.momask.tokens import Tokens, row_chances

RANDOM, MASKED = 0.1, 0.88
"""Shares of the tokens to be told: those that another token stands for, and of the others those that are masked."""
IGNORED = -100
ROWS_AT_ONCE = 64


class Texts:
    """Captioned segments as conditions and tokens.

    Args:
        rows: the segments.
        tokens: of them.
        conditions: the text model, prepared for their captions.
        device: where tensors go.
    """

    def __init__(self, rows: pd.DataFrame, tokens: Tokens, conditions: Conditions, device: torch.device) -> None:
        self.rows, self.tokens, self.conditions, self.device = rows, tokens, conditions, device
        self._texts: list[str] = rows["text"].tolist()

    def batch(self, rows: Rows, shifts: Rows) -> tuple[Tensor, Tensor, Tensor]:
        """Conditions (B, d), codes (B, longest, quantizers) and lengths (B,)."""
        codes, lengths = self.tokens.batch(rows, shifts)
        condition = self.conditions.get([self._texts[row] for row in rows])
        return condition.to(self.device), codes.to(self.device), lengths.to(self.device)


class _TextStage(Stage):
    """What the three trainings have in common.

    Args:
        network: changed in place.
        texts: the training segments.
        chances: (clips,) probability of each clip.
        val: the validation segments.
        training: schedule.
    """

    def __init__(
        self,
        network: nn.Module,
        texts: Texts,
        chances: NDArray[np.float64],
        val: Texts,
        training: Schedule,
    ) -> None:
        self.network, self.schedule, self.texts, self.val = network, training, texts, val
        self.unconditional = training.unconditional if isinstance(training, TransformerTraining) else 0.0
        self.lengths: Rows = texts.tokens.counts
        self.chances = row_chances(texts.rows, chances, self.lengths, 1, "four frames")
        self.kept = self.network

    def losses(self, rows: Rows, rng: np.random.Generator) -> dict[str, Tensor]:
        """Cross-entropy and accuracy of a batch; some conditions are left out, and starts are drawn."""
        condition, codes, lengths = self.texts.batch(rows, rng.integers(self.texts.tokens.shifts, size=len(rows)))
        left_out = torch.rand(len(condition), 1, device=condition.device) < self.unconditional
        loss, right, count = self.summed(condition.masked_fill(left_out, 0.0), codes, lengths)
        return {"loss": loss / count.clamp(min=1), "accuracy": right / count.clamp(min=1)}

    def validated(self) -> float:
        """The cross-entropy, the mean over all tokens to be told of the validation segments."""
        usable = np.flatnonzero(self.val.tokens.counts)
        rows = usable[np.argsort(self.val.tokens.counts[usable], kind="stable")]
        total = count = 0.0
        for at in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[at : at + ROWS_AT_ONCE]
            loss, _, told = self.summed(*self.val.batch(some, np.zeros_like(some)))
            total, count = total + float(loss), count + float(told)
        return total / max(count, 1)

    @abstractmethod
    def summed(self, condition: Tensor, codes: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Cross-entropy and number of right answers, summed over what is to be told, and how much that is."""


class MaskedStage(_TextStage):
    """The masked transformer: of the first quantizer's tokens some are hidden, and told from the others and a text.

    Source: Guo et al. 2023, section 3.2 + momask-codes: models/mask_transformer/transformer.py
    (`MaskTransformer.forward`).
    """

    name, number = "masked transformer", 1

    network: MaskTransformer

    def summed(self, condition: Tensor, codes: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See `_TextStage`: the tokens to be told are random ones."""
        padding = padding_of(lengths)
        ids = codes[..., 0].masked_fill(padding, self.network.pad_id)
        seen, chosen = hidden(ids, padding, self.network.mask_id)
        return _told(self.network.logits(seen, condition, padding), ids.masked_fill(~chosen, IGNORED))


class ResidualStage(_TextStage):
    """The residual transformer: the tokens of a random quantizer, from those of the quantizers before and a text.

    Source: Guo et al. 2023, section 3.3 + momask-codes: models/mask_transformer/transformer.py
    (`ResidualTransformer.forward`).
    """

    name, number = "residual transformer", 2

    network: ResidualTransformer

    def summed(self, condition: Tensor, codes: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See `_TextStage`: all tokens of the quantizer are to be told."""
        padding = padding_of(lengths)
        codes = codes.masked_fill(padding[..., None], self.network.pad_id)
        layers = layers_drawn(len(codes), codes.shape[2], codes.device)
        own = codes.gather(2, layers[:, None, None].expand(-1, codes.shape[1], 1))[..., 0]
        logits = self.network.logits(codes, layers, condition, padding)
        return _told(logits, own.masked_fill(padding, IGNORED))


class LengthStage(_TextStage):
    """The length estimator: how many tokens the motion of a text has.

    Source: momask-codes: models/vq/vq_trainer.py (LengthEstTrainer).
    """

    name, number, clip = "length estimator", 3, 0.5

    network: LengthEstimator

    def summed(self, condition: Tensor, codes: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See `_TextStage`: one length a segment is to be told."""
        return _told(self.network(condition), lengths.clamp(max=LENGTH_CLASSES - 1))


def hidden(ids: Tensor, padding: Tensor, mask_id: int) -> tuple[Tensor, Tensor]:
    """Tokens of which a random share is to be told.

    How many there are is drawn by the cosine schedule and counted on the padded length. A tenth of them becomes
    a random code, 88 % of the others the id of masked tokens, and the rest stays as it is.

    Args:
        ids: (B, T) codes, and ids of padding.
        padding: (B, T) bool.
        mask_id: the id of masked tokens, which is the number of codes.

    Returns:
        (B, T) the tokens as they are seen, and (B, T) bool, True where one is to be told.
    """
    (count, longest), device = ids.shape, ids.device
    many = (longest * cosine_share(torch.rand(count, device=device))).round().clamp(min=1)
    chosen = (torch.rand(count, longest, device=device).argsort(1) < many[:, None]) & ~padding
    other = chosen & (torch.rand(count, longest, device=device) < RANDOM)
    masked = chosen & ~other & (torch.rand(count, longest, device=device) < MASKED)
    seen = torch.where(other, torch.randint(mask_id, ids.shape, device=device), ids)
    return torch.where(masked, mask_id, seen), chosen


def layers_drawn(count: int, quantizers: int, device: torch.device) -> Tensor:
    """Quantizers from 1, of which the first are drawn more often.

    Source: momask-codes: models/mask_transformer/tools.py (`q_schedule`).
    """
    share = 1 - cosine_share(torch.rand(count, device=device))
    return (share * (quantizers - 2)).round().long() + 1


def _told(logits: Tensor, expected: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    loss = cross_entropy(logits, expected, ignore_index=IGNORED, reduction="sum")
    return loss, (logits.argmax(1) == expected).sum(), (expected != IGNORED).sum()
