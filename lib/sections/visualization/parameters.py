"""The block ``visualization`` of a parameter file."""

from typing import Annotated

from pydantic import Field

from lib.base.parameters import Count, Section


class Visualization(Section):
    """07: the motions themselves, and whether any was learned by heart."""

    prompts: Annotated[list[str], Field(max_length=8)] = []
    rows: Annotated[int, Field(ge=1, le=8)] = 5
    near_quantile: Annotated[float, Field(gt=0, lt=1)] = 0.05
    train_sample: Annotated[int, Field(ge=20)] = 1000
    block: Count = 2048
    bootstrap: Annotated[int, Field(ge=100)] = 1000
