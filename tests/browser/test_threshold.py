"""The threshold slider in headless Chromium, from disk: what it says at a threshold is what the table says there."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.draw.interactive import threshold
from tests.browser import piece

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
GRID = np.linspace(0, 1, 201).round(4)
NAMES = ["one test, <b>one</b> train", "recordings held out"]


def table() -> pd.DataFrame:
    parts = []
    for line, name in enumerate(NAMES):
        for unit, n in (("caption", 1234), ("clip", 400)):
            share = (1 - GRID) ** (1 + line + (unit == "clip"))
            ends = {"share": share, "low": share * 0.9, "high": np.minimum(share * 1.1, 1)}
            told = {"line": name, "interval": ["95 % CI", "range over 10 draws"][line], "unit": unit, "n": n}
            parts.append(pd.DataFrame({**told, "cosine": GRID, **ends}))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, built: Path) -> str:
    folder = tmp_path_factory.mktemp("threshold")
    threshold.write(folder, "by", table(), start=0.9)
    content = json.loads((folder / "interactive" / "by.json").read_text(encoding="utf-8"))
    piece.write(folder, "threshold", threshold.markup(content, "by.js"), built / "theme")
    (folder / "by.csv").write_text("x\n", encoding="utf-8")
    return str(folder / "threshold.html")


def told(line: int, unit: str, cosine: float) -> str:
    rows = table().query("line == @NAMES[@line] and unit == @unit")
    share, low, high = rows[np.isclose(rows["cosine"], cosine)][["share", "low", "high"]].to_numpy()[0]
    return f"{100 * share:.1f}\u00a0% ({100 * low:.1f}–{100 * high:.1f})"


def cells(page: Any) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("document.querySelector('.threshold').threshold.state.shares")
    return found


def test_keys_move_it_on_both_scales(open_page: Open, file: str) -> None:
    page = open_page(file)
    slider = page.get_by_role("slider")
    assert cells(page) == [[told(n, "caption", 0.9), told(n, "caption", 0.8)] for n in (0, 1)]
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert slider.input_value() == "0.895" and slider.get_attribute("aria-valuetext") == "0.895"
    assert cells(page) == [[told(n, "caption", 0.895), told(n, "caption", 0.79)] for n in (0, 1)]
    page.keyboard.press("Home")
    assert cells(page)[0] == [told(0, "caption", 0.5), told(0, "caption", 0.0)]
    page.keyboard.press("End")
    assert cells(page)[0][0] == told(0, "caption", 1.0)
    assert page.locator("output").inner_text() == "At 1.000: 0.0 % of captions by cosine, 0.0 % by (cosine + 1)/2."
    assert page.locator("thead th").all_inner_texts() == ["cosine ≥ 1.000", "(cosine + 1)/2 ≥ 1.000"]


def test_the_mouse_drags_it_and_moves_the_cut(open_page: Open, file: str) -> None:
    page = open_page(file)
    before = page.locator(".cut").first.get_attribute("x1")
    box = page.get_by_role("slider").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    value = float(page.get_by_role("slider").input_value())
    assert value == pytest.approx(0.75, abs=0.02)
    assert float(page.locator(".cut").first.get_attribute("x1")) < float(before)
    assert cells(page)[1] == [told(1, "caption", value), told(1, "caption", round(2 * value - 1, 4))]


def test_clips_are_counted_apart(open_page: Open, file: str) -> None:
    page = open_page(file)
    page.get_by_label("Share of").select_option("clip")
    assert cells(page)[0] == [told(0, "clip", 0.9), told(0, "clip", 0.8)]
    assert "N = 400; 95 % CI" in page.locator("tbody th").first.inner_text()
    assert re.search("of clips by cosine", page.locator("output").inner_text())
    assert page.locator("tbody th b").count() == 0


def test_a_phone_needs_no_sideways_scroll_and_takes_touch(open_page: Open, file: str) -> None:
    page = open_page(file, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.evaluate("((e) => e.scrollWidth <= e.clientWidth)(document.querySelector('.threshold .table-scroll'))")
    box = page.get_by_role("slider").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)
    page.wait_for_function("Number(document.querySelector('.threshold input').value) < 0.7")


def test_axe_finds_nothing(open_page: Open, file: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    for scheme in ("light", "dark"):
        found = axe.Axe().run(open_page(file, color_scheme=scheme)).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_without_javascript_a_line_says_where_to_look(open_page: Open, file: str) -> None:
    assert "needs JavaScript" in open_page(file, java_script_enabled=False).locator(".threshold").inner_text()
