"""A CSV of captions beside motion files: which file, what it shows, and what is known of the clip."""

import csv
import io
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lib.base.errors import CorpusError
from lib.corpus.foreign_files import nfc, read_text
from lib.corpus.schema import CLIPS
from lib.corpus.splits import SPLITS

CONSENT = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
OF_CAPTIONS = ("text", "captioner", "start_s", "end_s")
OF_CLIPS = ("split", "source", "body_mode", "person_count", "consent", "mirror_of")
RESERVED = {*CLIPS.columns, "caption_id", "tokens", "offset"} - {*OF_CLIPS}
"""Columns of a manifest that the import writes itself: as labels they would take the place of what it writes."""

SEPARATORS = ",;\t"
_SAVED_SEPARATOR = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"\d+,\d+")
ADMITTED: dict[str, tuple[Callable[[str], bool], str]] = {
    "file": (bool, "the name of a BVH file"),
    "split": (lambda said: said in {*SPLITS, ""}, "train, val or test, or nothing in any row"),
    "body_mode": (lambda said: said in {"full", "upper", ""}, "full or upper"),
    "person_count": (lambda said: not said or (said.isdecimal() and len(said) < 5), "a whole number below 10,000"),
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

    Spreadsheets save a table anew with semicolons or tabs, a first line `sep=;`, decimal commas, or columns without a
    name after the last: all are read as they are meant.

    Args:
        path: UTF-8, separated by commas, semicolons or tabs, with a header; `file` and `text` are needed.

    Raises:
        CorpusError: unreadable; a column is missing, given twice, or named like one that the import writes; or a value
            that is not admitted, by line.
    """
    header, rows = _rows(read_text(path, fix="name a table of captions, saved as CSV UTF-8"), path)
    columns = _columns(header, path)
    lines, faults = [], []
    for number, values in rows:
        if not any(values):
            continue
        while len(values) > len(columns) and not values[-1]:
            values.pop()
        row = dict(zip(columns, values, strict=False))
        fault = _fault(row, len(values), len(columns))
        if fault:
            faults.append(f"{path}:{number}: {fault}")
        else:
            lines.append(_line(row, number))
    if faults:
        more = f" (and {len(faults) - 1} more such rows)" if len(faults) > 1 else ""
        raise CorpusError(faults[0] + more, fix="correct the table")
    if not lines:
        raise CorpusError("no rows", where=path, fix="write one row for each caption")
    return lines


def _rows(said: str, path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header, and each further row with the number of its last line; values without the spaces around them."""
    named = _SAVED_SEPARATOR.match(said)
    head = said.split("\n", 2)[1 if named and "\n" in said else 0]
    separator = named[1] if named and named[1] in head else max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=separator)

    def read() -> Iterator[tuple[int, list[str]]]:
        try:
            for values in reader:
                yield reader.line_num, [value.strip() for value in values]
        except csv.Error as error:
            fix = 'look for a text whose "quotes" do not end'
            raise CorpusError(f"not readable as CSV ({error})", where=f"{path}:{reader.line_num}", fix=fix) from error

    rows = read()
    if named:
        next(rows)
    return next(rows, (1, []))[1], rows


def _columns(header: list[str], path: Path) -> list[str]:
    columns = [name.lower() for name in header]
    while columns and not columns[-1]:
        columns.pop()
    missing = [name for name in ("file", "text") if name not in columns]
    if missing or len(set(columns)) < len(columns):
        told = f"column {missing[0]} is missing" if missing else "a column is given twice"
        raise CorpusError(told, where=f"{path}:1", fix="begin with a header such as file,text,consent")
    reserved = [name for name in columns if name in RESERVED]
    if reserved:
        told = f"column {reserved[0]} is one that the import writes itself"
        raise CorpusError(told, where=f"{path}:1", fix="rename the column to keep it as a label, or remove it")
    return columns


def _fault(row: dict[str, str], values: int, columns: int) -> str:
    if values != columns:
        return f'{values} values for {columns} columns; put a text that holds the separator in "quotes"'
    for name, (admitted, expected) in ADMITTED.items():
        if name in row and not admitted(row[name]):
            return f"{name} = {row[name][:40]!r} instead of {expected}"
    start, end = (_seconds(row.get(name, "")) for name in ("start_s", "end_s"))
    return f"end_s {end:g} is before start_s {start:g}" if end < start else ""


def _line(row: dict[str, str], number: int) -> Line:
    start, end = (_seconds(row.get(name, "")) for name in ("start_s", "end_s"))
    clip = {name: value for name, value in row.items() if name not in {"file", *OF_CAPTIONS}}
    if "mirror_of" in clip:
        clip["mirror_of"] = nfc(clip["mirror_of"])
    return Line(number, nfc(row["file"]), row["text"], row.get("captioner") or "human", start, end, clip)


def _is_time(said: str) -> bool:
    try:
        return _seconds(said) >= 0 and math.isfinite(_seconds(said))
    except ValueError:
        return False


def _seconds(said: str) -> float:
    return float(said.replace(",", ".") if _DECIMAL_COMMA.fullmatch(said) else said or 0)
