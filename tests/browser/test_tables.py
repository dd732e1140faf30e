"""Tables in headless Chromium: sorted and reduced by mouse and keyboard, whole without scripts and in print."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lib.draw import fragment, table
from tests.browser import piece

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
ROWS = pd.DataFrame(
    {
        "caption": ["b <i>walks</i>", "Á jumps", "c sits", "a WALKS", "d", "e", "f", "g", "h"],
        "n": [30, 4, 1234, 200, 5, 6, 7, 8, 9],
        "gain": [0.5, -1.25, None, 0.75, 0.1, 0.2, 0.3, 0.4, -3.0],
        "share": [0.5, 0.125, 0.9, 0.25, 0.01, 0.02, 0.03, 0.04, 1.0],
        "low": [0.4, 0.1, 0.8, 0.2, 0.0, 0.0, 0.0, 0.0, 0.9],
        "high": [0.6, 0.2, 1.0, 0.3, 0.1, 0.1, 0.1, 0.1, 1.0],
    }
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, built: Path) -> str:
    folder = tmp_path_factory.mktemp("tables")
    few = table.render(ROWS.head(3)[["caption", "n"]], {}, "few")
    many = table.render(ROWS, {"share": "percent low high"}, "many")
    regions = [fragment.scrollable(fragment.clean(made), label=name) for name, made in (("many", many), ("few", few))]
    piece.write(folder, "tables", f"<article>{''.join(regions)}</article>", built / "theme")
    rows = pd.DataFrame({"clip": [f"clip {n:02}" for n in range(40)], **{f"measure {n}": range(40) for n in range(30)}})
    long = fragment.scrollable(fragment.clean(table.render(rows, {}, "long")), label="many")
    piece.write(folder, "long", f"<article style='max-width: 44rem'>{long}</article>", built / "theme")
    return str(folder / "tables.html")


def column(page: Any, number: int) -> list[str]:
    cells = page.locator(f".table-scroll[aria-label=many] tbody tr:visible td:nth-child({number})").all_inner_texts()
    return [cell.strip() for cell in cells]


def test_numbers_sort_as_numbers_both_ways_and_back(open_page: Open, file: str) -> None:
    page = open_page(file)
    written = column(page, 2)
    head = page.get_by_role("button", name="n", exact=True)
    head.click()
    assert column(page, 2) == [f"{n:,}" for n in sorted(ROWS["n"])]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    assert page.get_by_role("status").inner_text() == "9 of 9 rows. Sorted by n, rising."
    head.press("Enter")
    assert column(page, 2) == [f"{n:,}" for n in sorted(ROWS["n"], reverse=True)]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    head.press("Space")
    assert column(page, 2) == written and page.locator("th[aria-sort]").count() == 0


def test_minus_signs_intervals_and_gaps_are_understood(open_page: Open, file: str) -> None:
    page = open_page(file)
    page.get_by_role("button", name="gain").click()
    expected = ROWS.sort_values("gain", na_position="last")["n"]
    assert column(page, 2) == [f"{n:,}" for n in expected]
    page.get_by_role("button", name="gain").click()
    expected = ROWS.sort_values("gain", ascending=False, na_position="last")["n"]
    assert column(page, 2) == [f"{n:,}" for n in expected]
    page.get_by_role("button", name="share").click()
    assert column(page, 2) == [f"{n:,}" for n in ROWS.sort_values("share")["n"]]
    page.get_by_role("button", name="caption").click()
    assert [text[0] for text in column(page, 1)[:4]] == ["Á", "a", "b", "c"]


def test_the_filter_counts_rows_and_print_shows_all(open_page: Open, file: str) -> None:
    page = open_page(file)
    page.get_by_label("Rows with").fill("walks")
    assert column(page, 1) == ["b <i>walks</i>", "a WALKS"]
    assert page.get_by_role("status").inner_text() == "2 of 9 rows."
    page.get_by_role("button", name="n", exact=True).click()
    assert column(page, 1) == ["b <i>walks</i>", "a WALKS"]
    page.emulate_media(media="print")
    assert len(column(page, 1)) == 9 and not page.locator(".table-tools").is_visible()
    page.emulate_media(media="screen")
    page.get_by_label("Rows with").fill("no such words")
    assert column(page, 1) == [] and page.get_by_role("status").inner_text().startswith("0 of 9 rows.")


def test_short_tables_and_pages_without_scripts_stay_as_written(open_page: Open, file: str) -> None:
    page = open_page(file)
    assert page.locator(".table-scroll[aria-label=few] button").count() == 0
    plain = open_page(file, java_script_enabled=False)
    assert plain.locator("button, input").count() == 0 and len(column(plain, 1)) == 9


def test_a_phone_sorts_by_touch_without_sideways_scroll(open_page: Open, file: str) -> None:
    page = open_page(file, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("button", name="n", exact=True).tap()
    assert column(page, 2)[0] == "4"


def test_a_long_table_shows_its_first_rows_until_asked_and_prints_whole(open_page: Open, file: str) -> None:
    page = open_page(file.replace("tables.html", "long.html"))
    assert column(page, 1) == [f"clip {n:02}" for n in range(25)]
    page.get_by_role("button", name="clip", exact=True).dblclick()
    assert column(page, 1) == [f"clip {n:02}" for n in range(39, 14, -1)]
    page.emulate_media(media="print")
    assert len(column(page, 1)) == 40 and not page.locator(".table-more").is_visible()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Show all 40 rows").click()
    assert len(column(page, 1)) == 40
    page.get_by_label("Rows with").fill("clip 0")
    assert len(column(page, 1)) == 10 and not page.locator(".table-more").is_visible()


def test_a_wide_table_keeps_its_first_column_and_one_that_fits_keeps_its_head(open_page: Open, file: str) -> None:
    page = open_page(file.replace("tables.html", "long.html"), viewport={"width": 1280, "height": 600})
    first = page.locator(".table-scroll tbody tr:first-child td:first-child")
    before = first.bounding_box()["x"]
    page.locator(".table-scroll").evaluate("(e) => { e.scrollLeft = 300; }")
    assert first.bounding_box()["x"] == before and page.locator(".table-scroll").get_attribute("tabindex") == "0"
    box = page.locator(".table-scroll").evaluate(
        "(e) => [e.scrollHeight <= e.clientHeight, getComputedStyle(e).borderTopWidth]"
    )
    assert box == [True, "1px"]
    page = open_page(file, viewport={"width": 1280, "height": 300})
    page.wait_for_selector(".table-fits[aria-label=many]")
    page.locator("[aria-label=many] tbody tr").last.scroll_into_view_if_needed()
    assert page.locator("[aria-label=many] thead th").first.bounding_box()["y"] >= -0.5


def test_axe_finds_nothing(open_page: Open, file: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    for scheme in ("light", "dark"):
        page = open_page(file, color_scheme=scheme)
        page.get_by_role("button", name="share").click()
        found = axe.Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_tables_of_the_site_sort(open_page: Open) -> None:
    page = open_page("01_similarity_test.html")
    assert page.locator("article .table-sort").count() > 5
    assert page.locator("article .table-sort script, article img[src='x']").count() == 0
