"""The words of the site as a script, because a page opened from disk may load scripts but not fetch data."""

import json
from collections.abc import Mapping
from pathlib import Path

from lib.site.document import Document
from lib.site.navigation import Entry

FILE = "theme/search_index.js"

LONGEST = 4000


def write(site: Path, entries: list[Entry]) -> None:
    """Writes the index of a rendered site into it, the same way whichever renderer made the pages.

    Args:
        site: holds every page of the sidebar.
        entries: the sidebar, as :func:`lib.site.navigation.staged` gives it.
    """
    pages = {entry.href: Document.read(site / entry.href) for entry in entries}
    titles = {entry.href: entry.title for entry in entries}
    (site / FILE).parent.mkdir(exist_ok=True)
    (site / FILE).write_text(script(records(pages, titles)), encoding="utf-8")


def records(pages: Mapping[str, Document], titles: Mapping[str, str]) -> list[list[str]]:
    """One record a section.

    Args:
        pages: parsed pages by address.
        titles: title of each page by address.

    Returns:
        Address with anchor, title of the page, title of the section, text cut at ``LONGEST`` characters.

    Example:
        >>> records({"a.html": Document('<h2 id="w">Walk</h2>far')}, {"a.html": "A"})
        [['a.html#w', 'A', 'Walk', 'far']]
    """
    found = []
    for href, page in pages.items():
        for section in page.sections:
            if section.title.strip() or section.text:
                address = f"{href}#{section.anchor}" if section.anchor else href
                heading = " ".join(section.title.split())
                found.append([address, titles.get(href, href), heading, section.text[:LONGEST]])
    return found


def script(found: list[list[str]]) -> str:
    r"""The records as a script that sets ``window.searchIndex``, in ASCII, with nothing that could end a script.

    Example:
        >>> script([["a.html", "A", "</script>", "é"]])
        'window.searchIndex = [["a.html","A","\\u003c/script>","\\u00e9"]];\n'
    """
    text = json.dumps(found, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.searchIndex = {text};\n"
