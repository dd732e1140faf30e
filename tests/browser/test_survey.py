"""The survey page opened from disk: filled in, reloaded, exported, merged; by pointer, keyboard, and on a phone."""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from markupsafe import Markup

from lib.demo.synthesis import Spec, synthesise
from lib.draw.motion_player import Motion, fragment
from lib.survey import page as survey_page
from lib.survey.checks import respondents
from lib.survey.items import Survey, choose
from lib.survey.key import Key
from lib.survey.merging import join
from lib.survey.parameters import SurveyParameters

axe_playwright = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)

pytestmark = pytest.mark.browser
CAPTIONERS = ["brief", "lively", "precise", "wordy"]
ACTIONS = ["walk", "wave", "kick", "jump", "sit"]
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
Open = Callable[..., Any]


def made(ties: bool = False, **asked: Any) -> Survey:
    rows = [
        (
            f"clip-{action}",
            f"{action}-{who}",
            who,
            f"Text {n}: a person does “{action}” <em>& more</em>. " + "And on. " * (n * 4),
        )
        for action in ACTIONS
        for n, who in enumerate(CAPTIONERS)
    ]
    table = pd.DataFrame(rows, columns=["clip_id", "caption_id", "captioner", "text"])
    return choose(table, sorted(set(table.clip_id)), **({"n": 5, "seed": 1, "ties": ties} | asked))


def write(survey: Survey, path: Path, media: dict[str, Markup]) -> Path:
    path.write_text(survey_page.render(survey, media, SurveyParameters(items=5), synthetic=True), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def players() -> dict[str, Markup]:
    motions = {}
    for item in made().items:
        joints = synthesise([Spec(item.clip_id.removeprefix("clip-"), seconds=2.0)], np.random.default_rng(0))
        motions[item.clip_id] = Markup(fragment([Motion(joints, "blue left, orange right")], label="the motion"))
    return motions


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory, players: dict[str, Markup]) -> Callable[[Survey], Path]:
    folder = tmp_path_factory.mktemp("survey")
    return lambda survey: write(
        survey, folder / f"{survey.id}.html", {i.code: players[i.clip_id] for i in survey.items}
    )


@pytest.fixture
def open_survey(browser: Any, page_of: Callable[[Survey], Path]) -> Iterator[Open]:
    """Opens the page in a fresh profile; at the end, no request may have left the disk and no console said a word."""
    contexts, faults = [], []

    def open_(survey: Survey, *, storage: bool = True, anchor: str = "", **options: Any) -> Any:
        context = browser.new_context(**({"reduced_motion": "reduce"} | options))
        contexts.append(context)
        context.set_default_timeout(20_000)
        if not storage:
            closed = "get() { throw new DOMException('closed', 'SecurityError'); }"
            context.add_init_script(f"Object.defineProperty(window, 'localStorage', {{ {closed} }})")
        page = context.new_page()
        page.on("request", lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else faults.append(r.url))
        page.on("requestfailed", lambda r: faults.append(f"failed: {r.url}"))
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto(page_of(survey).as_uri() + anchor)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not faults


def start(page: Any, code: str = "") -> None:
    page.fill("#respondent", code)
    page.check("#consent")
    page.click(".start button")


def rank(page: Any, ranks: list[int], by: str = "pointer") -> None:
    """Gives the captions on screen, from the first, these ranks."""
    for n, wanted in enumerate(ranks):
        if by == "keyboard":
            page.focus(f"#rank-{n}-0")
            page.keyboard.press(str(wanted))
        elif by == "touch":
            page.tap(f"#rank-{n}-{wanted - 1}")
        else:
            page.click(f"#rank-{n}-{wanted - 1}")


def ranks_on_screen(page: Any) -> list[int]:
    return [
        int(value)
        for value in page.eval_on_selector_all(".captions input:checked", "all => all.map((one) => one.value)")
    ]


def texts(page: Any) -> list[str]:
    return page.locator(".captions .text").all_text_contents()


