"""Names that pages, guards and rules may read: those that a notebook declares, and no others."""

import re
from pathlib import Path

import pytest

from lib.base.errors import RunError, SiteError
from lib.base.paths import ROOT
from lib.run import declared
from lib.run.results import Run
from lib.site import guards
from lib.site.page_assets import PageAssets
from lib.site.source import Line

READ = re.compile(r"\{\{<\s*var\s+([\w.]+)|\b(?:has|lacks|each)=\"([^\"]*)\"")
PAGES = sorted((ROOT / "report").rglob("*.qmd"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_reads_only_what_a_notebook_declares(page: Path) -> None:
    text = page.read_text("utf-8").replace(guards.PLACE, "1")
    names = {name for pair in READ.findall(text) for part in pair for name in part.split()}
    assert not [name for name in names if not declared.is_declared(name)]


def test_a_renamed_value_stops_the_notebook_that_records_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIB_RESULTS", str(tmp_path))
    run = Run("01_similarity_test", {"params": "params/demo.yml"})
    run.record({"text_cosine": 0.95})
    with pytest.raises(RunError, match=r"lib/sections/similarity/values.py: no value 'text_cosin' is declared"):
        run.record({"text_cosin": 0.95})


@pytest.mark.parametrize(
    "name",
    [
        "similarity.text_shares",
        "similarty.text_share",
        "assets/01_similarity_test/ecdff.png",
        "assets/01_similarty/ecdf.png",
    ],
)
@pytest.mark.parametrize("kind", ["has", "lacks"])
def test_a_renamed_value_stops_the_page_whose_guard_reads_it(name: str, kind: str) -> None:
    page = [Line(text, "page.qmd:7") for text in (f'::: {{.when {kind}="{name}"}}', "text", ":::")]
    with pytest.raises(SiteError, match=re.escape(f"page.qmd:7: no notebook declares {name}")):
        guards.resolve(page, PageAssets())


def test_places_in_a_name_stand_for_any_name_and_alternatives_for_their_own() -> None:
    known = {
        "caption_cosine_095": True,
        "clip_half_m05": True,
        "word_cosine_095": False,
        "clip_cosine": False,
        "source_share": True,
        "source_share_high": True,
        "source_share_middle": True,  # as one of the flags of source_{flag}
        "leak_free_clips_n": True,
        "leak_free": False,
    }
    assert {name: declared.is_value("similarity", name) for name in known} == known


def test_only_what_a_notebook_shows_is_an_exhibit(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = (
        'frame = rooms.table("shape", "meaning")\nrun.show("ecdf", frame, share="percent")\nrun.show("pairs", players)'
    )
    cells = [("code", cell), ("markdown", 'run.show("prose", frame)')]
    monkeypatch.setattr("lib.run.freshness.notebook_cells", lambda path: cells)
    monkeypatch.setattr(declared, "_exhibits", declared._exhibits.__wrapped__)
    names = ("ecdf.png", "pairs_2.html", "shape.csv", "meaning.html", "percent.png", "prose.png")
    assert [declared.is_exhibit("07_visualization", name) for name in names] == [True, True, False, False, False, False]
