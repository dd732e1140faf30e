"""One line of a HumanML3D text file, against lines taken apart by eye and every string Hypothesis can think of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.corpus.caption_line import CaptionLine, format_line, parse

texts = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n"))
words = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n#"))
times = st.floats(-1e6, 1e6)


@given(texts, words, times, times)
def test_a_line_survives_writing_and_reading(text: str, tokens: str, start: float, end: float) -> None:
    caption = CaptionLine(text, tokens, start, end)
    assert parse(format_line(caption)) == caption


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("a#b/X#0.0#0.0", ("a", "b/X", 0.0, 0.0)),
        ("move #1 of #2#b/X#1.5#2.0", ("move #1 of #2", "b/X", 1.5, 2.0)),
        ("a#b/X#nan#nan", ("a", "b/X", 0.0, 0.0)),
        ("a#b/X#0.0#5.0\r", ("a", "b/X", 0.0, 5.0)),
        ("#b/X#0.0#0.0", ("", "b/X", 0.0, 0.0)),
    ],
)
def test_fields_are_split_from_the_right(line: str, wanted: tuple[str, str, float, float]) -> None:
    assert tuple(parse(line)) == wanted


@pytest.mark.parametrize("line", ["a man walks", "a#b/X#0.0", "a#b/X#0.0#soon", "a#b/X#inf#0.0", "a#b/X##0.0"])
def test_a_line_without_its_four_fields_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="of 4 fields|time"):
        parse(line)


@pytest.mark.parametrize("caption", [("a\nb", "x", 0.0, 0.0), ("a", "x#y", 0.0, 0.0), ("a", "x\ny", 0.0, 0.0)])
def test_what_the_layout_cannot_hold_is_not_written(caption: tuple[str, str, float, float]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        format_line(CaptionLine(*caption))