def saved(page: Any, folder: Path, button: str = ".end .export[data-format=json]") -> Path:
    with page.expect_download() as download:
        page.click(button)
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_three_people_rank_five_items_and_the_merged_table_is_what_they_entered(
    open_survey: Open, tmp_path: Path
) -> None:
    survey, entered, files = made(), [], []
    by_text = {(c.text, item.clip_id): c.captioner for item in survey.items for c in item.captions}
    clip_of = {c.text: item.clip_id for item in survey.items for c in item.captions}
    dice = random.Random(4)
    for name, by in (("p1", "pointer"), ("p2", "keyboard"), ("p3", "touch")):
        page = open_survey(survey, **(PHONE if by == "touch" else {}))
        start(page, name)
        for number in range(5):
            if number == 2:
                rank(page, [2, 4], by)
                before = texts(page)
                page.reload()
                page.wait_for_selector("#item-title:has-text('Motion 3 of 5')")
                assert texts(page) == before and ranks_on_screen(page) == [2, 4]
            wanted = dice.sample(range(1, 5), 4)
            rank(page, wanted, by)
            assert ranks_on_screen(page) == wanted
            for position, (text, given) in enumerate(zip(texts(page), wanted, strict=True), start=1):
                entered.append((name, clip_of[text], by_text[text, clip_of[text]], given, position))
            page.click(".next")
        assert page.locator("#end-title").is_visible()
        assert page.evaluate("document.activeElement.id") == "end-title"
        page.reload()
        page.wait_for_selector("#end-title")
        files.append(
            saved(page, tmp_path, ".end .export[data-format=csv]" if name == "p2" else ".end .export[data-format=json]")
        )
    merged = join(files, Key.of(survey, "made-up"))
    assert not merged.problems and merged.summary() == "3 respondents, 15 of 15 rankings, 3 files, 0 remarks"
    found = merged.votes[["respondent", "clip_id", "captioner", "rank", "position"]].itertuples(index=False, name=None)
    assert sorted(found) == sorted(entered)
    assert merged.votes.seconds.gt(0).all()
    orders = merged.votes.pivot(index=["respondent", "clip_id"], columns="captioner", values="position")
    assert len(orders.drop_duplicates()) > 3


