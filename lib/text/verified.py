"""No file of a model is used unless it has the sha256 that is expected of it."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lib.base.errors import ModelError
from lib.base.hashes import HashCache


def faults(folder: Path, expected: Mapping[str, str]) -> list[str]:
    """What is wrong with a folder of files.

    Args:
        folder: the folder.
        expected: sha256 by relative path; further files do not matter.

    Returns:
        One phrase a missing or differing file, none when all is well.

    Example:
        >>> faults(Path("no/such/folder"), {"weights": "00"})
        ['weights is missing']
    """
    cache = HashCache()
    found = []
    for name, sha256 in expected.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif (actual := cache.sha256(path)) != sha256:
            found.append(f"{name} has sha256 {actual[:12]}…, not {sha256[:12]}…")
    cache.save()
    return found


def verify(folder: Path, expected: Mapping[str, str], *, fix: str) -> None:
    """Refuses a folder with a missing or differing file.

    Args:
        folder: the folder.
        expected: sha256 by relative path.
        fix: what the user can do about it.

    Raises:
        ModelError: naming the first fault and the number of others.

    Example:
        >>> verify(Path("no/such/folder"), {"weights": "00"}, fix="fetch it")
        Traceback (most recent call last):
        lib.base.errors.ModelError: no/such/folder: weights is missing; fetch it
    """
    found = faults(folder, expected)
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise ModelError(found[0] + more, where=folder, fix=fix)


@contextmanager
def disk_errors(where: Path) -> Iterator[None]:
    """Tells a full or unwritable disk in one line.

    Args:
        where: what is being written.

    Raises:
        ModelError: in place of any OSError.

    Example:
        >>> with disk_errors(Path("models")):
        ...     raise OSError(errno.ENOSPC, "No space left on device")
        Traceback (most recent call last):
        lib.base.errors.ModelError: models: the disk is full; free 1.3 GB and run again, what was fetched is kept
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            fix = "free 1.3 GB and run again, what was fetched is kept"
            raise ModelError("the disk is full", where=where, fix=fix) from error
        raise ModelError(
            f"cannot be written ({error.strerror or error})", where=where, fix="check the folder"
        ) from error
