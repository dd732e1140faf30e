"""Results of partitions as files of Parquet that appear whole, and tables put together of them."""

import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lib.base import atomic
from lib.base.errors import UserError
from lib.base.paths import CACHE, shown

PARTITIONS = CACHE / "partitions"
"""Holds a folder a step, which holds a file a partition, named by its key."""


def write(result: pd.DataFrame, target: Path) -> None:
    """Keeps a result; its index is left out.

    Args:
        result: columns that Parquet knows: booleans, numbers, texts, times, lists.
        target: its file.

    Raises:
        TypeError: no table.
        OSError: the file cannot be written; nothing is left of it.
    """
    if not isinstance(result, pd.DataFrame):
        raise TypeError(f"a partition became {type(result).__name__}, not a table")
    # What pandas notes of types differs between partitions, such as one whose texts are all missing.
    table = pa.Table.from_pandas(result, preserve_index=False).replace_schema_metadata(None)
    with atomic.replaced(target) as part:
        pq.write_table(table, part)


def is_kept(target: Path) -> bool:
    """Whether a result is there; one that is damaged is removed, with a line on stderr, since it can be made again."""
    try:
        pq.read_metadata(target)
    except FileNotFoundError:
        return False
    except (pa.ArrowInvalid, OSError) as error:
        atomic.remove(target)
        print(f"warning: {shown(target)} was damaged ({str(error)[:80]}): it is made again", file=sys.stderr)
        return False
    return True


def read(files: Iterable[Path]) -> pd.DataFrame:
    """One table of results that follow one another.

    A column takes the type that holds all its values, wherever they were cut: integers with gaps become floats.

    Args:
        files: at least one.

    Raises:
        UserError: a file is damaged or was removed meanwhile.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> write(pd.DataFrame({"n": [1], "text": [None]}), folder / "0")
        >>> write(pd.DataFrame({"n": [None], "text": ["a"]}), folder / "1")
        >>> read([folder / "0", folder / "1"]).to_dict("list")
        {'n': [1.0, nan], 'text': [nan, 'a']}
    """
    whole = pa.concat_tables([_table(file) for file in files], promote_options="permissive")
    frame: pd.DataFrame = whole.to_pandas()
    return frame


def _table(file: Path) -> pa.Table:
    try:
        return pq.read_table(file, partitioning=None)
    except (pa.ArrowInvalid, OSError) as error:
        raise UserError(f"cannot be read ({str(error)[:80]})", where=shown(file), fix="run again") from None
