"""Values that moved from one run to another, and how far, measured by their own intervals."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lib.base.prose import phrase

Kind = Literal["verdict", "apart", "outside", "only before", "only after", "no interval", "within", "text"]
SAYS: dict[Kind, str] = {
    "verdict": "another verdict",
    "apart": "intervals apart",
    "outside": "outside the other’s interval",
    "only before": "only in the first",
    "only after": "only in the second",
    "no interval": "no interval",
    "within": "within the intervals",
    "text": "other words",
}
"""What each kind of move is called, the most important first."""
VERDICTS = {"verdict"}
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Move:
    """One value that is not the same in both runs.

    Args:
        stem: the notebook.
        name: of the value.
        kind: how much the move means.
        before: the value in the first run, None where it has none.
        after: the value in the second run.
        change: the second less the first, None where they have no difference.
        size: the change in half widths of the wider interval, or relative to the first value without one; at 0 for
            values that are no numbers.
    """

    stem: str
    name: str
    kind: Kind
    before: Any
    after: Any
    change: float | None = None
    size: float = 0.0

    @property
    def told(self) -> tuple[str, str, str]:
        """Before, after and change as a reader sees them; empty where there is none."""
        texts = ["" if value is None else phrase(value) for value in (self.before, self.after)]
        return texts[0], texts[1], _change(self)


def moves(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> list[Move]:
    """Every value of two runs that differs, the most important first.

    Args:
        before: values by stem of the first run.
        after: the same of the second.

    Returns:
        Moves by kind in the order of ``SAYS``, then by size. Numbers that agree to nine digits have not moved. Values
        of a notebook that only one run has are not listed one by one.

    Example:
        >>> [(move.kind, move.change) for move in moves({"a": {"x": 1}}, {"a": {"x": 3}})]
        [('no interval', 2.0)]
    """
    found = [move for stem in sorted({*before} & {*after}) for move in _of(stem, before[stem], after[stem])]
    order = list(SAYS)
    return sorted(found, key=lambda move: (order.index(move.kind), -move.size, move.stem, move.name))


def _of(stem: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Move]:
    for name in sorted({*before} | {*after}):
        if name not in after:
            yield Move(stem, name, "only before", before[name], None)
        elif name not in before:
            yield Move(stem, name, "only after", None, after[name])
        elif not _same(before[name], after[name]):
            yield _moved(stem, name, before[name], after[name])


def _moved(stem: str, name: str, before: Any, after: Any) -> Move:
    first, second = _value(before), _value(after)
    if first is None or second is None:
        kind: Kind = "verdict" if name in VERDICTS or isinstance(before, bool) else "text"
        return Move(stem, name, kind, before, after)
    change, ends, other = second - first, _ends(before), _ends(after)
    if ends is None or other is None:
        size = abs(change) / abs(first) if first else math.inf
        return Move(stem, name, "no interval", before, after, change, size)
    (low, high), (other_low, other_high) = ends, other
    reach = max(high - low, other_high - other_low) / 2
    size = abs(change) / reach if reach else math.inf
    if other_low > high or other_high < low:
        kind = "apart"
    else:
        kind = "within" if low <= second <= high and other_low <= first <= other_high else "outside"
    return Move(stem, name, kind, before, after, change, size)


def _value(value: Any) -> float | None:
    found = value.get("value") if isinstance(value, Mapping) else value
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _ends(value: Any) -> tuple[float, float] | None:
    if not isinstance(value, Mapping) or value.get("low") is None or value.get("high") is None:
        return None
    return float(value["low"]), float(value["high"])


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        parts = ({*before} | {*after}) - {"text"}
        return all(_same(before.get(part), after.get(part)) for part in parts)
    first, second = _value(before), _value(after)
    if first is not None and second is not None:
        return math.isclose(first, second, rel_tol=TOLERANCE, abs_tol=1e-12)
    return bool(before == after and type(before) is type(after))


def _change(move: Move) -> str:
    if move.change is None:
        return ""
    unit = move.after.get("unit") if isinstance(move.after, Mapping) else ""
    scale = 100 if unit == "share" else 1
    unit = " points" if unit in {"share", "%"} else f" {unit}".rstrip()
    text = phrase(float(move.change * scale))
    return f"{text if text.startswith('−') else f'+{text}'}{unit}"
