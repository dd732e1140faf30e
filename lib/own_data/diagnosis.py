"""What is right, odd, missing and wrong in a dataset, as text for a terminal or as plain values for JSON."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Level = Literal["right", "odd", "missing", "wrong"]
LEVELS: tuple[Level, ...] = ("right", "odd", "missing", "wrong")
MEANING = {
    "right": "Right",
    "odd": "Odd (worth a look, and no obstacle)",
    "missing": "Missing (the report goes on without)",
    "wrong": "Wrong (to be mended)",
}
FIRST = 5
WIDEST = 100


@dataclass(frozen=True)
class Row:
    """One place: the file relative to the dataset, the line or row in it, what stands there, what should."""

    file: str
    row: int | None = None
    value: str = ""
    expected: str = ""

    def __str__(self) -> str:
        """The place in one line, cut to fit."""
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        value = self.value if len(self.value) <= WIDEST else self.value[: WIDEST - 1] + "…"
        parts = [place, value.replace("\n", "⏎"), f"expected {self.expected}" if self.expected else ""]
        return ": ".join(part for part in parts if part)


@dataclass(frozen=True)
class Finding:
    """One thing found, how often, and where first.

    Attributes:
        level: right, odd, missing or wrong.
        what: it, in a few words, with its numbers.
        count: rows, files or clips it concerns.
        rows: the first of them.
        fix: what to do about it.
    """

    level: Level
    what: str
    count: int = 1
    rows: tuple[Row, ...] = ()
    fix: str = ""


def found(level: Level, what: str, rows: Iterable[Row], fix: str = "") -> list[Finding]:
    """A finding about rows, or none where there are no rows; `{n}` in what is their number.

    Example:
        >>> found("wrong", "{n} empty list(s)", [Row("val.txt")])[0].what
        '1 empty list(s)'
    """
    rows = tuple(rows)
    return [Finding(level, what.replace("{n}", f"{len(rows):,}"), len(rows), rows[:FIRST], fix)] if rows else []


@dataclass(frozen=True)
class Diagnosis:
    """All findings about one folder.

    Attributes:
        root: the folder.
        kind: its layout.
        findings: in the order they were made.
    """

    root: Path
    kind: str
    findings: list[Finding]

    @property
    def wrong(self) -> int:
        """How many findings stand in the way of a report."""
        return sum(finding.level == "wrong" for finding in self.findings)

    def text(self) -> str:
        """For a terminal, a heading a level."""
        lines = [f"{self.root}: read as {self.kind}"]
        for level in LEVELS:
            at_level = [finding for finding in self.findings if finding.level == level]
            if at_level:
                lines += ["", MEANING[level]]
            for finding in at_level:
                lines.append(f"  {finding.what}" + (f"; {finding.fix}" if finding.fix else ""))
                lines += [f"    {row}" for row in finding.rows]
                hidden = finding.count - len(finding.rows)
                lines += [f"    and {hidden:,} more"] if finding.rows and hidden > 0 else []
        verdict = f"{self.wrong} thing(s) to mend first" if self.wrong else "fit for a report"
        return "\n".join([*lines, "", f"{self.root}: {verdict}"])

    def as_dict(self) -> dict[str, Any]:
        """For JSON: root, kind, right (a bool), and the findings."""
        findings = [asdict(finding) for finding in self.findings]
        return {"root": str(self.root), "kind": self.kind, "right": not self.wrong, "findings": findings}
