"""From conditions to codes: the first quantizer's in a few passes over all tokens, then the others' one by one."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from lib.models.momask.length_estimator import LengthEstimator
from lib.models.momask.masked import MaskTransformer
from lib.models.momask.residual import ResidualTransformer
from lib.models.momask.sizes import Sampling

Noise = Callable[[Tensor], Tensor]
"""From logits (B, T, K) to the noise that is added before the largest is taken: Gumbel's, or none."""
KEPT = 1e5
"""Score of a token that is not decided again."""


def no_noise(logits: Tensor) -> Tensor:
    """The noise by which the most likely code is taken, always."""
    return torch.zeros_like(logits)


class GumbelStreams:
    """Gumbel noise from a stream of random numbers for each row, so that a motion does not depend on its batch.

    Args:
        seed: of all streams.
        places: of each row, the number of its stream.
        lengths: tokens of each row.

    Example:
        >>> logits = torch.zeros(2, 5, 3)
        >>> both = GumbelStreams(0, [4, 7], [5, 2])(logits)
        >>> alone = GumbelStreams(0, [7], [2])(logits[1:, :2])
        >>> bool((both[1:, :2] == alone).all())
        True
    """

    def __init__(self, seed: int, places: Sequence[int], lengths: Sequence[int]) -> None:
        self.streams = [_generator(seed, place) for place in places]
        self.lengths = lengths

    def __call__(self, logits: Tensor) -> Tensor:
        """Noise for the tokens of each row, zero where there is none."""
        noise = torch.zeros(logits.shape)
        for row, (stream, length) in enumerate(zip(self.streams, self.lengths, strict=True)):
            noise[row, :length].exponential_(generator=stream).log_().neg_()
        return noise.to(logits.device)


def _generator(seed: int, place: int) -> torch.Generator:
    state = np.random.SeedSequence([seed, place]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state) >> 1)


def padding_of(lengths: Tensor) -> Tensor:
    """(B, longest) bool, True where a row has no token.

    Example:
        >>> padding_of(torch.tensor([1, 3])).tolist()
        [[False, True, True], [False, False, False]]
    """
    return torch.arange(int(lengths.max()), device=lengths.device) >= lengths[:, None]


def cosine_share(place: Tensor) -> Tensor:
    """Shares of the tokens that are masked at places between 0 and 1 of the decoding, or at random ones in training.

    Example:
        >>> [round(share, 3) for share in cosine_share(torch.tensor([0.0, 0.5])).tolist()]
        [1.0, 0.707]
    """
    return torch.cos(place * math.pi * 0.5)


def top_share(logits: Tensor, share: float) -> Tensor:
    """Logits of which the least likely `share` of the classes, rounded down, are out of reach.

    Example:
        >>> top_share(torch.tensor([[0.1, 0.4, 0.2, 0.3]]), 0.5).isinf().tolist()
        [[True, False, True, False]]
    """
    count = math.ceil((1 - share) * logits.shape[-1])
    values, classes = logits.topk(count, dim=-1)
    return torch.full_like(logits, -math.inf).scatter(-1, classes, values)


@torch.no_grad()
def first_codes(
    masked: MaskTransformer, condition: Tensor, lengths: Tensor, sampling: Sampling, noise: Noise
) -> Tensor:
    """Codes of the first quantizer; at each pass the least certain of the tokens decided last are decided again.

    Source: Guo et al. 2023, section 3.4; Chang et al. 2022 (MaskGIT) + momask-codes: models/mask_transformer/
    transformer.py (`generate`). The first pass decides all tokens, the last one at least one. Their draw from the
    softmax is a Gumbel draw here: the same law.

    Args:
        masked: in evaluation mode.
        condition: (B, condition).
        lengths: (B,) tokens.
        sampling: how.
        noise: on the logits of each pass.

    Returns:
        (B, longest), -1 where there is no token.
    """
    padding = padding_of(lengths)
    ids = torch.where(padding, masked.pad_id, masked.mask_id)
    scores = torch.where(padding, KEPT, 0.0)
    for share in cosine_share(torch.linspace(0, 1, sampling.steps, device=lengths.device)):
        count = (share * lengths).round().clamp(min=1)
        again = scores.argsort(dim=1, stable=True).argsort(dim=1) < count[:, None]
        ids = torch.where(again, masked.mask_id, ids)
        logits = masked.logits(ids, condition, padding, guidance=sampling.guidance).transpose(1, 2)
        likely = top_share(logits, sampling.top_k) / sampling.temperature
        drawn = (likely + noise(likely)).argmax(-1)
        ids = torch.where(again, drawn, ids)
        certain = logits.softmax(-1).gather(2, drawn[..., None])[..., 0]
        scores = torch.where(again, certain, KEPT)
    return ids.masked_fill(padding, -1)


@torch.no_grad()
def all_codes(
    residual: ResidualTransformer, first: Tensor, condition: Tensor, lengths: Tensor, sampling: Sampling, noise: Noise
) -> Tensor:
    """Codes of all quantizers, from those of the first.

    Source: Guo et al. 2023, section 3.4 + momask-codes: models/mask_transformer/transformer.py
    (`ResidualTransformer.generate`).

    Args:
        residual: in evaluation mode.
        first: (B, longest) from `first_codes`.
        condition: (B, condition).
        lengths: (B,) tokens.
        sampling: how.
        noise: on the logits of each quantizer.

    Returns:
        (B, longest, quantizers), -1 where there is no token, and where nothing is added to it.
    """
    padding = padding_of(lengths)
    codes = first[..., None]
    for layer in range(1, residual.sizes.quantizers):
        logits = residual.logits(codes, layer, condition, padding, guidance=sampling.residual_guidance)
        likely = top_share(logits.transpose(1, 2), sampling.top_k)
        drawn = (likely + noise(likely)).argmax(-1)
        drawn = drawn.masked_fill(padding | (drawn == residual.pad_id), -1)
        codes = torch.cat([codes, drawn[..., None]], dim=2)
    return codes


@torch.no_grad()
def drawn_lengths(estimator: LengthEstimator, condition: Tensor, noise: Noise) -> Tensor:
    """Numbers of tokens drawn from what the estimator makes of texts, at least one.

    Source: momask-codes: gen_t2m.py, which may draw 0 tokens and then fails.

    Args:
        estimator: in evaluation mode.
        condition: (B, condition).
        noise: on its logits (B, 1, classes).

    Returns:
        (B,) int64.
    """
    logits = estimator(condition)[:, None, 1:]
    lengths: Tensor = (logits + noise(logits)).argmax(-1)[:, 0] + 1
    return lengths
