"""One ``_quarto.yml`` gives both renderers the same pages."""

from pathlib import Path

import pytest
import yaml

from lib.base.errors import SiteError
from lib.site import navigation
from lib.site.stage import REPORT

PAGES = ["index.qmd", "01_similarity_test.qmd", "provenance.qmd"]


def test_pages_that_did_not_run_leave_the_navigation() -> None:
    config = navigation.read(REPORT / "_quarto.yml")
    made = navigation.restrict(config, PAGES, {})
    assert made["project"]["render"] == PAGES
    assert [entry.href for entry in navigation.entries(made, {})] == [name[:-3] + "html" for name in PAGES]
    assert config["project"]["render"] == ["index.qmd"]


def test_a_section_without_pages_disappears() -> None:
    made = navigation.restrict(navigation.read(REPORT / "_quarto.yml"), {"index.qmd"}, {})
    assert len(made["website"]["sidebar"]["contents"]) == 1


def test_executed_notebooks_are_linked_but_not_rendered_by_quarto() -> None:
    links = {"notebooks/01_similarity_test.html": "01_similarity_test"}
    made = navigation.restrict(navigation.read(REPORT / "_quarto.yml"), {*PAGES, *links}, links)
    assert navigation.entries(made, {})[-1].href == "notebooks/01_similarity_test.html"
    assert all(page.endswith(".qmd") for page in made["project"]["render"])


def test_neighbours_skip_the_appendix() -> None:
    page, notebook = navigation.Entry("a.html", "A"), navigation.Entry("n.html", "N", navigation.EXECUTED)
    assert navigation.neighbours([page, notebook], "a.html") == (None, None)
    assert navigation.neighbours([page, notebook], "n.html") == (None, None)


def test_the_configuration_asks_the_network_for_nothing() -> None:
    text = (REPORT / "_quarto.yml").read_text(encoding="utf-8")
    config = yaml.safe_load(text)
    html = config["format"]["html"]
    assert "http" not in text
    assert html["html-math-method"] == "mathml"
    assert config["execute"] == {"enabled": False}
    for theme in html["theme"].values():
        assert "http" not in (REPORT / theme).read_text(encoding="utf-8")


def test_a_broken_configuration_is_named(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("website: {}", encoding="utf-8")
    with pytest.raises(SiteError, match="_quarto.yml"):
        navigation.read(tmp_path / "_quarto.yml")
