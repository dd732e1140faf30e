"""The names that notebooks declare: of the values they may record, and of the figures and tables they show.

A page, a guard or an answer may read a declared name and no other, and a notebook may record no other, so that a value
that is renamed on one side fails at once and no paragraph vanishes in silence.
"""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from functools import cache

from lib.base.errors import RunError
from lib.base.prose import PARTS
from lib.run.pipeline import BY_STEM, PIPELINE

ALWAYS = {
    "finding": "what was measured, in a sentence",
    "verdict": "what the section's rule says of it, in a sentence",
    "related": "what the same rule says of related claims",
    "action": "what to do next",
}
RUN = "run"
"""What comes before the values and tables of a whole run, which the site adds to those of its notebooks."""
_PLACE = re.compile(r"\{([a-z0-9_|]+)\}")
_NUMBERED = re.compile(r"_\d+$")


def check(section: str, name: str) -> None:
    """Refuses a value that its section does not declare.

    Raises:
        RunError: such a name.
    """
    if not is_value(section, name):
        where = f"lib/sections/{section}/values.py"
        raise RunError(f"no value {name!r} is declared", where=where, fix="declare it there with what it says")


def values(section: str) -> Mapping[str, str]:
    """What a section's values say, by name.

    In a name ``{corpus}`` stands for the name of any corpus, and so on; ``{clip|caption}`` for one of the two.
    """
    module = importlib.import_module(f"lib.sections.{section}.values")
    return {**ALWAYS, **module.VALUES}


def is_value(section: str, name: str) -> bool:
    """Whether a section declares a value of this name, or the measure that this is a part of.

    Example:
        >>> [is_value("similarity", name) for name in ("finding", "source_share_low", "no_such_share")]
        [True, True, False]
    """
    if name in values(section):
        return True
    whole = next((name.removesuffix(f"_{part}") for part in PARTS if name.endswith(f"_{part}")), name)
    return any(_pattern(section).fullmatch(one) is not None for one in (name, whole))


def is_exhibit(stem: str, file: str) -> bool:
    """Whether a notebook shows a figure, a table or a player under this name of a file.

    Example:
        >>> is_exhibit("01_similarity_test", "ecdf.png"), is_exhibit("01_similarity_test", "pairs_played_1.html")
        (True, True)
    """
    name = file.rsplit(".", 1)[0]
    return not _exhibits(stem).isdisjoint({name, _NUMBERED.sub("", name)})


def is_declared(name: str) -> bool:
    """Whether anything of this name may be there in some run: a value, an exhibit, or a notebook.

    Args:
        name: a value with a dot, an address with a slash, or the stem of a notebook.
    """
    if "/" in name:
        _, stem, *rest = name.split("/")
        return stem == RUN or (stem in BY_STEM and len(rest) == 1 and is_exhibit(stem, rest[0]))
    if "." in name:
        section, value = name.split(".", 1)
        known = {notebook.section for notebook in PIPELINE}
        return section == RUN or (section in known and is_value(section, value))
    return name in BY_STEM


@cache
def _pattern(section: str) -> re.Pattern[str]:
    return re.compile("|".join(_PLACE.sub(_place, name) for name in values(section)))


def _place(match: re.Match[str]) -> str:
    return f"(?:{match[1]})" if "|" in match[1] else "[a-zA-Z0-9][a-zA-Z0-9_]*"


@cache
def _exhibits(stem: str) -> frozenset[str]:
    from lib.run.freshness import notebook_cells

    code = [source for kind, source in notebook_cells(BY_STEM[stem].path) if kind == "code"]
    return frozenset(name for source in code for name in _shown(source))


def _shown(source: str) -> Iterator[str]:
    """The name of everything that a cell hands to `Run.show`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr="show"), args=[ast.Constant(value=str(name)), *_]):
                yield name
