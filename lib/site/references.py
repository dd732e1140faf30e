"""References of a page: figures, tables, sections, citations and links that must lead somewhere."""

import re
from collections.abc import Collection, Mapping

from lib.base.errors import SiteError
from lib.site.source import Line

_ID = re.compile(r"\{[^{}\"]*?#([A-Za-z][\w-]*)[^{}]*\}")
_CROSS = re.compile(r"(?<![\w\\&])@((?:fig|tbl|sec)-[\w-]+)")
_CITED = re.compile(r"(?<![\w\\&])@([A-Za-z][\w-]*)")
_LINK = re.compile(r"\]\(\s*([^()\s]+)\s*\)")
_KEY = re.compile(r"^@\w+\{\s*([^,\s]+)\s*,", re.MULTILINE)


def keys(bibliography: str) -> set[str]:
    r"""The citation keys of a BibTeX file.

    Example:
        >>> keys("@misc{spacy2020,\n title = {x}}")
        {'spacy2020'}
    """
    return set(_KEY.findall(bibliography))


def check(pages: Mapping[str, list[Line]], *, citations: Collection[str], files: Collection[str]) -> None:
    """Refuses the first reference of any page that leads nowhere.

    Args:
        pages: the resolved lines of each page by name, such as ``index.qmd``.
        citations: keys of the bibliography.
        files: addresses of everything besides pages that the site will hold.

    Raises:
        SiteError: names page, line and reference.
    """
    ids = {
        name: {found for line in lines if not line.code for found in _ID.findall(line.text)}
        for name, lines in pages.items()
    }
    for name, lines in pages.items():
        for line in lines:
            if not line.code:
                _crossed(line, ids[name], citations)
                _linked(line, name, ids, files)


def _crossed(line: Line, ids: Collection[str], citations: Collection[str]) -> None:
    for target in _CROSS.findall(line.text):
        if target not in ids:
            fix = "name it as its figure, table or section does, and guard both alike"
            raise SiteError(f"@{target} is not on this page", where=line.where, fix=fix)
    for key in _CITED.findall(_CROSS.sub("", line.text)):
        if key not in citations:
            raise SiteError(f"no source @{key}", where=line.where, fix="add it to report/references.bib")


def _linked(line: Line, page: str, ids: Mapping[str, Collection[str]], files: Collection[str]) -> None:
    for target in _LINK.findall(line.text):
        if re.match(r"https?://|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        if path and path not in ids and path not in files:
            fix = "guard it with .when where that page or file may be absent"
            raise SiteError(f"link {target} leads nowhere", where=line.where, fix=fix)
        if anchor.split("-")[0] in {"fig", "tbl", "sec"} and anchor not in ids.get(path or page, {anchor}):
            raise SiteError(f"link {target} names an id that does not exist", where=line.where)
