"""A page as its author wrote it, every line with its number, so that a fault can be named by page and line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lib.base.errors import SiteError

FENCE = re.compile(r"^\s*(`{3,}|~{3,})")


@dataclass(frozen=True)
class Line:
    """One line of a page and where it stands.

    Args:
        text: the line without its end.
        where: file and line number, as in ``01_similarity_test.qmd:12``.
        code: whether it stands in a code block, where nothing is replaced.
    """

    text: str
    where: str
    code: bool = False


def read(path: Path) -> list[Line]:
    """Reads a page and marks which of its lines are code.

    Raises:
        SiteError: no such page.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise SiteError("no such page", where=path) from None
    return list(_lines(text, path.name))


def _lines(text: str, name: str) -> Iterator[Line]:
    open_fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        fence = FENCE.match(line)
        inside = bool(open_fence)
        if fence and not open_fence:
            open_fence = fence[1]
        elif fence and fence[1].startswith(open_fence) and not line.strip().strip(open_fence[0]):
            open_fence = ""
        yield Line(line, f"{name}:{number}", code=inside or bool(open_fence))


def front_matter(lines: list[Line]) -> dict[str, Any]:
    """The YAML block at the head of a page.

    Raises:
        SiteError: no block, bad YAML, or no title in it.

    Example:
        >>> front_matter([Line("---", "a:1"), Line("title: A page", "a:2"), Line("---", "a:3")])
        {'title': 'A page'}
    """
    where = lines[0].where if lines else "page"
    marks = [n for n, line in enumerate(lines) if line.text.rstrip() == "---"][:2]
    if len(marks) < 2 or marks[0] != 0:
        raise SiteError("a page starts with a --- block that holds its title", where=where)
    try:
        meta = yaml.safe_load("\n".join(line.text for line in lines[1 : marks[1]]))
    except yaml.YAMLError as error:
        raise SiteError(f"bad YAML in the page's head ({getattr(error, 'problem', error)})", where=where) from None
    if not isinstance(meta, dict) or not meta.get("title"):
        raise SiteError("the page has no title", where=where)
    return meta
