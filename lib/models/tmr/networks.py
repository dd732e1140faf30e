"""The networks of TMR: one encoder turns a sequence into a Gaussian, a decoder turns a latent into a motion."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from lib.models.tmr.sizes import TMRSizes

LONGEST = 5000
Gaussian = tuple[Tensor, Tensor]
"""Mean and log-variance, each (B, d)."""


def waves(width: int) -> Tensor:
    """Sines and cosines of the positions from 0 to `LONGEST` (LONGEST, width), which is even.

    Source: Vaswani et al. 2017, section 3.5.

    Example:
        >>> waves(4)[0].tolist()
        [0.0, 1.0, 0.0, 1.0]
    """
    place = torch.arange(LONGEST, dtype=torch.float32)[:, None]
    rate = torch.exp(torch.arange(0, width, 2, dtype=torch.float32) * (-math.log(10_000.0) / width))
    return torch.stack([torch.sin(place * rate), torch.cos(place * rate)], dim=2).flatten(1)


class PositionalEncoding(nn.Module):
    """Adds sines and cosines of the position, then drops out; the table is no part of the state dict.

    Source: Vaswani et al. 2017 + Mathux/TMR: src/model/actor.py.
    """

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("pe", waves(width), persistent=False)
        self.pe: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, width) to the same shape; T is at most `LONGEST`."""
        y: Tensor = self.dropout(x + self.pe[: x.shape[1]])
        return y


class Encoder(nn.Module):
    """A sequence in, the mean and log-variance of its latent out.

    Two learned tokens go before the projected sequence; what a post-norm transformer makes of them are the mean and
    the log-variance. Motions and texts have an encoder each, of this one kind.

    Source: Petrovich et al. 2021, 2023 + Mathux/TMR: src/model/actor.py, ACTORStyleEncoder with `vae: true`,
    whose parameter names and shapes these are.

    Args:
        nfeats: numbers a frame or token.
        sizes: of the network.

    Example:
        >>> encoder = Encoder(263, TMRSizes(latent_dim=32, num_layers=1)).eval()
        >>> mu, logvar = encoder(torch.zeros(2, 40, 263), torch.ones(2, 40, dtype=torch.bool))
        >>> mu.shape, logvar.shape
        (torch.Size([2, 32]), torch.Size([2, 32]))
    """

    def __init__(self, nfeats: int, sizes: TMRSizes) -> None:
        super().__init__()
        self.projection = nn.Linear(nfeats, sizes.latent_dim)
        self.tokens = nn.Parameter(torch.randn(2, sizes.latent_dim))
        self.sequence_pos_encoding = PositionalEncoding(sizes.latent_dim, sizes.dropout)
        layer = nn.TransformerEncoderLayer(*_layer(sizes), batch_first=True)
        # Nested tensors save nothing on batches of similar length, and warn at each use.
        self.seqTransEncoder = nn.TransformerEncoder(layer, sizes.num_layers, enable_nested_tensor=False)

    def forward(self, x: Tensor, mask: Tensor) -> Gaussian:
        """Encodes a padded batch.

        Args:
            x: (B, T, nfeats); what stands at padded places is of no consequence as long as it is finite.
            mask: (B, T) bool, True where a frame or token is valid.

        Returns:
            Mean and log-variance, each (B, latent_dim).
        """
        sequence = torch.cat([self.tokens.expand(len(x), -1, -1), self.projection(x)], dim=1)
        valid = torch.cat([mask.new_ones(len(x), 2), mask], dim=1)
        encoded = self.seqTransEncoder(self.sequence_pos_encoding(sequence), src_key_padding_mask=~valid)
        return encoded[:, 0], encoded[:, 1]


class Decoder(nn.Module):
    """A latent in, a motion of any length out: all frames at once, each asked for by its position alone.

    Source: as for `Encoder`: ACTORStyleDecoder.

    Args:
        nfeats: numbers a frame.
        sizes: of the network.

    Example:
        >>> decoder = Decoder(263, TMRSizes(latent_dim=32, num_layers=1)).eval()
        >>> decoder(torch.zeros(2, 32), torch.ones(2, 40, dtype=torch.bool)).shape
        torch.Size([2, 40, 263])
    """

    def __init__(self, nfeats: int, sizes: TMRSizes) -> None:
        super().__init__()
        self.sequence_pos_encoding = PositionalEncoding(sizes.latent_dim, sizes.dropout)
        layer = nn.TransformerDecoderLayer(*_layer(sizes), batch_first=True)
        self.seqTransDecoder = nn.TransformerDecoder(layer, sizes.num_layers)
        self.final_layer = nn.Linear(sizes.latent_dim, nfeats)

    def forward(self, z: Tensor, mask: Tensor) -> Tensor:
        """Decodes latents.

        Args:
            z: (B, latent_dim).
            mask: (B, T) bool, True where a frame is asked for.

        Returns:
            (B, T, nfeats), zero where the mask is False.
        """
        queries = self.sequence_pos_encoding(z.new_zeros(*mask.shape, z.shape[1]))
        decoded = self.seqTransDecoder(queries, z[:, None], tgt_key_padding_mask=~mask)
        frames: Tensor = self.final_layer(decoded)
        return frames.masked_fill(~mask[:, :, None], 0.0)


def _layer(sizes: TMRSizes) -> tuple[int, int, int, float, str]:
    """What a transformer layer of torch takes first, in its order."""
    return sizes.latent_dim, sizes.num_heads, sizes.ff_size, sizes.dropout, "gelu"


def padded(sequences: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Sequences of unlike length as one batch.

    Args:
        sequences: B tensors (T, n).

    Returns:
        (B, longest T, n), zero where padded, and (B, longest T) bool, True where valid.

    Example:
        >>> x, mask = padded([torch.ones(1, 2), torch.ones(3, 2)])
        >>> x.shape, mask.tolist()
        (torch.Size([2, 3, 2]), [[True, False, False], [True, True, True]])
    """
    lengths = torch.tensor([len(one) for one in sequences], device=sequences[0].device)
    x = pad_sequence(list(sequences), batch_first=True)
    return x, torch.arange(x.shape[1], device=x.device) < lengths[:, None]
