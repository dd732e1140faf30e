"""The player in headless Chromium, from disk: by mouse, touch and keyboard, told by its state and by what is seen."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lib.demo.synthesis import Spec, synthesise
from lib.draw.motion_player import Choice, Motion, Track, fragment, page
from tests.browser.piece import rested

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
STILL = {"reduced_motion": "reduce", "viewport": {"width": 1000, "height": 700}}
PHONE = {"reduced_motion": "reduce", "viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
VIEW, RANGE = ".motion-figures", ".motion-transport input"


@pytest.fixture(scope="session")
def four(tmp_path_factory: pytest.TempPathFactory) -> str:
    rng = np.random.default_rng(0)
    lengths = {"walk": 4.0, "dance": 3.0, "jog": 2.0, "kick": 2.0}
    motions = [Motion(synthesise([Spec(name, seconds=s)], rng), name, "<i>note</i>") for name, s in lengths.items()]
    file = tmp_path_factory.mktemp("player") / "four.html"
    file.write_text(page([Track.of(motion) for motion in motions], title="Four motions"), encoding="utf-8")
    return str(file)


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A motion that is always there, and one of each of two seeds, the second of them longer than the rest."""
    rng = np.random.default_rng(1)
    lengths = {"real": (2.0, ()), "made, seed 0": (2.0, (0,)), "made, seed 1": (4.0, (1,))}
    motions = [
        Motion(synthesise([Spec("walk", seconds=seconds)], rng), name, options=options)
        for name, (seconds, options) in lengths.items()
    ]
    file = tmp_path_factory.mktemp("player") / "seeds.html"
    choice = Choice("training seed", ("seed 0", "seed 1"))
    file.write_text(page([Track.of(one) for one in motions], title="Two seeds", choice=choice), encoding="utf-8")
    return str(file)


