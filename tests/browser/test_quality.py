"""Every page of the site, in every look: accessible by axe, narrow enough for a phone, light enough to load."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

axe_playwright = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)
pytestmark = pytest.mark.browser
Open = Callable[..., Any]
QUIET = {"preload": False, "resultTypes": ["violations"]}
"""Without preloading, in which axe fetches style sheets: a page from disk may fetch nothing."""
WCAG = QUIET | {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
CONTRAST = QUIET | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
"""The only rule of these that sees colours, and the schemes differ in nothing else."""
HEAVY = 2_000_000
MAPS = re.compile(r"map")
"""Pages that may weigh more."""
BOXES = """() => [...document.querySelectorAll("*")].filter((e) => {
  const look = getComputedStyle(e);
  return /auto|scroll/.test(look.overflowX + look.overflowY) && e !== document.documentElement && e !== document.body
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
    && !e.matches("nav, nav *, aside, aside *, dialog, dialog *");
}).filter((e) => e.tabIndex < 0 || !(e.getAttribute("aria-label") || e.getAttribute("aria-labelledby")))
  .map((e) => `${e.tagName} ${e.className}`)"""
FIGURES = """() => [...document.querySelectorAll("figure:has(figcaption) img")].map((image) =>
  [image.alt, image.closest("figure").querySelector("figcaption").innerText])"""

SHRUNK = """() => [...document.querySelectorAll("main figure img")].filter((image) =>
  image.getClientRects().length && image.width < Math.min(image.naturalWidth, 640)).map((image) => image.alt)"""


def pages(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


def test_axe_finds_nothing_on_any_page(open_page: Open, built: Path) -> None:
    faults = {}
    for name in pages(built):
        page = open_page(name, color_scheme="light")
        found = axe_playwright.Axe().run(page, options=WCAG).response["violations"]
        page.emulate_media(color_scheme="dark")
        page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
        found += axe_playwright.Axe().run(page, options=CONTRAST).response["violations"]
        faults[name] = [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
        page.close()
    assert len(faults) > 15 and {name: some for name, some in faults.items() if some} == {}


def test_on_a_phone_pages_fit_what_scrolls_is_named_and_figures_say_what_they_show(
    open_page: Open, built: Path
) -> None:
    """One visit a page: no sideways scroll, boxes that scroll reached by keyboard, texts of figures beside captions.

    Figures keep the width at which their letters can be read, and scroll.
    """
    wide, nameless, shrunk, pairs = {}, {}, {}, []
    for name in pages(built):
        page = open_page(name, viewport={"width": 375, "height": 740})
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
        nameless[name] = page.evaluate(BOXES)
        shrunk[name] = page.evaluate(SHRUNK)
        pairs += page.evaluate(FIGURES)
    assert {name: width for name, width in wide.items() if width > 375} == {}
    assert {name: some for name, some in nameless.items() if some} == {}
    assert {name: some for name, some in shrunk.items() if some} == {}
    assert len(pairs) > 30
    assert [(alt, told) for alt, told in pairs if len(alt.split()) < 4 or alt.strip(" .") in told] == []


def test_pages_are_light(built: Path) -> None:
    sizes = {name: (built / name).stat().st_size for name in pages(built) if not MAPS.search(name)}
    assert {name: size for name, size in sizes.items() if size > HEAVY} == {}
