"""What a run recorded, as rules read it: numbers, texts and truth values, and where they are shown."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.metrics.intervals import Measure


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
