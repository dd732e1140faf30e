"""Traces of clips in files: their ids and captions, in every reading of every file and in its name."""

import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lib.base.paths import ROOT
from lib.run.redaction import Phrases, normal
from lib.run.redaction.phrases import LEAD, RarestWords, telling
from lib.run.redaction.secrets import IDS
from lib.site.decoded_layers import folded, is_text, readings

BLOCK = 1 << 26
"""Bytes that are looked at together of a file of numbers, or of one that is larger than this."""
OVERLAP = 1 << 12
NUMBERS = {".npy", ".pt", ".safetensors", ".sqlite", ".mp4", ".webm", ".ogv"}
"""Endings of files whose texts stand in them as they are."""
_RUN = re.compile(rb"[\t\x20-\x7e]{5,}")
_WIDE_RUN = re.compile(
    rb"(?:[\t\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){5,}"
)
"""Signs that stand together inside other bytes, of ASCII and, at ten times the cost, of UTF-8; fewer tell nobody."""
_BEFORE = re.compile(r"(?:\d[.,]|#)$")
"""What stands before digits that are no id but a part of a number, or of a colour."""


class Traces:
    """What points to clips and to no other.

    Ids that are ordinary words or numbers are recognised only as the name of a file and in columns of ids, and captions
    of fewer than four words not at all: inside other texts they identify no clip.

    Args:
        ids: of the clips.
        said: captions, labels and sources that are theirs alone.
        others: captions of other clips, inside which one of theirs is no trace.

    Example:
        >>> traces = Traces(["dm000172"], ["a person walks home"], ["then a person walks home slowly"])
        >>> [bool(traces.in_text(text)) for text in ("see DM000172", "Then a person walks home slowly.", "dm0001")]
        [True, False, False]
    """

    def __init__(self, ids: Iterable[str], said: Iterable[str] = (), others: Iterable[str] = ()) -> None:
        prose = _own_prose()
        self.ids = frozenset(ids)
        plain = {normal(folded(text)) for text in {*self.ids, *said} if telling(text)}
        self._plain = {words for words in plain if words.count(" ") < LEAD - 1 or f" {words} " not in prose}
        inside = Phrases(self._plain)
        longer = [text for text in map(folded, others) if any(inside.spans(text))]
        self._phrases, self._rarest = Phrases([*self._plain, *longer]), RarestWords(self._plain)
        self._clean: dict[int, int] = {}

    def in_text(self, text: str) -> set[str]:
        """The traces in a text, in plain words."""
        text = folded(text)
        if not self._rarest.any_possible(text):
            return set()
        spans = self._phrases.spans(text)
        return {normal(text[start:end]) for start, end in spans if not _is_number(text, start, end)} & self._plain

    def in_name(self, path: Path) -> set[str]:
        """The traces in the name of a file or folder, with its ending and without."""
        names = {path.name, path.stem, path.name.partition(".")[0]}
        return (names & self.ids).union(*map(self.in_text, names))

    def in_path(self, path: Path, base: Path) -> set[str]:
        """The traces in a file and in the names of the folders it lies in, below a base."""
        folders = [above for above in path.parents if above != base and above.is_relative_to(base)]
        return self.in_file(path).union(*map(self.in_name, folders))

    def in_file(self, path: Path) -> set[str]:
        """The traces in a file: in every reading of it, of a parquet file in every cell, and in its name.

        A file that cannot be read has none.
        """
        found = self.in_name(path) | self.in_text("\n".join(_strings(path)))
        try:
            if path.suffix in NUMBERS or path.stat().st_size > BLOCK:
                run = _RUN if "".join(self._plain).isascii() else _WIDE_RUN
                return found.union(*(self.in_text(text) for text in _runs(path, run)))
            if path.suffix == ".parquet" and (table := _table(path)) is not None:
                return found | self._in_table(table)
            data = path.read_bytes()
        except OSError:
            return found
        found |= self.in_data(data)
        return found | (self._in_csv(path) if path.suffix == ".csv" else set())

    def in_data(self, data: bytes) -> set[str]:
        """The traces in every reading of some bytes."""
        found, known = set[str](), {**self._clean}
        for reading in readings(data, known):
            if is_text(reading):
                found |= self.in_text(reading.decode("utf-8", "ignore"))
        if not found:
            self._clean = known  # a figure of a page stands in its notebook too and is not searched there again
        return found

    def in_ids(self, table: pd.DataFrame) -> set[str]:
        """The ids that stand in columns of ids, ordinary words and numbers too."""
        columns = [column for column in table.columns if str(column) in IDS]
        return {value for column in columns for value in table[column].dropna().astype(str)} & self.ids

    def _in_csv(self, path: Path) -> set[str]:
        try:
            return self.in_ids(pd.read_csv(path, dtype=str))
        except ValueError:  # no table after all
            return set()

    def _in_table(self, table: pa.Table) -> set[str]:
        metadata = [text.decode("utf-8", "ignore") for text in (table.schema.metadata or {}).values()]
        columns = [column for column in table.columns if not _holds_numbers(column.type)]
        cells = ["\n".join({str(value) for value in column.to_pylist() if value is not None}) for column in columns]
        names = [name for name in table.column_names if name in IDS]
        return set().union(*map(self.in_text, [*metadata, *cells, *table.column_names])) | self.in_ids(
            table.select(names).to_pandas()
        )


