"""The block ``captioners`` of a parameter file."""

from typing import Annotated, Literal

from pydantic import Field

from lib.base.parameters import Clips, Count, Section


class Captioners(Section):
    """03: which captioner; by position, the captions of one clip by their place stand for captioners that are alike."""

    clips: Clips = "kept"
    by: Literal["captioner", "position"] = "captioner"
    positions: Annotated[int, Field(ge=2, le=6)] = 3
    splits: Annotated[list[Literal["train", "val", "test"]], Field(min_length=1)] = ["test"]
    ties: Literal["average", "optimistic"] = "average"
    block: Count = 512
    gallery_points: Annotated[int, Field(ge=2)] = 8
    bootstrap: Annotated[int, Field(ge=100)] = 1000
    quality_draws: Annotated[int, Field(ge=20)] = 100
    significance: Annotated[float, Field(gt=0, lt=1)] = 0.05
    power: Annotated[float, Field(gt=0, lt=1)] = 0.8
