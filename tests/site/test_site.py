"""The whole preview site of a made-up run, with captions that try to break out of it."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from lib.base.errors import SiteError
from lib.site import check, site
from lib.site.document import Document
from lib.site.stage import REPORT, stage
from lib.text.stand_in import NAME

GUARDED = re.compile(r"assets/(\d\d_\w+/\w+)\.\w+(?=[^\n]*\"\})")


def build(run: ModuleType, results: Path, out: Path, **options: object) -> site.SiteResult:
    asked = {"profile": "fixture", "notebooks": run.STEMS, "synthetic": False, **options}
    staged = stage(results, folder=out.with_name("pages"), **asked)  # type: ignore[arg-type]
    return site.build(staged, out, renderer="preview")


def text_of(page: Path) -> str:
    return " ".join(f"{section.title} {section.text}" for section in Document.read(page).sections)


def test_the_site_has_no_fault(built: Path) -> None:
    pages = check.site(built)
    assert {"index.html", "provenance.html", "01_similarity_test.html", "notebooks/01_similarity_test.html"} <= set(
        pages
    )


def test_figures_and_tables_are_numbered(built: Path) -> None:
    page = (built / "00_data_preparation.html").read_text(encoding="utf-8")
    assert "Table\u00a01: " in page and "Figure\u00a01: " in page
    assert 'class="header-section-number">1</span>' in page
    assert 'id="references"' in page


def test_captions_stay_text(built: Path, run: ModuleType) -> None:
    markup = (built / "00_data_preparation.html").read_text(encoding="utf-8")
    said = text_of(built / "00_data_preparation.html")
    assert "alert(1)</script>" not in markup and "onerror=" not in markup.replace("onerror=alert(1)&gt;", "")
    assert "<b>fence</b>" not in markup and 'onmouseover="' not in markup
    for caption in run.HOSTILE:
        assert " ".join(caption.split()) in said


def test_values_stay_text(built: Path, run: ModuleType) -> None:
    assert run.FINDING in text_of(built / "index.html")


def test_alternative_text_is_the_notebooks(built: Path) -> None:
    page = (built / "00_data_preparation.html").read_text(encoding="utf-8")
    said = 'rises to 3 &amp; falls; &quot;quoted&quot; {braces} &lt;b&gt; back\\slash."'
    assert page.count(said) == page.count("<img ") > 0


def test_every_page_says_that_corpora_are_synthetic_and_who_rendered_it(built: Path) -> None:
    for path in built.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert 'class="synthetic-banner"' in page
        assert "rendered by " in page and "0123456789ab" in page and "Profile fixture" in page


def test_real_data_carry_no_banner_and_absent_notebooks_are_named(run: ModuleType, tmp_path: Path) -> None:
    results = run.write(tmp_path / "results", REPORT, stems=["01_similarity_test"])
    made = build(run, results, tmp_path / "site")
    index = (made.path / "index.html").read_text(encoding="utf-8")
    assert "synthetic-banner" not in index
    assert not (made.path / "00_data_preparation.html").exists()
    assert "it has no result yet" in index
    assert [warning.split()[0] for warning in made.warnings] == ["00_data_preparation", "02_action_distribution"]


def test_every_page_says_that_a_stand_in_made_the_vectors_if_one_notebook_used_it(
    run: ModuleType, tmp_path: Path, built: Path
) -> None:
    results = run.write(tmp_path / "results", REPORT, stems=["00_data_preparation", "01_similarity_test"])
    file = results / "fixture" / "01_similarity_test" / "provenance.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    told["models"] = {NAME: "0" * 64}
    file.write_text(json.dumps(told), encoding="utf-8")
    site = build(run, results, tmp_path / "site").path
    said = "Vectors of captions are random vectors of their words, in place of a language model."
    pages = [*site.rglob("*.html")]
    assert len(pages) > 5 and all(said in text_of(page) for page in pages)
    flags = json.loads((site / "findings.json").read_text(encoding="utf-8"))["flags"]
    assert "stand-in" in {flag["flag"] for flag in flags}
    assert not any(said in text_of(page) for page in built.rglob("*.html"))


@pytest.mark.parametrize("kept", ["captions", "nothing guarded"])
def test_pages_without_their_guarded_parts_still_build(run: ModuleType, tmp_path: Path, kept: str) -> None:
    results = run.write(tmp_path / "results", REPORT)
    guarded = {name for page in REPORT.rglob("*.qmd") for name in GUARDED.findall(page.read_text(encoding="utf-8"))}
    scores = {"score_distributions", "quality", "discriminator", "bounds", "rare", "roc"}
    motion = scores | {"funnel", "sensitivity", "best_dropped", "worst_kept"}
    for path in results.glob("fixture/*/*/*"):
        at = f"{path.parts[-3]}/{path.stem}"
        if path.stem in motion if kept == "captions" else at in guarded:
            path.unlink()
    if kept == "nothing guarded":
        for values in results.glob("fixture/*/values.json"):
            values.write_text("{}", encoding="utf-8")
    made = build(run, results, tmp_path / "site")
    assert "Not part of this profile" in text_of(made.path / "00_data_preparation.html")


def test_a_site_that_fails_leaves_the_old_one(run: ModuleType, tmp_path: Path) -> None:
    results = run.write(tmp_path / "results", REPORT)
    out = tmp_path / "site"
    out.mkdir()
    (out / "index.html").write_text("old", encoding="utf-8")
    report = tmp_path / "report"
    shutil.copytree(REPORT, report)
    with (report / "index.qmd").open("a", encoding="utf-8") as page:
        page.write("\nSee @fig-nowhere.\n")
    with pytest.raises(SiteError, match="index.qmd:.*@fig-nowhere"):
        build(run, results, out, report=report)
    assert (out / "index.html").read_text(encoding="utf-8") == "old"


def test_lists_of_ids_stay_off_the_site(built: Path) -> None:
    assert not list(built.rglob("*.txt"))


def test_search_holds_every_section_as_ascii(built: Path) -> None:
    script = (built / "theme" / "search_index.js").read_text(encoding="ascii")
    records = json.loads(script.removeprefix("window.searchIndex = ").rstrip(";\n"))
    assert any("person walks" in text for _, _, _, text in records)
    assert "<" not in script
    assert all((built / href.split("#")[0]).is_file() for href, *_ in records)


def test_notebooks_are_shown_without_anything_active(built: Path) -> None:
    page = (built / "notebooks" / "01_similarity_test.html").read_text(encoding="utf-8")
    assert "alert(2)" not in page and "alert(3)" not in page and "<img src=" not in page
    assert "0%|" not in page.replace("100%|", "") and "100%|done" in page
    assert page.count("<h1") == 1
    assert (built / "notebooks" / "01_similarity_test.ipynb").is_file()


def test_staged_pages_are_what_quarto_needs(run: ModuleType, results: Path, tmp_path: Path) -> None:
    facts = {"profile": "fixture", "notebooks": run.STEMS, "synthetic": True, "title": "Own title"}
    staged = stage(results, folder=tmp_path / "pages", **facts)
    config = yaml.safe_load((staged.folder / "_quarto.yml").read_text(encoding="utf-8"))
    values = yaml.safe_load((staged.folder / "_variables.yml").read_text(encoding="utf-8"))
    assert config["website"]["title"] == "Own title"
    assert all((staged.folder / page).is_file() for page in config["project"]["render"])
    assert values["run"]["profile"] == "fixture"
    assert all(isinstance(text, str) for section in values.values() for text in section.values())
    text = (staged.folder / "index.qmd").read_text(encoding="utf-8")
    assert ".when" not in text and "include" not in text and text.startswith("---\n")
    assert "{{< var run.profile >}}" in text


def test_an_unknown_renderer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="use auto, quarto or preview"):
        site.render(tmp_path, tmp_path / "site", renderer="word")


def test_the_lead_is_typeset_and_notebooks_are_found_without_marks_of_anchors(run: ModuleType, tmp_path: Path) -> None:
    results = run.write(tmp_path / "results", REPORT, stems=["04_embedding_gap"])
    notebook = results / "fixture" / "04_embedding_gap" / "notebook.ipynb"
    notebook.write_text(
        notebook.read_text(encoding="utf-8").replace("What is asked.", "## Asked here"), encoding="utf-8"
    )
    made = build(run, results, tmp_path / "site", notebooks=["04_embedding_gap"]).path
    page = (made / "04_embedding_gap.html").read_text(encoding="utf-8")
    assert '<p class="lead">How do text and motion sit in TMR’s space?</p>' in page
    assert '<meta name="description" content="How do text and motion sit in TMR’s space?">' in page
    index = (made / "theme" / "search_index.js").read_text(encoding="ascii")
    assert "Asked here" in index and "\\u00b6" not in index
    assert "¶" not in (made / "notebooks" / "04_embedding_gap.html").read_text(encoding="utf-8")


class Unfolded(HTMLParser):
    """Counts the tables of a page that are seen before anything is unfolded."""

    def __init__(self) -> None:
        super().__init__()
        self.folds, self.tables, self.folded = 0, 0, 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.folds += tag == "details"
        self.tables += tag == "table" and not self.folds
        self.folded += tag == "table" and bool(self.folds)

    def handle_endtag(self, tag: str) -> None:
        self.folds -= tag == "details"


def test_captioners_are_compared_in_at_most_eight_tables_before_anything_is_unfolded(built: Path) -> None:
    page = Unfolded()
    page.feed((built / "03_captioner_comparison.html").read_text(encoding="utf-8"))
    assert 1 <= page.tables <= 8 and page.folded > 15
