"""Quarto and the preview see the same report: what Pandoc parses, by Quarto's rules, is what the preview's pages show.

Nothing here comes from the preview: pages are parsed by Pandoc alone, numbers are counted anew by the rule of Quarto's
documentation (figures and tables of a page of a website are numbered consecutively, sections by their headings), and
the preview's pages are read as the HTML that they are.
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypandoc
import pytest
import yaml
from bs4 import BeautifulSoup

from lib.site.stage import REPORT

NAMES = {"fig": "Figure", "tbl": "Table", "sec": "Section"}
VARIABLE = re.compile(r"\{\{<\s*var\s+([\w.]+)\s*>\}\}")
TITLED = re.compile(r"callout-(note|tip|warning|important|caution)")
Node = dict[str, Any]


def pandoc(text: str, to: str = "json", folder: Path | None = None) -> str:
    """What Pandoc makes of a page; a warning fails."""
    command = [
        pypandoc.get_pandoc_path(),
        "--from=markdown",
        f"--to={to}",
        "--fail-if-warnings",
        "--wrap=none",
    ]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", cwd=folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def text_of(node: Any) -> str:
    """The text of a part of the tree, without what stands in raw blocks and notes."""
    if isinstance(node, list):
        return "".join(map(text_of, node))
    if not isinstance(node, dict):
        return ""
    kind, content = node["t"], node.get("c")
    if kind in {"Str", "Code", "Math"}:
        return content if isinstance(content, str) else content[1]
    if kind in {"Space", "SoftBreak", "LineBreak"}:
        return " "
    if kind == "Quoted":
        marks = "‘’" if content[0]["t"] == "SingleQuote" else "“”"
        return f"{marks[0]}{text_of(content[1])}{marks[1]}"
    if kind in {"Span", "Link"}:
        return text_of(content[1])
    return text_of(content) if kind in {"Emph", "Strong", "Superscript", "Subscript", "Strikeout", "SmallCaps"} else ""


def flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


@dataclass
class Expected:
    """What a page holds by Quarto's rules, in document order."""

    title: str
    numbers: dict[str, str] = field(default_factory=dict)
    captions: dict[str, str] = field(default_factory=dict)
    headings: list[tuple[str, str, str]] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)


def expected(tree: Node) -> Expected:
    """Reads the tree of a page, numbering figures, tables and sections."""
    page = Expected(flat(text_of(tree["meta"]["title"]["c"])))
    counts = {"fig": 0, "tbl": 0}
    levels: list[int] = []
    cited: list[Node] = []

    def count(name: str, caption: str) -> None:
        kind = name.split("-")[0]
        counts[kind] += 1
        page.numbers[name] = str(counts[kind])
        page.captions[name] = caption

    def heading(level: int, attributes: list[Any], inlines: Node) -> None:
        name, classes, _ = attributes
        number = ""
        if "unnumbered" not in classes:
            first = min([level, *(at for at, _ in depths)]) if depths else level
            del levels[level - first + 1 :]
            levels.extend([0] * (level - first + 1 - len(levels)))
            levels[-1] += 1
            depths.append((level, name))
            number = ".".join(map(str, levels))
            page.numbers[name] = number
        page.headings.append((name, number, flat(text_of(inlines))))

    depths: list[tuple[int, str]] = []

    def visit(node: Any, within: tuple[str, ...] = ()) -> None:
        if isinstance(node, list):
            for one in node:
                visit(one, within)
            return
        if not isinstance(node, dict) or "t" not in node:
            return
        kind, content = node["t"], node.get("c")
        if kind == "Header":
            tab = "panel-tabset" in within or (within and TITLED.fullmatch(within[-1]))
            if not tab:
                heading(content[0], content[1], content[2])
            visit(content[2], within)
        elif kind == "Figure":
            name = content[0][0]
            if name.startswith("fig-"):
                count(name, flat(text_of([block["c"] for block in content[1][1]])))
            visit(content[1][1], within)
            visit(content[2], within)
        elif kind == "Div":
            (name, classes, _), blocks = content
            if name.startswith(("fig-", "tbl-")):
                assert blocks[-1]["t"] == "Para", f"{name} ends without a caption"
                count(name, flat(text_of(blocks[-1]["c"])))
            for block in blocks:
                visit(block, (*within, *classes))
        elif kind == "Image":
            attributes = dict(content[0][2])
            page.pictures.append((content[2][0], attributes.get("fig-alt", flat(text_of(content[1])))))
        elif kind == "Cite":
            cited.append(content[0])
        elif kind == "Link":
            page.links.append(re.sub(r"\.qmd(?=$|#)", ".html", content[2][0]))
            visit(content[1], within)
        elif kind == "RawBlock":
            page.raw.append(content[1])
        elif kind in {"Para", "Plain"}:
            if not any(f'"t": "{kind}"' in json.dumps(content) for kind in ("Cite", "Image", "Math")):
                page.prose.append(flat(text_of(content)))
            visit(content, within)
        elif kind != "Table":
            visit(content, within)

    visit(tree["blocks"])
    for citations in cited:
        for one in citations:
            name, kind = one["citationId"], one["citationId"].split("-")[0]
            if kind in NAMES:
                number, prefix = page.numbers[name], flat(text_of(one["citationPrefix"]))
                bare = one["citationMode"]["t"] == "SuppressAuthor" and not prefix
                page.references.append((f"#{name}", number if bare else f"{prefix or NAMES[kind]} {number}"))
    return page


