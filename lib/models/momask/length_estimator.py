"""The length estimator: from a text's vector to how many tokens its motion has."""

from torch import Tensor, nn

from lib.models.momask.sizes import CLIP_WIDTH, LENGTH_CLASSES
from lib.models.momask.transformer import begin_weights


class LengthEstimator(nn.Module):
    """Logits of lengths of 0, 1, 2, ... tokens of four frames.

    Source: momask-codes: models/vq/model.py (LengthEstimator), whose parameter names and shapes these are.

    Args:
        condition: numbers of the text's vector.
        classes: how many lengths.

    Example:
        >>> import torch
        >>> LengthEstimator()(torch.zeros(2, 512)).shape
        torch.Size([2, 50])
    """

    def __init__(self, condition: int = CLIP_WIDTH, classes: int = LENGTH_CLASSES) -> None:
        super().__init__()
        self.output = nn.Sequential(
            *_layer(condition, 512),
            nn.Dropout(0.2),
            *_layer(512, 256),
            nn.Dropout(0.2),
            *_layer(256, 128),
            nn.Linear(128, classes),
        )
        begin_weights(self)

    def forward(self, condition: Tensor) -> Tensor:
        """(B, condition) to (B, classes)."""
        y: Tensor = self.output(condition)
        return y


def _layer(before: int, after: int) -> tuple[nn.Module, ...]:
    return nn.Linear(before, after), nn.LayerNorm(after), nn.LeakyReLU(0.2)
