"""The shape of an answer: what a rule says, in parts, of the measures that it rests on."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lib.answers.recorded import Recorded
from lib.metrics.decision import Outcome
from lib.metrics.intervals import Counted, Measure


class Stated(BaseModel):
    """Anything that ``findings.json`` states: plain values, nothing besides those named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reason(Stated):
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

    @classmethod
    def of(
        cls, measure: Measure | Counted, name: str, *, counted: str, said: str, link: str, n: int = 0, text: str = ""
    ) -> "Reason":
        """A measure as a reason.

        Args:
            measure: the number.
            name: what was measured.
            counted: what its N counts.
            said: what it says by the rule.
            link: where it is shown.
            n: of a number counted in full.
            text: replaces the measure's own where a rule quotes it otherwise.

        Example:
            >>> Reason.of(Measure(0.5, 0.4, 0.6, 9, "share"), "of clips", counted="clips", said="yes", link="a.html").n
            9
        """
        low, high, n = (measure.low, measure.high, measure.n) if isinstance(measure, Measure) else (None, None, n)
        about = {"name": name, "counted": counted, "said": said, "link": link, "text": text or measure.text}
        return cls(value=measure.value, low=low, high=high, n=n, unit=measure.unit, **about)


class Part(Stated):
    """One part of a claim, with the rule that decides it; without measures it says what is lacking."""

    name: str
    rule: str
    outcome: Outcome
    measures: list[Reason] = Field(description="those that decide first")
    lacking: str = Field(default="", description="why the part was not measured; empty where it was")

    @classmethod
    def unmeasured(cls, name: str, rule: str, why: str) -> "Part":
        """A part that nothing was measured for."""
        return cls(name=name, rule=rule, outcome="not answered", measures=[], lacking=why)

    @classmethod
    def unjudged(cls, name: str, rule: str, why: str) -> "Part":
        """A part whose measures may not decide it."""
        return cls(name=name, rule=rule, outcome="not judged", measures=[], lacking=why)


class Answer(Stated):
    """One of the report's questions, answered by the rules."""

    key: str
    question: str
    subject: str = Field(default="", description="whom or what the question is about, where the run decides that")
    verdict: Outcome
    said: str = Field(default="", description="the answer in one plain sentence, numbers left to the parts")
    welcome: Outcome = Field(default="yes", description="the verdict that is good news; its opposite is bad news")
    rule: str = Field(description="how the parts make the verdict")
    parts: list[Part]
    beside: list[Part] = Field(default=[], description="what the same rule says of related claims; it decides nothing")
    note: str = Field(default="", description="what a reader must know to read the answer aright")
    action: str = Field(description="what to do next, made of what the run recorded")

    @property
    def summary(self) -> str:
        """The verdict, its subject and the first measure of every part, in a line: what a page says of its section."""
        subject = f" for “{self.subject}”" if self.subject else ""
        return f"{self.verdict.capitalize()}{subject}. {_listed(self.parts)}."

    @property
    def news(self) -> Literal["good", "bad", "neither"]:
        """What the verdict means to a reader: a leak that is shown is no good news.

        Example:
            >>> about = {"key": "leak", "question": "Does it leak?", "rule": "", "parts": [], "action": ""}
            >>> Answer(verdict="yes", welcome="no", **about).news, Answer(verdict="not shown", **about).news
            ('bad', 'neither')
        """
        if self.verdict == self.welcome:
            return "good"
        return "bad" if {self.verdict, self.welcome} == {"yes", "no"} else "neither"

    @property
    def related(self) -> str:
        """What the same rule says of related claims, in a line; empty where there are none."""
        return f"{_listed(self.beside)}." if self.beside else ""


def to_answer(recorded: Recorded, stem: str, parts: list[Part]) -> str:
    """The action of a question that is not answered: the notebook to run, or what else is lacking.

    Args:
        recorded: the results of a run.
        stem: the notebook that measures.
        parts: of the answer, none of them measured.

    Example:
        >>> to_answer(Recorded({}), "03_captioner_comparison", [])
        'Run notebook 03: it is not part of this run.'
    """
    if stem not in recorded.values:
        return f"Run notebook {stem[:2]}: it is not part of this run."
    return f"Supply what is lacking: {'; '.join(dict.fromkeys(part.lacking for part in parts if part.lacking))}."


def _listed(parts: list[Part]) -> str:
    return "; ".join(f"{part.name}: {part.outcome}{_first(part)}" for part in parts)


def _first(part: Part) -> str:
    if part.measures:
        return f", {part.measures[0].text} {part.measures[0].name}"
    return f" ({part.lacking})" if part.lacking else ""
