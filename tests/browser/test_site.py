"""Pages opened from disk in headless Chromium: quiet, complete, usable by keyboard and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PAGES = [
    "index.html",
    "00_data_preparation.html",
    "01_similarity_test.html",
    "02_action_distribution.html",
    "findings.html",
    "provenance.html",
    "notebooks/01_similarity_test.html",
]
PHONE = {"viewport": {"width": 375, "height": 740}}
CONTRAST = """() => {
  for (const change of document.getAnimations()) change.finish();
  const linear = (v) => v / 255 <= .03928 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  const parse = (s) => s.match(/[\\d.]+/g).map(Number);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !e.checkVisibility() || e.closest("script, style, math")) continue;
    const [a, b] = [parse(getComputedStyle(e).color), ground(e)].map(luminance).sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) poor.push(`${e.tagName} ${e.className}: ${text.slice(0, 30)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_and_pictures_load(open_page: Open, name: str, scheme: str) -> None:
    page = open_page(name, color_scheme=scheme)
    assert page.locator("html").get_attribute("data-theme") == scheme
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert page.evaluate("[...document.images].every((image) => image.alt)")


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_never_scrolls_sideways(open_page: Open, name: str) -> None:
    page = open_page(name, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_search_finds_walk_and_goes_there(open_page: Open) -> None:
    page = open_page("index.html")
    page.keyboard.press("/")
    page.keyboard.type("walk")
    page.wait_for_selector("#search-results li")
    assert "walk" in page.locator("#search-results mark").first.inner_text().lower()
    assert page.locator("#search-results script, #search-results img").count() == 0
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.locator("dialog.search[open]").count() == 0


def test_search_from_a_notebook_reaches_pages_above_it(open_page: Open) -> None:
    page = open_page("notebooks/01_similarity_test.html")
    page.click(".search-button")
    page.fill("dialog.search input", "quokka")
    page.wait_for_selector("#search-results li")
    page.keyboard.press("Enter")
    page.wait_for_url("**/index.html#sec-parts")


def test_search_says_when_there_is_nothing(open_page: Open) -> None:
    page = open_page("index.html")
    page.click(".search-button")
    page.fill("dialog.search input", "zzqx")
    page.wait_for_function("document.querySelector('.search-status').textContent === 'No results.'")
    page.keyboard.press("Escape")
    assert page.locator("dialog.search[open]").count() == 0


def test_the_theme_is_remembered(open_page: Open) -> None:
    page = open_page("index.html", color_scheme="light")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click(".theme-button")
    assert page.locator(".theme-button").get_attribute("aria-pressed") == "true"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != ground
    page.click("text=Provenance")
    page.wait_for_url("**/provenance.html")
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_tabs_answer_to_the_keyboard(open_page: Open) -> None:
    page = open_page("index.html")
    page.focus("role=tab[name='First tab']")
    assert page.get_by_text("One.", exact=True).is_visible() and not page.get_by_text("Two.", exact=True).is_visible()
    page.keyboard.press("ArrowRight")
    assert page.get_by_text("Two.", exact=True).is_visible() and not page.get_by_text("One.", exact=True).is_visible()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Third tab"
    page.keyboard.press("ArrowRight")
    assert page.locator("role=tab[name='First tab']").get_attribute("aria-selected") == "true"


def test_a_link_into_a_closed_tab_opens_it(open_page: Open) -> None:
    page = open_page("index.html#in-third")
    assert page.get_by_text("Three.", exact=True).is_visible()


def test_print_shows_every_tab_and_no_navigation(open_page: Open) -> None:
    page = open_page("index.html")
    page.emulate_media(media="print")
    assert all(page.get_by_text(text, exact=True).is_visible() for text in ("One.", "Two.", "Three."))
    assert not page.locator(".sidebar").is_visible()


def test_references_callouts_and_formulas(open_page: Open) -> None:
    page = open_page("index.html")
    table, section = page.locator("#sec-parts a.xref").all_inner_texts()
    assert table == "Table\u00a02"
    assert section.removeprefix("Section\u00a0") == page.locator("#sec-parts .header-section-number").first.inner_text()
    assert page.locator(".callout-warning .callout-title em").inner_text() == "this"
    assert page.locator("math msup").count() == 1
    page.click("text=another page")
    assert page.url.endswith("provenance.html#sec-runs")


def test_the_menu_of_a_phone_opens_and_closes(open_page: Open) -> None:
    page = open_page("index.html", **PHONE)
    assert not page.locator(".site-nav").is_visible()
    page.click(".menu-button")
    assert page.locator(".site-nav").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".site-nav").is_visible()


def test_the_first_tab_stop_skips_to_the_content(open_page: Open) -> None:
    page = open_page("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_contents_follow_the_reader(open_page: Open) -> None:
    page = open_page("index.html", viewport={"width": 1400, "height": 500})
    assert page.locator(".toc [aria-current]").inner_text().endswith("Parts") is False
    page.evaluate("document.getElementById('sec-parts').scrollIntoView({behavior: 'instant'})")
    page.wait_for_function("document.querySelector('.toc [aria-current]').textContent.includes('Parts')")


@pytest.mark.parametrize("width", [1280, 1920])
def test_a_wide_part_reaches_into_the_margin_and_the_contents_make_way(open_page: Open, width: int) -> None:
    page = open_page("index.html", viewport={"width": width, "height": 500})
    contents, wide = page.locator(".toc"), page.locator(".column-page-right")
    assert contents.is_visible()
    page.evaluate("document.getElementById('wide-part').scrollIntoView({behavior: 'instant', block: 'center'})")
    page.wait_for_function("getComputedStyle(document.querySelector('.toc')).visibility === 'hidden'")
    box, article = wide.bounding_box(), page.locator("article").bounding_box()
    assert box["x"] == article["x"] and box["width"] >= 940 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.wait_for_function("getComputedStyle(document.querySelector('.toc')).visibility === 'visible'")
    page.emulate_media(media="print")
    assert wide.bounding_box()["width"] == page.locator("article").bounding_box()["width"]


def test_what_is_folded_is_open_in_print_and_folded_again_after(open_page: Open) -> None:
    page = open_page("index.html")
    folded = "document.querySelectorAll('main details:not([open])').length"
    before = page.evaluate(folded)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert before > 2 and page.evaluate(folded) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(folded) == before


def test_captions_run_nothing(open_page: Open) -> None:
    page = open_page("00_data_preparation.html")
    page.on("dialog", lambda dialog: pytest.fail("a caption ran a script"))
    assert page.locator("article script:not([src^='theme/']), article img[src='x'], article b").count() == 0
    assert page.locator("td", has_text="<script>alert(1)</script>").count() > 0
