"""What the result of a partition is kept under: a hash of everything that it follows from."""

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from lib.base.hashes import digest, file_sha256, text_sha256
from lib.base.imported_code import imported_files, package_versions
from lib.base.paths import ROOT

FORM = "1"
"""Stands for this room's own code: another one where results are cut, computed or written in another way."""


@dataclass(frozen=True)
class Keyed:
    """An argument that JSON cannot hold, such as a network or a table, with what stands for it in the keys.

    Args:
        value: what the function gets; it can be pickled.
        key: a hash of all that decides the value.
    """

    value: Any
    key: str


def code_sha256(function: Callable[..., object]) -> str:
    """One hash for the code that a function runs on and the versions of the packages that numbers depend on.

    Args:
        function: of a module, or an object of a class of one.

    Returns:
        SHA-256 of the module's file, of the files of ``lib`` that it imports, directly or through one another, and of
        the versions. This room's own files do not count, nor what packages on the way import, unless something is
        imported from them.

    Example:
        >>> code_sha256(code_sha256) == code_sha256(step_sha256), len(code_sha256(digest))
        (True, 64)
    """
    module = inspect.getmodule(function if inspect.isroutine(function) else type(function))
    if module is None or module.__file__ is None:
        raise ValueError(f"{function!r} is in no file whose code could be hashed; give `code`")
    return _code_sha256(Path(module.__file__))


@cache
def _code_sha256(file: Path) -> str:
    engine = [path.relative_to(ROOT).as_posix() for path in Path(__file__).parent.glob("*.py")]
    files = imported_files(file.read_text(encoding="utf-8"), without=engine, packages=False)
    named = {path.relative_to(ROOT).as_posix(): path for path in files} | {file.name: file}
    code = [("engine", FORM), *((name, file_sha256(path)) for name, path in named.items())]
    return digest([*code, *package_versions().items()])


def step_sha256(step: str, code: str, arguments: Mapping[str, Any]) -> str:
    """One hash for what all partitions of a step share.

    Args:
        step: its name.
        code: what stands for the code.
        arguments: JSON values and `Keyed` ones, which count by their keys.

    Raises:
        TypeError: an argument that is neither.

    Example:
        >>> same = step_sha256("s", "c", {"a": 1, "b": Keyed(object(), "k")})
        >>> same == step_sha256("s", "c", {"b": Keyed(object(), "k"), "a": 1})
        True
    """
    told = {name: [one.key] if isinstance(one, Keyed) else {"": one} for name, one in arguments.items()}
    return text_sha256(json.dumps([step, code, told], sort_keys=True))


def partition_key(shared: str, rows: pd.DataFrame) -> str:
    """The key of one partition: of what its step shares, and of names, types and values of its rows; no index counts.

    Example:
        >>> table = pd.DataFrame({"text": ["a", None, "b"]}, index=[7, 8, 9])
        >>> partition_key("s", table) == partition_key("s", table.reset_index(drop=True))
        True
        >>> partition_key("s", table[:2]) == partition_key("s", table[1:])
        False
    """
    table = pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata(None).combine_chunks()
    # A slice shares its buffers with rows beyond it; what is taken from it holds its own alone.
    own = table.take(pa.array(range(len(table)), pa.int64()))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, own.schema) as stream:
        stream.write_table(own)
    return hashlib.sha256(shared.encode() + memoryview(sink.getvalue())).hexdigest()
