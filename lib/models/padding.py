"""Sequences of unlike length as one batch with a mask."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence


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
