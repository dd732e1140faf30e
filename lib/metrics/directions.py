"""Vectors as directions: checked, and scaled to length one in float64."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def checked(vectors: npt.ArrayLike, name: str, *, rows: int | None = None) -> npt.NDArray[np.floating]:
    """The vectors as a float array (n, d), as they are.

    Args:
        vectors: (n, d) finite numbers, n and d at least 1.
        name: what to call them in an error.
        rows: the n that is expected.

    Raises:
        ValueError: another shape, or values that are not finite.

    Example:
        >>> checked([[1, 2]], "text").shape
        (1, 2)
    """
    array = np.asarray(vectors)
    if not np.issubdtype(array.dtype, np.floating):
        array = array.astype(np.float64)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{name} must be (n, d) with n and d at least 1, not {array.shape}")
    if rows is not None and len(array) != rows:
        raise ValueError(f"{name} has {len(array)} rows, {rows} are needed")
    broken = int((~np.isfinite(array).all(axis=1)).sum())
    if broken:
        raise ValueError(f"{name} holds NaN or infinity in {broken} of {len(array)} rows")
    return array


def unit(vectors: npt.ArrayLike) -> Floats:
    """Rows scaled to length one, in float64; a row of zeros stays zero, so that its cosine with anything is 0.

    Source: TMR: src/model/tmr.py, which normalises in float32.

    Example:
        >>> unit([[3.0, 4.0], [0.0, 0.0]]).tolist()
        [[0.6, 0.8], [0.0, 0.0]]
    """
    wide = np.asarray(vectors, dtype=np.float64)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    return np.asarray(wide / np.where(length > 0, length, 1.0), dtype=np.float64)
