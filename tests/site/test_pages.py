"""Pages drop guarded parts that have no evidence, and refuse everything else that is missing, by page and line."""

from pathlib import Path

import pytest

from lib.base.errors import SiteError
from lib.site.guards import resolve as guard
from lib.site.page_assets import PageAssets
from lib.site.pages import resolve
from lib.site.source import Line

PNG, TABLE = "assets/01_similarity_test/ecdf.png", "assets/01_similarity_test/shares.html"
KNOWN = PageAssets(
    variables={"similarity.text_share": "30 %"},
    files={PNG: Path("ecdf.png"), PNG.replace("png", "csv"): Path("ecdf.csv")},
    alternatives={PNG: "Most captions are far from any other."},
    fragments={TABLE: "<table></table>"},
    notebooks=frozenset({"01_similarity_test"}),
)


def report(folder: Path, body: str) -> Path:
    (folder / "index.qmd").write_text(f"---\ntitle: Start\n---\n\n{body}\n", encoding="utf-8")
    (folder / "references.bib").write_text("@misc{known2020,\n title = {x}}\n", encoding="utf-8")
    return folder


def lines(text: str) -> list[Line]:
    return [Line(line, f"p.qmd:{n}", code=line.startswith("    ")) for n, line in enumerate(text.splitlines(), 1)]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('has="similarity.text_share"', True),
        ('has="similarity.text_share similarity.source_share"', False),
        (f'has="{PNG} {TABLE} 01_similarity_test"', True),
        ('has="00_data_preparation"', False),
        ('lacks="00_data_preparation"', True),
        ('lacks="similarity.text_share"', False),
        ('has="similarity.text_share" lacks="similarity.source_share"', True),
    ],
)
def test_guards_keep_what_has_its_evidence(condition: str, kept: bool) -> None:
    text = f"before\n\n::: {{.when {condition}}}\n::: {{.inner}}\nguarded\n:::\n:::\n\nafter"
    left = [line.text for line in guard(lines(text), KNOWN) if line.text]
    assert left == (["before", "::: {.inner}", "guarded", ":::", "after"] if kept else ["before", "after"])


def test_a_guard_inside_a_dropped_guard_is_dropped() -> None:
    text = '::: {.when has="similarity.source_share"}\n::: {.when has="similarity.text_share"}\nx\n:::\n:::'
    assert not [line for line in guard(lines(text), KNOWN) if line.text]


def test_a_repeated_part_stands_once_for_every_number_that_has_its_evidence() -> None:
    text = 'before\n::: {.when each="run.part_{n}"}\n::: {#fig-{n}}\n{{< var run.part_{n} >}}\n:::\n:::\nafter'
    known = PageAssets(variables={"run.part_1": "", "run.part_2": "", "run.part_4": ""})
    left = [line for line in guard(lines(text), known) if line.text]
    parts = [each for n in "12" for each in (f"::: {{#fig-{n}}}", f"{{{{< var run.part_{n} >}}}}", ":::")]
    assert [line.text for line in left] == ["before", *parts, "after"]
    assert [line.where for line in left if "var" in line.text] == ["p.qmd:4", "p.qmd:4"]
    assert [line.text for line in guard(lines(text), PageAssets()) if line.text] == ["before", "after"]
    inside = f'::: {{.when lacks="run.part_1"}}\n{text}\n:::'
    assert not [line for line in guard(lines(inside), known) if line.text]


def test_everything_known_resolves(tmp_path: Path) -> None:
    body = f"""{{{{< var similarity.text_share >}}}} in @fig-a and @tbl-a [@known2020]; [there](index.qmd#fig-a)

![All.]({PNG}){{#fig-a}}

::: {{#tbl-a}}
{{{{< include {TABLE} >}}}}

Caption.
:::"""
    page = resolve(report(tmp_path, body), KNOWN)["index.qmd"]
    text = "\n".join(line.text for line in page.lines)
    assert 'fig-alt="Most captions are far from any other."' in text
    assert '[CSV](assets/01_similarity_test/ecdf.csv){download="ecdf.csv"' in text
    assert '```{=html}\n<div class="table-scroll"' in text
    assert "include" not in text


