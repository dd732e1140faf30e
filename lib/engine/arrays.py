"""Arrays that many partitions read: kept once, as a file by content, which every worker maps into its memory.

An argument of `lib.engine.mapping.partition_files` travels to every worker whole, so that gigabytes of vectors would be
in memory once a worker and once more on the way. A file that is mapped is in memory once a machine, as far as it is
read.
"""

import hashlib
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.base import atomic, cache_use
from lib.base.disk import require_room
from lib.base.paths import CACHE
from lib.engine.keys import Keyed

ARRAYS = CACHE / "arrays"
"""Holds a file an array, named by its hash."""
LARGE = 10**12
"""Multiplications from which on a computation goes through the engine: half a minute of a core, where a process costs
three seconds before it multiplies anything."""
ROWS_AT_ONCE = 8192


def is_large(*factors: int) -> bool:
    """Whether the product of some sizes is as many multiplications as are worth processes.

    Example:
        >>> is_large(5_000, 24_000, 768), is_large(344_476, 344_476, 768)
        (False, True)
    """
    return math.prod(factors) >= LARGE


def kept(array: NDArray[Any], *, rows: NDArray[np.int64] | None = None, folder: Path | None = None) -> Keyed:
    """Keeps an array as a file that workers read, unless it is there.

    Args:
        array: (n, …) numbers.
        rows: those that are kept, in this order; by default all. They are gathered a block at a time.
        folder: of the file; by default ``.cache/arrays``. Machines of a cluster see it at the same path.

    Returns:
        The file's path as an argument of a step, whose key is the hash of type, shape and numbers.

    Raises:
        UserError: the disk has no room for it.
        OSError: it cannot be written; nothing is left of it.

    Example:
        >>> import tempfile
        >>> made = kept(np.arange(6.0).reshape(3, 2), rows=np.array([2, 0]), folder=Path(tempfile.mkdtemp()))
        >>> opened(made.value).tolist(), len(made.key)
        ([[4.0, 5.0], [0.0, 1.0]], 64)
    """
    count = len(array) if rows is None else len(rows)
    head = _head(array.dtype, (count, *array.shape[1:]))
    hashed = hashlib.sha256(head)
    for block in _blocks(array, rows):
        hashed.update(block.data)
    key = hashed.hexdigest()
    file = cache_use.note((ARRAYS if folder is None else folder) / f"{key}.npy")
    size = len(head) + count * array.dtype.itemsize * math.prod(array.shape[1:])
    if not (file.is_file() and file.stat().st_size == size):
        require_room(file.parent, size, f"an array of {count:,} rows")
        with atomic.replaced(file) as part, part.open("wb") as stream:
            stream.write(head)
            for block in _blocks(array, rows):
                stream.write(block.data)
    return Keyed(str(file), key)


def opened(file: str) -> NDArray[Any]:
    """An array that was kept, mapped into memory; it cannot be written to.

    Args:
        file: its path.

    Raises:
        OSError: no such file.
        ValueError: a file that is no array, or is cut off.
    """
    return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))


def _blocks(array: NDArray[Any], rows: NDArray[np.int64] | None) -> Iterator[NDArray[Any]]:
    for start in range(0, len(array) if rows is None else len(rows), ROWS_AT_ONCE):
        some = slice(start, start + ROWS_AT_ONCE)
        yield np.ascontiguousarray(array[some] if rows is None else array[rows[some]]).reshape(-1).view(np.uint8)


def _head(dtype: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    stream = io.BytesIO()
    described = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, described)
    return stream.getvalue()
