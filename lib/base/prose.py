"""Recorded values as prose says them: one form for the pages, the comparison of runs and a terminal."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

PARTS = ("value", "low", "high", "n")
"""Parts of a measure that prose may quote, each as its name behind the measure's own."""


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


def number(value: float, digits: int | None = None) -> str:
    """A number as prose writes it, with a true minus sign.

    Args:
        value: finite.
        digits: decimals; None writes three significant digits, or all digits before the point, and an integer in full.

    Raises:
        ValueError: not finite, where no digits are asked for.

    Example:
        >>> number(-1234.5, 1), number(-0.004, 2)
        ('−1,234.5', '0.00')
        >>> [number(x) for x in (0.5, 0.00012345, 9.9999, 87.654, 14616.4, 3.0, 344476)]
        ['0.5', '0.000123', '10', '87.7', '14,616', '3', '344,476']
    """
    if digits is None:
        if not math.isfinite(value):
            raise ValueError("not a finite number")
        if isinstance(value, int) or value == 0:
            return f"{value:,.0f}".replace("-", "−")
        decimals = max(0, 2 - math.floor(math.log10(abs(value))))
        text = f"{value:,.{decimals}f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
    text = f"{value:,.{digits}f}"
    return (text.lstrip("-") if not text.strip("-0.") else text).replace("-", "−")


def part(estimate: Mapping[str, Any], name: str) -> str:
    """Says one part of an estimate, shares in per cent.

    Args:
        estimate: an object with that part, and the unit ``share`` if it is a share.
        name: one of ``PARTS``.

    Example:
        >>> part({"value": 0.305, "n": 2192, "unit": "share"}, "value")
        '30.5 %'
    """
    if estimate.get("unit") == "share" and name != "n":
        return f"{100 * float(estimate[name]):.1f} %".replace("-", "−")
    return phrase(estimate[name])


def listed(names: Sequence[str], conjunction: str = "and") -> str:
    """Names as prose lists them.

    Example:
        >>> listed(["R@1", "R@3", "FID"]), listed(["R@1", "FID"], "or")
        ('R@1, R@3 and FID', 'R@1 or FID')
    """
    *rest, last = names
    return f"{', '.join(rest)} {conjunction} {last}" if rest else last


def sentence(clauses: Sequence[str]) -> str:
    """Clauses joined by semicolons, with a capital and a full stop; empty where there is none.

    Example:
        >>> sentence(["one", "two"])
        'One; two.'
    """
    text = "; ".join(clauses)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
