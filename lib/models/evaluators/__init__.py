"""The evaluator that papers on text-to-motion report by (Guo et al. 2022), from its public files or trained here.

What is named here is imported when it is first asked for, so that parameters are read without torch.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.models.evaluators.model import Evaluator
    from lib.models.evaluators.networks import MotionEncoderBiGRUCo, MovementConvEncoder, TextEncoderBiGRUCo

__all__ = ["Evaluator", "MotionEncoderBiGRUCo", "MovementConvEncoder", "TextEncoderBiGRUCo"]


def __getattr__(name: str) -> Any:
    """A class of this room by its name."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from lib.models.evaluators import model, networks

    return getattr(model if name == "Evaluator" else networks, name)
