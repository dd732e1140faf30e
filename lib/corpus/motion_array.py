"""Motion arrays on disk: read safely, judged by header and by content."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.errors import CorpusError

FEATURES = (263,)
JOINTS = (22, 3)
UNREADABLE = (OSError, ValueError, EOFError)
"""What numpy raises for a missing, truncated, foreign or pickled file."""


def open_array(path: Path, *, mapped: bool = False) -> NDArray[np.generic]:
    """Reads or memory-maps a `.npy` file; pickled objects are refused.

    Raises:
        CorpusError: missing, truncated, or not a plain numpy array.
    """
    try:
        array: NDArray[np.generic] = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    except UNREADABLE as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else f"not a readable .npy array ({error})"
        raise CorpusError(reason, where=path, fix="take a fresh copy of the file") from error
    return array


def header_fault(path: Path, row: tuple[int, ...], kinds: str) -> tuple[int, str]:
    """Number of frames and what is wrong with an array, told from its header and the file's length alone.

    Args:
        path: a `.npy` file.
        row: shape of one frame.
        kinds: admitted `dtype.str` values without byte order, separated by spaces ("f2 f4 f8").

    Returns:
        (frames, fault); fault is "" for a sound header. NaN cannot be seen here: see `content_fault`.
    """
    try:
        with path.open("rb") as stream:
            version = np.lib.format.read_magic(stream)
            read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, _, dtype = read(stream)
            length = os.fstat(stream.fileno()).st_size - stream.tell()
    except UNREADABLE as error:
        return 0, f"unreadable: {error}"
    if dtype.hasobject:
        return 0, "pickled objects: refused unread"
    wanted = "(T, " + ", ".join(map(str, row)) + ")"
    if len(shape) != len(row) + 1 or shape[1:] != row:
        return 0, f"wrong shape: {shape} instead of {wanted}"
    if dtype.str[1:] not in kinds.split():
        return 0, f"wrong type: {dtype} instead of {kinds}"
    if shape[0] == 0:
        return 0, "wrong shape: no frames"
    missing = int(np.prod(shape)) * dtype.itemsize - length
    return (0, f"unreadable: truncated by {missing} bytes") if missing > 0 else (int(shape[0]), "")


def content_fault(array: NDArray[np.generic]) -> str:
    """Where an array stops being finite, or "".

    Example:
        >>> content_fault(np.array([[0.0], [np.nan]]))
        'NaN or infinite values from frame 1'
    """
    if array.dtype.kind != "f":
        return ""
    bad = ~np.isfinite(array).reshape(len(array), -1).all(axis=1)
    return f"NaN or infinite values from frame {int(bad.argmax())}" if bad.any() else ""
