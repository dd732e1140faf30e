"""The PDF, read back by PDFium: tagged, told to a screen reader, inside its pages, nothing that the site withholds."""

import ctypes
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

from lib.base.errors import SiteError
from lib.run.params import load
from lib.site import navigation, pdf, preview, publication, source
from lib.site.stage import REPORT
from tests.site.fixture import EVERY

FILTER = REPORT / "filters" / pdf.FILTER
PICTURE = (
    '<figure id="fig-{0}"><img src="{0}.png" alt="It &quot;rises&quot; \\ [3] #x">'
    "<figcaption>Curve {0}.</figcaption></figure>"
)
TABLE = (
    '<figure id="tbl-{0}"><figcaption>Rows of <a href="other.html">{0}</a>.</figcaption>'
    "<table><thead><tr><th>n</th><th>what</th></tr></thead><tbody>{1}</tbody></table></figure>"
)


def rows(count: int, text: str = "is one") -> str:
    return "".join(f'<tr><td class="gt_row gt_right">{n}</td><td>row {n} {text}</td></tr>' for n in range(count))


@pytest.fixture(scope="session")
def written(whole: Path, once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The PDF of the made-up run."""
    return once("pdf", lambda to: pdf.write(whole / "pages", whole / "site", to / "report.pdf")) / "report.pdf"


@pytest.fixture
def document(written: Path) -> Iterator[pypdfium2.PdfDocument]:
    opened = pypdfium2.PdfDocument(written)
    yield opened
    opened.close()


def exhibits(tmp_path: Path, body: str, paper: list[str] | None = None) -> str:
    page = tmp_path / "page.html"
    page.write_text(f"<h1>T</h1>{body}", encoding="utf-8")
    return pdf._exhibits(FILTER, page, paper)


def string(read: Callable[..., int], *of: object) -> str:
    held = (ctypes.c_ushort * read(*of, None, 0))()
    read(*of, held, len(held))
    return bytes(held).decode("utf-16-le").rstrip("\0")


def elements(document: pypdfium2.PdfDocument) -> list[tuple[str, str]]:
    """Type and alternative text of every element of structure, page by page."""
    found = []

    def visit(element: object) -> None:
        about = (raw.FPDF_StructElement_GetType, raw.FPDF_StructElement_GetAltText)
        found.append(tuple(string(read, element) for read in about))
        for n in range(raw.FPDF_StructElement_CountChildren(element)):
            if child := raw.FPDF_StructElement_GetChildAtIndex(element, n):
                visit(child)

    for page in document:
        tree = raw.FPDF_StructTree_GetForPage(page)
        for n in range(raw.FPDF_StructTree_CountChildren(tree)):
            visit(raw.FPDF_StructTree_GetChildAtIndex(tree, n))
        raw.FPDF_StructTree_Close(tree)
    return found


def test_it_is_tagged_and_has_a_title_and_a_language(document, written, whole):
    config, _, _ = navigation.staged(whole / "pages")
    assert raw.FPDFCatalog_IsTagged(document)
    assert string(raw.FPDFCatalog_GetLanguage, document) == "en"
    assert document.get_metadata_value("Title") == config["website"]["title"]
    assert b"<pdfuaid:part>1<" in written.read_bytes()
    assert written.stat().st_size < 10_000_000


def test_its_outline_leads_to_the_answers_every_section_and_the_provenance(document, whole):
    _, heads, _ = navigation.staged(whole / "pages")
    outline = [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    top = [(title, page) for level, title, page in outline if level == 0]
    assert [title for title, _ in top] == ["Answers", *(heads[f"{s}.qmd"]["title"] for s in EVERY), "Provenance"]
    pages = [page for _, page in top]
    assert pages == sorted(set(pages)) and len(document) <= 2 * len(pages) + 2, "a section takes a page or two"


def test_every_picture_tells_its_takeaway(document, whole, results):
    _, heads, _ = navigation.staged(whole / "pages")
    wanted = []
    for stem in EVERY:
        page = (whole / "pages" / f"{stem}.qmd").read_text(encoding="utf-8")
        named = [re.search(rf"/(\w+)\.png\)\{{#{name} ", page) for name in heads[f"{stem}.qmd"]["paper"]]
        files = [results / "fixture" / stem / "figures" / f"{found[1]}.txt" for found in named if found]
        wanted += [file.read_text(encoding="utf-8") for file in files]
    assert len(wanted) > len(EVERY) / 2
    assert [alt for kind, alt in elements(document) if alt and kind == "Figure"] == wanted


def test_tables_have_headings_that_are_told(document):
    kinds = [kind for kind, _ in elements(document)]
    assert {"H1", "H2", "Table", "TH", "TD", "Caption"} <= set(kinds)
    assert kinds.count("TH") >= 2 * kinds.count("Table") > 0


def test_no_letter_stands_outside_the_margins(document):
    for number, page in enumerate(document, 1):
        text, (width, height) = page.get_textpage(), page.get_size()
        for n in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(n)
            assert left > 40 and right < width - 40 and bottom > 20 and top < height - 20, (number, n)


def test_the_first_page_says_that_the_corpora_are_synthetic_and_so_does_every_other(document):
    texts = [page.get_textpage().get_text_bounded() for page in document]
    assert "no answer here is about real data" in texts[0]
    assert all("synthetic corpora" in text for text in texts)


def test_it_is_alike_when_it_is_made_again(written, whole, tmp_path):
    assert pdf.write(whole / "pages", whole / "site", tmp_path / "report.pdf").read_bytes() == written.read_bytes()


def test_a_page_names_what_stands_on_paper_and_in_which_order(tmp_path):
    body = "".join(map(PICTURE.format, "abc")) + TABLE.format("d", rows(2))
    made = exhibits(tmp_path, body, ["tbl-d", "fig-c", "fig-not-in-this-run"])
    assert re.findall(r"Curve \w|row 0", made) == ["row 0", "Curve c"]
    assert 'picture("/c.png", "It \\"rises\\" \\\\ [3] #x")' in made
    assert "other.html" not in made and "Rows of d" in made


def test_of_a_page_that_names_nothing_the_first_of_each_stand_on_paper(tmp_path):
    body = PICTURE.format("a") + TABLE.format("b", rows(2)) + PICTURE.format("c") + TABLE.format("d", rows(2))
    assert re.findall(r"Curve \w|Rows of \w", exhibits(tmp_path, body)) == ["Curve a", "Rows of b"]


def test_a_long_table_says_how_much_of_it_is_shown_and_a_long_cell_ends_early(tmp_path):
    made = exhibits(tmp_path, TABLE.format("a", rows(26, "é" * 500)))
    assert re.findall(r"row (\d+) ", made) == [str(n) for n in range(25)]
    assert "The first 25 of 26 rows; the site has all." in made
    assert max(map(len, re.findall("é+", made))) < 250 and "é…" in made
    assert "The first" not in exhibits(tmp_path, TABLE.format("a", rows(25)))


def test_what_a_page_names_for_paper_is_on_it():
    for path in REPORT.glob("*.qmd"):
        lines = source.read(path)
        text = "\n".join(line.text for line in lines)
        for name in source.front_matter(lines).get("paper", []):
            repeated = re.sub(r"\d+$", "{n}", name)
            assert f"{{#{name}" in text or f"{{#{repeated}" in text, f"{path.name}: no {name}"


def test_what_breaks_the_standard_is_said_and_the_tags_stay(tmp_path, capsys):
    (tmp_path / pdf.TEMPLATE).write_text('#set document(title: "T")\n== Second', encoding="utf-8")
    made = pypdfium2.PdfDocument(pdf._compiled(tmp_path))
    assert raw.FPDFCatalog_IsTagged(made)
    assert "does not keep PDF/UA-1: " in capsys.readouterr().err
    made.close()


def test_a_fault_of_typst_is_one_line(tmp_path):
    (tmp_path / pdf.TEMPLATE).write_text("#nowhere", encoding="utf-8")
    with pytest.raises(SiteError, match="report.typ: Typst: unknown variable: nowhere"):
        pdf._compiled(tmp_path)


def test_without_a_result_it_says_what_to_run(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "RESULTS", tmp_path)
    with pytest.raises(SiteError, match="no results; run make report first"):
        pdf.make(load("params/demo.yml"))


def test_it_is_refused_where_the_site_could_not_be_published(monkeypatch, whole, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    private = {"dm": {"label": "DM", "kind": "manifest", "root": str(data), "private": True}}
    monkeypatch.setattr(pdf, "has_result", lambda folder: True)
    monkeypatch.setattr(pdf, "BUILD", tmp_path / "build")
    monkeypatch.setattr(publication, "collect", lambda profile, folder: shutil.copytree(whole / "pages", folder))
    monkeypatch.setattr(preview, "render", lambda pages, site: shutil.copytree(whole / "site", site))
    monkeypatch.setattr(publication, "corpora", lambda profile: private)
    with pytest.raises(SiteError, match="cannot tell what it would expose of DM"):
        pdf.make(load("params/demo.yml"), expose_private=True)
    assert not (tmp_path / "build").exists()
