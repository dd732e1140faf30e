"""The test set that generators are judged on, and the motions of a generator as an evaluator's latents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lib.metrics.directions import Floats

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TestSet:
    """The clips that models are judged on, as the evaluator sees them.

    Attributes:
        text: (n, d) latents of one caption a clip.
        motion: (n, d) latents of the real motions.
        groups: (n,) base clip, the resampling unit.
        physical: measure by name (n,) of the real motions, NaN where a clip has none.
        seed: deals clips to blocks, the same for every model.
    """

    __test__ = False

    text: Floats
    motion: Floats
    groups: npt.NDArray[np.generic]
    physical: Mapping[str, Floats] = field(default_factory=dict)
    seed: int = 0

    def __repr__(self) -> str:
        """How many clips and base clips there are, in how many dimensions."""
        n, d = self.text.shape
        return f"TestSet({n:,} clips, {len(np.unique(self.groups)):,} base clips, {d} dimensions)"

    @cached_property
    def real(self) -> "GeneratedLatents":
        """The real motions in the place of a model's."""
        physical = {name: values[None, None] for name, values in self.physical.items()}
        return GeneratedLatents(self.motion[None, None], physical)


@dataclass(frozen=True, eq=False)
class GeneratedLatents:
    """Motions of one regime or external model, embedded by the evaluator.

    Attributes:
        latents: (seeds, repeats, n, d), clips in the order of the test set; NaN where a motion is missing or refused.
        physical: measure by name (seeds, repeats, n).
    """

    latents: npt.NDArray[np.floating]
    physical: Mapping[str, Floats] = field(default_factory=dict)

    def __repr__(self) -> str:
        """How many seeds, repeats and clips there are."""
        seeds, repeats, n, _ = self.latents.shape
        return f"GeneratedLatents({seeds} seeds, {repeats} repeats, {self.present.sum():,} of {n:,} clips)"

    @cached_property
    def present(self) -> Mask:
        """Clips with a motion of every seed and repeat (n,): those that count."""
        return np.asarray(np.isfinite(self.latents).all(axis=(0, 1, 3)))
