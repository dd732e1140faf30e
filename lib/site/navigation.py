"""The site's pages and their order, read from the one ``_quarto.yml`` that both renderers obey."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lib.base.errors import SiteError
from lib.site import source

EXECUTED = "Executed notebooks"


@dataclass(frozen=True)
class Entry:
    """One link of the sidebar.

    Args:
        href: address relative to the site's root, ending in ``.html``.
        title: what the link says.
        section: heading it stands under, empty at the top level.
    """

    href: str
    title: str
    section: str = ""


def read(path: Path) -> dict[str, Any]:
    """Reads ``_quarto.yml``.

    Raises:
        SiteError: missing, bad YAML, or without a sidebar.
    """
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        config["website"]["sidebar"]["contents"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise SiteError(f"no usable site configuration ({error!r})", where=path) from None
    return dict(config)


def restrict(config: Mapping[str, Any], pages: Collection[str], notebooks: Mapping[str, str]) -> dict[str, Any]:
    """Leaves the pages that exist, and adds the executed notebooks.

    Args:
        config: ``_quarto.yml`` as written, with every page.
        pages: names of the ``.qmd`` files that this run has.
        notebooks: title of each executed notebook by its address.

    Returns:
        A configuration for this run, in which sections without a page are gone.
    """
    website = dict(config["website"])
    contents = list(_kept(website["sidebar"]["contents"], pages))
    if notebooks:
        links = [{"href": href, "text": title} for href, title in notebooks.items()]
        contents.append({"section": EXECUTED, "contents": links})
    website["sidebar"] = {**website["sidebar"], "contents": contents}
    project = {**config["project"], "render": [page for page in _pages(contents) if page.endswith(".qmd")]}
    return {**config, "project": project, "website": website}


def _kept(contents: list[Any], pages: Collection[str]) -> Iterator[Any]:
    for item in contents:
        if isinstance(item, dict) and "contents" in item:
            if inner := list(_kept(item["contents"], pages)):
                yield {**item, "contents": inner}
        elif (item if isinstance(item, str) else item["href"]) in pages:
            yield item


def _pages(contents: list[Any]) -> Iterator[str]:
    for item in contents:
        if isinstance(item, dict) and "contents" in item:
            yield from _pages(item["contents"])
        else:
            yield item if isinstance(item, str) else item["href"]


def entries(config: Mapping[str, Any], titles: Mapping[str, str]) -> list[Entry]:
    """The sidebar as a flat list, in reading order.

    Args:
        config: a configuration of this run.
        titles: title of each page by its ``.qmd`` name, for links that carry no text of their own.

    Example:
        >>> sidebar = {"contents": ["index.qmd", {"section": "More", "contents": ["a.qmd"]}]}
        >>> entries({"website": {"sidebar": sidebar}}, {"index.qmd": "Start", "a.qmd": "A"})[1]
        Entry(href='a.html', title='A', section='More')
    """
    found: list[Entry] = []

    def visit(contents: list[Any], section: str) -> None:
        for item in contents:
            if isinstance(item, dict) and "contents" in item:
                visit(item["contents"], item["section"])
            else:
                link = {"href": item} if isinstance(item, str) else item
                href = link["href"]
                title = link.get("text", titles.get(href, href))
                found.append(Entry(re.sub(r"\.qmd$", ".html", href), title, section))

    visit(config["website"]["sidebar"]["contents"], "")
    return found


def staged(folder: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]], list[Entry]]:
    """What a staged folder says of its pages.

    Args:
        folder: as made by :func:`lib.site.stage.stage`.

    Returns:
        Its ``_quarto.yml``; the head of each page by name, in order; the sidebar.

    Raises:
        SiteError: no usable configuration, a page that is missing or has no title.
    """
    config = read(folder / "_quarto.yml")
    heads = {name: source.front_matter(source.read(folder / name)) for name in config["project"]["render"]}
    return config, heads, entries(config, {name: str(head["title"]) for name, head in heads.items()})


def neighbours(sequence: list[Entry], href: str) -> tuple[Entry | None, Entry | None]:
    """The pages before and after one, among those of the report proper.

    Example:
        >>> a, b = Entry("a.html", "A"), Entry("b.html", "B")
        >>> neighbours([a, b], "a.html") == (None, b)
        True
    """
    pages = [entry for entry in sequence if entry.section != EXECUTED]
    place = next((n for n, entry in enumerate(pages) if entry.href == href), None)
    if place is None:
        return None, None
    return (pages[place - 1] if place else None), (pages[place + 1] if place + 1 < len(pages) else None)
