"""What a notebook left, as far as others read it: whether there is a result, and how it came about."""

from pathlib import Path
from typing import Any

from pydantic import ConfigDict
from typing_extensions import TypedDict

from lib.base import state

UNREAD = "the notebook counts as not run"


class Record(TypedDict, total=False):
    """What ``provenance.json`` holds, as far as others read it."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    git: dict[str, str | bool]
    params: dict[str, Any]
    params_sha256: str
    corpora: dict[str, dict[str, str]]
    models: dict[str, str]
    warnings: list[str]
    withheld: dict[str, dict[str, Any]]
    versions: dict[str, str]
    seed: int
    device: str
    start: str
    seconds: float
    outputs: str
    stamp: dict[str, Any]


def has_result(folder: Path) -> bool:
    """Whether a notebook left values and provenance that can be read; otherwise it counts as not run."""
    return state.read(folder / "values.json", dict[str, Any], then=UNREAD) is not None and record(folder) is not None


def record(folder: Path) -> Record | None:
    """The ``provenance.json`` of a results folder, None where there is none that can be read."""
    return state.read(folder / "provenance.json", Record, then=UNREAD)
