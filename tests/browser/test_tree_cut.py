"""The tree with a movable cut in headless Chromium: every cut shows the clusters that the clustering has there."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.clustering.semantic import SemanticClusters, cluster
from lib.draw.interactive import tree_cut
from lib.sections.clustering.clip_map import tree_cut as cut_of
from tests.browser import piece

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
TREE = "document.querySelector('.tree-cut').treeCut"


def made() -> dict[str, SemanticClusters]:
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(400, 4)) + rng.choice([-6.0, 0.0, 6.0], size=(400, 4))
    ward = cluster(rows, n_centroids=60, n_clusters=6, seed=0)
    centroid = cluster(rows, n_centroids=60, threshold=4.0, seed=0, linkage="centroid")
    return {"text": ward, "motion": centroid}


def quality(found: dict[str, SemanticClusters]) -> pd.DataFrame:
    """Numbers that no two cuts share; the motion space has none of its captions."""
    parts = []
    for space, one in found.items():
        counts = [count for count in sorted(one.tree.counts()) if 2 <= count <= 40]
        made = pd.DataFrame({"space": space, "clusters": counts, "silhouette": [0.5 - n / 100 for n in counts]})
        made = made.assign(silhouette_low=made["silhouette"] - 0.01, silhouette_high=made["silhouette"] + 0.01)
        alike = [np.nan if space == "motion" else n / 50 for n in counts]
        parts.append(made.assign(coherence=alike, by_chance=0.2, chance_low=0.19, chance_high=0.21))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def found() -> dict[str, SemanticClusters]:
    return made()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, built: Path, found: dict[str, SemanticClusters]) -> str:
    folder = tmp_path_factory.mktemp("tree")
    names = {
        space: pd.DataFrame({"cluster": range(one.n_clusters), "name": [f"<b>n{n}" for n in range(one.n_clusters)]})
        for space, one in found.items()
    }
    tree_cut.write(folder, "tree", cut_of(found, names, quality(found)))
    content = json.loads((folder / "interactive" / "tree.json").read_text(encoding="utf-8"))
    piece.write(folder, "tree", tree_cut.markup(content, "tree.js"), built / "theme")
    return str(folder / "tree.html")


def state(page: Any) -> dict[str, Any]:
    shown: dict[str, Any] = page.evaluate(f"{TREE}.state")
    return shown


@pytest.mark.parametrize("space", ["text", "motion"])
def test_every_cut_has_the_clusters_of_the_clustering(
    open_page: Open, file: str, found: dict[str, SemanticClusters], space: str
) -> None:
    page = open_page(file)
    page.get_by_label("Tree of").select_option(label=space)
    one = found[space]
    assert (state(page)["count"], state(page)["sizes"]) == (one.n_clusters, one.cluster_sizes.tolist())
    counts = page.evaluate(f"{TREE}.counts")
    assert counts == sorted(one.tree.curve()["clusters"])
    for count in counts:
        page.evaluate(f"{TREE}.cut({count})")
        shown, there = state(page), one.at(n_clusters=count)
        assert (shown["count"], shown["sizes"]) == (count, there.cluster_sizes.tolist())
        assert shown["threshold"] == pytest.approx(there.threshold, rel=1e-6)


def test_keys_move_the_cut_and_tell_it(open_page: Open, file: str, found: dict[str, SemanticClusters]) -> None:
    page = open_page(file)
    slider = page.get_by_role("slider")
    slider.focus()
    cut = page.locator(".tree-cut > svg:not(.tree-judged) .cut")
    line = cut.get_attribute("x1")
    page.keyboard.press("ArrowRight")
    sizes = found["text"].at(n_clusters=7).cluster_sizes
    assert state(page)["count"] == 7 and page.locator(".tree-table tbody tr").count() == 7
    assert float(cut.get_attribute("x1")) > float(line)
    assert slider.get_attribute("aria-valuetext").startswith("7 clusters at threshold")
    said = page.locator("output").inner_text()
    assert f"the largest holds {sizes[0]} of 400 clips" in said and f"the smallest {sizes[-1]}. " in said
    page.keyboard.press("Home")
    assert page.locator("output").inner_text().startswith("1 cluster at") and state(page)["sizes"] == [400]
    named = page.locator(".tree-table tbody td:nth-child(4)").inner_text()
    assert "<b>n0" in named and "part of" not in named
    page.keyboard.press("End")
    assert state(page)["count"] == 60
    assert "part of" in page.locator(".tree-table tbody td:nth-child(4)").first.inner_text()


def test_every_cut_says_how_good_it_is(open_page: Open, file: str, found: dict[str, SemanticClusters]) -> None:
    page = open_page(file)
    for row in quality(found).query("space == 'text'").itertuples():
        page.evaluate(f"{TREE}.cut({row.clusters})")
        told = f"Silhouette {row.silhouette:.3f} ({row.silhouette_low:.3f} to {row.silhouette_high:.3f})"
        chance = f"; coherence of captions {row.coherence:.3f}, of random clusters 0.190 to 0.210."
        assert state(page)["said"].endswith(f"{told}{chance}")
        assert page.locator(".tree-judged .cut").count() == 1
    assert page.locator(".tree-judged").is_visible() and page.locator(".tree-judged .line").count() == 3
    page.evaluate(f"{TREE}.cut(50)")
    assert state(page)["quality"] is None and page.locator(".tree-judged .cut").count() == 0
    assert page.locator(".tree-measures").inner_text() == "Silhouette and coherence are measured from 2 to 40 clusters."
    page.get_by_label("Tree of").select_option(label="motion")
    fewest = quality(found).query("space == 'motion'")["clusters"].min()
    page.evaluate(f"{TREE}.cut({fewest})")
    assert "Silhouette" in state(page)["said"] and "coherence" not in state(page)["said"]


def test_the_mouse_drags_the_cut_over_the_tree(open_page: Open, file: str) -> None:
    page = open_page(file)
    box = page.locator(".tree-cut > svg:not(.tree-judged)").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, y, steps=4)
    assert state(page)["count"] <= 2
    page.mouse.move(box["x"] + box["width"] * 0.8, y, steps=4)
    page.mouse.up()
    right = state(page)["count"]
    assert right > 2 and page.get_by_role("slider").input_value() == str(page.evaluate(f"{TREE}.counts").index(right))
    page.mouse.move(box["x"] + 30, y)
    assert state(page)["count"] == right


def test_touch_moves_it_on_a_phone(open_page: Open, file: str) -> None:
    page = open_page(file, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.locator(".tree-cut > svg:not(.tree-judged)").evaluate("(tree) => tree.scrollIntoView()")
    box = page.locator(".tree-cut > svg:not(.tree-judged)").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
    page.wait_for_function(f"{TREE}.state.count > 6")


def test_axe_finds_nothing(open_page: Open, file: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    for scheme in ("light", "dark"):
        found = axe.Axe().run(open_page(file, color_scheme=scheme)).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_without_javascript_a_line_says_where_to_look(open_page: Open, file: str) -> None:
    assert "needs JavaScript" in open_page(file, java_script_enabled=False).locator(".tree-cut").inner_text()
