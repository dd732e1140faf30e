"""The lean passes are the networks themselves, outputs and gradients, wherever nothing drops out."""

import pytest
import torch
from torch import Tensor

from lib.models import lean_passes
from lib.models.tmr.networks import Decoder, Encoder

SIZES = {"latent_dim": 16, "num_layers": 2, "num_heads": 2, "ff_size": 32, "dropout": 0.0}


def mask(lengths: list[int]) -> Tensor:
    return torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]


@pytest.mark.parametrize("lengths", [[9, 4, 1], [6, 6]], ids=["padded", "whole"])
@pytest.mark.parametrize("layers", [1, 3])
def test_the_encoder_is_the_encoder(lengths: list[int], layers: int) -> None:
    torch.manual_seed(0)
    encoder = Encoder(nfeats=5, **(SIZES | {"num_layers": layers}))
    x = torch.randn(len(lengths), max(lengths), 5)
    same(encoder, encoder(x, mask(lengths)), lean_passes.encode(encoder, x, mask(lengths)))


@pytest.mark.parametrize("latents", [1, 2])
@pytest.mark.parametrize("lengths", [[9, 4, 1], [6, 6]], ids=["padded", "whole"])
@pytest.mark.parametrize("layers", [1, 3])
def test_the_decoder_is_the_decoder_for_every_latent_of_a_clip(lengths: list[int], layers: int, latents: int) -> None:
    torch.manual_seed(0)
    decoder = Decoder(nfeats=5, **(SIZES | {"num_layers": layers}))
    z = torch.randn(latents * len(lengths), 16)
    expected = decoder(z, mask(lengths * latents))
    same(decoder, (expected,), (lean_passes.decode(decoder, z, mask(lengths)),))
    _, as_it_is = lean_passes.passes(dropout=0.1)
    same(decoder, (expected,), (as_it_is(decoder, z, mask(lengths)),))


def same(network: torch.nn.Module, expected: tuple[Tensor, ...], found: tuple[Tensor, ...]) -> None:
    wanted, had = (gradients(network, outputs) for outputs in (expected, found))
    for one, other in zip((*expected, *wanted), (*found, *had), strict=True):
        torch.testing.assert_close(one, other, atol=2e-5, rtol=1e-4)


def gradients(network: torch.nn.Module, outputs: tuple[Tensor, ...]) -> list[Tensor]:
    network.zero_grad()
    sum(output.square().sum() for output in outputs).backward(retain_graph=True)
    zero = [torch.zeros_like(one) for one in network.parameters()]
    return [
        none if one.grad is None else one.grad.clone() for one, none in zip(network.parameters(), zero, strict=True)
    ]
