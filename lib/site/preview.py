"""The preview renderer: the same pages and navigation as Quarto's, through Pandoc, a few filters and one template."""

import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypandoc
import yaml

from lib.base.errors import SiteError
from lib.site import includes, navigation, search_index, variables
from lib.site.page_template import PageTemplate

NAME = "the preview renderer (Pandoc)"
FILTERS = ("links.lua", "callout.lua", "tabset.lua", "crossref.lua")
_LEAD, _BODY = "<!-- toc | lead -->", "<!-- lead | body -->"
_TOC_ID = re.compile(r' id="toc-[^"]*"')
_SHIPPED = ("*.css", "*.js")


def render(folder: Path, out: Path, *, jobs: int = 2) -> None:
    """Renders a staged folder.

    Args:
        folder: as made by :func:`lib.site.stage.stage`.
        out: a folder that does not exist yet.
        jobs: how many Pandoc processes run at a time.

    Raises:
        SiteError: Pandoc warns or fails on a page, such as on an unresolved reference or citation.
    """
    config, heads, entries = navigation.staged(folder)
    footer = str(config["website"]["page-footer"]["left"]).split(" · ")
    values = _variables(folder)
    title, synthetic = variables.plain(config["website"]["title"]), values["run.synthetic"] == "yes"
    stand_in = values.get("run.stand_in") == "yes"
    frame = PageTemplate(folder / "theme", title, entries, footer, synthetic, stand_in)
    _copy(folder, out)
    with ThreadPoolExecutor(jobs) as pool:
        pieces = list(pool.map(lambda name: _pandoc(folder, name, values, config), heads))
    for (name, head), (toc, lead, body) in zip(heads.items(), pieces, strict=True):
        href = name.replace(".qmd", ".html")
        page = frame.wrap(href, str(head["title"]), body, toc=toc, lead=lead, made_by=NAME)
        (out / href).write_text(page, encoding="utf-8")
    search_index.write(out, entries)


def _pandoc(folder: Path, name: str, values: dict[str, str], config: dict[str, Any]) -> tuple[str, str, str]:
    text = includes.substitute((folder / name).read_text(encoding="utf-8"), values)
    filters = [f"--lua-filter={folder / 'filters' / file}" for file in FILTERS]
    options = ["--from=markdown", "--to=html5", "--standalone", f"--template={folder / 'filters' / 'pieces.html'}"]
    options += ["--toc", f"--toc-depth={config['format']['html']['toc-depth']}", "--number-sections", "--section-divs"]
    options += ["--mathml", "--wrap=none", f"--bibliography={folder / config['bibliography']}"]
    options += ["--metadata=link-citations", "--fail-if-warnings"]
    command = [pypandoc.get_pandoc_path(), *options, *filters, "--citeproc"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", cwd=folder)
    if done.returncode:
        raise _fault(done.stderr, folder / name)
    toc, rest = done.stdout.split(_LEAD, 1)
    lead, body = rest.split(_BODY, 1)
    return _TOC_ID.sub("", toc).strip(), lead.strip(), body.strip()


def _fault(message: str, page: Path) -> SiteError:
    lines = [line for line in message.splitlines() if "Failing because there were warnings" not in line]
    said = re.sub(r"^\[WARNING\]\s*", "", " ".join(lines) or "Pandoc failed")
    text = page.read_text(encoding="utf-8").splitlines()
    names = [word.strip(".,;:'\"()@") for word in said.split()]
    found = (n for n, line in enumerate(text, 1) for word in names if len(word) > 4 and f"@{word}" in line)
    number = next(found, None)
    return SiteError(said[:300], where=f"{page.name}:{number} (as staged)" if number else page.name)


def _variables(folder: Path) -> dict[str, str]:
    tree = yaml.safe_load((folder / "_variables.yml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": text for section, values in tree.items() for name, text in values.items()}


def _copy(folder: Path, out: Path) -> None:
    out.mkdir(parents=True)
    for name in ("assets", "notebooks"):
        if (folder / name).is_dir():
            shutil.copytree(folder / name, out / name)
    for path in folder.glob("findings*.json"):
        shutil.copy2(path, out / path.name)
    (out / "theme").mkdir()
    for pattern in _SHIPPED:
        for path in (folder / "theme").glob(pattern):
            shutil.copy2(path, out / "theme" / path.name)
