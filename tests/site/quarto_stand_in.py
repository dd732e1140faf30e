"""A program that stands in for Quarto: Pandoc renders the staged pages, and what Quarto writes around them is added.

It writes the structure that Quarto 1.6 to 1.10 have: ``main`` and no ``article``, a header, sidebars and a footer, ids
repeated on ``<link>``, the site's title leading to ``./``, a module for the contents (from 1.7), ``search.json``, and
coloured warnings. It does not compile Quarto's own styles; :mod:`quarto_styles` gives it Bootstrap's.
"""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypandoc
import yaml
from bs4 import BeautifulSoup
from bs4.element import Tag

FILTERS = ("links.lua", "callout.lua", "tabset.lua", "crossref.lua")
VARIABLE = re.compile(r"\{\{<\s*var\s+([\w.]+)\s*>\}\}")
ABOVE = re.compile(r'\{#(fig-[\w-]+)[^}]*cap-location="top"')
TEMPLATE = "stand_in.html"
UUID = "0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"
PLAIN = {
    "light.css": "body { background: #fff; color: #212529; }",
    "dark.css": "body { background: #222; color: #fff; }",
}
SCHEME = """
  const alternates = document.querySelectorAll("link.quarto-color-scheme.quarto-color-alternate");
  const kept = location.protocol !== "file:";
  let here = %s ? "alternate" : "default";
  const alternate = () => ((kept && localStorage.getItem("quarto-color-scheme")) || here) === "alternate";
  const show = (on) => {
    for (const sheet of alternates) sheet.rel = on ? "stylesheet" : "disabled-stylesheet";
    for (const extra of document.querySelectorAll("link.quarto-color-scheme-extra")) extra.rel = "disabled-stylesheet";
    document.body.classList.toggle("quarto-dark", on);
    document.body.classList.toggle("quarto-light", !on);
  };
  window.quartoToggleColorScheme = () => {
    const on = !alternate();
    show(on);
    if (kept) localStorage.setItem("quarto-color-scheme", on ? "alternate" : "default");
    else here = on ? "alternate" : "default";
  };
  show(alternate());
"""
NAV = """document.addEventListener("DOMContentLoaded", () => {
  document.body.style.paddingTop = document.getElementById("quarto-header").offsetHeight + "px";
});
"""


