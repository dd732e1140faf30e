"""Recorded values as prose says them: one form for the pages, the comparison of runs and a terminal."""

import math
from collections.abc import Mapping
from typing import Any


def phrase(value: Any) -> str:
    """Says a value as prose says it.

    Args:
        value: number, text, truth value, or an estimate with at least ``text`` or ``value``.

    Returns:
        One line of plain text.

    Raises:
        ValueError: neither of these, or not finite.

    Example:
        >>> phrase(344476), phrase(0.30474), phrase(-12.3456), phrase(True)
        ('344,476', '0.305', '−12.3', 'yes')
        >>> phrase({"value": 30.5, "low": 28.1, "high": 32.9, "unit": "%", "n": 2192})
        '30.5 % (95 % interval 28.1 to 32.9; n = 2,192)'
        >>> phrase({"value": 0.305, "unit": "share"})
        '30.5 %'
        >>> phrase({"value": 0.305, "text": "668 of 2,192 (30.5 %)"})
        '668 of 2,192 (30.5 %)'
    """
    if isinstance(value, Mapping):
        return _estimate(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return " ".join(value.split())
    raise ValueError(f"a {type(value).__name__} cannot be said in prose")


def number(value: float) -> str:
    """Writes a finite number with three significant digits, or all its digits before the point.

    Example:
        >>> [number(x) for x in (0.5, 0.00012345, 9.9999, 87.654, 14616.4, 3.0)]
        ['0.5', '0.000123', '10', '87.7', '14,616', '3']
    """
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    if value == 0:
        return "0"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def part(estimate: Mapping[str, Any], name: str) -> str:
    """Says one part of an estimate, shares in per cent.

    Args:
        estimate: an object with that part, and the unit ``share`` if it is a share.
        name: ``value``, ``low``, ``high`` or ``n``.

    Example:
        >>> part({"value": 0.305, "n": 2192, "unit": "share"}, "value")
        '30.5 %'
    """
    if estimate.get("unit") == "share" and name != "n":
        return f"{100 * float(estimate[name]):.1f} %".replace("-", "−")
    return phrase(estimate[name])


def _estimate(parts: Mapping[str, Any]) -> str:
    if parts.get("text") is not None:
        return phrase(str(parts["text"]))
    if parts.get("value") is None:
        raise ValueError("an estimate needs text or value")
    named = parts.get("unit") or "share"
    unit = "" if named == "share" else f" {named}"
    asides = []
    if parts.get("low") is not None and parts.get("high") is not None:
        asides.append(f"95 % interval {part(parts, 'low')} to {part(parts, 'high')}")
    if parts.get("n") is not None:
        asides.append(f"n = {phrase(parts['n'])}")
    return part(parts, "value") + unit + (f" ({'; '.join(asides)})" if asides else "")