def shown(markup: str) -> Expected:
    """Reads the same from a page of the site."""
    soup = BeautifulSoup(markup, "html.parser")
    page = Expected(flat(soup.h1.get_text()))
    article = soup.article
    page.references = [(link["href"], flat(link.get_text())) for link in article.select("a.xref")]
    for figure in article.select("[id^=fig-], [id^=tbl-]"):
        label = figure.select_one("figcaption .caption-label").extract().get_text()
        kind, number = flat(label).rstrip(":").split()
        assert kind == NAMES[figure["id"].split("-")[0]]
        page.numbers[figure["id"]] = number
        for citation in figure.select("figcaption :is(.citation, a.xref)"):
            citation.decompose()
        page.captions[figure["id"]] = flat(figure.figcaption.get_text())
    for heading in article.select("h2, h3, h4"):
        if heading.parent.name != "section" or not heading.parent.get("id") or heading.parent["id"] == "references":
            continue
        label = heading.select_one(".header-section-number")
        number = label.extract().get_text() if label else ""
        page.headings.append((heading.parent["id"], number, flat(heading.get_text())))
        if number:
            page.numbers[heading.parent["id"]] = number
    page.pictures = [(image["src"], image["alt"]) for image in article.select("figure > img, figure p > img")]
    page.prose = [flat(article.get_text())]
    return page


@pytest.fixture(scope="session")
def staged(whole: Path) -> Path:
    return whole / "pages"


