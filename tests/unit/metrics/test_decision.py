"""What parts say of the whole, over every combination of outcomes, by the rules in words."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.metrics.decision import Outcome, all_of, any_of, relation

OUTCOMES: list[Outcome] = ["yes", "mixed", "no", "not shown", "not judged", "not answered"]


@pytest.mark.parametrize("parts", [*product(OUTCOMES, repeat=2), *product(OUTCOMES, repeat=3)])
def test_what_is_not_judged_never_makes_a_yes_or_a_no_and_is_never_called_unanswered(
    parts: tuple[Outcome, ...],
) -> None:
    every, some = all_of(parts), any_of(parts)
    assert (every == "yes") == ({*parts} == {"yes"}) and (some == "yes") == ("yes" in parts)
    if {*parts} <= {"not judged", "not answered"}:
        whole = "not judged" if "not judged" in parts else "not answered"
        assert every == some == whole
    else:
        assert every not in ("not judged", "not answered") and some not in ("not judged", "not answered")
    if "not judged" in parts:
        assert every != "yes" and some != "no"


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_a_lower_score_that_is_better_is_the_same_difference_seen_from_the_other_side(
    value: float, reach: float, margin: float
) -> None:
    ends = value - reach, value + reach
    turned = relation(-value, -ends[1], -ends[0], margin, lower_is_better=True)
    assert relation(value, *ends, margin) == turned
