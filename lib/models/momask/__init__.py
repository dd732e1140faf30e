"""MoMask, the reference generator: networks, public weights, generation, training.

The networks are imported when they are asked for, so that `lib.models.momask.sizes` needs no torch.

Example:
    >>> from lib.models.momask import LengthEstimator
    >>> LengthEstimator.__module__
    'lib.models.momask.length_estimator'
"""

from importlib import import_module
from typing import Any

__all__ = ["RVQVAE", "LengthEstimator", "MaskTransformer", "ResidualTransformer"]

_HOMES = {
    "LengthEstimator": "length_estimator",
    "MaskTransformer": "masked",
    "RVQVAE": "tokenizer",
    "ResidualTransformer": "residual",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
