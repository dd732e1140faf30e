"""Residual quantisation: vectors as sums of code vectors, which are moving averages of what they stand for."""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, mse_loss, one_hot, pad

LEAST_USE = 1.0
"""Vectors a step, on average, below which a code vector is put elsewhere."""


class Quantized(NamedTuple):
    """What quantisation gives in training.

    Attributes:
        vectors: (B, n, d) the sums of code vectors; gradients pass as if nothing had been quantised.
        commitment: mean square distance between what each quantizer reads and its code vector, over those used.
        perplexity: codes in use, the exponential of their entropy in the batch, the mean over the quantizers used.
    """

    vectors: Tensor
    commitment: Tensor
    perplexity: Tensor


class Codebook(nn.Module):
    """The code vectors of one quantizer, (codes, d); zeros before training."""

    def __init__(self, codes: int, width: int) -> None:
        super().__init__()
        self.codebook: Tensor
        self.register_buffer("codebook", torch.zeros(codes, width))

    def nearest(self, x: Tensor, temperature: float = 0.0) -> Tensor:
        """The nearest code of each vector (N, d), or with a temperature one drawn among the near ones."""
        distance = self.codebook.square().sum(1) - 2 * x @ self.codebook.T
        if temperature > 0:
            distance = distance / temperature + torch.empty_like(distance).exponential_().log()
        return distance.argmin(1)

    def vectors(self, codes: Tensor) -> Tensor:
        """Code vectors of codes of any shape; -1 stands for the zero vector."""
        found = embedding(codes.clamp(min=0), self.codebook)
        return found.masked_fill((codes < 0)[..., None], 0.0)


class Averages(nn.Module):
    """Moving sums and counts of the vectors that each code stands for; they go with a training and are not published.

    Source: momask-codes: models/vq/quantizer.py (QuantizeEMAReset), which keeps them beside its weights and loses them
    with the process.

    Args:
        quantizers: how many.
        codes: of each.
        width: numbers a vector.
        decay: of the averages.
    """

    def __init__(self, quantizers: int, codes: int, width: int, *, decay: float) -> None:
        super().__init__()
        self.decay = decay
        self.sums: Tensor
        self.counts: Tensor
        self.register_buffer("sums", torch.zeros(quantizers, codes, width))
        self.register_buffer("counts", torch.zeros(quantizers, codes))

    @torch.no_grad()
    def begin(self, place: int, layer: Codebook, x: Tensor) -> None:
        """Puts the code vectors of a quantizer that never was trained where the first vectors of a batch are."""
        if not self.counts[place].any():
            layer.codebook.copy_(_spread(x, len(layer.codebook)))
            self.sums[place] = layer.codebook
            self.counts[place] = 1.0

    @torch.no_grad()
    def update(self, place: int, layer: Codebook, x: Tensor, codes: Tensor) -> Tensor:
        """Moves the code vectors of a quantizer towards a batch; those hardly used go where its first vectors are.

        Args:
            place: number of the quantizer.
            layer: its code vectors, changed in place.
            x: (N, d) what it read.
            codes: (N,) what it chose.

        Returns:
            The perplexity of the codes.
        """
        chosen = one_hot(codes, len(layer.codebook)).to(x.dtype)
        counts = chosen.sum(0)
        self.sums[place].lerp_(chosen.T @ x, 1 - self.decay)
        self.counts[place].lerp_(counts, 1 - self.decay)
        used = (self.counts[place] >= LEAST_USE)[:, None]
        mean = self.sums[place] / self.counts[place, :, None].clamp(min=1e-12)
        layer.codebook.copy_(torch.where(used, mean, _spread(x, len(used))))
        share = counts / counts.sum()
        return torch.exp(-(share * torch.log(share + 1e-7)).sum())


class ResidualQuantizer(nn.Module):
    """Quantizers of which each reads what the ones before it leave.

    Source: Zeghidour et al. 2021 (SoundStream), algorithm 1 + momask-codes: models/vq/residual_vq.py, quantizer.py.
    As there, the gradient of the sum reaches the encoder once for every quantizer used.

    Example:
        >>> quantizer = ResidualQuantizer(2, 3, 2)
        >>> _ = quantizer.layers[0].codebook.copy_(torch.tensor([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]]))
        >>> _ = quantizer.layers[1].codebook.copy_(torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
        >>> codes = quantizer.codes(torch.tensor([[[4.9, 0.1]]]))
        >>> codes.tolist(), quantizer.vectors(codes).tolist()
        ([[[1, 1]]], [[[5.0, 0.0]]])
    """

    def __init__(self, quantizers: int, codes: int, width: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Codebook(codes, width) for _ in range(quantizers))

    @property
    def codebooks(self) -> list[Codebook]:
        """The quantizers in their order."""
        return [layer for layer in self.layers if isinstance(layer, Codebook)]

    def codes(self, x: Tensor) -> Tensor:
        """(B, n, d) to the nearest codes (B, n, quantizers)."""
        rest, found = x.flatten(0, 1), []
        for layer in self.codebooks:
            found.append(layer.nearest(rest))
            rest = rest - layer.vectors(found[-1])
        return torch.stack(found, dim=1).reshape(*x.shape[:2], -1)

    def vectors(self, codes: Tensor) -> Tensor:
        """(B, n, quantizers or fewer) to the sums of their code vectors (B, n, d); -1 adds nothing."""
        codes = pad(codes, (0, len(self.layers) - codes.shape[2]), value=-1)
        parts = [layer.vectors(codes[..., place]) for place, layer in enumerate(self.codebooks)]
        return torch.stack(parts).sum(0)

    def forward(self, x: Tensor, averages: Averages, *, used: int, temperature: float) -> Quantized:
        """Quantises a batch of training and moves the code vectors; see `RVQVAE.forward`."""
        rest, total, commitments, perplexities = x.flatten(0, 1), torch.zeros_like(x), [], []
        for place, layer in enumerate(self.codebooks[:used]):
            averages.begin(place, layer, rest)
            codes = layer.nearest(rest.detach(), temperature)
            vectors = layer.vectors(codes)
            perplexities.append(averages.update(place, layer, rest.detach(), codes))
            commitments.append(mse_loss(rest, vectors))
            total = total + (rest + (vectors - rest).detach()).reshape(x.shape)
            rest = rest - vectors
        return Quantized(total, torch.stack(commitments).mean(), torch.stack(perplexities).mean())


def _spread(x: Tensor, count: int) -> Tensor:
    """The first `count` vectors, of fewer each several times with a little noise."""
    if len(x) >= count:
        return x[:count].detach()
    repeated = x.detach().repeat(-(-count // len(x)), 1)[:count]
    return repeated + torch.randn_like(repeated) * (0.01 / math.sqrt(x.shape[1]))
