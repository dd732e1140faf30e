"""Vectors as a column of a partition's result, and the array of such results."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from lib.base.errors import UserError
from lib.base.paths import shown

COLUMN = "vector"


def as_column(vectors: NDArray[np.float32]) -> pd.DataFrame:
    """A table of one column, a vector a row, whose bytes are kept as they are.

    Args:
        vectors: (n, d) float32.
    """
    width = 4 * vectors.shape[1]
    plain = np.ascontiguousarray(vectors, dtype="<f4")
    column = pa.Array.from_buffers(pa.binary(width), len(plain), [None, pa.py_buffer(plain)])
    return pd.DataFrame({COLUMN: pd.arrays.ArrowExtensionArray(column)})


def read_vectors(files: Sequence[Path]) -> NDArray[np.float32]:
    """The vectors of partitions under one another, (n, d) float32, d also where n is 0.

    Args:
        files: at least one, of results that `as_column` made.

    Raises:
        UserError: a file is damaged or was removed meanwhile.

    Example:
        >>> import tempfile
        >>> from lib.engine.results import write
        >>> file = Path(tempfile.mkdtemp()) / "0"
        >>> write(as_column(np.eye(2, 3, dtype=np.float32)), file)
        >>> read_vectors([file, file]).tolist()
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    return np.concatenate([_vectors(file) for file in files])


def _vectors(file: Path) -> NDArray[np.float32]:
    try:
        column = pq.read_table(file, columns=[COLUMN], partitioning=None)[COLUMN].combine_chunks()
    except (pa.ArrowInvalid, OSError) as error:
        raise UserError(f"cannot be read ({str(error)[:80]})", where=shown(file), fix="run again") from None
    width = column.type.byte_width
    if not len(column):
        return np.zeros((0, width // 4), dtype=np.float32)
    held = column.buffers()[1][column.offset * width :]
    return np.frombuffer(held, dtype="<f4", count=len(column) * width // 4).reshape(len(column), -1)
