"""Rows to cluster, checked before anything is spent on them."""

import numpy as np
import numpy.typing as npt

from lib.errors import UserError

Singles = npt.NDArray[np.float32]
ROWS_AT_ONCE = 65_536


def points(vectors: npt.ArrayLike, *, directions: bool = False) -> Singles:
    """Finite rows in float32, in one piece of memory.

    Args:
        vectors: (n, d).
        directions: scale rows to unit length, for cosines.

    Returns:
        (n, d); the array itself, without a copy, when it is float32 already and only checked.

    Raises:
        UserError: no rows, another shape, rows that are not finite, or rows of zeros where directions are wanted.

    Example:
        >>> points([[3, 4]], directions=True).round(1).tolist()
        [[0.6000000238418579, 0.800000011920929]]
        >>> points([[1.0, float("nan")], [0.0, 1.0]])
        Traceback (most recent call last):
        lib.errors.UserError: 1 of 2 rows to cluster is not finite, the first is row 0; drop such rows or mend them
    """
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or not rows.size:
        raise UserError(f"rows to cluster have shape {rows.shape}", fix="give a matrix of at least one row")
    starts = range(0, len(rows), ROWS_AT_ONCE)
    finite = np.concatenate([np.isfinite(rows[at : at + ROWS_AT_ONCE]).all(axis=1) for at in starts])
    if not finite.all():
        raise UserError(_told(~finite, "not finite"), fix="drop such rows or mend them")
    if not directions:
        return rows
    lengths = np.concatenate([np.linalg.norm(rows[at : at + ROWS_AT_ONCE], axis=1) for at in starts])
    if not lengths.all():
        raise UserError(_told(lengths == 0, "zero"), fix="a row of zeros has no direction: use euclidean distances")
    scaled: Singles = rows / lengths[:, None]
    return scaled


def _told(wrong: npt.NDArray[np.bool_], how: str) -> str:
    count = int(wrong.sum())
    verb = "is" if count == 1 else "are"
    return f"{count:,} of {len(wrong):,} rows to cluster {verb} {how}, the first is row {int(wrong.argmax())}"
