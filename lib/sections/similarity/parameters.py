"""The block ``similarity`` of a parameter file."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from lib.base.parameters import Cosine, Count, Section, Share


class Similarity(Section):
    """01: test captions against training captions."""

    bounds = frozenset({"leak_share"})

    thresholds: Annotated[list[Cosine], Field(min_length=1)] = [0.90, 0.95]
    group_threshold: Cosine = 0.95
    search: Literal["exact", "hnsw", "ivf"] = "exact"
    leak_free_threshold: Cosine = 0.95
    block: Count = 2048
    bootstrap: Annotated[int, Field(ge=100)] = 2000
    examples: Count = 4
    held_out_draws: Count = 10
    leak_share: Share = 0.05

    @field_validator("thresholds")
    @classmethod
    def _told_apart(cls, bounds: list[float]) -> list[float]:
        if len({round(bound, 2) for bound in bounds}) < len(bounds):
            raise ValueError("bounds that differ in their first two decimals, the ones that tables show")
        return sorted(bounds)
