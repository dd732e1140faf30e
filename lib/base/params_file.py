"""A parameter file: read as YAML, its faults told in one line that names the file, the key and what was expected."""

import difflib
import re
import reprlib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from lib.base import bounded_yaml
from lib.base.bounded_yaml import shortened
from lib.base.errors import ParamsError
from lib.base.paths import ROOT, unfit

_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother = 3, 80, 80


def read(path: str | Path) -> dict[str, Any]:
    """Finds a parameter file and reads it.

    Args:
        path: YAML file, absolute or relative to the project's root or the working directory.

    Returns:
        Its keys and values.

    Raises:
        ParamsError: no file that `located` finds, nothing that `lib.base.bounded_yaml` reads, or no mapping.
    """
    file = located(path)
    try:
        raw = bounded_yaml.read(file)
    except bounded_yaml.Refused as error:
        where = path if error.line is None else f"{path}:{error.line}"
        raise ParamsError(str(error), where=where) from None
    if not isinstance(raw, dict):
        raise ParamsError("expected a mapping of keys to values", where=path)
    return raw


def located(path: str | Path) -> Path:
    """The file behind a path that a user gave.

    Args:
        path: absolute or relative to the project's root or the working directory.

    Raises:
        ParamsError: no such file, or a name that no message can show.
    """
    if character := unfit(path):
        raise ParamsError(f"the name holds {character}", where=ascii(str(path)), fix="give the file another name")
    places = (Path(path), ROOT / path)
    for place in places:
        if place.is_file():
            return place
    known = ", ".join(sorted(f"params/{p.name}" for p in (ROOT / "params").glob("*.yml")))
    what = "not a file" if any(place.exists() for place in places) else "no such parameter file"
    raise ParamsError(what, where=path, fix=f"there are {known}")


def explain(error: ValidationError, model: type[BaseModel], path: str | Path) -> ParamsError:
    """The first fault that a model finds in a file, with the key, the value and what was expected or meant.

    Args:
        error: what the model found.
        model: of the whole file.
        path: of the file, as the user gave it.
    """
    first, others = error.errors()[0], error.error_count() - 1
    place = tuple(part for part in first["loc"] if part != "[key]")  # which pydantic adds to a key it refuses
    *parents, last = place or ("",)
    key = shortened(".".join(map(str, place)))
    more = f" (and {others} more)" if others else ""
    if first["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        valid = _valid_keys(model, parents)
        close = difflib.get_close_matches(str(last), valid, n=1, cutoff=0.5)
        nearest = f"did you mean '{close[0]}'?" if close else f"valid keys: {', '.join(valid)}"
        return ParamsError(f"unknown key '{key}' = {_SHORT.repr(first['input'])}{more}", where=path, fix=nearest)
    if first["type"] == "missing":
        return ParamsError(f"key '{key}' is missing{more}", where=path, fix="add it")
    close = difflib.get_close_matches(str(first["input"]), re.findall(r"'([^']+)'", first["msg"]), n=1, cutoff=0.5)
    nearest = f"; did you mean '{close[0]}'?" if close else ""
    expected = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    what = f"{key or 'file'} = {_SHORT.repr(first['input'])}{more}"
    return ParamsError(what, where=path, fix=f"expected {expected}{nearest}")


def _valid_keys(model: Any, parents: list[int | str]) -> list[str]:
    for part in parents:
        fields = _fields(model)
        if part in fields:
            annotation = fields[str(part)].annotation
            options = [annotation, *getattr(annotation, "__args__", ())]
            model = next((option for option in options if _fields(option)), BaseModel)
    return list(_fields(model))


def _fields(model: Any) -> dict[str, FieldInfo]:
    name = "model_fields" if isinstance(model, type) and issubclass(model, BaseModel) else "__pydantic_fields__"
    fields: dict[str, FieldInfo] = getattr(model, name, {})
    return fields
