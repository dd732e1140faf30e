"""How a TEMOS is trained: the paper's numbers, any of which a profile may replace; its sizes are TMR's."""

import math
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from lib.models.tmr.sizes import STRICT, Count, Training


@dataclass(frozen=True, config=STRICT)
class TEMOSTraining(Training):
    """How a TEMOS is trained.

    Source: Petrovich et al. 2022, section 4 + Mathux/TMR: configs/model/temos.yaml, configs/train.yaml. They count
    epochs; we count steps, since regimes are compared at the same number of them, and draw the clips of every step with
    replacement, since regimes differ in nothing but the probabilities. They take the last weights; we take those with
    the lowest validation loss, lest a regime lose only because a small training set is learnt by heart sooner.

    Attributes:
        warmup: steps over which the rate rises from 0; none in the paper.
        cosine: whether the rate then falls to 0 along a cosine, which suits short trainings; constant in the paper.
        batch: pairs a step.
        steps: how many.
        every: steps between two validations, after each of which an interrupted training can go on.
        bucket: batches whose clips are drawn together and sorted by length, so that little is padded.
    """

    warmup: Annotated[int, Field(ge=0, strict=True)] = 0
    cosine: bool = False
    batch: Count = 32
    steps: Count = 700_000
    every: Count = 700
    bucket: Count = 8

    @property
    def checks(self) -> int:
        """How often it is validated."""
        return -(-self.steps // self.every)

    def steps_of(self, check: int) -> int:
        """Steps before that validation and after the one before.

        Example:
            >>> [TEMOSTraining(steps=250, every=100).steps_of(check) for check in range(3)]
            [100, 100, 50]
        """
        return min(self.every, self.steps - check * self.every)

    def lr_at(self, step: int) -> float:
        """The learning rate of a step, from 0.

        Example:
            >>> [round(TEMOSTraining(lr=1.0, warmup=2, steps=10, cosine=True).lr_at(step), 3) for step in (0, 1, 6)]
            [0.5, 1.0, 0.5]
        """
        if step < self.warmup:
            return self.lr * (step + 1) / self.warmup
        share = (step - self.warmup) / max(self.steps - self.warmup, 1)
        return self.lr * (0.5 + 0.5 * math.cos(math.pi * share)) if self.cosine else self.lr
