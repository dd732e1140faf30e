"""The block ``preparation`` of a parameter file."""

from typing import Annotated

from pydantic import Field

from lib.base.parameters import Count, Positive, Section, Share


class Preparation(Section):
    """00: dataset statistics and the quality funnel."""

    high_pass_cutoff_hz: Positive = 5.0
    high_pass_quantile: Share = 0.99
    high_pass_max: Positive | None = None
    realism_quantile: Share = 0.01
    realism_min: Share | None = None
    discriminator_poses: Annotated[int, Field(ge=500)] = 20_000
    discriminator_epochs: Count = 12
    bootstrap: Annotated[int, Field(ge=20)] = 200
    examples: Count = 4
