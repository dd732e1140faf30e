"""What a run kept back, by corpus and reason: counts, never ids."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lib.base import state
from lib.run import provenance
from lib.run.redaction import WITHHELD

Records = Mapping[str, Mapping[str, Any]]

PLACES: dict[str, Any] = {"corpora": {"__all__": {"root"}}, "models": True}
"""Parameters that say where things lie on a machine; no reader sees them."""
RAW: dict[str, Any] = {"survey": True, "evaluation": {"generations"}, "visualization": {"prompts"}}
"""Those that may hold captions, ids, names or places of a private corpus; both as pydantic excludes them."""

_WITHOUT = {
    "consent": ("clips", "no consent"),
    "consent of the mirrored clip": ("clips", "no consent to the clip that they mirror"),
    "captions of withheld clips": ("captions", "no consent to their clip"),
    "captions to compare of withheld clips": ("captions to compare", "no consent to their clip"),
}
"""How the loader's reasons are said."""


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


def rows(records: Records) -> list[list[str]]:
    """``corpus, what, why, count``, each once however many notebooks met it; no rows where nothing is withheld.

    Args:
        records: provenance by stem.

    Example:
        >>> rows({"a": {"withheld": {"rows": {"dm": {"consent": 3}}}}})
        [['dm', 'clips', 'no consent', '3']]
    """
    found: dict[tuple[str, str, str], int] = {}
    for record in records.values():
        kept = record.get("withheld", {})
        for corpus, reasons in kept.get("rows", {}).items():
            for reason, n in reasons.items():
                what, why = _WITHOUT.get(reason, ("rows", reason))
                found[corpus, what, why] = max(n, found.get((corpus, what, why), 0))
        for corpus, held in kept.get("private", {}).items():
            for what, n in held.items():
                found[corpus, what, "the corpus is private"] = n
    return [[*key, f"{n:,}"] for key, n in found.items() if n]


def cleared(records: Records) -> list[list[str]]:
    """``notebook, what, count`` of what redaction left out or cleared."""
    outputs = {stem: record.get("withheld", {}).get("outputs", {}) for stem, record in records.items()}
    return [[stem, what, f"{n:,}"] for stem, some in outputs.items() for what, n in some.items() if n]


def called(folder: Path, name: str) -> str:
    """What a result of 03 that was made under redaction calls a captioner; `WITHHELD` where it does not tell."""
    record, values = (
        provenance.record(folder),
        state.read(folder / "values.json", dict[str, Any], then=provenance.UNREAD),
    )
    if not record or not values or not is_redacted(record):
        return WITHHELD
    try:
        names = (folder / "tables" / "captioner_names.txt").read_text(encoding="utf-8").split("\n")
        return str(values[f"captioner_{names.index(name) + 1}"])
    except (OSError, ValueError, KeyError):
        return WITHHELD
