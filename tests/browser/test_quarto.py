"""Pages in the shape of Quarto's, in Bootstrap's styles, opened from disk: readers of either renderer can do the same.

Quarto's own styles are not compiled here, so these tests cannot show that its rules leave room for the report's.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from lib.draw.interactive import assets
from lib.site import quarto
from lib.site.stage import REPORT
from tests.browser.test_findings import SHEET
from tests.browser.test_site import CONTRAST

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
WIDE = {"viewport": {"width": 1280, "height": 800}}
NARROW = {"viewport": {"width": 700, "height": 800}}
SHARED = Path(__file__).resolve().parents[3] / "shared" / "quarto"
TOGGLE = ".quarto-color-scheme-toggle"


@pytest.fixture(scope="session")
def sites(built: Path, in_quartos_shape: Callable[..., Path]) -> dict[str, Path]:
    return {version: in_quartos_shape(built.with_name("pages"), version) for version in ("1.6.42", "1.10.18")}


@pytest.fixture(scope="session")
def by_quarto(sites: dict[str, Path]) -> Path:
    return sites["1.10.18"]


def weight(page: Any, selector: str) -> int:
    return int(page.locator(selector).first.evaluate("(e) => getComputedStyle(e).fontWeight"))


def size(page: Any, selector: str) -> float:
    return float(page.locator(selector).first.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "00_data_preparation.html", "own_data.html"])
def test_text_has_contrast_and_axe_finds_nothing(open_page: Open, by_quarto: Path, name: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = open_page(str(by_quarto / name), **WIDE, color_scheme=scheme)
    assert page.evaluate("document.body.classList.contains('quarto-dark')") == (scheme == "dark")
    assert page.evaluate(CONTRAST) == []
    options = {"preload": False, "rules": {"scrollable-region-focusable": {"enabled": False}}}
    found = axe.Axe().run(page, context="main", options=options).response["violations"]
    kept = [one for one in found if one["id"] in {"color-contrast", "link-in-text-block", "duplicate-id", "image-alt"}]
    assert [(one["id"], one["nodes"][0]["html"]) for one in kept] == []


def test_answers_and_findings_look_as_in_the_preview(open_page: Open, by_quarto: Path) -> None:
    page = open_page(str(by_quarto / "index.html"), **WIDE)
    assert size(page, ".answer .verdict") > 1.4 * size(page, ".answer h3")
    assert weight(page, ".answer h3") < 500 < weight(page, ".answer .verdict")
    mark = page.locator(".answer .mark").first.evaluate(
        "(e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).padding]"
    )
    assert mark == ["rgba(0, 0, 0, 0)", "0px"]
    assert weight(page, ".finding strong a") >= 600
    line = page.locator("main .citation a").first.evaluate("(e) => getComputedStyle(e).textDecorationLine")
    assert line == "underline"


@pytest.mark.parametrize("version", ["1.6.42", "1.10.18"])
def test_the_colours_chosen_hold_on_pages_of_either_renderer(
    open_page: Open, sites: dict[str, Path], version: str
) -> None:
    page = open_page(str(sites[version] / "index.html"), **WIDE, color_scheme="light")
    dark = "document.body.classList.contains('quarto-dark') && document.documentElement.dataset.theme === 'dark'"
    assert not page.evaluate(dark)
    page.click(TOGGLE)
    page.wait_for_function(dark)
    page.click(".sidebar-link:has-text('Provenance')")
    page.wait_for_url("**/provenance.html")
    page.wait_for_function(dark)
    page.click(".sidebar-link:has-text('01_similarity_test')")
    page.wait_for_url("**/notebooks/01_similarity_test.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.click(".theme-button")
    page.click(".site-title")
    page.wait_for_url("**/index.html")
    page.wait_for_function("document.body && document.body.classList.contains('quarto-light')")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


@pytest.mark.parametrize("version", ["1.6.42", "1.10.18"])
def test_the_system_s_colours_are_followed(open_page: Open, sites: dict[str, Path], version: str) -> None:
    page = open_page(str(sites[version] / "index.html"), **WIDE, color_scheme="dark")
    page.wait_for_function("document.body.classList.contains('quarto-dark')")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 23, 27)"


def test_search_finds_and_goes_there_from_disk(open_page: Open, by_quarto: Path) -> None:
    page = open_page(str(by_quarto / "provenance.html"), **WIDE)
    page.click("#quarto-sidebar .search-button")
    page.fill("dialog.search input", "quokka")
    page.wait_for_selector("#search-results li")
    page.keyboard.press("Enter")
    page.wait_for_url("**/index.html#sec-parts")
    page.keyboard.press("/")
    page.keyboard.type("zzqx")
    page.wait_for_function("document.querySelector('.search-status').textContent === 'No results.'")


def test_search_is_reached_on_a_narrow_screen(open_page: Open, by_quarto: Path) -> None:
    page = open_page(str(by_quarto / "index.html"), **NARROW)
    page.click("#quarto-header .search-button")
    assert page.locator("dialog.search[open]").count() == 1


def test_the_contents_follow_the_reader_and_the_title_leads_home(open_page: Open, by_quarto: Path) -> None:
    page = open_page(str(by_quarto / "index.html"), viewport={"width": 1400, "height": 500})
    page.evaluate("document.getElementById('sec-parts').scrollIntoView({behavior: 'instant'})")
    page.wait_for_function("document.querySelector('#TOC a.active').textContent.includes('Parts')")
    assert page.locator("#TOC a.active").count() == 1
    page.goto((by_quarto / "provenance.html").as_uri())
    page.click(".sidebar-title a")
    page.wait_for_url("**/index.html")


def test_print_leaves_the_frame_out(open_page: Open, by_quarto: Path) -> None:
    page = open_page(str(by_quarto / "index.html"), **NARROW, color_scheme="dark")
    assert not page.locator("h1.title").is_visible()
    page.emulate_media(media="print", color_scheme="dark")
    frame = "#quarto-header", "#quarto-sidebar", "#quarto-margin-sidebar", ".page-navigation", "footer.footer"
    assert [part for part in (*frame, ".search-button") if page.locator(part).first.is_visible()] == []
    assert page.locator("h1.title").is_visible()
    assert all(page.get_by_text(text, exact=True).is_visible() for text in ("One.", "Two.", "Three."))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(CONTRAST) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/quarto beside this checkout")
@pytest.mark.parametrize("version", ["1.6.42", "1.7.34", "1.10.18"])
def test_the_findings_that_real_quarto_wrote_print_on_one_sheet(
    open_page: Open, styles: Path, tmp_path: Path, version: str
) -> None:
    """The markup is Quarto's; its own styles are not there, and the report's are linked as its settings now ask."""
    markup = (SHARED / version / "findings.html").read_text(encoding="utf-8")
    page = BeautifulSoup(quarto.fitted(markup), "html.parser")
    for link in page.select("link[rel=stylesheet], link[rel=prefetch], script[src^=site_libs]"):
        link.extract()
    names = ["light.css", *(f"theme/{name}.css" for name in ("content", "search", "quarto")), f"theme/{assets.STYLE}"]
    for name in names:
        page.head.append(page.new_tag("link", attrs={"rel": "stylesheet", "href": name}))
    shutil.copytree(REPORT / "theme", tmp_path / "theme")
    for name, content in zip((assets.STYLE, assets.SCRIPT), assets.assets(), strict=True):
        (tmp_path / "theme" / name).write_text(content, encoding="utf-8")
    shutil.copy2(styles / "light.css", tmp_path / "light.css")
    (tmp_path / "findings.html").write_text(str(page), encoding="utf-8")
    opened = open_page(str(tmp_path / "findings.html"), **WIDE)
    assert len(SHEET.findall(opened.pdf(format="A4", print_background=True))) == 1
