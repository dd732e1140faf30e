"""Parameters changed in a notebook, written into a parameter file."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lib.base import atomic, params_file
from lib.base.errors import ParamsError
from lib.base.paths import ROOT
from lib.run.exploring.yaml_edit import edited
from lib.run.params import load
from lib.run.pipeline import Notebook


def write_back(notebook: Notebook, variables: Mapping[str, Any], source: str, target: str | None = None) -> Path:
    """Writes what differs from the notebook's parameter file, and nothing else; comments stay.

    Args:
        notebook: whose section.
        variables: the notebook's `vars()`, as they are now.
        source: the parameter file that the notebook runs on.
        target: a new file, a copy of the source with the changes and a profile of its own name; without it the source
            itself is changed, unless it is one of the embedded profiles, which stay as they are.

    Returns:
        The file that holds the values.

    Raises:
        ParamsError: a value that the schema refuses, an embedded profile, or a target that exists.
    """
    profile = load(source)
    filed = getattr(profile, notebook.section)
    now = {name: variables[name] for name in type(filed).model_fields if name in variables}
    changes = {name: value for name, value in now.items() if value != getattr(filed, name)}
    load(source, {notebook.section: changes})
    if target is None and profile.demo is not None and changes:
        fix = 'name a file of your own: run.write_back("params/mine.yml")'
        raise ParamsError("an embedded profile stays as it is", where=source, fix=fix)
    filed_in = params_file.located(source)
    to_file = ROOT / target if target else filed_in
    text = edited(filed_in.read_text(encoding="utf-8"), changes, notebook.section)
    if target is not None:
        if to_file.exists():
            fix = f'set params = "{target}" in the parameters cell and call run.write_back() without a name'
            raise ParamsError("exists already", where=target, fix=fix)
        text = edited(text, {"profile": re.sub(r"[^a-z0-9_-]+", "-", to_file.stem.lower()).strip("-_") or "mine"})
    _write(to_file, text, {**params_file.read(source)}, notebook.section, changes)
    said = ", ".join(f"{name}: {value!r}" for name, value in changes.items()) or "nothing differs"
    print(f"{target or source}: {notebook.section}: {said}")
    return to_file


def _write(file: Path, text: str, before: dict[str, Any], section: str, changes: Mapping[str, Any]) -> None:
    """Puts the text in place once it reads as the file before with the changes, whatever its YAML looks like."""
    part = file.with_name(f".{file.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_text(text, encoding="utf-8")
    try:
        read = params_file.read(part)
    finally:
        part.unlink()
    wanted = {**before, "profile": read.get("profile")}
    if changes:
        wanted[section] = {**(before.get(section) or {}), **changes}
    if read != wanted:
        told = f"cannot be changed in place; write {section}: {dict(changes)} yourself"
        raise ParamsError(told, where=file)
    atomic.write_text(file, text)
