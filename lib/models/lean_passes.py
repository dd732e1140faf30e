"""The networks of TMR run without what cannot alter their outcome, for training and sampling where nothing drops out.

Four things are left out. A decoder's frames attend to one memory token, so each attends to it wholly: the attention
is the token's value, the same for every frame, and neither queries nor weights need be computed. Its first layer sees
positions alone, so what the frames of one clip make of each other there is the same for all its latents. Of an
encoder's last layer only the two learned tokens are read, so no frame needs a query or a feed-forward pass there. A
mask that masks nothing is not applied. On a CPU the step of a small model takes about two thirds of the time; weights
and names are those of `lib.models.tmr.networks`, which stays the definition that the tests compare with.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, linear, scaled_dot_product_attention

from lib.models.tmr.networks import Decoder, Encoder

Encode = Callable[[Encoder, Tensor, Tensor], tuple[Tensor, Tensor]]
Decode = Callable[[Decoder, Tensor, Tensor], Tensor]


def passes(dropout: float) -> tuple[Encode, Decode]:
    """How encoders and decoders are run in training: `encode` and `decode`, or as they are where activations drop out.

    Either decoder takes the latents of one mask more than once: ``z`` (k * B, latent_dim) with ``mask`` (B, T).
    """
    if dropout == 0:
        return encode, decode
    return (lambda network, *given: network(*given)), lambda network, z, mask: network(z, _repeated(mask, z))


def encode(encoder: Encoder, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """As ``encoder(x, mask)`` in evaluation mode, to rounding.

    Args:
        encoder: whose weights are used.
        x: (B, T, nfeats), finite.
        mask: (B, T) bool, True where valid.

    Returns:
        Mean and log-variance, each (B, latent_dim).

    Example:
        >>> encoder = Encoder(nfeats=6, latent_dim=8, num_layers=2).eval()
        >>> x, mask = torch.ones(1, 3, 6), torch.tensor([[True, True, False]])
        >>> bool(torch.allclose(encode(encoder, x, mask)[0], encoder(x, mask)[0], atol=1e-5))
        True
    """
    sequence = torch.cat([encoder.tokens.expand(len(x), -1, -1), encoder.projection(x)], dim=1)
    sequence = sequence + encoder.sequence_pos_encoding.pe[: sequence.shape[1]]
    bias = _bias(torch.cat([mask.new_ones(len(x), 2), mask], dim=1))
    *before, last = encoder.seqTransEncoder.layers
    for layer in before:
        sequence = _layer(layer, sequence, sequence, bias)
    read = _layer(last, sequence[:, :2], sequence, bias)
    return read[:, 0], read[:, 1]


def decode(decoder: Decoder, z: Tensor, mask: Tensor) -> Tensor:
    """As ``decoder(z, mask)`` in evaluation mode, to rounding.

    Args:
        decoder: whose weights are used.
        z: (k * B, latent_dim), the B clips once for each of k latents.
        mask: (B, T) bool, True where a frame is asked for.

    Returns:
        (k * B, T, nfeats), zero where the mask is False.
    """
    x = decoder.sequence_pos_encoding.pe[None, : mask.shape[1]]
    once, mask = _bias(mask), _repeated(mask, z)
    bias = _bias(mask)
    for number, layer in enumerate(decoder.seqTransDecoder.layers):
        x = layer.norm1(x + _attention(layer.self_attn, x, x, bias if number else once))
        x = x if number else x.repeat(len(z) // len(x), 1, 1)
        memory = layer.multihead_attn
        _, _, weight = memory.in_proj_weight.chunk(3)
        _, _, shift = memory.in_proj_bias.chunk(3)
        x = layer.norm2(x + memory.out_proj(linear(z, weight, shift))[:, None])
        x = layer.norm3(x + layer.linear2(gelu(layer.linear1(x))))
    frames: Tensor = decoder.final_layer(x)
    return frames if bias is None else frames.masked_fill(~mask[:, :, None], 0.0)


def _layer(layer: Any, asking: Tensor, asked: Tensor, bias: Tensor | None) -> Tensor:
    x = layer.norm1(asking + _attention(layer.self_attn, asking, asked, bias))
    y: Tensor = layer.norm2(x + layer.linear2(gelu(layer.linear1(x))))
    return y


def _attention(attention: nn.MultiheadAttention, asking: Tensor, asked: Tensor, bias: Tensor | None) -> Tensor:
    weights, shifts = attention.in_proj_weight.chunk(3), attention.in_proj_bias.chunk(3)
    if asking is asked:
        heads = linear(asked, attention.in_proj_weight, attention.in_proj_bias).chunk(3, dim=-1)
    else:
        heads = tuple(linear(x, *with_) for x, *with_ in zip((asking, asked, asked), weights, shifts, strict=True))
    shape = (len(asked), -1, attention.num_heads, attention.head_dim)  # a batch of one serves every row of the bias
    rows = len(asked) if bias is None else len(bias)
    query, key, value = (head.reshape(shape).transpose(1, 2).expand(rows, -1, -1, -1) for head in heads)
    mixed = scaled_dot_product_attention(query, key, value, attn_mask=bias)
    y: Tensor = attention.out_proj(mixed.transpose(1, 2).flatten(2))
    return y


def _repeated(mask: Tensor, z: Tensor) -> Tensor:
    return mask.repeat(len(z) // len(mask), 1)


def _bias(mask: Tensor) -> Tensor | None:
    """What is added to attention logits (B, 1, 1, T), or None when every place is valid."""
    if bool(mask.all()):
        return None
    return torch.zeros(mask.shape, device=mask.device).masked_fill(~mask, -torch.inf)[:, None, None]