def state(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("document.querySelector('.motion-player').motionPlayer.state")
    return found


def seen(page: Any, number: int = 0) -> bytes:
    """What stands on a canvas, once everything asked for is drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    picture: bytes = page.locator(".motion-figure canvas").nth(number).screenshot()
    return picture


def brightness(picture: bytes) -> float:
    return float(np.median(np.asarray(Image.open(io.BytesIO(picture)).convert("L"))))


def middle(page: Any) -> tuple[float, float]:
    box = page.locator(".motion-figure canvas").first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_it_begins_when_seen_and_begins_anew_at_the_end(open_page: Open, four: str) -> None:
    page = open_page(four, reduced_motion="no-preference")
    page.wait_for_function("document.querySelector('.motion-player').motionPlayer.state.frame > 3")
    assert state(page)["playing"]
    page.evaluate("document.querySelector('.motion-player').motionPlayer.seek(1e9)")
    page.wait_for_function("document.querySelector('.motion-player').motionPlayer.state.rounds === 1")
    assert state(page)["playing"]


def test_reduced_motion_waits_for_the_reader(open_page: Open, four: str) -> None:
    page = open_page(four, **STILL)
    page.wait_for_timeout(400)
    assert (state(page)["frame"], state(page)["playing"]) == (0, False)
    page.click("role=button[name='Play']")
    page.wait_for_function("document.querySelector('.motion-player').motionPlayer.state.frame > 3")
    page.click("role=button[name='Pause']")
    assert not rested(page, state)["playing"]


def test_the_keyboard_plays_steps_turns_zooms_and_follows(open_page: Open, four: str) -> None:
    page = open_page(four, **STILL)
    first = seen(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "motion-figures"
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert state(page)["frame"] == 11 and (later := seen(page)) != first
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert (state(page)["yaw"], state(page)["pitch"]) == (40, 21) and (turned := seen(page)) != later
    page.keyboard.press("+")
    assert state(page)["zoom"] == pytest.approx(1.15) and seen(page) != turned
    page.keyboard.press("f")
    assert state(page)["following"]
    page.keyboard.press("0")
    assert seen(page) == later
    page.keyboard.press("End")
    assert state(page)["frame"] == state(page)["frames"] - 1
    page.keyboard.press("Home")
    assert seen(page) == first
    page.keyboard.press("Space")
    assert state(page)["playing"]
    page.keyboard.press("Space")
    assert not state(page)["playing"]


def test_the_time_is_scrubbed_by_keys_and_told_in_words(open_page: Open, four: str) -> None:
    page = open_page(four, **STILL)
    page.focus(RANGE)
    for _ in range(24):
        page.keyboard.press("ArrowRight")
    shown = state(page)
    assert shown["frame"] == 24 and shown["time"] == pytest.approx(1.2)
    assert page.locator(RANGE).get_attribute("aria-valuetext") == f"1.2 s of {shown['duration']:.1f} s"
    assert page.locator(".motion-clock").inner_text() == f"1.2 s of {shown['duration']:.1f} s"
    page.keyboard.press("Space")
    assert state(page)["playing"]


def test_the_mouse_turns_zooms_plays_and_scrubs(open_page: Open, four: str) -> None:
    page = open_page(four, **STILL)
    first = seen(page)
    page.mouse.move(*middle(page))
    page.mouse.down()
    page.mouse.move(middle(page)[0] + 60, middle(page)[1] + 20, steps=5)
    page.mouse.up()
    assert state(page)["yaw"] == pytest.approx(35 + 36, abs=4) and state(page)["pitch"] == pytest.approx(24, abs=2)
    assert not state(page)["playing"] and seen(page) != first
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(100)
    assert state(page)["zoom"] == 1
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function("document.querySelector('.motion-player').motionPlayer.state.zoom > 1")
    page.click("role=button[name='First view']")
    page.mouse.move(5, 5)
    assert seen(page) == first
    page.select_option(".motion-transport select", "0.25")
    assert state(page)["speed"] == 0.25
    box = page.locator(RANGE).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert state(page)["frame"] == pytest.approx(state(page)["frames"] / 2, abs=2)
    page.mouse.click(*middle(page))
    assert state(page)["playing"]


def test_touch_turns_pinches_plays_and_scrubs_on_a_phone(open_page: Open, four: str) -> None:
    page = open_page(four, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    x, y = middle(page)
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        named = [{"x": px, "y": py, "id": n} for n, (px, py) in enumerate(points)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": named})

    touch("touchStart", (x, y))
    for n in range(1, 7):
        touch("touchMove", (x + 8 * n, y))
    touch("touchEnd")
    assert state(page)["yaw"] > 45 and not state(page)["playing"]
    touch("touchStart", (x - 20, y), (x + 20, y))
    for n in range(1, 7):
        touch("touchMove", (x - 20 - 5 * n, y), (x + 20 + 5 * n, y))
    touch("touchEnd")
    assert state(page)["zoom"] > 1.5 and not state(page)["playing"]
    page.touchscreen.tap(x, y)
    page.wait_for_function("document.querySelector('.motion-player').motionPlayer.state.playing")
    page.touchscreen.tap(x, y)
    page.wait_for_function("!document.querySelector('.motion-player').motionPlayer.state.playing")
    box = page.locator(RANGE).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    page.wait_for_function(
        "(({frame, frames}) => frame > frames / 2)(document.querySelector('.motion-player').motionPlayer.state)"
    )


def test_motions_share_a_clock_and_the_shorter_hold_their_last_pose(open_page: Open, four: str) -> None:
    page = open_page(four, **STILL)
    seek = "(frame) => document.querySelector('.motion-player').motionPlayer.seek(frame)"
    frames = page.evaluate(
        "[...document.querySelectorAll('.motion-figure')].map((figure) => {"
        " const raw = atob(figure.dataset.motion); return raw.charCodeAt(0) + 256 * raw.charCodeAt(1); })"
    )
    assert state(page)["frames"] == max(frames) and min(frames) < max(frames)
    short, long = frames.index(min(frames)), frames.index(max(frames))
    page.evaluate(seek, min(frames) - 1)
    ended, going = seen(page, short), seen(page, long)
    page.evaluate(seek, max(frames) - 1)
    assert seen(page, short) == ended and seen(page, long) != going


def test_the_figure_and_its_floor_follow_the_scheme(open_page: Open, four: str) -> None:
    page = open_page(four, color_scheme="light", **STILL)
    light = brightness(seen(page))
    page.emulate_media(color_scheme="dark")
    assert light > 200 and brightness(seen(page)) < 60


def test_nothing_is_drawn_out_of_sight_and_never_finer_than_twofold(open_page: Open, four: str) -> None:
    page = open_page(four, device_scale_factor=3)
    page.wait_for_function("document.querySelector('.motion-player').motionPlayer.state.drawn > 2")
    assert page.evaluate("(({width, clientWidth}) => width / clientWidth)(document.querySelector('canvas'))") == 2
    page.evaluate("document.body.style.paddingTop = '5000px'")
    assert rested(page, state)["playing"]


def changed(before: bytes, after: bytes) -> float:
    """Share of pixels that differ; a canvas drawn anew after it was hidden may differ in a handful at its edges."""
    first, second = (np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")) for picture in (before, after))
    return float((first != second).any(axis=-1).mean())


def labels(page: Any) -> list[str]:
    """The captions that are seen."""
    texts: list[str] = page.locator("figcaption b:visible").all_inner_texts()
    return texts


def test_a_seed_is_chosen_by_keyboard_and_changes_the_figure(open_page: Open, seeds: str) -> None:
    page = open_page(seeds, **STILL)
    assert labels(page) == ["real", "made, seed 0"] and page.locator("canvas:visible").count() == 2
    real, made, short = seen(page, 0), seen(page, 1), state(page)["frames"]
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "training seed"
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.querySelector('.motion-player').motionPlayer.state.option === 1")
    assert labels(page) == ["real", "made, seed 1"] and page.locator("canvas:visible").count() == 2
    assert changed(real, seen(page, 0)) < 0.001 and changed(made, seen(page, 2)) > 0.01
    assert state(page)["frames"] > short and page.locator(RANGE).get_attribute("max") == str(state(page)["frames"] - 1)
    page.evaluate("document.querySelector('.motion-player').motionPlayer.seek(1e9)")
    page.select_option(".motion-options", label="seed 0")
    assert labels(page) == ["real", "made, seed 0"]
    assert (state(page)["frames"], state(page)["frame"]) == (short, short - 1)
    page.evaluate("document.querySelector('.motion-player').motionPlayer.seek(0)")
    assert changed(made, seen(page, 1)) < 0.001


def test_the_list_of_seeds_fits_a_phone_and_is_there_only_where_there_is_a_choice(
    open_page: Open, seeds: str, four: str
) -> None:
    page = open_page(seeds, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    box = page.locator(".motion-options").bounding_box()
    assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 375
    assert open_page(four, **STILL).locator(".motion-options").count() == 0


def test_without_javascript_the_first_seed_stands(open_page: Open, seeds: str) -> None:
    page = open_page(seeds, java_script_enabled=False)
    assert labels(page) == ["real", "made, seed 0"]


@pytest.mark.parametrize("name", ["four", "seeds"])
def test_axe_finds_nothing(open_page: Open, name: str, request: pytest.FixtureRequest) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    for scheme in ("light", "dark"):
        page = open_page(request.getfixturevalue(name), color_scheme=scheme, **STILL)
        found = axe.Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_players_that_come_later_are_brought_to_life_once(open_page: Open, four: str) -> None:
    page = open_page(four, **STILL)
    markup = fragment([Motion(np.zeros((1, 22, 3)), "one pose")], label="later")
    page.evaluate("(html) => document.querySelector('main').insertAdjacentHTML('beforeend', html)", markup)
    page.evaluate("mountMotionPlayers(); mountMotionPlayers(document)")
    assert page.locator(".motion-transport").count() == 2
    last = page.evaluate("[...document.querySelectorAll('.motion-player')].at(-1).motionPlayer.state")
    assert (last["frames"], last["duration"], last["frame"]) == (1, 0, 0)


def test_a_page_of_the_report_plays_and_prints(open_page: Open) -> None:
    page = open_page("index.html", **STILL)
    assert page.locator(".motion-still").is_hidden()
    view = page.locator(f"{VIEW}[role=application]")
    view.scroll_into_view_if_needed()
    view.focus()
    before = seen(page)
    page.keyboard.press("End")
    assert state(page)["frame"] > 10 and seen(page) != before
    assert page.locator("figcaption b", has_text="<script>").count() == 1
    page.click(".theme-button")
    assert seen(page) != before
    page.emulate_media(media="print")
    assert page.locator(".motion-still").is_visible() and not page.locator(".motion-transport").is_visible()
    assert not page.locator(".motion-figure canvas").first.is_visible()
    assert page.locator("figcaption b").first.is_visible()


def test_without_javascript_the_picture_stands_in(open_page: Open, four: str) -> None:
    page = open_page("index.html", java_script_enabled=False)
    assert page.locator(".motion-still").is_visible() and page.locator("figcaption b").first.is_visible()
    assert re.search("plays where JavaScript runs", Path(four).read_text(encoding="utf-8"))
