"""Data on the way to a finished page: prose, alternative texts, tables and titles say what the data say."""

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.image import imsave

from lib.draw import table
from lib.site import preview, stage
from lib.site.stage import REPORT

STEM, SECTION = "01_similarity_test", "similarity"
# fmt: off
HOSTILE = [
    "@fig-1", "[@fig-1]", "@guo2022", "[@guo2022; @nobody]", "-@tbl-x", "a@b.c",
    "{{< var run.date >}}", "{{< x", ">}}",
    "{{< include /etc/passwd >}}", "$x$", "$$x$$", "H~2~O", "x^2^", "~~s~~", "^[note]", "|a|b|",
    "| x", "*a*", "**a**",
    "_a_", "`a`", "``a``", "<b>x</b>", "<script>alert(1)</script>", "<!-- x -->", "# x", "#tag",
    "x {#fig-1}", "{.when}",
    ":::", "::: {.callout-note}", ":smile:", ":+1: :-1:", "[a](b)", "![a](b.png)", "](x)", "[x]: y", "[^1]", "a\\b",
    "\\", "&amp; &#64;", "\"q\"", "it's 'q'", "a--b---c", "...", "---", "===", "1. x", "(@) x",
    "- x", "* x", "+ x", "> x",
    "% x", "~~~", "```", "```{=html}", "http://a.b/c_d_e", "\\begin{x}", "!x", "a=b", "100 %",
    "C:\\new\\x", "x" * 900,
    "שלום", "走る", "🚶‍♀️", "e\u0301", "a\u00adb", "\u200b", "\ufeffx", "-", "+", "^", "~", "?@fig-1",
    "@", "`{=html}", "@{x y}",
]
# fmt: on
ANY = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"])
TEXTS = st.lists(
    st.text(ANY, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool),
    min_size=30,
    max_size=60,
)


class Shown(HTMLParser):
    """What a browser shows: the text of every element with an id, and the alternative text of every picture."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.alternatives: dict[str, str] = {}
        self.cells: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.alternatives[given["src"].rsplit("/", 1)[-1]] = given.get("alt", "")
        elif tag not in {"link", "meta", "input", "br", "hr", "col"}:
            self._open.append((tag, "title" if tag == "title" else given.get("id", "")))
            if tag == "td":
                self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for place in {name for _, name in self._open if name}:
            self.texts[place] = self.texts.get(place, "") + data
        if any(tag == "td" for tag, _ in self._open):
            self.cells[-1] += data


def finished(folder: Path, run: ModuleType, texts: list[str], title: str = "Report") -> Shown:
    """The page that the preview renderer makes of texts, each in prose, inside emphasis, in a table and as an alt."""
    report, results = folder / "report", folder / "results"
    report.mkdir(parents=True)
    for name in ("theme", "filters"):
        shutil.copytree(REPORT / name, report / name)
    shutil.copy2(REPORT / "references.bib", report)
    config = yaml.safe_load((REPORT / "_quarto.yml").read_text(encoding="utf-8"))
    config["website"]["sidebar"]["contents"] = ["index.qmd"]
    (report / "_quarto.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    page = ["---", "title: Start", "---", "", f"{{{{< include assets/{STEM}/all.html >}}}}", ""]
    for n in range(len(texts)):
        page += [f"::: {{#prose-{n}}}", f"{{{{< var {SECTION}.t{n} >}}}}", ":::", ""]
        page += [f"::: {{#strong-{n}}}", f"Says **{{{{< var {SECTION}.t{n} >}}}}**, or so.", ":::", ""]
        page += [f"![Caption {n}.](assets/{STEM}/f{n}.png){{#fig-f{n}}}", ""]
    (report / "index.qmd").write_text("\n".join(page), encoding="utf-8")
    run.write(results, report, stems=[STEM])
    made = results / "fixture" / STEM
    values = {f"t{n}": text for n, text in enumerate(texts)}
    (made / "values.json").write_text(json.dumps(values), encoding="utf-8")
    markup = table.render(pd.DataFrame({"text": texts}), {}, "all")
    (made / "tables" / "all.html").write_text(markup, encoding="utf-8")
    for n, text in enumerate(texts):
        imsave(made / "figures" / f"f{n}.png", np.zeros((2, 2)))
        (made / "figures" / f"f{n}.txt").write_text(text, encoding="utf-8")
    asked = {"profile": "fixture", "notebooks": [STEM], "synthetic": False, "title": title}
    staged = stage.stage(results, **asked, folder=folder / "pages", report=report)
    preview.render(staged.folder, folder / "site")
    return Shown((folder / "site" / "index.html").read_text(encoding="utf-8"))


def spaced(text: str) -> str:
    return " ".join(text.split())


def compare(shown: Shown, texts: list[str]) -> None:
    for n, text in enumerate(texts):
        said = spaced(text)
        assert spaced(shown.texts.get(f"prose-{n}", "")) == said
        assert spaced(shown.texts[f"strong-{n}"]) == spaced(f"Says {said}, or so.")
        assert spaced(shown.alternatives[f"f{n}.png"]) == said
    assert [spaced(cell) for cell in shown.cells[: len(texts)]] == [spaced(text) for text in texts]


def test_hostile_texts_are_shown_as_they_are(run: ModuleType, tmp_path: Path) -> None:
    compare(finished(tmp_path, run, HOSTILE), HOSTILE)


@settings(max_examples=3)
@given(texts=TEXTS)
def test_any_text_is_shown_as_it_is(
    run: ModuleType, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    compare(finished(tmp_path_factory.mktemp("any"), run, texts), texts)


@pytest.mark.parametrize("title", ["@fig-1 *and* {{< var run.date >}}", "a -- b <i>", "C:\\x `y` $z$"])
def test_a_title_is_shown_as_it_is_and_escaped_for_quarto(run: ModuleType, tmp_path: Path, title: str) -> None:
    shown = finished(tmp_path, run, ["x"], title=title)
    assert title in spaced(shown.texts["title"])
    config = yaml.safe_load((tmp_path / "pages" / "_quarto.yml").read_text(encoding="utf-8"))
    assert "{{<" not in config["website"]["title"] and "@fig" not in config["website"]["title"].replace("\\@", "")