def install(folder: Path, **options: Any) -> Path:
    """Writes the program and what it shall do.

    Args:
        folder: where to.
        options: ``version``; ``says``, lines for stderr; ``code``, its exit code; ``styles``, a folder with
            ``light.css``, ``dark.css`` and ``bootstrap.min.js``.

    Returns:
        The program, to be named by ``$QUARTO`` or found on ``PATH``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "stand_in.json"
    file.write_text(json.dumps({"version": "1.10.18", "says": [], "code": 0, **options}, default=str), encoding="utf-8")
    program = folder / "quarto"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "{file}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def main(options: dict[str, Any], arguments: list[str]) -> int:
    if arguments == ["--version"]:
        print(options["version"])
        return 0
    command, folder, to, kind = arguments
    assert (command, to, kind) == ("render", "--to", "html")
    for line in options["says"]:
        print(line, file=sys.stderr)
    if options["code"]:
        return int(options["code"])
    site(
        Path(folder), modern=tuple(map(int, options["version"].split(".")[:2])) >= (1, 7), styles=options.get("styles")
    )
    print("\nOutput created: _site/index.html\n", file=sys.stderr)
    return 0


def site(folder: Path, *, modern: bool, styles: str | None) -> None:
    """Renders a staged folder into its ``_site``."""
    config = yaml.safe_load((folder / "_quarto.yml").read_text(encoding="utf-8"))
    out = folder / config["project"]["output-dir"]
    out.mkdir()
    for pattern in config["project"]["resources"]:
        for path in folder.glob(pattern):
            place = out / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    for path in [*folder.glob("assets/**/*.png"), *map(folder.joinpath, config["format"]["html"]["css"])]:
        place = out / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    libraries(out / "site_libs", Path(styles) if styles else None, modern)
    (folder / TEMPLATE).write_text("$toc$\f$description$\f$body$\n", encoding="utf-8")
    names = config["project"]["render"]
    heads = {name: yaml.safe_load((folder / name).read_text(encoding="utf-8").split("---\n")[1]) for name in names}
    with ThreadPoolExecutor(2) as pool:
        bodies = list(pool.map(lambda name: pandoc(folder, name, config), names))
    found = []
    for name, (toc, lead, body) in zip(names, bodies, strict=True):
        page = frame(config, heads, name, toc, lead, shaped(body, (folder / name).read_text(encoding="utf-8")), modern)
        href = name.replace(".qmd", ".html")
        (out / href).write_text(page, encoding="utf-8")
        text = BeautifulSoup(page, "html.parser").main.get_text(" ", strip=True)
        found.append({"objectID": href, "href": href, "title": heads[name]["title"], "section": "", "text": text})
    (out / "search.json").write_text(json.dumps(found, indent=2), encoding="utf-8")


def libraries(folder: Path, styles: Path | None, modern: bool) -> None:
    """Writes the files that pages load; of Quarto's own scripts only what pages here depend on."""
    files = {
        "quarto-nav/quarto-nav.js": NAV,
        "quarto-html/quarto.js": 'import * as tabsets from "./tabsets/tabsets.js";\ntabsets.init();\n'
        if modern
        else "",
        "quarto-html/tabsets/tabsets.js": "export function init() {}\n",
        "quarto-html/quarto-syntax-highlighting-1.css": "code span.kw { color: #003b4f; }",
        "quarto-html/quarto-syntax-highlighting-dark-1.css": "code span.kw { color: #f8f8f2; }",
        "bootstrap/bootstrap-icons.css": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in {**PLAIN, "bootstrap.min.js": ""}.items():
        content = (styles / name).read_text(encoding="utf-8") if styles else text
        file = {"light.css": "bootstrap-1.min.css", "dark.css": "bootstrap-dark-1.min.css"}.get(name, name)
        (folder / "bootstrap" / file).write_text(content, encoding="utf-8")


def pandoc(folder: Path, name: str, config: dict[str, Any]) -> list[str]:
    """Contents, lead and body of a page, its variables filled in."""
    tree = yaml.safe_load((folder / "_variables.yml").read_text(encoding="utf-8"))
    known = {f"{section}.{key}": text for section, values in tree.items() for key, text in values.items()}
    text = VARIABLE.sub(lambda match: known[match[1]], (folder / name).read_text(encoding="utf-8"))
    command = [
        pypandoc.get_pandoc_path(),
        "--from=markdown",
        "--to=html5",
        "--standalone",
        f"--template={folder / TEMPLATE}",
    ]
    command += ["--toc", f"--toc-depth={config['format']['html']['toc-depth']}", "--number-sections", "--section-divs"]
    command += ["--mathml", "--wrap=none", f"--bibliography={folder / config['bibliography']}"]
    command += [
        "--metadata=link-citations",
        *(f"--lua-filter={folder / 'filters' / file}" for file in FILTERS),
        "--citeproc",
    ]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", cwd=folder)
    sys.stderr.write(done.stderr)
    return done.stdout.split("\f")


def shaped(body: str, source: str) -> str:
    """The body with figures, callouts, tabs and references as Quarto writes them."""
    soup = BeautifulSoup(body, "html.parser")
    above = {*ABOVE.findall(source)}
    for figure in soup.select("figure[id^=fig-], figure[id^=tbl-]"):
        _float(soup, figure, figure["id"][:3] == "tbl" or figure["id"] in above)
    for link in soup.select("a.xref"):
        link["class"] = ["quarto-xref"]
    for heading in soup.select("section[id] > :is(h2, h3, h4)"):
        heading["class"] = ["anchored"]
        heading["data-anchor-id"] = heading.parent["id"]
    for number, box in enumerate(soup.select(".callout"), 1):
        _callout(soup, box, number)
    for tabs in soup.select("div.tabs"):
        _tabs(soup, tabs)
    for picture in soup.select("figure img"):
        picture["class"] = ["img-fluid", "figure-img"]
    if references := soup.select_one("section#references"):
        references.extract()
        listed = references.select_one("#refs")
        section = '<section class="quarto-appendix-contents" role="doc-bibliography" id="quarto-bibliography">'
        heading = '<h2 class="anchored quarto-appendix-heading">References</h2>'
        markup = f'<div id="quarto-appendix" class="default">{section}{heading}</section></div>'
        appendix = BeautifulSoup(markup, "html.parser")
        appendix.section.append(listed)
        soup.append(appendix)
    return str(soup)


def _float(soup: BeautifulSoup, figure: Tag, top: bool) -> None:
    name, kind = figure["id"], figure["id"][:3]
    place = "top" if top else "bottom"
    outer = soup.new_tag("div", attrs={"id": name, "class": "quarto-float quarto-figure quarto-figure-center anchored"})
    inner = soup.new_tag("figure", attrs={"class": f"quarto-float quarto-float-{kind} figure"})
    caption = figure.find("figcaption").extract()
    if label := caption.select_one(".caption-label"):
        label.unwrap()
    caption.attrs = {
        "class": f"quarto-float-caption-{place} quarto-float-caption quarto-float-{kind}",
        "id": f"{name}-caption-{UUID}",
    }
    content = soup.new_tag("div", attrs={"aria-describedby": caption["id"]})
    content.extend([*figure.contents])
    inner.extend([caption, content] if top else [content, caption])
    outer.append(inner)
    figure.replace_with(outer)


def _callout(soup: BeautifulSoup, box: Tag, number: int) -> None:
    kind = next(name for name in box["class"] if name.startswith("callout-"))
    title, body = box.select_one(".callout-title"), box.select_one(".callout-body")
    new = soup.new_tag("div", attrs={"class": f"callout callout-style-default {kind} callout-titled"})
    head = soup.new_tag("div", attrs={"class": "callout-header d-flex align-content-center"})
    holder = soup.new_tag("div", attrs={"class": "callout-title-container flex-fill"})
    holder.extend([*title.contents])
    head.append(holder)
    new.append(head)
    body["class"] = ["callout-body-container", "callout-body"]
    if box.name == "details":
        head["data-bs-toggle"], head["data-bs-target"] = "collapse", f".callout-{number}-contents"
        fold = soup.new_tag(
            "div", attrs={"id": f"callout-{number}", "class": f"callout-{number}-contents callout-collapse collapse"}
        )
        fold.append(body)
        body = fold
    new.append(body)
    box.replace_with(new)


def _tabs(soup: BeautifulSoup, tabs: Tag) -> None:
    new = soup.new_tag("div", attrs={"class": "panel-tabset"})
    row = soup.new_tag("ul", attrs={"class": "nav nav-tabs", "role": "tablist"})
    panels = soup.new_tag("div", attrs={"class": "tab-content"})
    buttons = tabs.select(":scope > .tablist > button")
    for number, (button, panel) in enumerate(zip(buttons, tabs.select(":scope > [role=tabpanel]"), strict=True)):
        active = " active" if number == 0 else ""
        item = soup.new_tag("li", attrs={"class": "nav-item", "role": "presentation"})
        link = soup.new_tag(
            "a", attrs={"class": f"nav-link{active}", "id": f"{panel['id']}-tab", "data-bs-toggle": "tab"}
        )
        link.attrs |= {"data-bs-target": f"#{panel['id']}", "role": "tab", "aria-controls": panel["id"], "href": ""}
        link["aria-selected"] = "true" if active else "false"
        link.extend([*button.contents])
        item.append(link)
        row.append(item)
        panel.select_one(".tab-title").extract()
        panel.attrs = {"id": panel["id"], "class": f"tab-pane{active}", "role": "tabpanel"} | {
            "aria-labelledby": link["id"]
        }
        panels.append(panel.extract())
    new.extend([row, panels])
    tabs.replace_with(new)


def frame(
    config: dict[str, Any], heads: dict[str, Any], name: str, toc: str, lead: str, body: str, modern: bool
) -> str:
    """A whole page around a body."""
    title, web, html = heads[name]["title"], config["website"], config["format"]["html"]
    rel = "stylesheet" if modern else "prefetch"
    module = ' type="module"' if modern else ""
    links = []
    for folder, stem, mark in (
        ("quarto-html", "quarto-syntax-highlighting", "quarto-text-highlighting-styles"),
        ("bootstrap", "bootstrap", "quarto-bootstrap"),
    ):
        end = ".min.css" if folder == "bootstrap" else ".css"
        light, dark = (f"site_libs/{folder}/{stem}{kind}-1{end}" for kind in ("", "-dark"))
        links.append(
            f'<link href="{light}" rel="stylesheet" class="quarto-color-scheme" id="{mark}" data-mode="light">'
        )
        alternate = "quarto-color-scheme quarto-color-alternate"
        links.append(f'<link href="{dark}" rel="{rel}" class="{alternate}" id="{mark}" data-mode="dark">')
        if modern:
            links.append(f'<link href="{light}" rel="stylesheet" class="quarto-color-scheme-extra" id="{mark}">')
    links += [f'<link rel="stylesheet" href="{file}">' for file in html["css"]]
    asks = modern and html.get("respect-user-color-scheme")
    scheme = SCHEME % ('matchMedia("(prefers-color-scheme: dark)").matches' if asks else "false")
    before = f'<script id="quarto-html-before-body" type="application/javascript">{scheme}</script>' if modern else ""
    late = "" if modern else f'document.addEventListener("DOMContentLoaded", () => {{{scheme}}});'
    fold = (
        'data-bs-toggle="collapse" role="button" data-bs-target=".quarto-sidebar-collapse-item" aria-expanded="false"'
    )
    toc = re.sub(r'<li><a href="#references".*?</li>', "", toc, flags=re.DOTALL)
    contents = toc.replace('href="', 'class="nav-link" href="').strip()
    margin = f'<nav id="TOC" role="doc-toc" class="toc-active"><h2 id="toc-title">On this page</h2>{contents}</nav>'
    footer = web["page-footer"]
    return f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en"><head>
<meta charset="utf-8">
<meta name="generator" content="quarto-{"1.10.18" if modern else "1.6.42"}">
<meta name="viewport" content="width=device-width, initial-scale=1.0, user-scalable=yes">
<title>{title} – {web["title"]}</title>
<script src="site_libs/quarto-nav/quarto-nav.js"></script>
<meta name="quarto:offset" content="./">
<script src="site_libs/quarto-html/quarto.js"{module}></script>
{'<script src="site_libs/quarto-html/tabsets/tabsets.js" type="module"></script>' if modern else ""}
<script src="site_libs/bootstrap/bootstrap.min.js"></script>
<link href="site_libs/bootstrap/bootstrap-icons.css" rel="stylesheet">
{chr(10).join(links)}
</head>
<body class="nav-sidebar docked{" quarto-light" if modern else ""}">{before}
<div id="quarto-search-results"></div>
<header id="quarto-header" class="headroom fixed-top"><nav class="quarto-secondary-nav">
<div class="container-fluid d-flex">
<button type="button" class="quarto-btn-toggle btn" {fold} aria-label="Toggle sidebar navigation"></button>
<a class="flex-grow-1 no-decor" role="navigation"><h1 class="quarto-secondary-nav-title">{title}</h1></a>
</div></nav></header>
<div id="quarto-content" class="quarto-container page-columns page-rows-contents page-layout-article">
<nav id="quarto-sidebar"
 class="sidebar collapse collapse-horizontal quarto-sidebar-collapse-item sidebar-navigation docked overflow-auto">
<div class="pt-lg-2 mt-2 text-left sidebar-header">
<div class="sidebar-title mb-0 py-0"><a href="./">{web["title"]}</a>
<div class="sidebar-tools-main"><a href="" class="quarto-color-scheme-toggle quarto-navigation-tool px-1"
 onclick="window.quartoToggleColorScheme(); return false;" title="Toggle dark mode"><i class="bi"></i></a>
</div></div></div>
<div class="sidebar-menu-container">
<ul class="list-unstyled mt-1">{sidebar(web["sidebar"]["contents"], heads, name)}</ul></div>
</nav>
<div id="quarto-sidebar-glass" class="quarto-sidebar-collapse-item"></div>
<div id="quarto-margin-sidebar" class="sidebar margin-sidebar">{margin if contents else ""}</div>
<main class="content" id="quarto-document-content">
<header id="title-block-header" class="quarto-title-block default">
<div class="quarto-title"><h1 class="title d-none d-lg-block">{title}</h1></div>
<div><div class="description">{lead.strip()}</div></div>
</header>
{body}
</main>
<script id="quarto-html-after-body" type="application/javascript">{late}</script>
{pager(heads, name)}
</div>
<footer class="footer"><div class="nav-footer"><div class="nav-footer-left"><p>{footer["left"]}</p></div>
<div class="nav-footer-center">&nbsp;</div><div class="nav-footer-right"><p>{footer["right"]}</p></div></div></footer>
</body></html>
"""


def sidebar(contents: list[Any], heads: dict[str, Any], here: str) -> str:
    """The list of pages, section by section."""
    items = []
    for item in contents:
        if isinstance(item, dict) and "contents" in item:
            inner = sidebar(item["contents"], heads, here)
            head = f'<span class="menu-text">{item["section"]}</span>'
            items.append(
                f'<li class="sidebar-item sidebar-item-section">{head}<ul class="list-unstyled show">{inner}</ul></li>'
            )
        else:
            href = item if isinstance(item, str) else item["href"]
            text = heads[href]["title"] if isinstance(item, str) else item.get("text") or heads[href]["title"]
            active = " active" if href == here else ""
            link = f'<a href="./{href.replace(".qmd", ".html")}" class="sidebar-item-text sidebar-link{active}">'
            items.append(f'<li class="sidebar-item">{link}<span class="menu-text">{text}</span></a></li>')
    return "".join(items)


def pager(heads: dict[str, Any], here: str) -> str:
    """Links to the pages before and after."""
    names, at = [*heads], [*heads].index(here)
    parts = []
    for kind, other in (("previous", at - 1), ("next", at + 1)):
        if 0 <= other < len(names):
            link = f'<a href="./{names[other].replace(".qmd", ".html")}" class="pagination-link">'
            text = f'<span class="nav-page-text">{heads[names[other]]["title"]}</span></a>'
            parts.append(f'<div class="nav-page nav-page-{kind}">{link}{text}</div>')
    return f'<nav class="page-navigation">{"".join(parts)}</nav>'


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2:]))
