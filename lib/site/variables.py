"""Numbers on their way from ``values.json`` to prose: formatted once, escaped once, the same for both renderers."""

import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from lib.base import state
from lib.base.errors import SiteError
from lib.base.prose import PARTS, part, phrase

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~^$@\"'&=!]|:(?=[\w+-]+:)")
_ESCAPED = re.compile(rf"\\([{re.escape(string.punctuation)}])")
_LIST_MARKER = re.compile(r"^(\(?[0-9A-Za-z#]{1,9}[.)]|[-+:%](?=\s|$))(\s|$)")


def read(file: Path, section: str) -> dict[str, str]:
    """Reads the values of one notebook, ready for prose.

    Args:
        file: a ``values.json``: a flat object of numbers, texts, truth values or estimates
            (objects with ``value``, ``low``, ``high``, ``n``, ``unit``, ``text``).
        section: the namespace they get.

    Returns:
        Plain text by dotted name; an estimate ``x`` also gives ``x_value``, ``x_low``, ``x_high`` and ``x_n``, in per
        cent where its unit is ``share``.

    Raises:
        SiteError: unreadable file, a name that a shortcode cannot hold, a value that is no text and no finite number.
    """
    found: dict[str, str] = {}
    for name, value in raw(file).items():
        if not NAME.fullmatch(name):
            raise SiteError(f"value name {name!r} is not a plain name", where=file, fix="use letters, digits and _")
        try:
            found |= {f"{section}.{key}": text for key, text in _texts(name, value)}
        except ValueError as error:
            raise SiteError(f"value {name!r}: {error}", where=file) from None
    return found


def raw(file: Path) -> dict[str, Any]:
    """The values of one notebook as they were written.

    Raises:
        SiteError: unreadable file, or no object of values.
    """
    return state.required(file, dict[str, Any], fix="run the notebook again", kind=SiteError)


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    yield name, phrase(value)
    if isinstance(value, Mapping):
        yield from ((f"{name}_{key}", part(value, key)) for key in PARTS if value.get(key) is not None)


def markdown(text: str) -> str:
    r"""Escapes plain text so that Pandoc's Markdown reads it back as the same text, in a paragraph or as metadata.

    Example:
        >>> print(markdown("<script>*a*</script> {{< x >}} 1,024 (95 %)"))
        \<script\>\*a\*\</script\> \{\{\< x \>\}\} 1,024 (95 %)
        >>> print(markdown("1. first"))
        1\. first
    """
    text = _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
    text = text.replace("--", r"\-\-").replace("...", r"\.\.\.").replace(":::", r"\:\:\:")
    return _LIST_MARKER.sub(lambda m: m[1][:-1] + "\\" + m[1][-1] + m[2], text)


def plain(escaped: str) -> str:
    r"""The text that :func:`markdown` escaped.

    Example:
        >>> plain(markdown("*a* @b 1. c"))
        '*a* @b 1. c'
    """
    return _ESCAPED.sub(r"\1", escaped)


def dump(flat: Mapping[str, str]) -> str:
    """Writes ``_variables.yml``: values escaped, and quoted so that none is read as a number, a date or a truth value.

    Args:
        flat: plain text by dotted name.

    Example:
        >>> print(dump({"run.profile": "demo", "run.date": "2026-01-31"}), end="")
        "run":
          "profile": "demo"
          "date": "2026-01-31"
    """
    tree: dict[str, dict[str, str]] = {}
    for name, text in flat.items():
        section, key = name.split(".", 1)
        tree.setdefault(section, {})[key] = markdown(text)
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=10_000, default_style='"')
