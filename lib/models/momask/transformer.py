"""What the masked and the residual transformer have in common: tokens and a condition in, states of the tokens out."""

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from lib.models.momask.sizes import MoMaskSizes
from lib.models.tmr.networks import waves

SPREAD = 0.02
"""Standard deviation of the weights before training."""


class Positions(nn.Module):
    """Adds sines and cosines of the position, then drops out; the table is part of the public state dict."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.pe: Tensor
        self.register_buffer("pe", waves(width)[:, None])

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, width) to the same shape."""
        y: Tensor = self.dropout(x + self.pe[: x.shape[1], 0])
        return y


class Projection(nn.Module):
    """Code vectors to the width of the transformer."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.poseEmbedding = nn.Linear(before, after)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, code_dim) to (B, T, latent_dim)."""
        y: Tensor = self.poseEmbedding(x)
        return y


class Head(nn.Module):
    """States to numbers a token, as BERT has it."""

    def __init__(self, width: int, features: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)
        self.poseFinal = nn.Linear(width, features)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, width) to (B, T, features)."""
        y: Tensor = self.poseFinal(self.LayerNorm(gelu(self.dense(x))))
        return y


class ConditionedTransformer(nn.Module):
    """A post-norm transformer over tokens that have positions, after tokens of the condition that have none.

    Source: momask-codes: models/mask_transformer/transformer.py, whose parameter names and shapes these are. The text
    model is no part of it. Attention is PyTorch's fused one; batches without padding pass no mask.

    Args:
        sizes: of the network.
        features: numbers a token that the head gives.
    """

    def __init__(self, sizes: MoMaskSizes, features: int) -> None:
        super().__init__()
        self.sizes = sizes
        width = sizes.latent_dim
        self.input_process = Projection(sizes.code_dim, width)
        self.position_enc = Positions(width, sizes.dropout)
        layer = nn.TransformerEncoderLayer(
            width, sizes.num_heads, sizes.ff_size, sizes.dropout, "gelu", batch_first=True
        )
        self.seqTransEncoder = nn.TransformerEncoder(layer, sizes.num_layers, enable_nested_tensor=False)
        self.cond_emb = nn.Linear(sizes.condition, width)
        self.output_process = Head(width, features)

    def transformed(self, vectors: Tensor, first: list[Tensor], padding: Tensor) -> Tensor:
        """What the head makes of tokens.

        Args:
            vectors: (B, T, code_dim).
            first: (B, latent_dim) each, the tokens before them.
            padding: (B, T) bool, True where there is no token.

        Returns:
            (B, T, features).
        """
        ahead = torch.stack(first, dim=1)
        sequence = torch.cat([ahead, self.position_enc(self.input_process(vectors))], dim=1)
        mask = None
        if padding.any():
            mask = torch.cat([padding.new_zeros(len(padding), len(first)), padding], dim=1)
        states = self.seqTransEncoder(sequence, src_key_padding_mask=mask)
        y: Tensor = self.output_process(states[:, len(first) :])
        return y


def begin_weights(module: nn.Module) -> None:
    """Puts linear layers, embeddings and norms where they are before training."""
    for part in module.modules():
        if isinstance(part, nn.Linear | nn.Embedding):
            nn.init.normal_(part.weight, std=SPREAD)
        if isinstance(part, nn.Linear) and part.bias is not None:
            nn.init.zeros_(part.bias)


def guided(given: Tensor, free: Tensor, guidance: float) -> Tensor:
    """Classifier-free guidance: from the unconditional logits `guidance` times as far as the conditional ones are.

    Source: Ho and Salimans 2022.

    Example:
        >>> guided(torch.tensor([3.0]), torch.tensor([1.0]), 4.0)
        tensor([9.])
    """
    return free + (given - free) * guidance
