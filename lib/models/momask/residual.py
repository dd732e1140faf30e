"""The residual transformer: the codes of one quantizer after another, from those of the quantizers before."""

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, one_hot

from lib.models.momask.sizes import MoMaskSizes
from lib.models.momask.transformer import SPREAD, ConditionedTransformer, begin_weights, guided


class ResidualTransformer(ConditionedTransformer):
    """Logits of the codes of quantizers 1 to 5; the tables of quantizers 1 to 4 serve input and output.

    There is one class more than codes: padding. Where it wins inside a motion, nothing is added there.

    Source: Guo et al. 2023, section 3.3 + momask-codes: models/mask_transformer/transformer.py
    (ResidualTransformer with `share_weight`, as the public weights are).

    Args:
        sizes: of the network; the public ones by default.

    Example:
        >>> sizes = MoMaskSizes(code_dim=8, codes=32, latent_dim=12, num_layers=1, ff_size=8)
        >>> residual, padding = ResidualTransformer(sizes).eval(), torch.zeros(2, 10, dtype=torch.bool)
        >>> residual.logits(torch.zeros(2, 10, 1, dtype=torch.int64), 1, torch.zeros(2, 512), padding).shape
        torch.Size([2, 33, 10])
    """

    def __init__(self, sizes: MoMaskSizes | None = None) -> None:
        sizes = sizes or MoMaskSizes()
        super().__init__(sizes, sizes.code_dim)
        self.pad_id = sizes.codes
        self.quant_emb = nn.Linear(sizes.quantizers, sizes.latent_dim)
        begin_weights(self)
        self.embed_proj_shared_weight = _table(sizes.quantizers - 2, sizes)
        self.token_embed_weight_ = _table(1, sizes)
        self.output_proj_weight_ = _table(1, sizes)

    def logits(
        self,
        codes: Tensor,
        layer: int | Tensor,
        condition: Tensor,
        padding: Tensor,
        *,
        guidance: float = 1.0,
        unconditional: bool = False,
    ) -> Tensor:
        """Logits of the codes of one quantizer.

        Args:
            codes: (B, T, q) of the quantizers from the first; those from `layer` on are not read; `pad_id` or -1 where
                there is none.
            layer: number of the quantizer whose codes are asked for, from 1; of each row, or one for all.
            condition: (B, condition) vectors of the texts.
            padding: (B, T) bool, True where there is no token.
            guidance: 1 gives the conditional logits.
            unconditional: whether the condition is left out, which is the vector of zeros.

        Returns:
            (B, codes + 1, T); the last class is padding.
        """
        layers = torch.as_tensor(layer, device=codes.device).expand(len(codes))
        before = self._sums(codes, layers)
        if unconditional or guidance == 1:
            return self._logits(before, layers, torch.zeros_like(condition) if unconditional else condition, padding)
        both = torch.cat([condition, torch.zeros_like(condition)])
        given, free = self._logits(before.repeat(2, 1, 1), layers.repeat(2), both, padding.repeat(2, 1)).chunk(2)
        return guided(given, free, guidance)

    def _sums(self, codes: Tensor, layers: Tensor) -> Tensor:
        """(B, T, code_dim): the vectors of the codes before each row's layer, added."""
        tables = torch.cat([self.token_embed_weight_, self.embed_proj_shared_weight])
        known = torch.where(codes < 0, self.pad_id, codes)
        total = tables.new_zeros(*codes.shape[:2], tables.shape[2])
        for place in range(min(codes.shape[2], len(tables))):
            vectors = embedding(known[..., place], tables[place])
            total = total + vectors * (layers > place)[:, None, None]
        return total

    def _logits(self, vectors: Tensor, layers: Tensor, condition: Tensor, padding: Tensor) -> Tensor:
        own = self.quant_emb(one_hot(layers, self.sizes.quantizers).to(vectors.dtype))
        y = self.transformed(vectors, [self.cond_emb(condition), own], padding)
        tables = torch.cat([self.embed_proj_shared_weight, self.output_proj_weight_])
        return tables[layers - 1] @ y.transpose(1, 2)


def _table(count: int, sizes: MoMaskSizes) -> nn.Parameter:
    return nn.Parameter(torch.randn(count, sizes.codes + 1, sizes.code_dim) * SPREAD)
