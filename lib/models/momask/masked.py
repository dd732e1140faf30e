"""The masked transformer: all tokens of the first quantizer at once, from those that are known and a text."""

import torch
from torch import Tensor, nn

from lib.models.momask.sizes import MoMaskSizes
from lib.models.momask.transformer import ConditionedTransformer, begin_weights, guided


class MaskTransformer(ConditionedTransformer):
    """Logits of the first quantizer's codes; beside these there is an id of masked tokens and one of padding.

    Source: Guo et al. 2023, section 3.2 + momask-codes: models/mask_transformer/transformer.py (MaskTransformer).

    Args:
        sizes: of the network; the public ones by default.

    Example:
        >>> masked = MaskTransformer(MoMaskSizes(code_dim=8, codes=32, latent_dim=12, num_layers=1, ff_size=8)).eval()
        >>> ids, padding = torch.full((2, 10), masked.mask_id), torch.zeros(2, 10, dtype=torch.bool)
        >>> masked.logits(ids, torch.zeros(2, 512), padding, guidance=4.0).shape
        torch.Size([2, 32, 10])
    """

    def __init__(self, sizes: MoMaskSizes | None = None) -> None:
        sizes = sizes or MoMaskSizes()
        super().__init__(sizes, sizes.codes)
        self.mask_id, self.pad_id = sizes.codes, sizes.codes + 1
        self.token_emb = nn.Embedding(sizes.codes + 2, sizes.code_dim)
        begin_weights(self)

    def logits(
        self, ids: Tensor, condition: Tensor, padding: Tensor, *, guidance: float = 1.0, unconditional: bool = False
    ) -> Tensor:
        """Logits of every token.

        Args:
            ids: (B, T) codes, `mask_id` or `pad_id`.
            condition: (B, condition) vectors of the texts.
            padding: (B, T) bool, True where there is no token.
            guidance: 1 gives the conditional logits.
            unconditional: whether the condition is left out, which is the vector of zeros.

        Returns:
            (B, codes, T).
        """
        if unconditional or guidance == 1:
            return self._logits(ids, torch.zeros_like(condition) if unconditional else condition, padding)
        both = torch.cat([condition, torch.zeros_like(condition)])
        given, free = self._logits(ids.repeat(2, 1), both, padding.repeat(2, 1)).chunk(2)
        return guided(given, free, guidance)

    def _logits(self, ids: Tensor, condition: Tensor, padding: Tensor) -> Tensor:
        return self.transformed(self.token_emb(ids), [self.cond_emb(condition)], padding).transpose(1, 2)
