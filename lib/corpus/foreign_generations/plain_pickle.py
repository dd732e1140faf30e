"""Pickles of numpy arrays, lists, strings and numbers, read without importing or calling anything that they name."""

import io
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError, refuse_limits

_PLAIN = re.compile(r"[<>|=]?(?:f[248]|[iu][1248]|b1|\?)")
_TEXT = re.compile(r"[<>|=]?U\d{1,6}")
_OBJECT = re.compile(r"\|?O8?")
_ORDERS = {"<": "<", ">": ">", "=": "=", "|": "|"}


def loads(content: bytes, where: Path) -> Any:
    r"""What a pickle holds.

    Nothing that a pickle names is looked up: a name is either one of those by which numpy pickles arrays and numbers,
    for which a function of this module stands, or refuses the file. Arrays are made of their bytes alone.

    Args:
        content: the pickle, of any protocol.
        where: the file to name.

    Returns:
        Dictionaries, lists, tuples, strings, bytes and numbers; arrays as `Array`, of which `array_of` makes numpy's.

    Raises:
        CorpusError: a name that is not allowed, or no whole pickle.

    Example:
        >>> loads(pickle.dumps({"motion": [1, 2.5], "text": "a"}), Path("results.npy"))
        {'motion': [1, 2.5], 'text': 'a'}
        >>> loads(b"cos\nsystem\n.", Path("results.npy"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        lib.base.errors.CorpusError: results.npy: holds os.system, which is no array, list, string or number; nothing...
    """
    try:
        return _Unpickler(io.BytesIO(content)).load()
    except _Forbidden as error:
        what = f"holds {error}, which is no array, list, string or number"
        raise CorpusError(what, where=where, fix="nothing of it was run: save plain arrays") from None
    except Exception as error:  # a pickle is a program, and a broken one raises whatever its steps raise
        refuse_limits(error)
        told = " ".join(str(error).split())[:120] or type(error).__name__
        raise CorpusError(f"not a whole pickle ({told})", where=where, fix="take a fresh copy of the file") from None


class Array:
    """An array of a pickle: shape, kind of number and bytes, or the values of an array of objects."""

    def __init__(self) -> None:
        self.shape: Any = ()
        self.kind: Any = None
        self.data: Any = b""
        self.order: Any = "C"
        self.axes: Any = None

    def __setstate__(self, state: Any) -> None:
        """Takes what `numpy.ndarray` pickles: version, shape, kind, whether columns come first, bytes or a list."""
        _, self.shape, self.kind, columns_first, self.data = state
        self.order = "F" if columns_first else "C"


def array_of(value: Any) -> NDArray[np.generic] | None:
    """The numpy array of an `Array` of numbers or strings; of a list, the array of its numbers; else None.

    Args:
        value: as `loads` gives it.

    Raises:
        ValueError: shape and bytes do not belong together.
    """
    if not isinstance(value, Array):
        numbers = isinstance(value, list | tuple) and all(type(one) in (int, float) for one in value)
        return np.array(value) if numbers else None
    if not isinstance(value.kind, _Kind) or not isinstance(value.data, bytes | bytearray):
        return None
    kind, axes = value.kind.name, value.axes
    if not (_PLAIN.fullmatch(kind) or _TEXT.fullmatch(kind)):
        return None
    if not _are_counts(value.shape) or not (axes is None or _are_counts(axes)):
        return None
    array = np.frombuffer(value.data, dtype=np.dtype(kind)).reshape(value.shape, order=value.order)
    return array if axes is None else array.transpose(axes)


def values_of(value: Any) -> list[Any] | None:
    """The values of a list or tuple, or of an `Array` along its only axis; else None.

    Example:
        >>> values_of(["a", "b"]), values_of("ab")
        (['a', 'b'], None)
    """
    if isinstance(value, list | tuple):
        return [*value]
    if isinstance(value, Array) and isinstance(value.data, list):
        return value.data
    array = array_of(value)
    return array.tolist() if array is not None and array.ndim == 1 else None


def content_of(value: Any) -> Any:
    """What an `Array` of one object without axes holds, as `numpy.save` wraps a dictionary."""
    wrapped = isinstance(value, Array) and value.shape == () and isinstance(value.data, list) and len(value.data) == 1
    return value.data[0] if wrapped else value


class _Forbidden(Exception):
    """The name that a pickle asks for."""


class _Kind:
    """A data type of numpy's by its name; one with fields, or that another one underlies, is refused."""

    def __init__(self, name: Any, *_: Any) -> None:
        if not isinstance(name, str) or not any(one.fullmatch(name) for one in (_PLAIN, _TEXT, _OBJECT)):
            raise _Forbidden(f"an array of {str(name)[:40]!r}")
        self.name = name

    def __setstate__(self, state: Any) -> None:
        _, order, *inside = state
        if inside[:3] != [None, None, None]:
            raise _Forbidden("an array of records")
        self.name = _ORDERS[order] + self.name.lstrip("<>|=")


class _Made:
    """What stands for one name of numpy's: a call makes a value, and nothing can be set on it."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[..., Any]) -> None:
        self.make = make

    def __call__(self, *arguments: Any) -> Any:
        return self.make(*arguments)

    def __setstate__(self, state: Any) -> Never:
        raise _Forbidden("a change of numpy itself")


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """What stands for a name.

        Raises:
            _Forbidden: any name but those by which arrays and numbers are pickled.
        """
        make = _NAMES.get((module, name))
        if make is None:
            raise _Forbidden(f"{module}.{name}"[:80])
        return _Made(make)

    def persistent_load(self, pid: Any) -> Never:
        """Refuses a reference to what lies outside of the file."""
        raise _Forbidden("a reference to something outside of it")


def _empty(*_: Any) -> Array:
    return Array()


def _of_buffer(data: Any, kind: Any, shape: Any, order: Any, axes: Any = None) -> Array:
    array = Array()
    array.data, array.kind, array.shape, array.order = data, kind, shape, "F" if order == "F" else "C"
    array.axes = axes
    return array


def _scalar(kind: Any, data: Any = b"") -> Any:
    array = _of_buffer(data, kind, (), "C")
    value = array_of(array)
    if value is None:
        raise _Forbidden("a number of another kind")
    return value.item()


def _latin1(text: Any, encoding: Any) -> bytes:
    if not isinstance(text, str) or encoding != "latin1":
        raise _Forbidden(f"bytes in {str(encoding)[:20]}")
    return text.encode("latin1")


def _no_bytes(*arguments: Any) -> bytes:
    if arguments:
        raise _Forbidden("bytes that are made in another way")
    return b""


def _never(*_: Any) -> Never:
    raise _Forbidden("an array that is made in another way")


def _are_counts(numbers: Any) -> bool:
    return isinstance(numbers, tuple) and all(type(one) is int and one >= 0 for one in numbers)


_NAMES: dict[tuple[str, str], Callable[..., Any]] = {
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _empty for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): _scalar for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): _of_buffer for core in ("core", "_core")},
    ("numpy", "ndarray"): _never,
    ("numpy", "dtype"): _Kind,
    ("_codecs", "encode"): _latin1,
    ("__builtin__", "bytes"): _no_bytes,
}
"""What stands for each name that is allowed; numpy 2 moved `numpy.core` to `numpy._core`."""
