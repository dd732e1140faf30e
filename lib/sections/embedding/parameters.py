"""The block ``embedding`` of a parameter file."""

from typing import Annotated, Literal

from pydantic import Field

from lib.base.parameters import Clips, Cosine, Count, Section, Share


class Embedding(Section):
    """04: text and motion in TMR's space."""

    bounds = frozenset({"significance"})

    clips: Clips = "kept"
    keywords: list[str] = []
    classes: Annotated[int, Field(ge=2)] = 4
    synonym: Cosine = 0.6
    ties: Literal["average", "optimistic", "expected"] = "average"
    threshold: Cosine = 0.90
    batch: Annotated[int, Field(ge=2)] = 32
    block: Count = 512
    bootstrap: Annotated[int, Field(ge=100)] = 1000
    permutations: Annotated[int, Field(ge=19)] = 999
    significance: Share = 0.05
