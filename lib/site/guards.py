"""Parts of a page that stand only where their evidence exists, as ``::: {.when has="similarity.text_share"}``."""

import re
from dataclasses import replace
from functools import partial
from itertools import count, takewhile

from lib.base.errors import SiteError
from lib.run.declared import is_declared
from lib.site.page_assets import PageAssets
from lib.site.source import Line

_OPEN = re.compile(r"^\s*:{3,}\s*(\{.*\}|[\w-]+)\s*:*\s*$")
_CLOSE = re.compile(r"^\s*:{3,}\s*$")
_WHEN = re.compile(r"\{[^}]*\.when\b[^}]*\}")
_CONDITION = re.compile(r"\b(has|lacks)=\"([^\"]*)\"")
_EACH = re.compile(r"\beach=\"([^\"]*)\"")
PLACE = "{n}"
"""What a repeated part has in the place of its number."""


def resolve(lines: list[Line], evidence: PageAssets) -> list[Line]:
    """Keeps the guarded parts whose evidence exists and takes the guards away.

    A guard is a fenced div of class ``when``. ``has`` keeps it where every name exists; ``lacks`` keeps it where at
    least one does not. Names are variables, addresses of figures and tables, or stems of notebooks. ``each``, a name
    with ``{n}`` in it, repeats the part for n = 1, 2 and so on, as long as that name exists, and puts the number for
    every ``{n}``. Guards nest, and are gone before Quarto or Pandoc sees the page.

    Args:
        lines: the page.
        evidence: what exists.

    Returns:
        The remaining lines, with an empty one where a guard stood.

    Raises:
        SiteError: a guard without a condition or on a name that no notebook declares, ``each`` without ``{n}``, or a
            div that is never closed.

    Example:
        >>> page = ['::: {.when has="run.date"}', "text", ":::", '::: {.when lacks="run.date"}', "not run", ":::"]
        >>> [line.text for line in resolve([Line(text, "p:1") for text in page], PageAssets()) if line.text]
        ['not run']
        >>> page = ['::: {.when each="run.part_{n}"}', "no. {n}", ":::"]
        >>> numbered = PageAssets(variables={"run.part_1": "", "run.part_2": ""})
        >>> [line.text for line in resolve([Line(text, "p:1") for text in page], numbered) if line.text]
        ['no. 1', 'no. 2']
    """
    lines = _repeated(lines, evidence)
    kept: list[Line] = []
    stack: list[tuple[bool, bool, Line]] = []
    for line in lines:
        if not line.code and _OPEN.match(line.text):
            guard = bool(_WHEN.search(line.text))
            shown = _shown(line, evidence) if guard else True
            stack.append((guard, shown, line))
            if guard:
                kept.append(Line("", line.where))
                continue
        elif not line.code and stack and _CLOSE.match(line.text):
            visible = all(shown for _, shown, _ in stack)
            guard, _, _ = stack.pop()
            if visible or guard:
                kept.append(Line("", line.where) if guard else line)
            continue
        if all(shown for _, shown, _ in stack):
            kept.append(line)
    if stack:
        raise SiteError("this ::: block is never closed", where=stack[-1][2].where)
    return kept


def _repeated(lines: list[Line], evidence: PageAssets) -> list[Line]:
    repeated: list[Line] = []
    at = 0
    while at < len(lines):
        each = _each(lines[at])
        if each is None:
            repeated.append(lines[at])
            at += 1
            continue
        end = _end(lines, at)
        names = map(partial(each.replace, PLACE), map(str, count(1)))
        for number, _ in enumerate(takewhile(evidence.has, names), 1):
            own = (replace(line, text=line.text.replace(PLACE, str(number))) for line in lines[at + 1 : end])
            repeated += [*own, Line("", lines[end].where)]
        at = end + 1
    return repeated


def _each(line: Line) -> str | None:
    """The name that a repeated part goes by; None where the line opens none."""
    if line.code or not _WHEN.search(line.text) or not (name := _EACH.search(line.text)):
        return None
    if PLACE not in name[1] or _CONDITION.search(line.text):
        fix = 'write {.when each="…_{n}"} and no other condition'
        raise SiteError(f"a repeated part goes by one name with {PLACE} in it", where=line.where, fix=fix)
    _declared(name[1].replace(PLACE, "1"), line)
    return name[1]


def _end(lines: list[Line], start: int) -> int:
    """The line that closes the div which a line opens."""
    depth = 0
    for at in range(start, len(lines)):
        text = "" if lines[at].code else lines[at].text
        if _OPEN.match(text):
            if at > start and _each(lines[at]) is not None:
                raise SiteError("a repeated part within a repeated part", where=lines[at].where)
            depth += 1
        elif _CLOSE.match(text):
            depth -= 1
            if not depth:
                return at
    raise SiteError("this ::: block is never closed", where=lines[start].where)


def _shown(line: Line, evidence: PageAssets) -> bool:
    conditions = _CONDITION.findall(line.text)
    if not conditions or not all(names.split() for _, names in conditions):
        raise SiteError('a guard names what it needs, as in {.when has="similarity.text_share"}', where=line.where)
    for name in " ".join(names for _, names in conditions).split():
        _declared(name, line)
    return all((kind == "has") == all(map(evidence.has, names.split())) for kind, names in conditions)


def _declared(name: str, line: Line) -> None:
    if not is_declared(name):
        raise SiteError(f"no notebook declares {name}", where=line.where, fix="name what a notebook records or shows")
