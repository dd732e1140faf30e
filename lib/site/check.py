"""Faults of a finished site: what a reader would stumble over, found before one does."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lib.base.errors import SiteError
from lib.site.document import Document

_UNRESOLVED = re.compile(r"<strong>(\?(?:@|var:|meta:)[\w.:-]+|\?\(caption\))</strong>|\{\{<.*?>\}\}")
_TAG = re.compile(r"""<(?!/?strong>)[A-Za-z/](?:"[^"]*"|'[^']*'|[^"'>])*>""")
"""Every tag but those that either renderer sets around what it cannot resolve; attributes hold texts of the data."""
_REMOTE = re.compile(r"@import\b|url\(\s*['\"]?(?:https?:)?//", re.IGNORECASE)


def site(folder: Path) -> dict[str, Document]:
    """Reads every page and refuses the first fault.

    Args:
        folder: a finished site.

    Returns:
        The parsed pages by address.

    Raises:
        SiteError: an unresolved reference or shortcode, an id given twice, a link or anchor that leads nowhere
            or out of the site, a picture without alternative text, or anything loaded from the network.
    """
    paths = sorted(folder.rglob("*.html"))
    pages = {path.relative_to(folder).as_posix(): Document.read(path) for path in paths}
    for path in paths:
        address = path.relative_to(folder).as_posix()
        _page(path.read_text(encoding="utf-8"), pages[address], address)
        _links(pages[address], address, folder, pages)
    for style in folder.rglob("*.css"):
        if _REMOTE.search(style.read_text(encoding="utf-8")):
            raise SiteError("the style loads something from elsewhere", where=style.relative_to(folder))
    return pages


def _page(markup: str, page: Document, address: str) -> None:
    if match := _UNRESOLVED.search(_TAG.sub("", markup)):
        raise SiteError(f"unresolved {match[1] or match[0]}", where=address, fix="mend the name on the page")
    seen: set[str] = set()
    for name in page.ids:
        if name in seen:
            raise SiteError(f"id {name} is given twice", where=address, fix="rename one")
        seen.add(name)
    if page.pictures_without_text:
        raise SiteError(f"picture {page.pictures_without_text[0]} has no alternative text", where=address)


def _links(page: Document, address: str, folder: Path, pages: dict[str, Document]) -> None:
    here = (folder / address).parent
    for link in [*page.resources, *page.links]:
        parts = urlsplit(link)
        if parts.scheme in {"http", "https"} or parts.netloc:
            if link in page.resources:
                raise SiteError(f"loads {link} from the network", where=address, fix="ship the file with the site")
            continue
        if parts.scheme in {"data", "mailto"}:
            continue
        if parts.scheme:
            raise SiteError(f"link {link} has a scheme that is not allowed", where=address)
        target = (here / unquote(parts.path)).resolve() if parts.path else folder / address
        if target.is_dir():
            target = target / "index.html"
        if not target.is_file():
            raise SiteError(f"link {link} leads nowhere", where=address, fix="mend the link or make the file")
        if not target.resolve().is_relative_to(folder.resolve()):
            raise SiteError(f"link {link} leads outside the site", where=address, fix="copy the file into the site")
        name = target.resolve().relative_to(folder.resolve()).as_posix()
        if parts.fragment and name in pages and unquote(parts.fragment) not in pages[name].ids:
            raise SiteError(f"link {link} names an anchor that does not exist", where=address)
