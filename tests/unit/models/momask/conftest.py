"""Small networks and a folder of weights as the public code writes it, made here line by line."""

from pathlib import Path

import numpy as np
import pytest
import torch

from lib.models.momask import RVQVAE, LengthEstimator, MaskTransformer, ResidualTransformer
from lib.models.momask.sizes import MoMaskSizes

SIZES = MoMaskSizes(width=16, code_dim=8, codes=32, quantizers=3, latent_dim=12, num_layers=1, num_heads=2, ff_size=16)

TOKENIZER = """------------ Options -------------
code_dim: 8
dataset_name: t2m
depth: 3
dilation_growth_rate: 3
down_t: 2
milestones: [150000, 250000]
name: rvq_small
nb_code: 32
num_quantizers: 3
output_emb_width: 8
shared_codebook: False
stride_t: 2
vq_act: relu
vq_norm: None
width: 16
-------------- End ----------------
"""
TRANSFORMER = """------------ Options -------------
cond_drop_prob: 0.1
dataset_name: t2m
dropout: 0.2
ff_size: 16
latent_dim: 12
n_heads: 2
n_layers: 1
share_weight: {shared}
vq_name: rvq_small
-------------- End ----------------
"""


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """`checkpoints/t2m` of a small model: no line and no key is there that the public code does not write."""
    root = tmp_path / "t2m"
    torch.manual_seed(0)
    tokenizer = RVQVAE(SIZES)
    for layer in tokenizer.quantizer.codebooks:
        layer.codebook.normal_()
    parts = {
        "rvq_small": ("net_best_fid.tar", {"vq_model": tokenizer.state_dict(), "ep": 7}, TOKENIZER),
        "mtrans": (
            "latest.tar",
            {"t2m_transformer": MaskTransformer(SIZES).state_dict(), "ep": 3, "total_it": 9},
            TRANSFORMER.format(shared=False),
        ),
        "rtrans_sw": (
            "net_best_fid.tar",
            {"res_transformer": ResidualTransformer(SIZES).state_dict(), "ep": 4},
            TRANSFORMER.format(shared=True),
        ),
        "length_estimator": ("finest.tar", {"estimator": LengthEstimator().state_dict(), "epoch": 2}, None),
    }
    for name, (file, content, options) in parts.items():
        (root / name / "model").mkdir(parents=True)
        torch.save(content, root / name / "model" / file)
        if options:
            (root / name / "opt.txt").write_text(options)
    (root / "rvq_small" / "meta").mkdir()
    np.save(root / "rvq_small" / "meta" / "mean.npy", np.linspace(-1, 1, 263, dtype=np.float32))
    np.save(root / "rvq_small" / "meta" / "std.npy", np.full(263, 0.5))
    return root
