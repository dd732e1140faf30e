"""Tables from notebooks lose everything that could act, and nothing that a reader should see."""

from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.draw import fragment, table


class Cells(HTMLParser):
    """Collects the elements and the text of body cells."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.inside = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "td":
            self.cells.append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "td"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.cells[-1] += data


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30), min_size=1, max_size=5)
)
def test_captions_survive_and_stay_text(captions: list[str]) -> None:
    markup = fragment.clean(table.render(pd.DataFrame({"caption": captions}), {}, "t"))
    read = Cells(markup)
    assert [" ".join(cell.split()) for cell in read.cells] == [" ".join(caption.split()) for caption in captions]
    assert {tag for tag, _ in read.tags} <= fragment.TAGS
    assert not any(
        name not in {"class", "scope", "colspan", "rowspan"} for _, attributes in read.tags for name in attributes
    )
    assert not set("{}`@") & set(markup)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "<svg><script>alert(1)</script></svg>",
        '<td onclick="alert(1)" style="background:url(http://x)">x</td>',
        "<style>@import 'http://x'</style>",
        "<iframe src='http://x'></iframe><object data=x></object><form action=x><input></form>",
        "<table><tr><td>x</td></tr></table></div></main><script>alert(1)</script>",
        "<scr<script></script>ipt>alert(1)</script>",
    ],
)
def test_nothing_active_is_left(attack: str) -> None:
    read = Cells(fragment.clean(attack))
    assert {tag for tag, _ in read.tags} <= fragment.TAGS
    assert not any(name in {"href", "src", "style", "onclick", "onerror"} for _, attrs in read.tags for name in attrs)


def test_a_long_cell_scrolls_by_itself() -> None:
    markup = fragment.clean(f"<table><tr><td>{'word ' * 100}</td><td>short</td></tr></table>")
    assert markup.count('<div class="long" tabindex="0"') == 1


def test_a_raw_block_ends_only_at_its_own_fence() -> None:
    caption = "```\n```{=html}\n:::"
    block = fragment.raw_block(fragment.clean(table.render(pd.DataFrame({"caption": [caption]}), {}, "t")))
    assert [line for line in block.splitlines() if line.startswith("```")] == ["```{=html}", "```"]
