"""What a run kept back, by corpus and reason: counts, never ids."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lib.base import state
from lib.base.withheld import WITHHELD, is_redacted
from lib.run import provenance

Records = Mapping[str, Mapping[str, Any]]

_WITHOUT = {
    "consent": ("clips", "no consent"),
    "consent of the mirrored clip": ("clips", "no consent to the clip that they mirror"),
    "captions of withheld clips": ("captions", "no consent to their clip"),
    "captions to compare of withheld clips": ("captions to compare", "no consent to their clip"),
}
"""What is withheld and why, by the loader's reason."""


def rows(records: Records) -> list[list[str]]:
    """``corpus, what, why, count``, each once however many notebooks met it; no rows where nothing is withheld.

    Args:
        records: provenance by stem.

    Example:
        >>> rows({"a": {"withheld": {"rows": {"dm": {"consent": 3}}}}})
        [['dm', 'clips', 'no consent', '3']]
    """
    counts: dict[tuple[str, str, str], int] = {}
    for record in records.values():
        withheld = record.get("withheld", {})
        for corpus, reasons in withheld.get("rows", {}).items():
            for reason, n in reasons.items():
                what, why = _WITHOUT.get(reason, ("rows", reason))
                counts[corpus, what, why] = max(n, counts.get((corpus, what, why), 0))
        for corpus, held in withheld.get("private", {}).items():
            for what, n in held.items():
                counts[corpus, what, "the corpus is private"] = n
    return [[*key, f"{n:,}"] for key, n in counts.items() if n]


def cleared(records: Records) -> list[list[str]]:
    """``notebook, what, count`` of what redaction left out or cleared."""
    outputs = {stem: record.get("withheld", {}).get("outputs", {}) for stem, record in records.items()}
    return [[stem, what, f"{n:,}"] for stem, counts in outputs.items() for what, n in counts.items() if n]


def called(folder: Path, name: str) -> str:
    """What a result of 03 that was made under redaction calls a captioner; `WITHHELD` where none is recorded."""
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
