"""The shape of an answer: a question, its verdict, and the measured parts that decide it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from lib.metrics.decision import Outcome


class Stated(BaseModel):
    """Anything that ``findings.json`` states: plain values, nothing besides those named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(Stated):
    """One number that a verdict rests on."""

    name: str = Field(description="what was measured, to be read after the text")
    value: float
    low: float | None = Field(description="lower end of the interval; null where the number was counted in full")
    high: float | None = Field(description="upper end of the interval")
    unit: str = Field(description="'share' is a fraction of 1")
    n: int = Field(description="how many were counted")
    counted: str = Field(description="what n counts")
    text: str = Field(description="the number with its interval and N, as prose quotes it")
    said: str = Field(description="what this number says by the rule of its part")
    link: str = Field(description="the figure or table that shows it, relative to the site's root")


class Part(Stated):
    """One part of a claim, with the rule that decides it; without measures it says what is lacking."""

    name: str
    rule: str
    outcome: Outcome
    measures: list[Measure] = Field(description="those that decide first")
    lacking: str = Field(default="", description="why the part was not measured; empty where it was")


class Answer(Stated):
    """One of the report's questions, answered by the rules."""

    key: str
    question: str
    verdict: Outcome
    rule: str = Field(description="how the parts make the verdict")
    parts: list[Part]
    note: str = Field(default="", description="what a reader must know to read the answer aright")

    @property
    def summary(self) -> str:
        """The verdict and the first measure of every part, on one line."""
        told = [f"{part.name}: {part.outcome}{_first(part)}" for part in self.parts]
        return f"{self.verdict}. {'; '.join(told)}."


def _first(part: Part) -> str:
    if part.measures:
        return f", {part.measures[0].text} {part.measures[0].name}"
    return f" ({part.lacking})" if part.lacking else ""


def measure(estimate: dict[str, Any], name: str, *, counted: str, said: str, link: str) -> Measure:
    """A measure from an estimate as ``values.json`` holds it.

    Example:
        >>> one = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 9, "unit": "share", "text": "50 %"}
        >>> measure(one, "of clips", counted="clips", said="yes", link="index.html").n
        9
    """
    return Measure(**estimate, name=name, counted=counted, said=said, link=link)
