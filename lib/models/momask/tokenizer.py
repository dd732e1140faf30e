"""RVQ-VAE: motions to tokens of four frames and back."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from lib.models.momask.quantizer import Averages, Quantized, ResidualQuantizer
from lib.models.momask.sizes import MoMaskSizes


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """Without dropout and gradients, whatever mode a module is in; the mode is as before afterwards."""
    before = module.training
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        module.train(before)


class RVQVAE(nn.Module):
    """A convolutional encoder, six quantizers of which each codes what the ones before leave, and a decoder.

    Motions are normalised by the statistics beside the weights. Frames near an edge see zeros beyond it: a motion that
    is padded comes out otherwise, up to some 87 frames before its padding, so that batches hold motions of one length.

    Source: Guo et al. 2023, section 3.1 + momask-codes: models/vq/model.py, encdec.py, resnet.py, whose parameter names
    and shapes these are.

    Args:
        sizes: of the network; the public ones by default.

    Example:
        >>> tokenizer = RVQVAE(MoMaskSizes(width=16, code_dim=8, codes=32))
        >>> codes = tokenizer.encode(torch.zeros(2, 40, 263))
        >>> codes.shape, tokenizer.decode(codes).shape
        (torch.Size([2, 10, 6]), torch.Size([2, 40, 263]))
    """

    def __init__(self, sizes: MoMaskSizes | None = None) -> None:
        super().__init__()
        self.sizes = sizes = sizes or MoMaskSizes()
        self.encoder = Encoder(sizes)
        self.decoder = Decoder(sizes)
        self.quantizer = ResidualQuantizer(sizes.quantizers, sizes.codes, sizes.code_dim)

    def encode(self, motions: Tensor) -> Tensor:
        """Codes of motions of one length: of every quantizer the nearest one.

        Args:
            motions: (B, T, motion_features) normalised, T at least 4; frames beyond a multiple of 4 are passed over.

        Returns:
            (B, T // 4, quantizers) int64.
        """
        with evaluating(self):
            return self.quantizer.codes(self.encoded(motions))

    def decode(self, codes: Tensor) -> Tensor:
        """Motions of codes of one length.

        Args:
            codes: (B, n, quantizers) or of the first quantizers only; -1 stands for the zero vector.

        Returns:
            (B, 4 n, motion_features) normalised.
        """
        with evaluating(self):
            return self.decoded(self.quantizer.vectors(codes))

    def encoded(self, motions: Tensor) -> Tensor:
        """(B, T, motion_features) to (B, T // 4, code_dim), before quantisation."""
        y: Tensor = self.encoder(motions.transpose(1, 2))
        return y.transpose(1, 2)

    def decoded(self, vectors: Tensor) -> Tensor:
        """(B, n, code_dim) to (B, 4 n, motion_features)."""
        y: Tensor = self.decoder(vectors.transpose(1, 2))
        return y.transpose(1, 2)

    def forward(
        self, motions: Tensor, averages: Averages, *, used: int, temperature: float
    ) -> tuple[Tensor, Quantized]:
        """A step of training, by which the code vectors move as well.

        Args:
            motions: (B, T, motion_features) normalised.
            averages: of the code vectors, changed in place.
            used: how many quantizers, from the first.
            temperature: of the noise on the choice of codes.

        Returns:
            The motions decoded, and what quantisation gave.
        """
        quantized = self.quantizer(self.encoded(motions), averages, used=used, temperature=temperature)
        return self.decoded(quantized.vectors), quantized


class ResidualBlock(nn.Module):
    """Adds two convolutions, the first one dilated, to what comes in."""

    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.conv2 = nn.Conv1d(width, width, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, T) to the same shape."""
        y: Tensor = x + self.dropout(self.conv2(relu(self.conv1(relu(x)))))
        return y


class ResidualBlocks(nn.Module):
    """Blocks of falling dilation: 9, 3, 1 at the public sizes, in encoder and decoder alike."""

    def __init__(self, sizes: MoMaskSizes) -> None:
        super().__init__()
        dilations = [sizes.dilation_growth**place for place in reversed(range(sizes.depth))]
        self.model = nn.Sequential(*(ResidualBlock(sizes.width, one, sizes.block_dropout) for one in dilations))

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, T) to the same shape."""
        y: Tensor = self.model(x)
        return y


class Encoder(nn.Module):
    """Frames to a quarter as many vectors."""

    def __init__(self, sizes: MoMaskSizes) -> None:
        super().__init__()
        width = sizes.width
        stages = [
            nn.Sequential(nn.Conv1d(width, width, 4, stride=2, padding=1), ResidualBlocks(sizes)) for _ in range(2)
        ]
        first, last = _conv(sizes.motion_features, width), _conv(width, sizes.code_dim)
        self.model = nn.Sequential(first, nn.ReLU(), *stages, last)

    def forward(self, x: Tensor) -> Tensor:
        """(B, motion_features, T) to (B, code_dim, T // 4)."""
        y: Tensor = self.model(x)
        return y


class Decoder(nn.Module):
    """Vectors to four times as many frames."""

    def __init__(self, sizes: MoMaskSizes) -> None:
        super().__init__()
        width = sizes.width
        stages = [
            nn.Sequential(ResidualBlocks(sizes), nn.Upsample(scale_factor=2.0, mode="nearest"), _conv(width, width))
            for _ in range(2)
        ]
        first, last = _conv(sizes.code_dim, width), _conv(width, sizes.motion_features)
        self.model = nn.Sequential(first, nn.ReLU(), *stages, _conv(width, width), nn.ReLU(), last)

    def forward(self, x: Tensor) -> Tensor:
        """(B, code_dim, n) to (B, motion_features, 4 n)."""
        y: Tensor = self.model(x)
        return y


def _conv(before: int, after: int) -> nn.Conv1d:
    return nn.Conv1d(before, after, 3, padding=1)
