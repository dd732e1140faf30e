"""The results of a run as two runs are compared by: values and provenance of every notebook in a folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib import state
from lib.errors import RunError

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


def _object(file: Path) -> Object:
    return state.required(file, dict[str, Any], fix="run the notebook again")
