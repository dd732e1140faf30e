"""Whether the disk holds what is about to be written."""

import os
import shutil
from pathlib import Path

from lib.base.errors import UserError, of_system

MARGIN = 2**29
"""Bytes that stay free whatever is written: other programs write too, and a full disk stops all of them."""


def require_room(folder: Path, needed: int, what: str) -> None:
    """Refuses to begin what the disk cannot hold.

    Room is what the user may write, quotas aside; of a folder that is not there yet, the nearest parent is asked.

    Args:
        folder: where it is to be written; links are followed, so that the disk asked is the one written to.
        needed: bytes, besides what is there.
        what: what is written, such as "the corpus of 344,476 clips".

    Raises:
        UserError: fewer bytes are free than needed and `MARGIN`, or the disk cannot be asked.
        ValueError: a negative number of bytes.

    Example:
        >>> require_room(Path("."), 0, "nothing")
        >>> require_room(Path("."), 10**24, "a joke")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        lib.base.errors.UserError: .: a joke needs 1,000,000,000,000,000.0 GB and 0.5 GB to spare, ... GB are free; ...
    """
    if needed < 0:
        raise ValueError(f"{what} cannot need {needed} bytes")
    try:
        free = shutil.disk_usage(_existing(folder)).free
    except OSError as error:
        raise of_system(error) from None
    if free < needed + MARGIN:
        raise UserError(
            f"{what} needs {size(needed)} and {size(MARGIN)} to spare, {size(free)} are free",
            where=folder,
            fix="free space (make clean-cache shows what the caches hold), or name a folder on another disk",
        )


def size(count: int) -> str:
    """A number of bytes as messages say it, in powers of ten.

    Example:
        >>> size(0), size(999), size(40_960), size(1_250_000), size(8_100_000_000)
        ('0 bytes', '999 bytes', '41 kB', '1.2 MB', '8.1 GB')
    """
    if count >= 10**8:
        return f"{count / 1e9:,.1f} GB"
    if count >= 10**5:
        return f"{count / 1e6:,.1f} MB"
    return f"{count / 1e3:,.0f} kB" if count >= 10**3 else f"{count} bytes"


def _existing(folder: Path) -> Path:
    place = Path(os.path.realpath(folder))
    return next(parent for parent in (place, *place.parents) if parent.exists())
