"""The funnel with movable bounds in headless Chromium: at every position it counts what the funnel counts there."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.draw.interactive import funnel_bounds
from lib.metrics import vocabulary
from lib.sections.preparation import funnel, planted
from lib.sections.preparation import funnel_bounds as bounds_of
from lib.sections.preparation.bounds import Bounds
from lib.sections.preparation.scores import SCORES
from tests.browser import piece
from tests.unit.sections.preparation.test_funnel import AT, corpus

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
PIECE = "document.querySelector('.funnel-bounds').funnelBounds"
LIMITS = Bounds(AT, {column: np.full(20, at) for column, at in AT.items()}, clips=9)
SCALES = {"realism": 2.5, "high_pass": 0.3, "foot_skate": 0.2, "movement": 0.3, "off_floor": 0.1}


class World:
    """Two datasets of made-up scores, of which the second has planted defects."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self.corpora, self.tables, self.captions = [], {}, {}
        for name, n, withheld in (("bench", 300, 0), ("own <b>", 700, 12)):
            ids = [f"{name}{k:03d}" for k in range(n)]
            clips = {"clip_id": ids, "body_mode": rng.choice(["full", "upper"], n, p=[0.9, 0.1])}
            clips |= {"person_count": rng.choice([1, 2], n, p=[0.95, 0.05]), "mirror_of": None, "has_motion": True}
            self.corpora.append(replace(corpus(pd.DataFrame(clips), withheld), name=name))
            scores = {column: np.abs(rng.normal(0, scale, n)) for column, scale in SCALES.items()}
            scores["realism"] = rng.normal(0, 2.5, n)
            scores["high_pass"][:9] = np.nan
            self.tables[name] = pd.DataFrame({"clip_id": ids, **scores})
            said = rng.geometric(0.03, size=(n, 6))
            lists = [[f"w{word}" for word in words] for words in said]
            self.captions[name] = pd.DataFrame({"clip_id": ids, "words": lists})
        own = [f"own <b>{k:03d}" for k in range(700)]
        defects = {"jitter": own[:90], "foot skate": own[60:150], "impossible pose": own[200:260], "upper body": []}
        self.truth = {"own <b>": {"defects": {**defects, "no consent": [], "multi-person": []}}}

    def funnels(self, at: dict[str, float]) -> list[funnel.Funnel]:
        limits = Bounds(at, {column: np.full(20, value) for column, value in at.items()}, clips=9)
        return funnel.funnels(self.corpora, self.tables, limits, rng=np.random.default_rng(0))

    def piece(self) -> funnel_bounds.FunnelBounds:
        audits, rng = self.funnels(AT), np.random.default_rng(1)
        return bounds_of.funnel_bounds(audits, LIMITS, self.captions, self.truth, rng=rng)

    def positions(self) -> dict[str, list[float]]:
        scored = self.funnels(AT)[-1].scored
        return {score.column: bounds_of.positions(score, scored[score.column], LIMITS) for score in SCORES}


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, built: Path, world: World) -> str:
    folder = tmp_path_factory.mktemp("funnel")
    made = world.piece()
    funnel_bounds.write(folder, "bounds", made, names=[one.name for one in made.datasets])
    content = json.loads((folder / "interactive" / "bounds.json").read_text(encoding="utf-8"))
    piece.write(folder, "bounds", funnel_bounds.markup(content, "interactive/bounds.js"), built / "theme")
    return str(folder / "bounds.html")


def ready(open_page: Open, file: str, **options: Any) -> Any:
    page = open_page(file, **options)
    page.wait_for_function(PIECE)
    return page


def moved(page: Any, at: list[int]) -> dict[str, Any]:
    for slider, position in zip(page.get_by_role("slider").all(), at, strict=True):
        slider.fill(str(position))
    shown: dict[str, Any] = page.evaluate(f"{PIECE}.state")
    return shown


