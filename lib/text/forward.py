"""The MPNet forward pass without padding: every row that is multiplied is a token of a text."""

import json
import math
from collections.abc import Sequence
from itertools import accumulate, groupby
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import embedding, layer_norm, normalize, scaled_dot_product_attention
from torch.utils.mkldnn import to_mkldnn

from lib.base.errors import ModelError, refuse_limits

PADDING_ID = 1
FURTHEST = 128
PREPACK: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]

Groups = list[tuple[int, int]]


class Forward:
    """MPNet with mean pooling, on sequences laid end to end.

    The linear layers, nearly all of the arithmetic, see one matrix (tokens, width); attention runs once per group of
    equally long sequences, so nothing is padded and nothing masked. The three projections of attention are one
    product, and where oneDNN exists the weights are packed for it once.

    Source: Song et al. 2020, MPNet + transformers: models/mpnet/modeling_mpnet.py, which pads a batch to its longest
    sequence and masks. The sums are the same: vectors agree to float32 rounding.

    """

    def __init__(self, folder: Path) -> None:
        """Reads the weights.

        Args:
            folder: a model folder with `config.json` and `model.safetensors`.

        Raises:
            ModelError: the folder holds no MPNet weights.
        """
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            with (folder / "model.safetensors").open("rb"):  # safetensors calls missing what the system will not open
                weights = load_file(folder / "model.safetensors")
            self.heads, self.eps = int(config["num_attention_heads"]), float(config["layer_norm_eps"])
            self.words = weights["embeddings.word_embeddings.weight"]
            self.places = weights["embeddings.position_embeddings.weight"]
            self.norm = weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"]
            self.by_distance = weights["encoder.relative_attention_bias.weight"]
            self.layers = [_Layer(weights, f"encoder.layer.{i}.") for i in range(int(config["num_hidden_layers"]))]
        except Exception as error:  # JSON, numbers and tensors each fail in their own way
            refuse_limits(error)
            raise ModelError(f"not an MPNet model ({error})", where=folder, fix="point at a complete model") from error
        self.width = int(self.words.shape[1])
        self._bias: dict[int, Tensor] = {}

    @torch.inference_mode()
    def __call__(self, ids: Sequence[Sequence[int]]) -> Tensor:
        """Vectors of token sequences.

        Args:
            ids: the tokens of each sequence, special tokens included, sorted by length; none empty.

        Returns:
            (n, width) float32, rows of unit length.
        """
        x, groups = self._states(ids)
        return normalize(torch.cat([part.mean(1) for part in _by_group(x, groups)]), dim=1)

    @torch.inference_mode()
    def states(self, ids: Sequence[Sequence[int]]) -> list[Tensor]:
        """What the last layer says of each token, before pooling.

        Args:
            ids: as for a call.

        Returns:
            (length, width) for each sequence.
        """
        return [rows for part in _by_group(*self._states(ids)) for rows in part]

    def _states(self, ids: Sequence[Sequence[int]]) -> tuple[Tensor, Groups]:
        groups = [(length, len(list(same))) for length, same in groupby(map(len, ids))]
        flat = torch.tensor([token for sequence in ids for token in sequence])
        x = embedding(flat, self.words) + embedding(_positions(flat, groups), self.places)
        x = layer_norm(x, (self.width,), *self.norm, self.eps)
        for layer in self.layers:
            mixed = layer.out(self._attend(layer.qkv(x), groups))
            x = layer_norm(mixed.add_(x), (self.width,), *layer.norm_mixed, self.eps)
            x = layer_norm(layer.transform(x).add_(x), (self.width,), *layer.norm_output, self.eps)
        return x, groups

    def _attend(self, qkv: Tensor, groups: Groups) -> Tensor:
        mixed = []
        for part in _by_group(qkv, groups):
            count, length, _ = part.shape
            q, k, v = part.view(count, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            heads = scaled_dot_product_attention(q, k, v, attn_mask=self._distance_bias(length))
            mixed.append(heads.transpose(1, 2).reshape(count * length, -1))
        return torch.cat(mixed)

    def _distance_bias(self, length: int) -> Tensor:
        if length not in self._bias:
            place = torch.arange(length)
            bucket = distance_bucket(place[None] - place[:, None], len(self.by_distance))
            self._bias[length] = self.by_distance[bucket].permute(2, 0, 1)[None].contiguous()
        return self._bias[length]


def distance_bucket(distance: Tensor, buckets: int) -> Tensor:
    """The bucket of a signed distance between two tokens: exact when near, logarithmic up to 128, then one for all.

    Source: Raffel et al. 2020, T5 + transformers: models/mpnet/modeling_mpnet.py.

    Args:
        distance: integer tensor, key position minus query position.
        buckets: how many there are in both directions together.

    Returns:
        Integer tensor of the same shape, in 0..buckets-1.

    Example:
        >>> distance_bucket(torch.tensor([-200, -1, 0, 1, 200]), 32).tolist()
        [15, 1, 0, 17, 31]
    """
    half, near = buckets // 2, buckets // 4
    size = distance.abs()
    far = near + (torch.log(size.float() / near) / math.log(FURTHEST / near) * (half - near)).long()
    return (distance > 0).long() * half + torch.where(size < near, size, far.clamp(max=half - 1))


class _Layer:
    """One transformer layer's weights."""

    def __init__(self, weights: dict[str, Tensor], at: str) -> None:
        attention = f"{at}attention.attn."
        self.qkv = _packed(_linear(weights, *(attention + name for name in "qkv")))
        self.out = _packed(_linear(weights, f"{attention}o"))
        up, down = _linear(weights, f"{at}intermediate.dense"), _linear(weights, f"{at}output.dense")
        self._transform = _packed(nn.Sequential(up, nn.GELU(), down))
        self.norm_mixed = weights[f"{at}attention.LayerNorm.weight"], weights[f"{at}attention.LayerNorm.bias"]
        self.norm_output = weights[f"{at}output.LayerNorm.weight"], weights[f"{at}output.LayerNorm.bias"]

    def transform(self, x: Tensor) -> Tensor:
        # The wide middle stays in oneDNN's own layout: converting once, not at each of three steps, is 5 % of it all.
        y: Tensor = self._transform(x.to_mkldnn()).to_dense() if PREPACK else self._transform(x)
        return y


def _linear(weights: dict[str, Tensor], *names: str) -> nn.Linear:
    weight = torch.cat([weights[f"{name}.weight"] for name in names])
    linear = nn.Linear(weight.shape[1], weight.shape[0], device="meta")
    linear.weight = nn.Parameter(weight, requires_grad=False)
    linear.bias = nn.Parameter(torch.cat([weights[f"{name}.bias"] for name in names]), requires_grad=False)
    return linear


def _packed(module: nn.Module) -> nn.Module:
    packed: nn.Module = to_mkldnn(module.eval()) if PREPACK else module.eval()  # type: ignore[no-untyped-call]
    return packed


def _by_group(rows: Tensor, groups: Groups) -> list[Tensor]:
    starts = accumulate((length * count for length, count in groups), initial=0)
    return [
        rows[start : start + length * count].view(count, length, *rows.shape[1:])
        for start, (length, count) in zip(starts, groups, strict=False)
    ]


def _positions(flat: Tensor, groups: Groups) -> Tensor:
    # A text may hold the padding token itself ("<pad>"): the reference does not count it as a place.
    places = []
    for part in _by_group(flat, groups):
        real = (part != PADDING_ID).long()
        places.append((real.cumsum(1) * real + PADDING_ID).flatten())
    return torch.cat(places)
