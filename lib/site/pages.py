"""The pages of one run: guards, tables and figures resolved, every reference checked."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from lib.base.errors import SiteError
from lib.run.pipeline import BY_STEM
from lib.site import answers, figures, guards, includes, references, source
from lib.site.page_assets import PageAssets
from lib.site.source import Line

_FOLDER = re.compile(r"\]\((?:guide/|\.\./)(?=[\w-]+\.qmd)")
"""The folder in a link between a page of the guide and one of the report, as it is right in the sources."""


@dataclass(frozen=True)
class Page:
    """One page, ready for either renderer.

    Args:
        title: from its head.
        lines: Markdown in which only variables are left to fill in.
    """

    title: str
    lines: list[Line]


def resolve(report: Path, known: PageAssets) -> dict[str, Page]:
    """Resolves every page that this run has.

    Pages of the guide lie in a folder of their own and stand beside the others on the site, so a link into that folder,
    or out of it, loses the folder.

    A page named like a notebook, or like one and something more, is part of the run when the notebook has a result;
    other pages always are.

    Args:
        report: folder of the sources, with ``references.bib`` in it.
        known: what the run left behind.

    Returns:
        Pages by name, such as ``index.qmd``.

    Raises:
        SiteError: anything a page refers to that does not exist, by page and line.
    """
    pages = {
        path.name: _page(path, known)
        for path in sorted(report.rglob("*.qmd"), key=lambda path: path.name)
        if all(stem in known.notebooks for stem in BY_STEM if path.stem.startswith(stem))
    }
    if "index.qmd" not in pages:
        raise SiteError("no index.qmd", where=report)
    cited = references.keys((report / "references.bib").read_text(encoding="utf-8"))
    made = {f"notebooks/{stem}.{kind}" for stem in known.notebooks for kind in ("html", "ipynb")} | {answers.FILE}
    lines = {name: page.lines for name, page in pages.items()}
    references.check(lines, citations=cited, files={*known.files, *made})
    return pages


def _page(path: Path, known: PageAssets) -> Page:
    lines = [line if line.code else replace(line, text=_FOLDER.sub("](", line.text)) for line in source.read(path)]
    title = str(source.front_matter(lines)["title"])
    lines = guards.resolve(lines, known)
    added = includes.attachments(lines, known)
    lines = [done for line in lines for done in includes.resolve(line, known)] + added
    return Page(title, [done for line in lines for done in figures.complete(line, known)])