@pytest.mark.parametrize(
    "options", [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"]
)
def test_axe_finds_nothing_and_a_phone_never_scrolls_sideways(open_survey: Open, options: dict[str, Any]) -> None:
    page = open_survey(made(), **options)

    def sound() -> bool:
        found = axe_playwright.Axe().run(page).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
        return page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    assert sound()
    start(page)
    page.wait_for_selector(".motion-live")
    rank(page, [3])
    page.click(".next")
    assert "have no rank yet" in page.locator(".fault").inner_text()
    assert sound()
    for _ in range(5):
        rank(page, [1, 2, 3, 4])
        page.click(".next")
    page.click(".end summary")
    assert sound()
    page.click("footer summary")
    page.click(".erase")
    assert sound()


def test_captions_start_without_ranks_and_a_taken_rank_is_swapped(open_survey: Open) -> None:
    page = open_survey(made())
    start(page)
    assert ranks_on_screen(page) == []
    rank(page, [1, 1])
    assert page.locator(".said").inner_text() == "Caption B is 1st. Caption A has no rank now."
    rank(page, [2])
    rank(page, [2, 1, 3])
    assert ranks_on_screen(page) == [2, 1, 3, 4]
    assert "Caption D is 4th, the rank that was left." in page.locator(".said").inner_text()
    page.click("#rank-3-0")
    assert ranks_on_screen(page) == [2, 4, 3, 1]
    assert page.locator(".summary").inner_text() == "Your order: D › A › C › B"
    page.keyboard.press("0")
    assert ranks_on_screen(page) == [2, 4, 3] and page.locator(".summary").inner_text() == "Your order: A › C › B"
    page.click(".next")
    assert page.locator("[role=alert]").inner_text() == "Caption D has no rank yet."
    assert page.evaluate("document.activeElement.name") == "rank-3"


def test_the_keyboard_alone_goes_from_start_to_the_next_item(open_survey: Open) -> None:
    page = open_survey(made())
    page.focus("#respondent")
    for key in ("Tab", "Space", "Tab", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.id") == "item-title"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "rank-0":
            break
    for digit in "3142":
        page.keyboard.press(digit)
        page.keyboard.press("Tab")
    assert ranks_on_screen(page) == [3, 1, 4, 2]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#item-title").inner_text() == "Motion 2 of 5"


def test_nothing_starts_without_consent_or_with_a_strange_code(open_survey: Open) -> None:
    page = open_survey(made(), anchor="#respondent=p-07")
    assert page.input_value("#respondent") == "p-07"
    page.click(".start button")
    assert page.locator(".intro").is_visible()
    page.check("#consent")
    page.fill("#respondent", "=1+1")
    page.click(".start button")
    assert page.locator(".intro").is_visible()
    page.fill("#respondent", "p-07")
    page.click(".start button")
    assert page.locator(".item").is_visible()


def test_ties_are_exported_as_in_sport(open_survey: Open, tmp_path: Path) -> None:
    survey = made(ties=True)
    page = open_survey(survey)
    start(page, "p1")
    for _ in range(5):
        rank(page, [2, 1, 1, 2])
        assert page.locator(".summary").inner_text() == "Your order: B = C › A = D"
        page.click(".next")
    merged = join([saved(page, tmp_path)], Key.of(survey, "made-up"))
    assert not merged.problems and sorted(merged.votes["rank"]) == [1] * 10 + [3] * 10


def test_without_storage_answers_outlive_a_reload_and_a_saved_copy_goes_on_elsewhere(
    open_survey: Open, tmp_path: Path
) -> None:
    survey = made()
    page = open_survey(survey, storage=False)
    assert page.locator(".storage").is_visible()
    start(page, "p1")
    rank(page, [4, 3, 2, 1])
    page.click(".next")
    page.reload()
    page.wait_for_selector("#item-title:has-text('Motion 2 of 5')")
    page.click("footer summary")
    copy = saved(page, tmp_path, "footer .export")
    elsewhere = open_survey(survey)
    elsewhere.set_input_files("#file", copy)
    elsewhere.wait_for_selector("#item-title:has-text('Motion 2 of 5')")
    elsewhere.click(".item .back")
    assert ranks_on_screen(elsewhere) == [4, 3, 2, 1]
    other = open_survey(made(ties=True))
    other.set_input_files("#file", copy)
    other.wait_for_function("document.getElementById('file').validationMessage.includes('no copy')")
    assert other.locator(".intro").is_visible()


def test_an_answer_can_be_changed_and_everything_erased(open_survey: Open, tmp_path: Path) -> None:
    survey = made()
    page = open_survey(survey)
    start(page)
    for _ in range(5):
        rank(page, [1, 2, 3, 4])
        page.click(".next")
    page.click(".end .back")
    rank(page, [4, 3, 2, 1])
    for _ in range(5):
        page.click(".next")
    export = json.loads(saved(page, tmp_path).read_text(encoding="utf-8"))
    assert [vote["rank"] for vote in export["items"][0]["captions"]] == [4, 3, 2, 1]
    assert [vote["rank"] for vote in export["items"][1]["captions"]] == [1, 2, 3, 4]
    assert re.fullmatch("anonymous-[a-z]{12}", export["respondent"])
    page.click("footer summary")
    page.click(".erase")
    page.click("dialog .danger")
    page.wait_for_selector(".intro:not([hidden])")
    assert page.evaluate("localStorage.length") == 0


def test_a_page_whose_texts_were_changed_tells_so_in_its_exports(
    open_survey: Open, page_of: Any, tmp_path: Path
) -> None:
    survey = made()
    page = open_survey(survey)
    forged = tmp_path / "forged.html"
    forged.write_text(page_of(survey).read_text(encoding="utf-8").replace("Text 0:", "Text 9:"), encoding="utf-8")
    page.goto(forged.as_uri())
    start(page)
    rank(page, [1, 2, 3, 4])
    page.click(".next")
    page.click("footer summary")
    export = json.loads(saved(page, tmp_path, "footer .export").read_text(encoding="utf-8"))
    assert export["survey"] != survey.id


def test_two_captions_are_compared_by_pointer_and_keyboard_and_a_tie_is_an_answer(
    open_survey: Open, tmp_path: Path
) -> None:
    survey = made(ties=True, mode="pairwise")
    page = open_survey(survey)
    start(page, "p1")
    page.click(".next")
    assert page.locator("[role=alert]").inner_text() == "No answer is given yet."
    assert page.evaluate("document.activeElement.id") == "choice-0"
    wanted, chosen = [], [("A", "1"), ("B", "2"), ("=", "="), ("A", None), ("B", None)]
    for answer, key in chosen:
        shown = texts(page)
        if key:
            page.focus("#choice-0")
            page.keyboard.press(key)
        else:
            page.click({"A": "#choice-0", "B": "#choice-2"}[answer])
        summary = {"A": "A › B", "B": "B › A", "=": "A = B"}[answer]
        assert page.locator(".summary").inner_text() == f"Your answer: {summary}"
        wanted += zip(shown, {"A": (1, 2), "B": (2, 1), "=": (1, 1)}[answer], (1, 2), strict=True)
        page.reload()
        page.wait_for_selector("#choice-0")
        assert page.locator(".summary").inner_text() == f"Your answer: {summary}"
        page.click(".next")
    votes = join([saved(page, tmp_path)], Key.of(survey, "made-up")).votes
    named = {(item.clip_id, c.captioner): c.text for item in survey.items for c in item.captions}
    found = [(named[row.clip_id, row.captioner], row.rank, row.position) for row in votes.itertuples()]
    assert sorted(found) == sorted(wanted) and votes.seconds.gt(0).all()
    strict = open_survey(made(mode="pairwise"))
    start(strict)
    assert strict.locator(".choice label").all_inner_texts() == ["Caption A", "Caption B"]


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_axe_finds_nothing_where_two_captions_are_compared(open_survey: Open, options: dict[str, Any]) -> None:
    page = open_survey(made(ties=True, mode="pairwise"), **options)
    start(page)
    page.wait_for_selector(".motion-live")
    page.click("#choice-1")
    found = axe_playwright.Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_repeated_and_gold_items_are_asked_apart_and_answers_say_who_can_be_relied_on(
    open_survey: Open, tmp_path: Path
) -> None:
    survey = made(n=3, repeats=2, gold=1)
    page = open_survey(survey)
    start(page, "p1")
    for _ in range(6):
        shown = [int(text[5]) for text in texts(page)]
        order = sorted(range(4), key=shown.__getitem__)
        rank(page, [order.index(n) + 1 for n in range(4)])
        page.click(".next")
    path = saved(page, tmp_path)
    asked = [item["item"] for item in json.loads(path.read_text())["items"]]
    for item in survey.items:
        if item.repeats:
            assert abs(asked.index(item.code) - asked.index(item.repeats)) > 1
    merged = join([path], Key.of(survey, "made-up"))
    table = respondents(merged.votes)
    assert table[["answers", "repeats", "agreement", "gold"]].values.tolist() == [[6, 2, 1.0, 1]]
    assert merged.votes[merged.votes.check == ""].clip_id.nunique() == 3 and (table.seconds > 0).all()


def test_what_reads_the_same_is_a_third_of_the_survey_apart_in_nearly_every_order(open_survey: Open) -> None:
    page = open_survey(made())
    code = (survey_page.WEB / "hashing.js").read_text(encoding="utf-8")
    asked = """(() => { CODE
      const said = (n) => [{text: "t" + (n < 18 ? n : n - 18)}];
      const items = Array.from({length: 24}, (_, n) => ({code: "i" + n, captions: said(n)}));
      return Array.from({length: 300}, (_, seed) => {
        const order = apart(shownOrder("s" + seed, "items", items));
        const at = (n) => order.findIndex((item) => item.code === "i" + n);
        return [new Set(order).size, ...Array.from({length: 6}, (_, n) => Math.abs(at(n) - at(n + 18)))];
      });
    })()""".replace("CODE", code)
    rows = np.array(page.evaluate(asked))
    assert (rows[:, 0] == 24).all() and rows[:, 1:].min() >= 4 and (rows[:, 1:] >= 8).mean() > 0.7
