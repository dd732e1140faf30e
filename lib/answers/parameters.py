"""The block ``findings`` of a parameter file, which several sections' rules share."""

from typing import Annotated

from pydantic import Field

from lib.base.parameters import Count, Positive, Section, Share


class Findings(Section):
    """The overview's verdicts; it belongs to no notebook, so that changing a bound runs nothing again.

    What belongs to one section's rule stands in that section's block, such as ``similarity.leak_share``.
    """

    larger: Positive = 1.0
    clean_share: Share = 0.5
    no_difference: Annotated[float, Field(ge=0, lt=0.5)] = 0.05
    captioner: str | None = None
    least_test_clips: Count = 500
    least_respondents: Count = 15
    least_seeds: Count = 5
