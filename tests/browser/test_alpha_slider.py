"""The slider over alpha in headless Chromium: at every exponent it says what the weights of the dataset are."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.clustering.deduplicate import Deduplication
from lib.clustering.semantic import SemanticClusters, cluster
from lib.draw.interactive import alpha_slider
from lib.sections.clustering import cluster_sampling
from lib.sections.clustering.two_spaces import Clips
from tests.browser import piece

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
SLIDER = "document.querySelector('.alpha-slider').alphaSlider"
ALPHAS = [0.0, 0.25, 0.5, 0.75, 1.0]
VERBS = ["walk", "jump", "dance", "wave", "kick"]


def clips() -> tuple[Clips, SemanticClusters, pd.DataFrame]:
    rng = np.random.default_rng(0)
    which = rng.choice(5, size=600, p=[0.5, 0.2, 0.15, 0.1, 0.05])
    rows = rng.normal(size=(600, 3)) * 0.1 + 4 * np.eye(5)[which][:, :3] + which[:, None]
    pairs = np.stack([which, rng.integers(0, 5, 600)], axis=1)
    said = [f"a/DET person/NOUN {VERBS[k]}/VERB {VERBS[j]}/VERB" for k, j in pairs]
    table = pd.DataFrame({"clip_id": [f"{n:03d}" for n in range(600)], "key": "a", "text": "x", "tokens": said})
    table["split"] = np.where(rng.random(600) < 0.8, "train", "test")
    found = cluster(rows, n_centroids=30, n_clusters=5, seed=0)
    names = pd.DataFrame({"cluster": range(5), "name": [f"<b>{n}" for n in range(5)]})
    return Clips(table, {"text": rows.astype(np.float32)}), found, names


def dropped(some: Clips) -> Deduplication:
    count = int((some.table["split"] == "train").sum())
    kept = np.ones(count, dtype=bool)
    kept[::7] = False
    return Deduplication(kept, np.arange(count))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, built: Path) -> dict[bool, str]:
    folder, (some, found, names) = tmp_path_factory.mktemp("alpha"), clips()
    for drop in (False, True):
        made = cluster_sampling.weights(some, found, alpha=0.5, duplicates=dropped(some), drop=drop)
        name = f"alpha_{drop}"
        alpha_slider.write(folder, name, cluster_sampling.alpha_slider(some, made, names, 4, not_actions=[]))
        content = json.loads((folder / "interactive" / f"{name}.json").read_text(encoding="utf-8"))
        piece.write(folder, name, alpha_slider.markup(content, f"{name}.js"), built / "theme")
    return {drop: str(folder / f"alpha_{drop}.html") for drop in (False, True)}


@pytest.mark.parametrize("drop", [False, True])
def test_it_agrees_with_the_weights_at_the_table_s_alphas(open_page: Open, files: dict[bool, str], drop: bool) -> None:
    some, found, _ = clips()
    page = open_page(files[drop])
    assert page.evaluate(f"{SLIDER}.state.alpha") == 0.5
    for alpha in ALPHAS:
        page.get_by_role("slider").fill(str(alpha))
        shown = page.evaluate(f"{SLIDER}.state")
        made = cluster_sampling.weights(some, found, alpha=alpha, duplicates=dropped(some), drop=drop)
        mix = cluster_sampling.action_mix(some, made, 4, not_actions=[])
        assert shown["effective"] == pytest.approx(made.effective) and shown["largest"] == pytest.approx(made.largest)
        assert shown["draws"] == pytest.approx(made.clusters["draw_share"].tolist())
        assert shown["perClip"] == pytest.approx(made.clusters["draws_per_clip"].tolist())
        assert np.array(shown["mix"]) == pytest.approx(mix[["data", "drawn"]].to_numpy())
        assert f"{made.effective:,.0f} of {made.draws:,} clips" in shown["said"]
    table = cluster_sampling.alphas(some, found, ALPHAS)
    if not drop:
        page.get_by_role("slider").fill("0.25")
        assert page.evaluate(f"{SLIDER}.state.effective") == pytest.approx(table["effective"][1])


def test_keys_move_it_and_tell_it(open_page: Open, files: dict[bool, str]) -> None:
    page = open_page(files[False])
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "0.51"
    assert page.locator("output").inner_text().startswith("At alpha 0.51 the effective sample size is")
    page.keyboard.press("Home")
    draws = page.locator(".tree-table").first.locator("tbody td:nth-child(4)").all_inner_texts()
    assert draws == ["20.0\u00a0%"] * 5
    assert page.locator("tbody th").first.inner_text().endswith("<b>0")


def test_a_phone_needs_no_sideways_scroll(open_page: Open, files: dict[bool, str]) -> None:
    assert open_page(files[False], **PHONE).evaluate("document.documentElement.scrollWidth") <= 375


def test_axe_finds_nothing(open_page: Open, files: dict[bool, str]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    for scheme in ("light", "dark"):
        found = axe.Axe().run(open_page(files[True], color_scheme=scheme)).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_without_javascript_a_line_says_where_to_look(open_page: Open, files: dict[bool, str]) -> None:
    assert (
        "needs JavaScript" in open_page(files[False], java_script_enabled=False).locator(".alpha-slider").inner_text()
    )
