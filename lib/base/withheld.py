"""What readers of a run are not shown: the mark that stands in its place, and which parameters are kept from them."""

from collections.abc import Mapping
from typing import Any

WITHHELD = "[withheld]"
COMMON = 5
"""Captions or clips that must share a word or a label before it may be shown: a rarer one may point to a person."""
PLACES: dict[str, Any] = {"corpora": {"__all__": {"root"}}, "models": True}
"""Parameters that say where things lie on a machine; no reader sees them."""
RAW: dict[str, Any] = {"survey": True, "evaluation": {"generations"}, "visualization": {"prompts"}}
"""Those that may hold captions, ids, names or places of a private corpus; both as pydantic excludes them."""


def is_redacted(record: Mapping[str, Any]) -> bool:
    """Whether a result was made under redaction, as its provenance says."""
    return bool(record.get("params", {}).get("redact"))


def hides(name: str, *, redacted: bool) -> bool:
    """Whether a parameter, by its dotted name, is of ``PLACES``, or of ``RAW`` where these are kept, or part of one.

    Example:
        >>> [hides(name, redacted=True) for name in ("survey.contact", "visualization.prompts", "visualization.rows")]
        [True, True, False]
        >>> [hides(name, redacted=False) for name in ("survey.contact", "corpora.dm.root", "corpora.dm.label")]
        [False, True, False]
    """
    section, *rest = name.split(".")
    hidden = (PLACES | (RAW if redacted else {})).get(section, ())
    if isinstance(hidden, dict):
        return bool({*rest[1:2]} & hidden["__all__"])
    return hidden is True or bool({*rest[:1]} & {*hidden})
