"""Recorded values are said in one form, which loses at most what three digits leave out."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.base import prose


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_numbers_keep_three_significant_digits(value: float) -> None:
    said = float(prose.number(value).replace(",", "").replace("−", "-"))
    assert math.isclose(said, value, rel_tol=5.001e-3, abs_tol=0) or (value == 0 and said == 0)
