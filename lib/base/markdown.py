"""Tables of Markdown documents, whose cells are untrusted text."""

from collections.abc import Iterable, Sequence
from typing import Any


def table(rows: Iterable[Sequence[Any]], heads: Sequence[str]) -> str:
    r"""A table, with every character that Markdown or HTML would read escaped.

    Args:
        rows: values, shown as text; whole numbers with commas between thousands.
        heads: of the columns.

    Example:
        >>> print(table([("a|b", 1200)], ["clip", "frames"]))
        | clip | frames |
        | --- | --- |
        | a\|b | 1,200 |
    """
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines)


def cell(value: Any) -> str:
    r"""One value as the text of a cell, on one line.

    Example:
        >>> cell("two\nlines"), cell("<b>")
        ('two lines', '\\<b\\>')
    """
    text = f"{value:,}" if isinstance(value, int) else " ".join(str(value).split())
    for char in "\\|<>`*_[]":
        text = text.replace(char, f"\\{char}") if text != "---" else text
    return text
