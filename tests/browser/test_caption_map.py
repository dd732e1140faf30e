"""The map of captions in headless Chromium, from disk: by mouse, touch and keyboard, told by its state."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lib.draw.interactive import caption_map
from lib.draw.interactive.caption_map import CaptionMap, Colouring, Plane
from lib.draw.interactive.map_motions import PointMotion
from lib.motion.skeleton import OFFSETS
from tests.browser import piece

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
DESK = {"viewport": {"width": 1000, "height": 900}}
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
STAGE, STATUS = ".map-stage", ".map-status"
HOSTILE = ["<img src=x onerror=alert(1)>", "שלום ‮ walk", "\ufeffİ walks 💃", "", "a  b\nc", "x" * 3000]


def made(n: int = 900) -> CaptionMap:
    rng = np.random.default_rng(3)
    clusters = np.arange(n) % 3
    places = np.array([[0, 0], [10, 0], [0, 10]])[clusters] + rng.normal(size=(n, 2))
    verbs = np.array(["walks", "dances", "Jumps"])[clusters]
    captions = [f"a person {verb} {number}" for number, verb in enumerate(verbs)]
    captions[: len(HOSTILE)] = HOSTILE
    colourings = (
        Colouring("cluster", ["1  walk", "2  dance", "3  jump"], clusters, numbered=True),
        Colouring("dataset", ["one", "two"], (np.arange(n) >= n // 3).astype(np.int64)),
    )
    return CaptionMap(places, captions, colourings)


def playing(n: int = 900) -> CaptionMap:
    """The same with a second space, its mirror image, and motions of every thirtieth clip, no two equally long."""
    some = made(n)
    thirds = Colouring("motion cluster", ["first", "rest"], (np.arange(n) >= n // 3).astype(np.int64))
    pose = OFFSETS.cumsum(axis=0)
    motions = [PointMotion(row, np.repeat(pose[None], 11 + row // 10, axis=0), 10.0, row < n // 2) for row in held(n)]
    return replace(some, space="text", further={"motion": Plane(some.places * [-1, 1], [thirds])}, motions=motions)


def held(n: int) -> range:
    return range(10, n, 30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Path:
    folder = tmp_path_factory.mktemp("map")
    for name, some, withheld in (("map", made(), False), ("private", made(), True), ("playing", playing(), False)):
        caption_map.write(folder, name, some, withheld=withheld)
        content = json.loads((folder / "interactive" / f"{name}.json").read_text(encoding="utf-8"))
        piece.write(folder, name, caption_map.markup(content, f"interactive/{name}.js"), built / "theme")
    return folder


def ready(open_page: Open, folder: Path, name: str = "map.html", **options: Any) -> Any:
    page = open_page(str(folder / name), **options)
    alive = "document.querySelector('.caption-map').captionMap"
    page.wait_for_function(alive if name == "private.html" else f"{alive}?.state.captions")
    settled(page)
    return page


def settled(page: Any) -> None:
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def state(page: Any) -> dict[str, Any]:
    settled(page)
    found: dict[str, Any] = page.evaluate("document.querySelector('.caption-map').captionMap.state")
    return found


def spot(page: Any, number: int) -> tuple[float, float]:
    """Where a point stands in the window."""
    x, y = page.evaluate(
        "(n) => { const m = document.querySelector('.caption-map').captionMap, b = m.canvas.getBoundingClientRect();"
        " const [x, y] = m.view.toPage(m.points.x[n], m.points.y[n]); return [x + b.left, y + b.top]; }",
        number,
    )
    return x, y


def corner(page: Any) -> int:
    """The point furthest to the right, which is one of the second cluster."""
    return int(
        page.evaluate("((p) => p.x.indexOf(p.box[2]))(document.querySelector('.caption-map').captionMap.points)")
    )


def place(page: Any, row: int) -> int:
    """The point of a row, which its number in the caption tells."""
    find = "(t) => { const m = document.querySelector('.caption-map').captionMap, n = m.captions.listed.indexOf(t); "
    return int(page.evaluate(f"{find} return n < 0 ? -1 : m.points.place[n]; }}", playing().captions[row]))


def plays(page: Any, row: int, exact: bool) -> dict[str, Any]:
    """Waits until the motion of a row is shown, which its length tells."""
    page.wait_for_function(
        "(n) => { const m = document.querySelector('.caption-map').captionMap.motions; return m.shown === n; }",
        arg=place(page, row),
    )
    shown: dict[str, Any] = page.evaluate("document.querySelector('.caption-map').captionMap.state.played")
    assert page.evaluate("document.querySelector('.motion-player').motionPlayer.frames") == 11 + row // 10
    assert shown["exact"] == exact and shown["note"] == f"“{playing().captions[row]}”"
    return shown


def test_the_point_under_the_mouse_plays_and_no_motion_is_read_before(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, "playing.html", **DESK)
    assert not state(page)["played"]["loaded"] and "30 of 900 clips play" in page.locator(".map-sample").inner_text()
    number = place(page, 10)
    page.evaluate(
        "(n) => { const m = document.querySelector('.caption-map').captionMap;"
        " m.zoom(99); m.view.goTo(m.points.x[n], m.points.y[n]); m.moved(); }",
        number,
    )
    page.mouse.move(*spot(page, number))
    assert state(page)["over"] == number and state(page)["chosen"] == -1
    assert plays(page, 10, True)["said"] == "This clip"
    page.wait_for_function("document.querySelector('.motion-player').motionPlayer.state.playing")
    assert page.locator(".map-motion canvas").is_visible()


def test_a_point_without_a_motion_shows_the_nearest_that_has_one_and_says_so(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, "playing.html", **DESK)
    places = playing().places
    for row in (11, 500, 899):
        nearest = min(held(900), key=lambda one: np.hypot(*(places[one] - places[row])))
        page.evaluate("(n) => document.querySelector('.caption-map').captionMap.choose(n)", place(page, row))
        assert plays(page, nearest, False)["said"] == "Not this clip: the nearest that plays"
        said = page.locator(STATUS).inner_text()
        assert (
            f"Its motion is not kept here; shown is the nearest clip’s that is: “{playing().captions[nearest]}”" in said
        )
    assert "not this clip" in page.locator(".map-motion figcaption").inner_text().lower()


def test_keys_step_through_the_clips_that_play(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, "playing.html", **DESK)
    page.get_by_label("Light only clips that play").check()
    assert state(page)["lit"] == 30
    page.focus(STAGE)
    page.keyboard.press("n")
    row = playing().captions.index(state(page)["caption"])
    assert row in held(900) and page.locator(STATUS).inner_text().endswith("Its motion is shown.")
    plays(page, row, True)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.focus(STAGE)
    page.keyboard.press("n")
    plays(page, playing().captions.index(state(page)["caption"]), True)
    assert not page.evaluate("document.querySelector('.motion-player').motionPlayer.state.playing")


def test_a_reader_who_prefers_less_motion_sees_it_stand_still(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, "playing.html", **DESK, reduced_motion="reduce")
    page.evaluate("(n) => document.querySelector('.caption-map').captionMap.choose(n)", place(page, 10))
    plays(page, 10, True)
    assert not page.evaluate("document.querySelector('.motion-player').motionPlayer.state.playing")


def test_it_switches_to_the_motion_space_and_back(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, "playing.html", **DESK)
    where = "(() => { const p = document.querySelector('.caption-map').captionMap.points; return Array.from(p.x); })()"
    before = page.evaluate(where)
    page.get_by_label("Space of").select_option("motion")
    page.wait_for_function("document.querySelector('.caption-map').captionMap.state.space === 'motion'")
    there = page.evaluate(where)
    assert there == pytest.approx([max(before) - x for x in before], abs=1)
    assert page.locator(STATUS).inner_text() == "900 captions, where the motion space has their clips."
    page.get_by_label("Colour by").select_option("motion cluster")
    assert page.locator(".map-legend small").all_inner_texts() == ["300", "600"]
    page.get_by_label("Space of").select_option("text")
    page.wait_for_function("document.querySelector('.caption-map').captionMap.state.space === 'text'")
    assert page.evaluate(where) == before


def test_motions_and_places_that_are_missing_are_said_to_be(open_page: Open, folder: Path) -> None:
    page = (folder / "playing.html").read_text(encoding="utf-8")
    for name in ("played", "motion"):
        page = page.replace(f"playing_{name}.js", f"cut_{name}.js")
        (folder / f"interactive/cut_{name}.js").write_text("", encoding="ascii")
    (folder / "missing.html").write_text(page, encoding="utf-8")
    cut = ready(open_page, folder, "missing.html", **DESK)
    cut.get_by_label("Space of").select_option("motion")
    cut.wait_for_function("document.querySelector('.map-status').textContent.includes('could not be read')")
    assert cut.get_by_label("Space of").input_value() == "0" and state(cut)["space"] == "text"
    cut.evaluate("document.querySelector('.caption-map').captionMap.choose(5)")
    cut.wait_for_function("document.querySelector('.map-motion').textContent.includes('The motions are missing')")


def test_every_caption_arrives_as_it_was_written(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder)
    read = "(() => { const m = document.querySelector('.caption-map').captionMap;"
    held = page.evaluate(f"{read} return Array.from(m.points.place, (n) => m.caption(n)); }})()")
    assert sorted(held) == sorted("a b c" if caption == "a  b\nc" else caption for caption in made().captions)
    labels = page.evaluate(f"{read} return Array.from(m.points.place, (n) => m.points.labels[0][n]); }})()")
    cluster = {f"a person {verb} ": n for n, verb in enumerate(("walks", "dances", "Jumps"))}
    for caption, label in zip(held, labels, strict=True):
        if found := re.match(r"a person \w+ ", caption):
            assert cluster[found[0]] == label


def test_the_search_box_lights_counts_and_steps(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder)
    page.get_by_label("Find in captions").fill("JUMPS")
    page.wait_for_function("document.querySelector('.map-status').textContent.includes('JUMPS')")
    expected = sum("jumps" in caption.lower() for caption in made().captions)
    assert state(page)["hits"] == state(page)["lit"] == expected
    assert page.locator(STATUS).inner_text() == f"{expected} of 900 captions hold “JUMPS”."
    assert page.locator(".map-legend small").all_inner_texts() == ["0", "0", str(expected)]
    page.keyboard.press("Enter")
    first = state(page)
    page.keyboard.press("Enter")
    second = state(page)
    page.keyboard.press("Shift+Enter")
    assert "Jumps" in first["caption"] and "Jumps" in second["caption"] and first["chosen"] != second["chosen"]
    assert state(page)["chosen"] == first["chosen"]
    assert first["caption"] in page.locator(".map-tip p").inner_text()
    page.get_by_label("Find in captions").fill("no such words")
    page.wait_for_function("document.querySelector('.map-status').textContent.startsWith('0 of')")
    page.keyboard.press("Enter")
    assert (state(page)["lit"], state(page)["chosen"]) == (0, -1)
    page.get_by_label("Find in captions").fill("A B  c")  # a tip shows any spaces and line breaks as one space
    page.wait_for_function("document.querySelector('.map-status').textContent.startsWith('1 of')")
    page.get_by_label("Find in captions").fill("")
    page.wait_for_function("document.querySelector('.map-status').textContent === '900 captions.'")
    assert state(page)["lit"] == 900


def test_the_keyboard_moves_zooms_and_steps(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, **DESK)
    page.focus(STAGE)
    begun = state(page)
    for _ in range(3):
        page.keyboard.press("+")
    assert state(page)["zoom"] == pytest.approx(1.4**3)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert state(page)["x"] > begun["x"] and state(page)["y"] > begun["y"]
    page.keyboard.press("n")
    one = state(page)
    middle = page.evaluate(
        "(() => { const m = document.querySelector('.caption-map').captionMap, p = m.points, s = (n) =>"
        f" (p.x[n] - {one['x']}) ** 2 + (p.y[n] - {one['y']}) ** 2; let best = 0;"
        " for (let n = 1; n < p.count; n++) if (s(n) < s(best)) best = n; return best; })()"
    )
    assert one["chosen"] == middle and page.locator(".map-tip").is_visible()
    page.keyboard.press("n")
    assert state(page)["chosen"] != middle and state(page)["caption"] in state(page)["said"]
    page.keyboard.press("p")
    assert state(page)["chosen"] == middle
    page.keyboard.press("Escape")
    assert state(page)["chosen"] == -1 and not page.locator(".map-tip").is_visible()
    page.keyboard.press("0")
    assert state(page)["zoom"] == 1 and (state(page)["x"], state(page)["y"]) == (begun["x"], begun["y"])
    page.keyboard.press("-")
    assert state(page)["zoom"] == 1


def test_the_mouse_shows_drags_and_zooms_where_it_is(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, **DESK)
    number = corner(page)
    x, y = spot(page, number)
    page.mouse.move(x + 2, y + 1)
    assert state(page)["over"] == number and state(page)["chosen"] == -1
    assert page.locator(".map-tip dd").first.inner_text() == "2 dance"
    page.mouse.click(x, y)
    assert state(page)["chosen"] == number
    page.mouse.wheel(0, -600)
    page.wait_for_function("document.querySelector('.caption-map').captionMap.state.zoom > 2")
    assert spot(page, number) == pytest.approx((x, y), abs=3)
    before = state(page)
    page.mouse.down()
    page.mouse.move(x - 80, y + 60, steps=6)
    page.mouse.up()
    assert state(page)["chosen"] == number and state(page)["y"] > before["y"]
    page.get_by_label("The whole map").click()
    assert state(page)["zoom"] == 1
    page.evaluate("document.body.style.paddingBottom = '2000px'")
    page.mouse.move(x, y)
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY > 100")
    assert state(page)["zoom"] == 1


def test_touch_moves_pinches_and_chooses_on_a_phone(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    box = page.locator(STAGE).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        named = [{"x": px, "y": py, "id": n} for n, (px, py) in enumerate(points)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": named})

    touch("touchStart", (x - 30, y), (x + 30, y))
    for n in range(1, 9):
        touch("touchMove", (x - 30 - 6 * n, y), (x + 30 + 6 * n, y))
    touch("touchEnd")
    assert state(page)["zoom"] > 1.8 and state(page)["chosen"] == -1
    before = state(page)
    touch("touchStart", (x, y))
    for n in range(1, 9):
        touch("touchMove", (x + 8 * n, y))
    touch("touchEnd")
    assert state(page)["x"] < before["x"] and state(page)["chosen"] == -1
    for _ in range(20):
        page.get_by_label("The whole map").tap()  # right after a swipe a tap only stops the swipe
        page.wait_for_timeout(250)
        if state(page)["zoom"] == 1:
            break
    assert state(page)["zoom"] == 1
    page.locator(STAGE).evaluate("(stage) => stage.scrollIntoView()")
    number = corner(page)
    page.touchscreen.tap(*spot(page, number))
    page.wait_for_function("document.querySelector('.caption-map').captionMap.state.chosen >= 0")
    assert state(page)["chosen"] == number
    tip, stage = page.locator(".map-tip").bounding_box(), page.locator(STAGE).bounding_box()
    assert tip["x"] >= stage["x"] and tip["x"] + tip["width"] <= stage["x"] + stage["width"]


def test_a_class_is_seen_apart_and_colours_change(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, **DESK)
    first = page.locator("canvas").first.screenshot()
    page.get_by_role("button", name="2 dance").click()
    assert (state(page)["shown"], state(page)["lit"]) == ([1], 300)
    assert page.get_by_role("button", name="2 dance").get_attribute("aria-pressed") == "true"
    assert page.locator("canvas").first.screenshot() != first
    page.get_by_role("button", name="1 walk").press("Enter")
    assert state(page)["lit"] == 600
    page.get_by_label("Colour by").select_option("dataset")
    assert (state(page)["by"], state(page)["lit"]) == ("dataset", 900)
    assert page.locator(".map-legend span").all_inner_texts() == ["one", "two"]
    assert page.locator(".map-legend small").all_inner_texts() == ["300", "600"]


def test_it_follows_the_scheme_and_rests_when_nothing_changes(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, color_scheme="light")
    piece.rested(page, state)
    light = page.locator("canvas").first.screenshot()
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    settled(page)
    assert page.locator("canvas").first.screenshot() != light


def test_axe_finds_nothing(open_page: Open, folder: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    for scheme in ("light", "dark"):
        page = ready(open_page, folder, "playing.html", color_scheme=scheme, **DESK)
        page.focus(STAGE)
        page.keyboard.press("n")
        page.wait_for_selector(".map-motion canvas")
        found = axe.Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_withheld_captions_leave_a_map_without_words(open_page: Open, folder: Path) -> None:
    page = ready(open_page, folder, "private.html", **DESK)
    assert page.locator(STATUS).inner_text() == "Captions are withheld in this report."
    assert page.get_by_label("Find in captions").is_disabled()
    page.mouse.click(*spot(page, corner(page)))
    assert page.locator(".map-tip p").inner_text() == "Caption withheld"
    assert page.locator(".map-tip dd").first.inner_text() == "2 dance"


def test_without_javascript_a_line_says_where_to_look(open_page: Open, folder: Path) -> None:
    page = open_page(str(folder / "map.html"), java_script_enabled=False)
    assert "needs JavaScript" in page.locator(".caption-map").inner_text()


def test_a_browser_that_cannot_inflate_is_told_where_to_look(open_page: Open, folder: Path) -> None:
    page = (folder / "map.html").read_text(encoding="utf-8")
    script = "<script>delete window.DecompressionStream</script>"
    (folder / "old.html").write_text(page.replace("<body>", f"<body>{script}"), encoding="utf-8")
    old = open_page(str(folder / "old.html"))
    old.wait_for_selector(".caption-map p")
    assert "too old for the map; the figure and the table" in old.locator(".caption-map").inner_text()


def test_captions_that_are_missing_or_damaged_leave_a_map_that_says_so(open_page: Open, folder: Path) -> None:
    page = (folder / "map.html").read_text(encoding="utf-8")
    (folder / "cut.html").write_text(page.replace("interactive/map.js", "cut.js"), encoding="utf-8")
    script = (folder / "interactive" / "map.js").read_text(encoding="ascii")
    (folder / "cut.js").write_text(re.sub(r'.{400}(";\n)$', r"\1", script), encoding="ascii")
    cut = open_page(str(folder / "cut.html"), **DESK)
    cut.wait_for_function("document.querySelector('.map-status')?.textContent.includes('could not be read')")
    assert cut.locator(".map-status").inner_text() == "The captions are missing: cut.js could not be read."
    cut.mouse.click(*spot(cut, corner(cut)))
    assert cut.locator(".map-tip dd").first.inner_text() == "2 dance"


def test_a_map_of_50_000_captions_finds_steps_and_hovers_as_a_small_one_does(
    open_page: Open, built: Path, tmp_path: Path
) -> None:
    large = replace(playing(50_000), motions=[])
    caption_map.write(tmp_path, "large", large)
    content = json.loads((tmp_path / "interactive" / "large.json").read_text(encoding="utf-8"))
    piece.write(tmp_path, "large", caption_map.markup(content, "interactive/large.js"), built / "theme")
    motions = 300 * (101 * 133 + 8) * 4 / 3
    taken = sum(file.stat().st_size for file in (tmp_path / "large.html", *(tmp_path / "interactive").glob("*.js")))
    assert (
        taken < (25e6 - motions) * 50_000 / 344_476
        and (tmp_path / "large.html").stat().st_size < 2e6 * 50_000 / 344_476
    )
    page = open_page(str(tmp_path / "large.html"), **DESK)
    page.wait_for_function("document.querySelector('.caption-map')?.captionMap?.state.captions")
    assert (state(page)["count"], page.locator(STATUS).inner_text()) == (50_000, "50,000 captions.")
    page.get_by_label("Find in captions").fill("dances 12")
    page.wait_for_function("document.querySelector('.map-status').textContent.includes('dances 12')")
    expected = sorted(caption for caption in large.captions if "dances 12" in caption)
    assert state(page)["hits"] == state(page)["lit"] == len(expected) > 300
    page.keyboard.press("Enter")
    assert state(page)["caption"] in expected
    page.get_by_label("Find in captions").fill("")
    page.wait_for_function("document.querySelector('.map-status').textContent === '50,000 captions.'")
    page.focus(STAGE)
    for _ in range(8):
        page.keyboard.press("+")
    page.evaluate(
        "(() => { const m = document.querySelector('.caption-map').captionMap;"
        " m.view.goTo(m.points.x[123], m.points.y[123]); m.moved(); })()"
    )
    settled(page)
    px, py = spot(page, 123)
    page.mouse.move(px + 5, py + 3)
    x, y, near = page.evaluate(
        "([px, py]) => { const m = document.querySelector('.caption-map').captionMap;"
        " const b = m.canvas.getBoundingClientRect();"
        " return [...m.view.toPlane(px - b.left, py - b.top), Array.from(m.points.x, (x, n) => [x, m.points.y[n]])]; }",
        [px + 5, py + 3],
    )
    squares = ((np.array(near) - [x, y]) ** 2).sum(axis=1)
    assert len(squares) == 50_000 and squares[state(page)["over"]] == squares.min()
    page.mouse.move(0, 0)
    before = page.locator("canvas").first.screenshot()
    page.keyboard.press("ArrowRight")
    settled(page)
    assert page.locator("canvas").first.screenshot() != before
    page.get_by_role("button", name="2 dance").click()
    assert state(page)["lit"] == np.count_nonzero(np.arange(50_000) % 3 == 1)


def test_a_page_of_the_report_reads_its_captions_from_beside_it(open_page: Open) -> None:
    page = open_page("index.html", **DESK)
    page.wait_for_function("document.querySelector('.caption-map').captionMap?.state.captions")
    page.focus(STAGE)
    page.keyboard.press("n")
    page.get_by_label("Find in captions").fill("<script>")
    page.wait_for_function("document.querySelector('.map-status').textContent.startsWith('1 of 8')")
    page.keyboard.press("Enter")
    assert state(page)["caption"] == "<script>alert(1)</script> a person walks"
    assert page.locator(".map-tip script, .map-legend img").count() == 0
    page.emulate_media(media="print")
    assert not page.locator(".caption-map").is_visible()
