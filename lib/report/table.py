"""Tables for pages: great_tables lays them out, every cell is escaped, the site's stylesheet gives the look."""

from collections.abc import Mapping
from typing import Any

import great_tables as gt
import pandas as pd


def render(frame: pd.DataFrame, formats: Mapping[str, str], name: str) -> str:
    """An HTML fragment of a table.

    Args:
        frame: what to show; column names become headings, with underscores as spaces.
        formats: how columns are shown: ``percent`` (of a fraction), ``integer``, or a number of decimals such as
            ``.3``. Integer columns are shown with thousands separators and floats with two decimals otherwise.
        name: unique on the page; it prefixes the ids of the headings.

    Returns:
        A ``<table>`` without styles of its own; text is escaped, numbers stand right.

    Example:
        >>> "&lt;b&gt;" in render(pd.DataFrame({"caption": ["<b>"], "share": [0.5]}), {"share": "percent"}, "t")
        True
    """
    plain = frame.map(lambda value: {True: "yes", False: "no"}[value] if isinstance(value, bool) else value)
    built = gt.GT(plain, id=name).cols_label({c: str(c).replace("_", " ") for c in plain.columns})
    for column in plain.columns:
        built = _format(built, str(column), plain[column], formats.get(str(column), ""))
    fragment: str = built.sub_missing(missing_text="–").as_raw_html()
    return fragment[fragment.index("<table") : fragment.index("</table>") + len("</table>")]


def _format(built: gt.GT, column: str, values: "pd.Series[Any]", how: str) -> gt.GT:
    if how == "percent":
        return built.fmt_percent(column, decimals=1, incl_space=True)
    if how.startswith("."):
        return built.fmt_number(column, decimals=int(how[1:]))
    if how == "integer" or pd.api.types.is_integer_dtype(values):
        return built.fmt_integer(column)
    if pd.api.types.is_float_dtype(values):
        return built.fmt_number(column, decimals=2)
    return built
