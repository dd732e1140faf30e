"""Free disk, looked at before anything large is written."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.base.errors import CorpusError, UserError


def require_space(folder: Path, needed: int) -> None:
    """Refuses to begin what would not fit on the disk.

    Args:
        folder: where it will be written; it need not be there yet.
        needed: bytes, beyond those that are written already.

    Raises:
        UserError: fewer bytes are free.

    Example:
        >>> require_space(Path("/no/such/folder"), 0)
        >>> require_space(Path("/no/such/folder"), 10**18)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        lib.base.errors.UserError: /no/such/folder: needs 1,000,000,000.0 GB of disk and ... GB are free; free some ...
    """
    there = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        what = f"needs {needed / 1e9:,.1f} GB of disk and {free / 1e9:,.1f} GB are free"
        raise UserError(what, where=folder, fix="free some space or choose a folder on another disk")


def bytes_below(folder: Path) -> int:
    """Bytes that the files below a folder take on the disk, holes in them left out; 0 where there is no folder.

    Example:
        >>> bytes_below(Path("/no/such/folder"))
        0
    """
    return sum(
        os.lstat(os.path.join(place, name)).st_blocks * 512 for place, _, names in os.walk(folder) for name in names
    )


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Tells in one line that a corpus cannot be written, and why, such as on a full disk.

    Args:
        folder: of the corpus.

    Raises:
        CorpusError: the block raised an OSError.

    Example:
        >>> with writing(Path("corpora")):
        ...     raise OSError(28, "No space left on device")
        Traceback (most recent call last):
        lib.base.errors.CorpusError: corpora: cannot be written (No space left on device); free some disk space
    """
    try:
        yield
    except OSError as error:
        fix = "free some disk space"
        raise CorpusError(f"cannot be written ({error.strerror})", where=folder, fix=fix) from error
