"""Quarto is found, used and held to the same standard; a program that writes pages as Quarto does stands in for it."""

import json
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from bs4 import BeautifulSoup

from lib.base.errors import SiteError
from lib.run.params import load
from lib.site import check, private_text_scan, publication, quarto, site
from lib.site.stage import REPORT, stage

SHARED = Path(__file__).resolve().parents[3] / "shared" / "quarto"
REAL = sorted(path for path in SHARED.glob("*/*.html")) if SHARED.is_dir() else []
WARNINGS = [
    "\x1b[33mWARNING (/share/filters/main.lua:21) Unable to resolve crossref @fig-x\x1b[39m",
    "\x1b[39m[WARNING] Citeproc: citation nobody not found\x1b[39m",
    "\x1b[33mWARN: Unable to resolve link target: nowhere.qmd\x1b[39m",
    "WARN: Unable to resolve crossref @fig-x",
    "  \x1b[1m\x1b[33m[WARNING]\x1b[0m Could not fetch resource x.png",
]


@pytest.fixture(scope="session")
def rendered(run: ModuleType, quarto_stand_in: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The site of a made-up run, by the preview and by stand-ins of two versions of Quarto."""
    folder = tmp_path_factory.mktemp("renderers")
    stems = [*run.STEMS, "07_visualization"]
    results = run.write(folder / "results", REPORT, stems=stems)
    pages = stage(results, profile="fixture", notebooks=stems, synthetic=True, folder=folder / "pages").folder
    assert site.render(pages, folder / "preview", renderer="preview") == "preview"
    sites = {"preview": folder / "preview"}
    with pytest.MonkeyPatch.context() as patched:
        for version in ("1.6.42", "1.10.18"):
            program = quarto_stand_in.install(folder / f"quarto-{version}", version=version)
            patched.setenv("QUARTO", str(program))
            assert site.render(pages, folder / version) == "quarto"
            sites[version] = folder / version
    return sites


@pytest.fixture(params=["1.6.42", "1.10.18"])
def by_quarto(request: pytest.FixtureRequest, rendered: dict[str, Path]) -> Path:
    return rendered[request.param]


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_pages_of_quarto_pass_the_check_and_have_its_structure(by_quarto: Path, rendered: dict[str, Path]) -> None:
    pages = check.site(by_quarto)
    assert set(pages) == set(check.site(rendered["preview"]))
    index = soup(by_quarto / "index.html")
    assert index.main and not index.article
    assert [link["id"] for link in index.select("link[id]")].count("quarto-bootstrap") > 1
    assert not (by_quarto / "search.json").exists()


def test_both_renderers_search_the_same_words(by_quarto: Path, rendered: dict[str, Path]) -> None:
    def words(folder: Path) -> dict[str, str]:
        text = (folder / "theme" / "search_index.js").read_text(encoding="ascii")
        records = json.loads(text.removeprefix("window.searchIndex = ").rstrip(";\n"))
        assert all((folder / href.split("#")[0]).is_file() for href, *_ in records)
        return {href: re.sub(r"\W+", " ", f"{title} {said}") for href, _, title, said in records if len(said) < 3900}

    ours, theirs = words(rendered["preview"]), words(by_quarto)
    assert {href for href in ours if href.startswith("notebooks/")} <= {*theirs}
    sections = {href for href in ours if "#" in href and not href.endswith("#references")}
    assert len(sections) > 20 and {href: theirs[href] for href in sections} == {href: ours[href] for href in sections}
    assert "Four questions about two datasets" in theirs["index.html"]


def test_pages_of_quarto_open_from_disk(by_quarto: Path) -> None:
    for path in by_quarto.glob("*.html"):
        page = soup(path)
        assert page.select_one(".sidebar-title a")["href"] == "./index.html"
        assert not page.select("script[type=module], script[src$='quarto-html/quarto.js']")
        scripts = [script.get("src") for script in page.select("script[src^=theme]")]
        assert scripts[:2] == ["theme/scheme.js", "theme/quarto.js"]
        assert {"theme/contents.js", "theme/search.js"} <= set(scripts)
        assert all((by_quarto / name).is_file() for name in scripts)
        assert page.select_one("link[rel=icon]")["href"].startswith("data:")


def test_prompts_stand_above_the_players_under_either_renderer(rendered: dict[str, Path]) -> None:
    for name, folder in rendered.items():
        page = soup(folder / "07_visualization.html")
        holders = page.select("#fig-prompt-1, #fig-prompt-2")
        assert len(holders) == 2
        for holder in holders:
            text = holder.get_text(" ", strip=True)
            assert text.startswith("Figure") and "Prompt" in text[:30], name


def test_a_private_caption_is_found_in_pages_of_quarto_but_not_the_words_of_the_tutorial(
    rendered: dict[str, Path], tmp_path: Path
) -> None:
    for name in ("index.html", "own_data.html", "theme/search_index.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy2(rendered["1.10.18"] / name, tmp_path / name)
    told = "a dancer spins twice beside the piano"
    said = next(text for text in soup(tmp_path / "own_data.html").main.stripped_strings if len(text.split()) > 6)
    held = {("dm", "captions"): {told, said}}
    assert private_text_scan.exposed(tmp_path, held) == []
    page = tmp_path / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</main>", f"<p>{told}</p></main>"), encoding="utf-8")
    assert [found.pages for found in private_text_scan.exposed(tmp_path, held)] == [{"index.html": 1}]


def test_the_site_command_ends_with_a_site(
    run: ModuleType,
    quarto_stand_in: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("BUILD", "RESULTS", "SITE"):
        monkeypatch.setattr(f"lib.site.publication.{name}", tmp_path / name.lower())
    monkeypatch.setattr("lib.run.pipeline.RESULTS", tmp_path / "results")
    monkeypatch.setattr("lib.site.stage.BUILD", tmp_path / "build")
    monkeypatch.setattr("lib.base.locks.LOCKS", tmp_path / "locks")
    run.write(tmp_path / "results", REPORT)
    quarto_stand_in.install(tmp_path / "bin", says=["\x1b[1m[1/5] index.qmd\x1b[0m", "an old warning, in prose"])
    monkeypatch.delenv("QUARTO", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    demo = load("params/demo.yml")
    profile = demo.model_copy(update={"profile": "fixture", "notebooks": run.STEMS})
    publication.render(profile)
    assert f"site: {tmp_path / 'site' / 'index.html'}" in capsys.readouterr().out
    index = soup(tmp_path / "site" / "index.html")
    assert index.select_one("meta[name=generator]")["content"].startswith("quarto-")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"version": "1.4.550"}, "too old"),
        ({"says": ["\x1b[91mERROR: no such thing\x1b[39m"], "code": 1}, "ERROR: no such thing"),
        *(({"says": [line]}, re.sub("\x1b[^m]*m", "", line).strip()) for line in WARNINGS),
    ],
)
def test_a_warning_of_quarto_fails_the_build(
    quarto_stand_in: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, object], said: str
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    config = {
        "project": {"output-dir": "_site", "resources": [], "render": ["index.qmd"]},
        "website": {"title": "T", "sidebar": {"contents": ["index.qmd"]}, "page-footer": {"left": "", "right": ""}},
        "format": {"html": {"css": [], "toc-depth": 3}},
        "bibliography": "references.bib",
    }
    (pages / "_quarto.yml").write_text(json.dumps(config), encoding="utf-8")
    (pages / "_variables.yml").write_text("run: {synthetic: 'no'}", encoding="utf-8")
    (pages / "index.qmd").write_text("---\ntitle: Overview\n---\n\nWords.\n", encoding="utf-8")
    (pages / "references.bib").write_text("", encoding="utf-8")
    shutil.copytree(REPORT / "theme", pages / "theme")
    shutil.copytree(REPORT / "filters", pages / "filters")
    monkeypatch.setenv("QUARTO", str(quarto_stand_in.install(tmp_path / "bin", **options)))
    with pytest.raises(SiteError) as caught:
        site.render(pages, tmp_path / "site")
    assert said in str(caught.value) and "\x1b" not in str(caught.value)


def test_quarto_asked_for_but_absent_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUARTO", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SiteError, match="not on PATH"):
        site.render(tmp_path, tmp_path / "site", renderer="quarto")
    monkeypatch.setenv("QUARTO", str(tmp_path / "none"))
    with pytest.raises(SiteError, match="names no program"):
        quarto.find()


def laid_out(path: Path, folder: Path) -> Path:
    """A page that real Quarto wrote, fitted, in a site whose other files are empty but have the anchors it names."""
    markup = quarto.fitted(path.read_text(encoding="utf-8"))
    page = BeautifulSoup(markup, "html.parser")
    anchors: dict[str, set[str]] = {}
    for tag in page.find_all(["a", "area", "link", "script", "img"]):
        link = tag.get("href") or tag.get("src") or ""
        if link and "://" not in link and not link.startswith(("data:", "#")):
            file, _, anchor = link.partition("#")
            anchors.setdefault(file, set()).update({anchor} - {""})
    for file, names in anchors.items():
        place = folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("".join(f'<p id="{name}"></p>' for name in sorted(names)), encoding="utf-8")
    (folder / path.name).write_text(markup, encoding="utf-8")
    return folder


@pytest.mark.skipif(not REAL, reason="no ../shared/quarto beside this checkout")
@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_pages_of_real_quarto_pass_the_check(path: Path, tmp_path: Path) -> None:
    pages = check.site(laid_out(path, tmp_path))
    assert len(pages[path.name].sections) > 2
    assert "./" not in pages[path.name].links


PLANTED = {
    "id is given twice": '<p id="planted"></p><p id="planted"></p>',
    "leads nowhere": '<a href="./planted.html">x</a>',
    "a folder without a page": '<a href="./assets/">x</a>',
    "names an anchor": '<a href="#planted">x</a>',
    "outside the site": '<a href="../planted.md">x</a>',
    "scheme that is not allowed": '<a href="javascript:planted()">x</a>',
    "no alternative text": '<img src="planted.png">',
    "from the network": '<script src="https://cdn.example/x.js"></script>',
    "unresolved ?@fig-planted": "<strong>?@fig-planted</strong>",
    "unresolved {{< var planted.x >}}": "{{< var planted.x >}}",
}


@pytest.mark.skipif(not REAL, reason="no ../shared/quarto beside this checkout")
@pytest.mark.parametrize("fault", PLANTED)
def test_a_fault_planted_in_a_page_of_real_quarto_is_found(fault: str, tmp_path: Path) -> None:
    folder = laid_out(SHARED / "1.10.18" / "index.html", tmp_path / "site")
    (tmp_path / "planted.md").write_text("beside the site", encoding="utf-8")
    (folder / "planted.png").write_bytes(b"")
    (folder / "assets").mkdir(exist_ok=True)
    page = folder / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</main>", f"{PLANTED[fault]}</main>"), encoding="utf-8")
    with pytest.raises(SiteError, match="index.html") as caught:
        check.site(folder)
    said = {"id is given twice": "id planted is given twice", "a folder without a page": "./assets/ leads nowhere"}
    assert said.get(fault, fault) in str(caught.value)


def test_a_page_is_fitted_without_touching_its_words() -> None:
    words = '<p>Write <code>href="./"</code> and &lt;/body&gt; or <a class="x" href="../">up</a>.</p>'
    page = quarto.fitted(f"<html><head><title>x</title></head>\n<body class='a'>{words}</body></html>")
    assert words.replace('href="../"', 'href="../index.html"') in page
    assert page.index("scheme.js") < page.index("</head>") < page.index("quarto.js") < page.index("<p>")
    assert page.index("</p>") < page.index("search.js") < page.rindex("</body>")


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb by the definition of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("body-color", "body-bg"),
        ("link-color", "body-bg"),
        ("text-muted", "body-bg"),
        ("code-color", "code-bg"),
        ("pre-color", "code-block-bg"),
        ("nav-tabs-link-active-color", "nav-tabs-link-active-bg"),
    ],
)
def test_the_dark_theme_sets_what_quarto_would_leave_light(text: str, ground: str) -> None:
    scss = (REPORT / "theme" / "dark.scss").read_text(encoding="utf-8")
    colours = dict(re.findall(r"^\$([\w-]+): (#[0-9a-f]{6});$", scss, re.MULTILINE))
    lighter, darker = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
