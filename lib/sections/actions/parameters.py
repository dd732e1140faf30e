"""The block ``actions`` of a parameter file."""

from typing import Annotated

from pydantic import Field

from lib.base.parameters import Clips, Count, Section, Share


class Actions(Section):
    """02: which verbs dominate."""

    bounds = frozenset({"lead_share"})

    clips: Clips = "kept"
    top_bar: Count = 30
    top_pie: Count = 50
    top_log_odds: Count = 15
    claimed: list[str] = ["walk", "dance"]
    bootstrap: Annotated[int, Field(ge=100)] = 1000
    lead_share: Share = 0.95
