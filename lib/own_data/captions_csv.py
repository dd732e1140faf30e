"""A CSV of captions beside motion files: which file, what it shows, and what is known of the clip."""

import csv
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lib.corpus.splits import SPLITS
from lib.errors import CorpusError

CONSENT = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
OF_CAPTIONS = ("text", "captioner", "start_s", "end_s")
OF_CLIPS = ("split", "source", "body_mode", "person_count", "consent", "mirror_of")
ADMITTED: dict[str, tuple[Callable[[str], bool], str]] = {
    "file": (bool, "the name of a BVH file"),
    "split": (lambda said: said in {*SPLITS, ""}, "train, val or test, or nothing in any row"),
    "body_mode": (lambda said: said in {"full", "upper", ""}, "full or upper"),
    "person_count": (lambda said: said.isdecimal() or not said, "a whole number"),
    "consent": (lambda said: said.lower() in CONSENT, "true or false; nothing counts as false"),
    "start_s": (lambda said: _is_time(said), "seconds, 0 or more"),
    "end_s": (lambda said: _is_time(said), "seconds, 0 or more"),
}


@dataclass(frozen=True)
class Line:
    """One row: its line in the file, the motion file it names, its caption, and the other columns of the clip."""

    number: int
    file: str
    text: str
    captioner: str
    start_s: float
    end_s: float
    clip: dict[str, str]


def read(path: Path) -> list[Line]:
    """Reads the table; columns besides the known ones become labels of the clips.

    Args:
        path: UTF-8, separated by commas or semicolons, with a header; `file` and `text` are needed.

    Raises:
        CorpusError: unreadable, a column is missing or given twice, or a value that is not admitted, by line.
    """
    try:
        said = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CorpusError(f"cannot be read ({error.strerror})", where=path, fix="check the file") from error
    except UnicodeDecodeError as error:
        told = f"not UTF-8 at byte {error.start}"
        raise CorpusError(told, where=path, fix="save the table as CSV UTF-8") from error
    head = said.partition("\n")[0]
    rows = csv.reader(io.StringIO(said, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    columns = [name.strip().lower() for name in next(rows, [])]
    missing = [name for name in ("file", "text") if name not in columns]
    if missing or len(set(columns)) < len(columns):
        told = f"column {missing[0]} is missing" if missing else "a column is given twice"
        raise CorpusError(told, where=f"{path}:1", fix="begin with a header such as file,text,consent")
    lines, faults = [], []
    for values in rows:
        if not any(value.strip() for value in values):
            continue
        row = dict(zip(columns, [value.strip() for value in values], strict=False))
        fault = _fault(row, len(values), len(columns))
        if fault:
            faults.append(f"{path}:{rows.line_num}: {fault}")
        else:
            lines.append(_line(row, rows.line_num))
    if faults:
        more = f" (and {len(faults) - 1} more such rows)" if len(faults) > 1 else ""
        raise CorpusError(faults[0] + more, fix="correct the table")
    if not lines:
        raise CorpusError("no rows", where=path, fix="write one row for each caption")
    return lines


def _fault(row: dict[str, str], values: int, columns: int) -> str:
    if values != columns:
        return f'{values} values for {columns} columns; put a text that holds the separator in "quotes"'
    for name, (admitted, expected) in ADMITTED.items():
        if name in row and not admitted(row[name]):
            return f"{name} = {row[name][:40]!r} instead of {expected}"
    start, end = (float(row.get(name) or 0) for name in ("start_s", "end_s"))
    return f"end_s {end:g} is before start_s {start:g}" if end < start else ""


def _line(row: dict[str, str], number: int) -> Line:
    start, end = (float(row.get(name) or 0) for name in ("start_s", "end_s"))
    clip = {name: value for name, value in row.items() if name not in {"file", *OF_CAPTIONS}}
    return Line(number, row["file"], row["text"], row.get("captioner") or "human", start, end, clip)


def _is_time(said: str) -> bool:
    try:
        return not said or (float(said) >= 0 and math.isfinite(float(said)))
    except ValueError:
        return False
