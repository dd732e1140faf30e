"""Parts of a page that stand only where their evidence exists, as ``::: {.when has="similarity.share"}``."""

import re

from lib.base.errors import SiteError
from lib.run.declared import is_declared
from lib.site.page_assets import Evidence
from lib.site.source import Line

_OPEN = re.compile(r"^\s*:{3,}\s*(\{.*\}|[\w-]+)\s*:*\s*$")
_CLOSE = re.compile(r"^\s*:{3,}\s*$")
_WHEN = re.compile(r"\{[^}]*\.when\b[^}]*\}")
_CONDITION = re.compile(r"\b(has|lacks)=\"([^\"]*)\"")


def resolve(lines: list[Line], evidence: Evidence) -> list[Line]:
    """Keeps the guarded parts whose evidence exists and takes the guards away.

    A guard is a fenced div of class ``when``. ``has`` keeps it where every name exists; ``lacks`` keeps it where at
    least one does not. Names are variables, addresses of figures and tables, or stems of notebooks. Guards nest,
    and are gone before Quarto or Pandoc sees the page.

    Args:
        lines: the page.
        evidence: what exists.

    Returns:
        The remaining lines, with an empty one where a guard stood.

    Raises:
        SiteError: a guard without a condition or on a name that no notebook declares, or a div that is never closed.

    Example:
        >>> page = ['::: {.when has="a.b"}', "text", ":::", '::: {.when lacks="a.b"}', "not measured", ":::"]
        >>> [line.text for line in resolve([Line(text, "p:1") for text in page], Evidence()) if line.text]
        ['not measured']
    """
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


def _shown(line: Line, evidence: Evidence) -> bool:
    conditions = _CONDITION.findall(line.text)
    if not conditions or not all(names.split() for _, names in conditions):
        raise SiteError('a guard names what it needs, as in {.when has="similarity.share"}', where=line.where)
    for name in " ".join(names for _, names in conditions).split():
        if not is_declared(name):
            raise SiteError(
                f"no notebook declares {name}", where=line.where, fix="name what a notebook records or shows"
            )
    return all((kind == "has") == all(map(evidence.has, names.split())) for kind, names in conditions)