def test_a_figure_is_shown_as_drawing_where_there_is_one_and_every_kind_is_downloaded(tmp_path: Path) -> None:
    svg = PNG.replace(".png", ".svg")
    known = PageAssets(files={**KNOWN.files, svg: Path("ecdf.svg")}, alternatives=KNOWN.alternatives)
    page = resolve(report(tmp_path, f"![All.]({PNG}){{#fig-a}}"), known)["index.qmd"]
    text = "\n".join(line.text for line in page.lines)
    assert f"![All.]({svg}){{#fig-a fig-alt=" in text
    assert all(f"[{kind}]({PNG.replace('png', kind.lower())})" in text for kind in ("PNG", "SVG", "CSV"))


def test_links_into_the_guide_and_out_of_it_name_the_sources_and_lead_to_pages_side_by_side(tmp_path: Path) -> None:
    report(tmp_path, "[a](guide/terms.qmd#clip)\n\n```\n[a](guide/terms.qmd)\n```")
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "terms.qmd").write_text("---\ntitle: Terms\n---\n[b](../index.qmd)\n", encoding="utf-8")
    pages = resolve(tmp_path, KNOWN)
    assert pages["terms.qmd"].lines[3].text == "[b](index.qmd)"
    texts = [line.text for line in pages["index.qmd"].lines]
    assert texts[4].startswith("[a](terms.qmd#clip)") and "[a](guide/terms.qmd)" in texts


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "{{< var similarity.text_shore >}}",
            "index.qmd:5: no variable similarity.text_shore; the nearest is similarity.text_share",
        ),
        (
            "{{< include assets/01_similarity_test/no.html >}}",
            "index.qmd:5: no table assets/01_similarity_test/no.html",
        ),
        ("x {{< include assets/x.html >}}", "index.qmd:5: cannot resolve {{< include"),
        ("{{< meta title >}}", "index.qmd:5: cannot resolve {{< meta title >}}"),
        ("{{< var similarity.text_share", "index.qmd:5: unfinished {{<"),
        ("\n![x](assets/no.png){#fig-x}", "index.qmd:6: no figure assets/no.png"),
        ("see @fig-none", "index.qmd:5: @fig-none is not on this page"),
        ("see [-@tbl-none]", "index.qmd:5: @tbl-none is not on this page"),
        ("see [@nobody1999]", "index.qmd:5: no source @nobody1999"),
        ("[x](none.qmd)", "index.qmd:5: link none.qmd leads nowhere"),
        ("[x](index.qmd#sec-none)", "index.qmd:5: link index.qmd#sec-none names an id"),
        ("::: {.note}\nx", "index.qmd:5: this ::: block is never closed"),
        ("::: {.when}\nx\n:::", "index.qmd:5: a guard names what it needs"),
        ('::: {.when each="run.part"}\nx\n:::', "index.qmd:5: a repeated part goes by one name with {n} in it"),
        ('::: {.when each="run.part_{n}" has="run.date"}\nx\n:::', "index.qmd:5: a repeated part goes by one name"),
        ('::: {.when each="run.part_{n}"}\nx', "index.qmd:5: this ::: block is never closed"),
        (
            '::: {.when each="run.part_{n}"}\n::: {.when each="run.date_{n}"}\nx\n:::\n:::',
            "index.qmd:6: a repeated part within",
        ),
        ("```\n{{< var similarity.text_share >}}\n```", "index.qmd:6: a shortcode in a code block"),
    ],
)
def test_what_is_missing_is_named_by_page_and_line(tmp_path: Path, body: str, said: str) -> None:
    with pytest.raises(SiteError) as caught:
        resolve(report(tmp_path, body), KNOWN)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_a_figure_needs_alternative_text(tmp_path: Path) -> None:
    known = PageAssets(files={PNG: Path("x")})
    with pytest.raises(SiteError, match="no alternative text"):
        resolve(report(tmp_path, f"![x]({PNG}){{#fig-x}}"), known)


@pytest.mark.parametrize("head", ["no head", "---\nauthor: x\n---\n", "---\ntitle: [\n---\n"])
def test_a_page_needs_a_title(tmp_path: Path, head: str) -> None:
    report(tmp_path, "x")
    (tmp_path / "more.qmd").write_text(head, encoding="utf-8")
    with pytest.raises(SiteError, match="more.qmd:1"):
        resolve(tmp_path, KNOWN)