def agrees(shown: dict[str, Any], world: World, which: int, at: dict[str, float]) -> None:
    audits = world.funnels(at)
    audit = audits[which]
    summary = audit.summary.set_index("stage")[["dropped", "failing"]].iloc[1:]
    assert shown["kept"] == audit.kept
    assert (shown["dropped"], shown["failing"]) == (summary["dropped"].tolist(), summary["failing"].tolist())
    if which == 1:
        table = planted.dropped(world.truth, audits)
        assert table is not None
        found = {row.planted: [row.entering, row.dropped] for row in table.itertuples()}
        names = [*planted.MOTION_DEFECTS, planted.NO_DEFECT]
        assert shown["planted"] == [found.get(name, [0, 0]) for name in names]
    said = world.captions[audit.name].set_index("clip_id")["words"].map(set)
    left = said[said.index.isin(audit.flags.loc[audit.flags["kept"], "clip_id"])]
    frequency = np.array([*vocabulary.document_frequencies([*said]).values()], dtype=float)
    assert shown["words"] == len(set().union(*left))
    assert shown["expected"] == pytest.approx(vocabulary.expected(frequency, len(said), [len(left)])[0], rel=1e-6)


def test_at_first_it_counts_what_the_funnel_of_the_run_counts(open_page: Open, file: str, world: World) -> None:
    page = ready(open_page, file)
    shown = page.evaluate(f"{PIECE}.state")
    agrees(shown, world, 1, AT)
    assert f"{shown['kept']:,} of 700 clips with consent are kept" in shown["said"]
    rows = page.locator(".tree-table").last.locator("tbody tr").all_inner_texts()
    assert rows[0].split() == ["consent", "12", "12", "700"]
    assert rows[-1].split()[-1] == str(shown["kept"])
    page.get_by_label("Dataset").select_option("bench")
    agrees(page.evaluate(f"{PIECE}.state"), world, 0, AT)
    assert page.locator(".tree-table").count() == 1


def test_at_any_position_it_counts_what_the_funnel_would(open_page: Open, file: str, world: World) -> None:
    page, found, rng = ready(open_page, file), world.positions(), np.random.default_rng(5)
    ends = [[0] * 5, [len(bounds) - 1 for bounds in found.values()]]
    for at in [*ends, *(rng.integers(0, [len(bounds) for bounds in found.values()]).tolist() for _ in range(6))]:
        bounds = {column: found[column][place] for column, place in zip(found, at, strict=True)}
        agrees(moved(page, at), world, 1, bounds)
    page.get_by_role("button", name="Bounds of this run").click()
    agrees(page.evaluate(f"{PIECE}.state"), world, 1, AT)


def test_keys_move_a_bound_and_tell_it(open_page: Open, file: str) -> None:
    page = ready(open_page, file)
    slider = page.get_by_label("high-pass")
    assert slider.get_attribute("aria-valuetext") == "0.3 m/s, as in this run"
    before = page.evaluate(f"{PIECE}.state.kept")
    slider.focus()
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "no bound" and page.evaluate(f"{PIECE}.state.kept") > before
    page.keyboard.press("Home")
    assert page.evaluate(f"{PIECE}.state.kept") < before
    assert "m/s" in page.locator(".funnel-bound").nth(1).inner_text()


def test_a_sample_is_said_and_counts_of_clips_stay_exact(
    open_page: Open, built: Path, tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds_of, "SAMPLE", 100)
    made = world.piece()
    funnel_bounds.write(tmp_path, "few", made, names=["own", "bench"])
    content = json.loads((tmp_path / "interactive" / "few.json").read_text(encoding="utf-8"))
    piece.write(tmp_path, "few", funnel_bounds.markup(content, "interactive/few.js"), built / "theme")
    shown = ready(open_page, str(tmp_path / "few.html")).evaluate(f"{PIECE}.state")
    assert shown["kept"] == world.funnels(AT)[1].kept and "(a sample of 100 clips)" in shown["said"]


def test_a_phone_needs_no_sideways_scroll(open_page: Open, file: str) -> None:
    assert ready(open_page, file, **PHONE).evaluate("document.documentElement.scrollWidth") <= 375


def test_axe_finds_nothing(open_page: Open, file: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    for scheme in ("light", "dark"):
        found = axe.Axe().run(ready(open_page, file, color_scheme=scheme)).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_without_javascript_a_line_says_where_to_look(open_page: Open, file: str) -> None:
    assert "need JavaScript" in open_page(file, java_script_enabled=False).locator(".funnel-bounds").inner_text()
