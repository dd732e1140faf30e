"""The folder in which corpora are made: a run that was killed goes on with what lies there."""

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.base import atomic, state
from lib.base.errors import CorpusError
from lib.base.hashes import text_sha256
from lib.base.locks import exclusive

NOTE, PARTITIONS = "made_from.json", "partitions"


@contextmanager
def unfinished(target: Path, made_from: str) -> Iterator[Path]:
    """Gives a folder to make something in, which is put in its place when the block succeeds.

    Whatever stops the block leaves the folder, and whoever makes the same thing of the same again is given it again.
    Its path is like no other's, so that what is kept about its files under that path, in `PARTITIONS` beside it, is
    true as long as they are there. One process at a time makes a target.

    Args:
        target: where the finished folder goes; an older one there is replaced.
        made_from: all that its content depends on.

    Yields:
        The folder, absolute.

    Raises:
        OSError: the folder cannot be made or put in its place.
    """
    place = unfinished_place(target)
    with exclusive(f"folder-{text_sha256(str(place))[:12]}"):
        known = state.read(place / NOTE, dict[str, str]) if place.is_dir() else None
        if known is None or known.get("made_from") != made_from or not known.get("folder", "").isalnum():
            atomic.remove(place)
            known = {"made_from": made_from, "folder": uuid.uuid4().hex}
            atomic.write_text(place / NOTE, json.dumps(known))
        folder = place / known["folder"]
        folder.mkdir(exist_ok=True)
        yield folder
        atomic.swap_in(folder, target)
        atomic.remove(place)


def unfinished_place(target: Path) -> Path:
    """Where a target is made, with all that is needed until it is whole; on the same disk.

    Example:
        >>> unfinished_place(Path("/corpora/demo")).as_posix()
        '/corpora/.demo.unfinished'
    """
    target = target.absolute()
    return target.with_name(f".{target.name}.unfinished")


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
