"""Recorded values as prose says them: one form for the pages, the comparison of runs and a terminal."""

from collections.abc import Mapping
from typing import Any

from lib.metrics.intervals import number


def phrase(value: Any) -> str:
    """Says a value as prose says it.

    Args:
        value: number, text, truth value, or a measure with its ``text``.

    Returns:
        One line of plain text.

    Raises:
        ValueError: neither of these, or not finite.

    Example:
        >>> phrase(344476), phrase(0.30474), phrase(-12.3456), phrase(True)
        ('344,476', '0.305', '−12.3', 'yes')
        >>> phrase({"value": 0.305, "text": "668 of 2,192 (30.5 %)"})
        '668 of 2,192 (30.5 %)'
    """
    if isinstance(value, Mapping):
        if value.get("text") is None:
            raise ValueError("a measure needs its text")
        return phrase(str(value["text"]))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        return " ".join(value.split())
    raise ValueError(f"a {type(value).__name__} cannot be said in prose")


def part(measure: Mapping[str, Any], name: str) -> str:
    """Says one part of a measure, shares in per cent.

    Args:
        measure: an object with that part, and the unit ``share`` if it is a share.
        name: ``value``, ``low``, ``high`` or ``n``.

    Example:
        >>> part({"value": 0.305, "n": 2192, "unit": "share"}, "value")
        '30.5 %'
    """
    if measure.get("unit") == "share" and name != "n":
        return f"{100 * float(measure[name]):.1f} %".replace("-", "−")
    return phrase(measure[name])
