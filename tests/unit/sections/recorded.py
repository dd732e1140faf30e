"""Values as notebooks record them, written out by hand for the tests of the rules that read them."""

from typing import Any

from lib.answers.answer import Answer, Part


def measure(low: float, high: float, unit: str = "share", n: int = 1000) -> dict[str, Any]:
    """A number in the middle of its interval."""
    return {"value": (low + high) / 2, "low": low, "high": high, "n": n, "unit": unit, "text": f"{low} to {high}"}


def number(value: float) -> dict[str, Any]:
    """A number without an interval."""
    return {"value": value, "low": None, "high": None, "n": None, "unit": "", "text": f"{value:,}"}


def part(answer: Answer, name: str) -> Part:
    """The part of an answer that has this name."""
    return next(part for part in answer.parts if part.name == name)