def config(staged: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((staged / "_quarto.yml").read_text(encoding="utf-8"))
    return found


def variables(staged: Path) -> dict[str, str]:
    tree = yaml.safe_load((staged / "_variables.yml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": text for section, values in tree.items() for name, text in values.items()}


@pytest.fixture(scope="session")
def pages(staged: Path) -> dict[str, Expected]:
    """Every page that ``_quarto.yml`` renders, with its variables filled in."""
    known = variables(staged)
    found = {}
    for name in config(staged)["project"]["render"]:
        source = (staged / name).read_text(encoding="utf-8")
        found[name] = expected(json.loads(pandoc(VARIABLE.sub(lambda m: known[m[1]], source), folder=staged)))
    return found


def entries(contents: list[Any]) -> Iterator[tuple[str, str | None]]:
    for item in contents:
        if isinstance(item, dict) and "contents" in item:
            yield from entries(item["contents"])
        else:
            yield (item, None) if isinstance(item, str) else (item["href"], item.get("text"))


def test_quarto_is_told_to_number_each_page_by_itself(staged: Path) -> None:
    told = config(staged)
    assert told["project"]["type"] == "website" and "crossref" not in told and "book" not in told
    html = told["format"]["html"]
    assert html["number-sections"] is True and "crossref" not in html and "number-offset" not in html
    assert html["html-table-processing"] == "none"  # the tables of results stay as they are
    named = [*html["css"], told["bibliography"], *html["theme"].values()]
    assert all((staged / name).is_file() for name in named)
    copied = {pattern: [*staged.glob(pattern)] for pattern in told["project"]["resources"]}
    lacking = [pattern for pattern, files in copied.items() if not files]
    assert lacking == ["assets/**/*.svg", "assets/**/*.js"]  # this run has no drawings and no map


def test_both_have_the_same_pages_under_the_same_titles(staged: Path, built: Path, pages: dict[str, Expected]) -> None:
    told = config(staged)
    listed = list(entries(told["website"]["sidebar"]["contents"]))
    assert told["project"]["render"] == [href for href, _ in listed if href.endswith(".qmd")]
    assert sorted(pages) == sorted(path.name for path in staged.glob("*.qmd"))
    assert sorted(pages) == sorted(path.name for path in REPORT.rglob("*.qmd"))
    assert sorted(path.name for path in built.glob("*.html")) == sorted(name[:-3] + "html" for name in pages)
    sidebar = [(re.sub(r"qmd$", "html", href), text or pages[href].title) for href, text in listed]
    for name, page in pages.items():
        soup = BeautifulSoup((built / f"{name[:-3]}html").read_text(encoding="utf-8"), "html.parser")
        assert flat(soup.h1.get_text()) == page.title and soup.title.get_text().startswith(page.title)
        links = soup.select(".site-nav a")
        assert [(link["href"], flat(link.get_text())) for link in links] == sidebar
        assert [link["href"] for link in links if link.get("aria-current")] == [f"{name[:-3]}html"]


def compared(pages: dict[str, Expected], built: Path, what: str, change: Callable[[str], str] = str) -> None:
    for name, page in pages.items():
        markup = (built / f"{name[:-3]}html").read_text(encoding="utf-8")
        assert getattr(shown(change(markup)), what) == getattr(page, what), f"{name}: {what}"


@pytest.mark.parametrize("what", ["numbers", "captions", "headings", "references", "pictures"])
def test_the_preview_shows_what_quarto_would(pages: dict[str, Expected], built: Path, what: str) -> None:
    assert any(getattr(page, what) for page in pages.values())
    compared(pages, built, what)


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        ("numbers", "Table\u00a01: ", "Table\u00a02: "),
        ("captions", ">Words per caption.<", ">Words.<"),
        ("headings", 'header-section-number">1<', 'header-section-number">2<'),
        ("references", "Table\u00a01</a>", "Table\u00a02</a>"),
        ("pictures", 'src="assets/', 'src="asset/'),
    ],
)
def test_a_preview_that_differs_is_noticed(
    pages: dict[str, Expected], built: Path, what: str, old: str, new: str
) -> None:
    with pytest.raises(AssertionError):
        compared(pages, built, what, lambda markup: markup.replace(old, new))


def test_links_lead_where_the_source_says(pages: dict[str, Expected], built: Path) -> None:
    for name, page in pages.items():
        soup = BeautifulSoup((built / f"{name[:-3]}html").read_text(encoding="utf-8"), "html.parser")
        hrefs = [link["href"] for link in soup.article.select("a[href]")]
        rest = iter(hrefs)
        assert all(any(href == link for href in rest) for link in page.links), name  # in the same order


def test_included_files_stand_in_the_page_as_they_are(pages: dict[str, Expected], staged: Path, built: Path) -> None:
    assert not any("{{< include" in (staged / name).read_text(encoding="utf-8") for name in pages)
    assert sum("table-scroll" in raw for page in pages.values() for raw in page.raw) > 10
    for name, page in pages.items():
        markup = (built / f"{name[:-3]}html").read_text(encoding="utf-8")
        assert all(raw in markup for raw in page.raw), name


def test_every_variable_says_what_the_file_of_variables_says(staged: Path, built: Path) -> None:
    known, used = variables(staged), 0
    for name in config(staged)["project"]["render"]:
        source = (staged / name).read_text(encoding="utf-8")
        markup = (built / f"{name[:-3]}html").read_text(encoding="utf-8")
        said = flat(BeautifulSoup(markup, "html.parser").article.get_text())
        assert "{{<" not in VARIABLE.sub("", source) and "{{<" not in markup.replace("&lt;", "")
        for asked in {*VARIABLE.findall(source)}:
            value = flat(text_of(json.loads(pandoc(known[asked]))["blocks"][0]["c"]))
            assert value in said, f"{name}: {asked}"
            used += 1
    assert used > 20


def test_prose_reads_the_same(pages: dict[str, Expected], built: Path) -> None:
    for name, page in pages.items():
        said = shown((built / f"{name[:-3]}html").read_text(encoding="utf-8")).prose[0]
        assert [text for text in page.prose if text not in said] == [], name


@pytest.mark.parametrize("text", ["::: {.open}\nnever closed\n", "# A {#x}\n\n# B {#x}\n\n[a][b]\n\n[b]: c\n[b]: d\n"])
def test_a_warning_of_pandoc_fails(text: str) -> None:
    with pytest.raises(AssertionError, match="WARNING"):
        pandoc(text)
