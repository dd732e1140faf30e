"""The results of a run as two runs are compared by: values and provenance of every notebook in a folder."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib.base import state
from lib.base.errors import RunError
from lib.base.withheld import is_redacted

Object = Mapping[str, Any]


@dataclass(frozen=True)
class Results:
    """One folder of results.

    Args:
        folder: where it lies.
        values: content of each notebook's ``values.json`` by its stem.
        provenance: content of its ``provenance.json``.
    """

    folder: Path
    values: Mapping[str, Object]
    provenance: Mapping[str, Object]


def read(folder: Path) -> Results:
    """Reads ``folder/<stem>/{values,provenance}.json``, as every run leaves them, of this checkout or of another.

    Raises:
        RunError: no such folder, none of its folders holds values, or a file that cannot be read.
    """
    stems = sorted(path.parent.name for path in folder.glob("*/values.json"))
    if not stems:
        fix = "name the folder of a profile, such as results/demo"
        raise RunError("no results of a run: no folder with a values.json in it", where=folder, fix=fix)
    values = {stem: _object(folder / stem / "values.json") for stem in stems}
    known = {stem: folder / stem / "provenance.json" for stem in stems}
    return Results(folder, values, {stem: _object(file) if file.is_file() else {} for stem, file in known.items()})


def shown(before: Results, after: Results) -> tuple[Results, Results, dict[str, str]]:
    """What two runs may show of each other: no result made before its corpus became private, as on the site.

    Returns:
        Both runs without such results, and which notebooks are left out, with the run that holds one.
    """
    records = [record for run in (before, after) for record in run.provenance.values()]
    private = {label for record in records if is_redacted(record) for label in _labels(record, private=True)}
    left: dict[str, str] = {}
    for name, run in (("first", before), ("second", after)):
        for stem, record in run.provenance.items():
            known = _labels(record, private=False)
            if private and not is_redacted(record) and (not known or known & private):
                left.setdefault(stem, name)
    return _without(before, left), _without(after, left), left


def _labels(record: Object, *, private: bool) -> set[str]:
    """The labels of a record's corpora, or of its private ones: all of them where none is marked."""
    asked = record.get("params", {}).get("corpora", {})
    marked = {key for key, one in asked.items() if one.get("private")} if private else set()
    read = {**asked, **record.get("corpora", {})}
    return {str(one.get("label", key)) for key, one in read.items() if not marked or key in marked}


def _without(run: Results, stems: Collection[str]) -> Results:
    kept = [{stem: one for stem, one in some.items() if stem not in stems} for some in (run.values, run.provenance)]
    return Results(run.folder, *kept)


def _object(file: Path) -> Object:
    return state.required(file, dict[str, Any], fix="run the notebook again")