def files(folder: Path, *, without: Collection[Path] = ()) -> Iterator[Path]:
    """Every file and every empty folder below a folder, hidden ones and links too; links are not followed.

    Args:
        folder: or a file, which is then the only one.
        without: files and folders that are passed over.
    """
    if folder in without:
        return
    if folder.is_symlink() or not folder.is_dir():
        if folder.is_symlink() or folder.exists():
            yield folder
        return
    inside = sorted(folder.iterdir())
    if not inside:
        yield folder
    for path in inside:
        yield from files(path, without=without)


def _is_number(text: str, start: int, end: int) -> bool:
    return text[start:end].isdecimal() and _BEFORE.search(text[max(0, start - 2) : start]) is not None


def _runs(path: Path, run: re.Pattern[bytes]) -> Iterator[str]:
    """What a file holds of text, block by block; the ends of two blocks are read with both."""
    with path.open("rb") as stream:
        before = b""
        while block := stream.read(BLOCK):
            yield b"\n".join(run.findall(before + block)).decode("utf-8", "ignore")
            before = block[-OVERLAP:]


def _strings(path: Path) -> list[str]:
    """The texts in NumPy's arrays, which stand there without anything between them."""
    if path.suffix not in {".npy", ".npz"}:
        return []
    try:
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
        arrays = [loaded] if isinstance(loaded, np.ndarray) else [*loaded.values()]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        return []
    texts = [array.astype(str).ravel().tolist() for array in arrays if array.dtype.kind in "SU"]
    return [text for some in texts for text in some]


def _table(path: Path) -> pa.Table | None:
    """A parquet file; None where it is damaged, and then searched as it stands."""
    try:
        return pq.read_table(path, partitioning=None)
    except (pa.ArrowException, ValueError):
        return None


def _holds_numbers(kind: pa.DataType) -> bool:
    inner = kind
    while pa.types.is_list(inner) or pa.types.is_large_list(inner) or pa.types.is_fixed_size_list(inner):
        inner = inner.value_type
    return bool(pa.types.is_floating(inner) or pa.types.is_integer(inner) or pa.types.is_boolean(inner))


@cache
def _own_prose() -> str:
    """The words of the report's own pages, whose examples are traces of nobody."""
    pages = (ROOT / "report").rglob("*.qmd")
    return f" {normal(' '.join(page.read_text(encoding='utf-8') for page in pages))} "


def in_folder(folder: Path, traces: Traces) -> bool:
    """Whether a file of a folder, or a name in it, holds a trace; the folder's own name counts too."""
    return any(traces.in_path(path, folder.parent) for path in files(folder))
