"""Tables: escaped whatever the cell holds, formatted by column."""

import html
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.draw.table import render


class Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.cells, self._inside = [], [], False

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "td":
            self._inside = True
            self.cells.append("")

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "td"

    def handle_data(self, data):
        if self._inside:
            self.cells[-1] += data


def parsed(fragment: str) -> Cells:
    found = Cells()
    found.feed(fragment)
    return found


HOSTILE = [
    "<script>alert(1)</script>",
    'a "quoted" \\backslash & ampersand',
    "# heading | pipe | `code` **bold** {{< var x >}}",
    "emoji 🕺 مرحبا بالعالم",
    "walk " * 2000,
    "</td></tr></table><img src=x onerror=alert(1)>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_captions_come_back_as_the_text_they_were(text):
    found = parsed(render(pd.DataFrame({"caption": [text]}), {}, "t"))
    assert [cell.strip() for cell in found.cells] == [text.strip()]
    assert set(found.tags) == {"table", "thead", "tbody", "tr", "th", "td"}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40))
def test_no_text_makes_a_tag(text):
    assert set(parsed(render(pd.DataFrame({"caption": [text]}), {}, "t")).tags) <= {
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }


def test_columns_are_formatted_as_asked_and_gaps_are_dashes():
    frame = pd.DataFrame({"share": [0.305, None], "n": [2192, 3], "auc": [0.99954, 1.0], "ok": [True, False]})
    assert parsed(render(frame, {"share": "percent", "auc": ".3"}, "t")).cells == [
        "30.5 %", "2,192", "1.000", "yes",
        "–", "3", "1.000", "no",
    ]  # fmt: skip


def test_a_number_without_an_interval_says_so():
    frame = pd.DataFrame({"x": [-0.5, 0.5, None], "low": [None, 0.25, None], "high": [None, 0.75, None]})
    cells = parsed(render(frame, {"x": ".2 low high"}, "t")).cells
    assert cells == ["−0.50 (–)", "0.50 (0.25–0.75)", "–"]


def test_ids_of_headings_carry_the_table_s_name():
    frame = pd.DataFrame({"n": [1]})
    assert 'id="first-n"' in render(frame, {}, "first") and 'id="second-n"' in render(frame, {}, "second")


def test_heading_names_are_escaped_too():
    assert html.escape("<b>") in render(pd.DataFrame({"<b>": [1]}), {}, "t")


def test_a_hidden_column_is_left_to_the_csv_and_the_others_keep_their_intervals() -> None:
    frame = pd.DataFrame({"clip": ["a"], "median": [7.25], "share": [0.5], "low": [0.4], "high": [0.6]})
    fragment = render(frame, {"median": "hidden", "share": "percent low high", "absent": "hidden"}, "t")
    assert [cell.strip() for cell in parsed(fragment).cells] == ["a", "50.0 % (40.0–60.0)"]
    assert "median" not in fragment and "median" in frame
