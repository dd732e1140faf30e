"""What the answers are made from: the values of the notebooks that ran, and the figures and tables to point at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

Estimate = dict[str, Any]
PARTS = {"value", "low", "high", "n", "unit", "text"}


@dataclass(frozen=True)
class Sources:
    """The results of one run, as far as answers need them.

    Args:
        values: content of each notebook's ``values.json`` by its stem.
        files: addresses of figures and tables, such as ``assets/01_similarity_test/shares.html``.
    """

    values: Mapping[str, Mapping[str, Any]]
    files: Collection[str] = field(default=())

    def value(self, stem: str, name: str) -> Any:
        """A plain value, or None where it was not measured."""
        return self.values.get(stem, {}).get(name)

    def estimate(self, stem: str, name: str) -> Estimate | None:
        """A value with its interval, or None where it was not measured."""
        found = self.value(stem, name)
        return {**found} if isinstance(found, Mapping) and found.keys() == PARTS else None

    def lacking(self, stem: str) -> str:
        """Why a notebook gives no number: it did not run, or what it looked at does not hold it.

        Example:
            >>> Sources({}).lacking("03_captioner_comparison")
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
            >>> Sources({}, {"assets/01/shares.html"}).link("01", "tbl-shares", "shares.html")
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
            >>> Sources({"01": {"share": 0.5}}).place("01", "shared", "share")
            '01.html#shared'
        """
        return f"{stem}.html" + (f"#{anchor}" if self.value(stem, value) is not None else "")
