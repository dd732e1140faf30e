"""Tables for pages: great_tables lays them out, every cell is escaped, the site's stylesheet gives the look."""

from collections.abc import Mapping
from typing import Any

import great_tables as gt
import pandas as pd

from lib.metrics.intervals import number, span
from lib.metrics.p_values import p_in_full, p_text


def render(frame: pd.DataFrame, formats: Mapping[str, str], name: str) -> str:
    """An HTML fragment of a table.

    Args:
        frame: what to show; column names become headings, with underscores as spaces.
        formats: how columns are shown: ``percent`` (of a fraction), ``integer``, or a number of decimals such as
            ``.3``; ``.3 low high`` adds the interval that these two columns hold, – where they hold none, and hides
            them; ``p`` writes small p values as "< 0.001", so that none reads as zero; ``p-in-full`` writes them with
            two significant digits; ``hidden`` leaves a column to the CSV. Integer columns are shown with thousands
            separators and floats with two decimals otherwise.
        name: unique on the page; it prefixes the ids of the headings.

    Returns:
        A ``<table>`` without styles of its own; text is escaped, numbers stand right.

    Example:
        >>> "&lt;b&gt;" in render(pd.DataFrame({"caption": ["<b>"], "share": [0.5]}), {"share": "percent"}, "t")
        True
        >>> row = pd.DataFrame({"share": [0.5], "low": [0.4], "high": [0.6]})
        >>> "50.0 % (40.0–60.0)" in render(row, {"share": "percent low high"}, "t")
        True
        >>> table = render(pd.DataFrame({"p": [0.25, 1e-9]}), {"p": "p"}, "t")
        >>> "0.250" in table and "&lt; 0.001" in table
        True
    """
    frame = frame.drop(columns=[column for column, how in formats.items() if how == "hidden"], errors="ignore")
    plain = frame.map(lambda value: {True: "yes", False: "no"}[value] if isinstance(value, bool) else value)
    for column, how in formats.items():
        digits, *ends = how.split()
        if ends and column in plain:
            plain[column] = _with_interval(frame, [column, *ends], digits)
            plain = plain.drop(columns=ends)
        if digits == "p" and column in plain:
            plain[column] = [p_text(p).removeprefix("p ").removeprefix("= ") for p in frame[column]]
        if digits == "p-in-full" and column in plain:
            plain[column] = [p_in_full(p) for p in frame[column]]
    built = gt.GT(plain, id=name).cols_label({c: str(c).replace("_", " ") for c in plain.columns})
    for column in plain.columns:
        built = _format(built, str(column), plain[column], formats.get(str(column), "").partition(" ")[0])
    fragment: str = built.sub_missing(missing_text="–").as_raw_html()
    return fragment[fragment.index("<table") : fragment.index("</table>") + len("</table>")]


def _with_interval(frame: pd.DataFrame, columns: list[str], digits: str) -> list[str | None]:
    scale, decimals, unit = (100, 1, " %") if digits == "percent" else (1, int(digits[1:]), "")
    rows = (frame[columns] * scale).to_numpy(dtype=float)
    ends = ("–" if pd.isna(low) or pd.isna(high) else span(low, high, decimals) for _, low, high in rows)
    told = (f"{number(row[0], decimals)}{unit} ({end})" for row, end in zip(rows, ends, strict=True))
    return [None if pd.isna(row[0]) else text for row, text in zip(rows, told, strict=True)]


def _format(built: gt.GT, column: str, values: "pd.Series[Any]", how: str) -> gt.GT:
    if values.dtype == object or pd.api.types.is_string_dtype(values):
        return built.cols_align("right", column) if how else built
    if how == "percent":
        return built.fmt_percent(column, decimals=1, incl_space=True)
    if how.startswith("."):
        return built.fmt_number(column, decimals=int(how[1:]))
    if how == "integer" or pd.api.types.is_integer_dtype(values):
        return built.fmt_integer(column)
    if pd.api.types.is_float_dtype(values):
        return built.fmt_number(column, decimals=2)
    return built


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as plain dictionaries."""
    return [{str(column): value for column, value in row.items()} for row in table.to_dict("records")]
