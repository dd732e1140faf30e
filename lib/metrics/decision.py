"""The rules of the verdicts: what an interval says of a bound, of a difference, and what parts say of the whole."""

from collections.abc import Sequence
from typing import Literal

Outcome = Literal["yes", "in part", "mixed", "no", "not shown", "not judged", "not answered"]
Relation = Literal["better", "worse", "no difference", "not shown"]


def above(low: float, high: float, bound: float) -> Outcome:
    """Whether a quantity exceeds a bound: only an interval that lies wholly on one side decides.

    Example:
        >>> above(0.06, 0.1, 0.05), above(0.05, 0.1, 0.05), above(0.01, 0.05, 0.05)
        ('yes', 'not shown', 'no')
    """
    return "yes" if low > bound else "no" if high <= bound else "not shown"


def above_level(low: float, high: float, bound: float, *, seen: float, level: float) -> Outcome:
    """`above`, but yes only where what was seen also exceeds a level that chance alone reaches.

    Example:
        >>> above_level(0.1, 0.3, 0.05, seen=0.2, level=0.1), above_level(0.1, 0.3, 0.05, seen=0.1, level=0.1)
        ('yes', 'not shown')
    """
    said = above(low, high, bound)
    return "not shown" if said == "yes" and seen <= level else said


def at_least(low: float, high: float, bound: float) -> Outcome:
    """Whether a quantity reaches a bound.

    Example:
        >>> at_least(0.5, 0.6, 0.5), at_least(0.4, 0.5, 0.5), at_least(0.4, 0.49, 0.5)
        ('yes', 'not shown', 'no')
    """
    return "yes" if low >= bound else "no" if high < bound else "not shown"


def relation(value: float, low: float, high: float, margin: float, *, lower_is_better: bool = False) -> Relation:
    """What the estimate of a difference to a rival says, the only rule by which any difference is judged.

    Args:
        value: the estimate.
        low: lower end of its interval.
        high: upper end.
        margin: the largest difference that matters to nobody.
        lower_is_better: whether a negative difference is the good one.

    Returns:
        ``no difference`` where the whole interval lies strictly within the margin, whatever side of zero it is on;
        ``better`` or ``worse`` where the whole interval lies beyond zero and the estimate beyond the margin; else
        ``not shown``.

    Example:
        >>> relation(0.2, 0.1, 0.3, 0.05), relation(-0.2, -0.3, -0.1, 0.05), relation(0.01, -0.04, 0.04, 0.05)
        ('better', 'worse', 'no difference')
        >>> relation(0.1, 0, 0.2, 0.05), relation(0.04, 0.01, 0.07, 0.05)
        ('not shown', 'not shown')
        >>> relation(-0.2, -0.3, -0.1, 0.05, lower_is_better=True)
        'better'
    """
    if -margin < low and high < margin:
        return "no difference"
    if (low > 0 or high < 0) and abs(value) > margin:
        return "better" if (low > 0) != lower_is_better else "worse"
    return "not shown"


def by_measures(relations: Sequence[Relation]) -> Outcome:
    """Whether something is better by several measures at once: by one at least, and worse by none.

    Example:
        >>> by_measures(["better", "not shown"]), by_measures(["better", "worse"]), by_measures(["worse", "not shown"])
        ('yes', 'mixed', 'no')
        >>> by_measures(["no difference", "no difference"]), by_measures(["no difference", "not shown"])
        ('no', 'not shown')
    """
    stated = set(relations)
    if {"better", "worse"} <= stated:
        return "mixed"
    if "better" in stated:
        return "yes"
    return "no" if "worse" in stated or stated == {"no difference"} else "not shown"


def against_all(relations: Sequence[Relation]) -> Outcome:
    """Whether something is better than every rival; one that is better, or shown to be as good, refutes that.

    Example:
        >>> against_all(["better", "better"]), against_all(["better", "not shown"]), against_all(["better", "worse"])
        ('yes', 'not shown', 'no')
        >>> against_all(["better", "no difference"]), against_all([])
        ('no', 'not answered')
    """
    if not relations:
        return "not answered"
    if {"worse", "no difference"} & set(relations):
        return "no"
    return "yes" if set(relations) == {"better"} else "not shown"


def all_of(outcomes: Sequence[Outcome]) -> Outcome:
    """A claim of several parts: it holds when all of them do, and in part when some do.

    Example:
        >>> all_of(["yes", "yes"]), all_of(["yes", "no"]), all_of(["no", "not shown"]), all_of(["not shown"])
        ('yes', 'in part', 'no', 'not shown')
        >>> all_of(["mixed", "mixed"]), all_of(["mixed", "no"])
        ('mixed', 'no')
        >>> all_of(["not answered"]), all_of(["not answered", "not shown"]), all_of(["not judged", "not answered"])
        ('not answered', 'not shown', 'not judged')
    """
    said = set(outcomes)
    if said == {"yes"}:
        return "yes"
    if "yes" in said:
        return "in part"
    return next((outcome for outcome in ("no", "mixed", "not shown", "not judged") if outcome in said), "not answered")


def any_of(outcomes: Sequence[Outcome]) -> Outcome:
    """A claim that any of its parts proves, and that only all of them together refute.

    Example:
        >>> any_of(["yes", "no"]), any_of(["no", "no"]), any_of(["no", "not answered"]), any_of(["not answered"])
        ('yes', 'no', 'not shown', 'not answered')
        >>> any_of(["not judged", "not judged"]), any_of(["not judged", "no"])
        ('not judged', 'not shown')
    """
    said = set(outcomes)
    if "yes" in said:
        return "yes"
    if said <= {"not answered", "not judged"}:
        return "not judged" if "not judged" in said else "not answered"
    return "no" if said == {"no"} else "not shown"
