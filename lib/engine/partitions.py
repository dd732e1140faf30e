"""Tables cut into partitions by the position of their rows, in memory or from Parquet, one at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lib.base.errors import CorpusError
from lib.base.paths import shown

Source = pd.DataFrame | Path
"""A table in memory, a file of Parquet, or a folder of such files, which follow one another in the order of names."""


@dataclass(frozen=True)
class Partition:
    """Rows that follow one another.

    Args:
        start: the position of the first one.
        rows: at least one, unless the table has none; numbered from 0.
    """

    start: int
    rows: pd.DataFrame

    @property
    def name(self) -> str:
        """As messages call it.

        Example:
            >>> Partition(4096, pd.DataFrame({"a": [1, 2]})).name
            'rows 4096 to 4097'
        """
        return f"rows {self.start} to {self.start + len(self.rows) - 1}"


def row_count(source: Source) -> int:
    """How many rows a table has; of Parquet only the ends of the files are read.

    Raises:
        CorpusError: a file that is missing or no Parquet.
    """
    if isinstance(source, pd.DataFrame):
        return len(source)
    return sum(_opened(file).metadata.num_rows for file in _files(source))


def partitions(source: Source, rows: int, columns: Sequence[str] | None = None) -> Iterator[Partition]:
    """Cuts a table into blocks of so many rows, wherever files and row groups end.

    Args:
        source: the table.
        rows: of each partition but the last; of Parquet, so many are held in memory and what is read with them.
        columns: those that the partitions have; by default all.

    Yields:
        Partitions in order; of a table without rows a single one, which says what columns there are.

    Raises:
        CorpusError: a file that is missing or no Parquet, or lacks a column.

    Example:
        >>> table = pd.DataFrame({"a": range(5), "b": 0})
        >>> [one.rows.a.tolist() for one in partitions(table, 2, ["a"])]
        [[0, 1], [2, 3], [4]]
    """
    if isinstance(source, pd.DataFrame):
        wanted = source if columns is None else source[[*columns]]
        for start in range(0, max(len(wanted), 1), rows):
            yield Partition(start, wanted.iloc[start : start + rows].reset_index(drop=True))
        return
    start, rest = 0, _nothing(source, columns)
    for table in _read(source, rows, columns):
        rest = pa.concat_tables([rest, table])
        while len(rest) >= rows:
            yield Partition(start, rest.slice(0, rows).to_pandas().reset_index(drop=True))
            start, rest = start + rows, rest.slice(rows)
    if len(rest) or not start:
        yield Partition(start, rest.to_pandas().reset_index(drop=True))


def _read(folder: Path, rows: int, columns: Sequence[str] | None) -> Iterator[pa.Table]:
    for file in _files(folder):
        opened = _opened(file)
        try:
            for batch in opened.iter_batches(rows, columns=None if columns is None else [*columns]):
                yield pa.Table.from_batches([batch])
        except (pa.ArrowInvalid, OSError) as error:
            raise _unreadable(file, error) from None


def _nothing(source: Path, columns: Sequence[str] | None) -> pa.Table:
    first = _files(source)[0]
    schema = _opened(first).schema_arrow
    if lacking := [name for name in columns or () if name not in schema.names]:
        raise CorpusError(f"no column {', '.join(lacking)}", where=shown(first), fix="write the table again")
    names = schema.names if columns is None else columns
    wanted = pa.schema([schema.field(name) for name in names], schema.metadata)
    return wanted.empty_table()


def _files(source: Path) -> list[Path]:
    files = sorted(source.glob("*.parquet")) if source.is_dir() else [source]
    if not files:
        raise CorpusError("no file of Parquet", where=shown(source), fix="name a folder that holds some")
    return files


def _opened(file: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(file)
    except (pa.ArrowInvalid, OSError) as error:
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: Exception) -> CorpusError:
    missing = isinstance(error, FileNotFoundError)
    what = "no such file" if missing else f"cannot be read as Parquet ({str(error)[:120]})"
    return CorpusError(what, where=shown(file), fix="check the name" if missing else "write the table again")
