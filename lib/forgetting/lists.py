"""Rows taken out of lists: tables, JSON and files of lines, from which single clips can go and the rest stays."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lib.base import atomic
from lib.forgetting.traces import Traces
from lib.run.redaction.secrets import IDS

_GONE = object()
"""What stands for a part of a JSON file that is left out whole."""


def take_out(path: Path, traces: Traces) -> bool:
    """Writes a list anew without the rows that hold a trace, or removes the file where that does not free it of them.

    Of a table a row goes, of JSON the innermost object or the entry of a list, of other text a line.

    Args:
        path: the file.
        traces: of the clips.

    Returns:
        Whether the file is still there.
    """
    freed = _FREED.get(path.suffix)
    try:
        content = freed(path, traces) if freed and not traces.in_name(path) else None
    except (OSError, ValueError, pa.ArrowException, csv.Error):
        content = None
    if content is not None:
        with atomic.replaced(path) as part:
            part.write_bytes(content)
        if not traces.in_file(path):
            return True
    atomic.remove(path)
    return False


def _json(path: Path, traces: Traces) -> bytes | None:
    freed = _without(json.loads(path.read_bytes()), traces, top=True)
    return None if freed is _GONE else json.dumps(freed, indent=1).encode() + b"\n"


def _without(node: Any, traces: Traces, *, top: bool = False) -> Any:
    if isinstance(node, str):
        return _GONE if traces.in_text(node) else node
    if isinstance(node, list):
        return [one for one in (_without(entry, traces) for entry in node) if one is not _GONE]
    if isinstance(node, Mapping):
        if not top and any(_traced(name, value, traces) for name, value in node.items()):
            return _GONE
        freed = {name: _without(value, traces) for name, value in node.items() if not traces.in_text(name)}
        return {name: value for name, value in freed.items() if value is not _GONE}
    return node


def _lines(path: Path, traces: Traces) -> bytes:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not traces.in_text(line)).encode()


def _csv(path: Path, traces: Traces) -> bytes:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [*csv.reader(stream)]
    head, *body = rows or [[]]
    kept = [row for row in body if not any(_traced(name, value, traces) for name, value in zip_longest(head, row))]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([head, *kept])
    return written.getvalue().encode()


def _parquet(path: Path, traces: Traces) -> bytes:
    table = pq.read_table(path, partitioning=None)
    free = [not any(_traced(name, value, traces) for name, value in row.items()) for row in table.to_pylist()]
    written = io.BytesIO()
    pq.write_table(table.filter(pa.array(free, pa.bool_())), written)
    return written.getvalue()


def _traced(column: str | None, value: Any, traces: Traces) -> bool:
    """Whether a cell holds a trace; in a column of ids the plainest one does."""
    return isinstance(value, str) and bool(traces.in_text(value) or (column in IDS and value in traces.ids))


_FREED: dict[str, Callable[[Path, Traces], bytes | None]] = {
    ".json": _json,
    ".jsonl": _lines,
    ".txt": _lines,
    ".csv": _csv,
    ".parquet": _parquet,
}
