"""The block ``preparation`` of a parameter file."""

from typing import Annotated

from pydantic import Field

from lib.base.parameters import Count, Positive, Section
from lib.motion.realism_scale import LEAST, MOST


class Preparation(Section):
    """00: dataset statistics and the quality funnel."""

    high_pass_cutoff_hz: Positive = 5.0
    reach: Annotated[float, Field(ge=0)] = 3.0
    realism_min: Annotated[float, Field(ge=LEAST, le=MOST)] | None = None
    high_pass_max: Positive | None = None
    foot_skate_max: Positive | None = None
    movement_min: Positive | None = None
    off_floor_max: Positive | None = None
    discriminator_poses: Annotated[int, Field(ge=500)] = 10_000
    discriminator_epochs: Count = 10
    bootstrap: Annotated[int, Field(ge=20)] = 200
    examples: Annotated[int, Field(ge=1, le=4)] = 3
