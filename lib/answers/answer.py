"""The shape of an answer, and what a rule may read: the measures that notebooks recorded, and the overview's bounds."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from lib.answers.parameters import Findings
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


class Answer(Stated):
    """One of the report's questions, answered by the rules."""

    key: str
    question: str
    subject: str = Field(default="", description="whom or what the question is about, where the run decides that")
    verdict: Outcome
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
    def related(self) -> str:
        """What the same rule says of related claims, in a line; empty where there are none."""
        return f"{_listed(self.beside)}." if self.beside else ""


def to_answer(recorded: "Recorded", stem: str, parts: list[Part]) -> str:
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


@dataclass(frozen=True)
class Bounds:
    """What the rules of several sections share.

    Args:
        corpora: label of each dataset by its key, the benchmark first.
        findings: the block ``findings`` of the parameter file.
    """

    corpora: Mapping[str, str]
    findings: Findings = field(default_factory=Findings)

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "Bounds":
        """Reads the resolved parameters of a run; what is not there has its default.

        Example:
            >>> Bounds.of({"corpora": {"h3d": {"label": "HumanML3D"}}}).benchmark
            'HumanML3D'
        """
        corpora = {key: str(source["label"]) for key, source in parameters.get("corpora", {}).items()}
        labels = corpora or {"h3d": "the benchmark", "dm": "the other data"}
        return cls(labels, Findings(**parameters.get("findings", {})))

    @property
    def benchmark(self) -> str:
        """The label of the first dataset, whose test set is reported on."""
        return next(iter(self.corpora.values()))

    @property
    def candidate(self) -> str:
        """The label of the last dataset, the one that is held against the first; empty where there is one dataset."""
        return [*self.corpora.values()][-1] if len(self.corpora) > 1 else ""


@dataclass(frozen=True)
class _Quoted(Measure):
    """A measure as it was recorded, with the text that prose quotes."""

    quoted: str = ""

    @property
    def text(self) -> str:
        """The text that was recorded."""
        return self.quoted


@dataclass(frozen=True)
class Recorded:
    """The results of one run, as far as rules need them.

    Args:
        values: content of each notebook's ``values.json`` by its stem.
        files: addresses of figures and tables, such as ``assets/01_similarity_test/shares.html``.
        declares: called with the stem and the name of whatever a rule reads; it raises where no notebook declares it.
    """

    values: Mapping[str, Mapping[str, Any]]
    files: Collection[str] = field(default=())
    declares: Callable[[str, str], None] = lambda stem, name: None

    def text(self, stem: str, name: str) -> str:
        """A recorded text, empty where there is none."""
        value = self._read(stem, name)
        return value if isinstance(value, str) else ""

    def flag(self, stem: str, name: str) -> bool:
        """Whether a recorded truth value is true; False where it was not recorded."""
        return self._read(stem, name) is True

    def number(self, stem: str, name: str) -> float | None:
        """A recorded number, or None where it was not measured.

        Example:
            >>> Recorded({"01": {"clips": {"value": 7, "text": "7"}}}).number("01", "clips")
            7
        """
        value = self._read(stem, name)
        return value["value"] if isinstance(value, Mapping) else None

    def quoted(self, stem: str, name: str) -> str:
        """A recorded number as prose quotes it, empty where it was not measured."""
        value = self._read(stem, name)
        return str(value["text"]) if isinstance(value, Mapping) else ""

    def measure(self, stem: str, name: str) -> Measure | None:
        """A recorded number with its interval, or None where it was not measured."""
        value = self._read(stem, name)
        if not isinstance(value, Mapping) or value.get("low") is None:
            return None
        numbers = (value["value"], value["low"], value["high"], value["n"])
        return _Quoted(*numbers, unit=value["unit"], quoted=value["text"])

    def each(self, stem: str, pattern: str) -> dict[str, Measure]:
        """Every measure that a declared name with one place stands for, by what stands in that place.

        Example:
            >>> value = {"value": 0.1, "low": 0.0, "high": 0.2, "n": 9, "unit": "", "text": "0.1"}
            >>> [*Recorded({"04": {"h3d_gap": value, "dm_gap": value}}).each("04", "{corpus}_gap")]
            ['h3d', 'dm']
        """
        before, after = re.split(r"\{[a-z]+\}", pattern)
        own = re.compile(f"{re.escape(before)}([a-zA-Z0-9_]+){re.escape(after)}")
        places = {match[1]: name for name in self.values.get(stem, {}) if (match := own.fullmatch(name))}
        self.declares(stem, pattern)
        measures = {place: self.measure(stem, name) for place, name in places.items()}
        return {place: measure for place, measure in measures.items() if measure is not None}

    def lacking(self, stem: str) -> str:
        """Why a notebook gives no number where it did not run; empty where it did.

        Example:
            >>> Recorded({}).lacking("03_captioner_comparison")
            'not answered in this run: needs 03'
        """
        return "" if stem in self.values else f"not answered in this run: needs {stem[:2]}"

    def link(self, stem: str, anchor: str, file: str) -> str:
        """Where a number is shown: the figure or table, or its page where that one is absent.

        Args:
            stem: the notebook.
            anchor: id of the figure or table on its page.
            file: the file that the figure or table shows.

        Example:
            >>> Recorded({}, {"assets/01/shares.html"}).link("01", "tbl-shares", "shares.html")
            '01.html#tbl-shares'
        """
        return f"{stem}.html" + (f"#{anchor}" if f"assets/{stem}/{file}" in self.files else "")

    def place(self, stem: str, anchor: str, value: str) -> str:
        """Where prose says a number, or its page where that sentence is absent.

        Args:
            stem: the notebook.
            anchor: id of the paragraph on its page.
            value: the value without which the paragraph is left out.

        Example:
            >>> Recorded({"01": {"share": 0.5}}).place("01", "shared", "share")
            '01.html#shared'
        """
        return f"{stem}.html" + (f"#{anchor}" if self._read(stem, value) is not None else "")

    def _read(self, stem: str, name: str) -> Any:
        self.declares(stem, name)
        return self.values.get(stem, {}).get(name)
