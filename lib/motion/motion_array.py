"""Motion arrays on disk: read safely, judged by header and by content."""

import math
import os
import stat
import zipfile
from pathlib import Path, PurePosixPath
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError, refuse_limits
from lib.motion.skeleton import JOINT_NAMES, PARENTS

FEATURES = (263,)
JOINTS = (22, 3)
MOTION = "joints (T, 22, 3) or features (T, 263)"
PICKLED = (
    "a fresh copy does not help: save motion[i].transpose(2, 0, 1) of each clip with np.save, or have python -m lib "
    "generations import do it"
)
ZIP = b"PK\x03\x04"
NAMED = 5
UNREADABLE = (OSError, ValueError, EOFError)
"""What numpy raises for a missing, truncated, foreign or pickled file."""

UNPARSED = (SyntaxError, TokenError, TypeError, KeyError, RecursionError, MemoryError, OverflowError)
"""What numpy lets through of the parser for a header that is no dictionary of plain values."""


def open_array(path: Path, *, mapped: bool = False, wanted: str = MOTION) -> NDArray[np.generic]:
    """Reads or memory-maps a `.npy` file; pickled objects are refused, and nothing larger than the file is allocated.

    Args:
        path: the file.
        mapped: map it instead of reading it.
        wanted: what should have been saved, for the message.

    Raises:
        CorpusError: missing, no regular file, truncated, an archive, or not a plain numpy array.
        UserError: too many files are open.
    """
    shape, dtype, missing = _header(path, wanted)
    if missing > 0:
        told = f"truncated by {missing:,} bytes: {dtype} {shape} is more than the file holds"
        raise CorpusError(told, where=path, fix="take a fresh copy of the file")
    try:
        array: NDArray[np.generic] = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    except UNREADABLE as error:
        refuse_limits(error)
        what = f"not a readable .npy array ({error})"
        raise CorpusError(what, where=path, fix="take a fresh copy of the file") from error
    return array


def header_fault(path: Path, row: tuple[int, ...], kinds: str) -> tuple[int, str]:
    """Number of frames and what is wrong with an array, told from its header and the file's length alone.

    Args:
        path: a `.npy` file.
        row: shape of one frame.
        kinds: admitted `dtype.str` values without byte order, separated by spaces ("f2 f4 f8").

    Returns:
        (frames, fault); fault is "" for a sound header. NaN cannot be seen here: see `content_fault`.

    Raises:
        UserError: too many files are open, which says nothing of this one.
    """
    try:
        shape, dtype, missing = _header(path, MOTION)
    except CorpusError as error:
        return 0, error.what if error.what.startswith("pickled objects") else f"unreadable: {error.what}"
    wanted = "(T, " + ", ".join(map(str, row)) + ")"
    if len(shape) != len(row) + 1 or shape[1:] != row:
        return 0, f"wrong shape: {shape} instead of {wanted}"
    if dtype.str[1:] not in kinds.split():
        return 0, f"wrong type: {dtype} instead of {' or '.join(str(np.dtype(kind)) for kind in kinds.split())}"
    if shape[0] == 0:
        return 0, "wrong shape: no frames"
    return (0, f"unreadable: truncated by {missing} bytes") if missing > 0 else (int(shape[0]), "")


def bone_fault(joints: NDArray[np.generic]) -> str:
    """Which joint lies on its parent, so that no features can be made of it, or "".

    Args:
        joints: (T, 22, 3) in any unit.

    Example:
        >>> bone_fault(np.zeros((1, 22, 3)))
        'bone without length: left_hip lies on pelvis in frame 0'
    """
    fused = (joints[:, 1:] == joints[:, list(PARENTS[1:])]).all(axis=-1)
    if not fused.any():
        return ""
    frame, bone = np.argwhere(fused)[0]
    names = JOINT_NAMES[bone + 1], JOINT_NAMES[PARENTS[bone + 1]]
    return f"bone without length: {names[0]} lies on {names[1]} in frame {frame}"


def _header(path: Path, wanted: str) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """Shape, type, and how many bytes the file lacks for them."""
    fix = "take a fresh copy of the file"
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise CorpusError("not a file that can be read to its end", where=path, fix=f"save {wanted} there")
        with path.open("rb") as stream:
            begins = stream.read(len(ZIP))
            if begins == ZIP:
                raise CorpusError(_archive(path), where=path, fix=f"save {wanted} with np.save")
            stream.seek(0)
            version = np.lib.format.read_magic(stream)
            read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, _, dtype = read(stream)
            length = os.fstat(stream.fileno()).st_size - stream.tell()
    except FileNotFoundError:
        raise CorpusError("no such file", where=path, fix=fix) from None
    except UNPARSED as error:
        raise CorpusError(f"not a readable .npy array ({error})", where=path, fix=fix) from error
    except UNREADABLE as error:
        refuse_limits(error)
        raise CorpusError(f"not a readable .npy array ({error})", where=path, fix=fix) from error
    if dtype.hasobject:
        told = "pickled objects: Python's own, not one array of numbers (MDM saves its results so); refused unread"
        raise CorpusError(told, where=path, fix=PICKLED)
    if min(shape, default=0) < 0:
        raise CorpusError(f"not a readable .npy array (its shape is {shape})", where=path, fix=fix)
    return shape, dtype, math.prod(shape) * dtype.itemsize - length


def _archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        refuse_limits(error)
        return f"not a readable .npy array, but a damaged archive ({error})"
    if any(PurePosixPath(name).name == "data.pkl" for name in names):
        return "a file of PyTorch, not one array"
    arrays = [name.removesuffix(".npy") for name in names if name.endswith(".npy")]
    shown = ", ".join((arrays or names)[:NAMED]) + (", …" if len(arrays or names) > NAMED else "")
    return f"an archive of {'arrays' if arrays else 'files'} ({shown}), not one array"


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
