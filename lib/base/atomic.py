"""Files and folders that appear whole or not at all."""

import fcntl
import glob
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ARRIVING = ".arriving."
"""How a folder of finished files is called that are on their way into the folder it lies in."""

_PART = re.compile(r"\..+\.(\d+)")


def _unhindered(part: Path, target: Path) -> None: ...


before_rename: Callable[[Path, Path], None] = _unhindered
"""Called with both paths before every rename; tests put a function here that kills the process at the n-th one."""


def rename(part: Path, target: Path) -> None:
    """Puts a finished file or folder in its place; every step that makes a result visible is one of these.

    Args:
        part: the finished file or folder, on the same disk as its place.
        target: its place; a file that is there is replaced, a folder that is there must be empty.

    Raises:
        OSError: the rename failed; both paths are as before.
    """
    before_rename(part, target)
    part.replace(target)


def part_of(target: Path) -> Path:
    """Where this process makes a file or folder before it is put in its place; nothing is there yet.

    What processes that are gone left there is removed, as nobody reads it now.

    Example:
        >>> part_of(Path("results/values.json")).name == f".values.json.{os.getpid()}"
        True
    """
    mine = target.with_name(f".{target.name}.{os.getpid()}")
    for older in target.parent.glob(f".{glob.escape(target.name)}.*"):
        if older == mine or (is_part(older) and not alive(int(older.suffix[1:]))):
            remove(older)
    return mine


def is_part(path: Path) -> bool:
    """Whether a path is named as `part_of` names them, or is a folder of files that `put_together` left."""
    return path.name.startswith(ARRIVING) or _PART.fullmatch(path.name) is not None


def alive(pid: int) -> bool:
    """Whether a process of this machine runs."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def remove(path: Path) -> None:
    """Deletes a file, a link or a whole folder, as far as that is possible."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """Gives a path to write to; what is written there becomes the file or folder `target` when the block succeeds.

    Raises:
        OSError: writing or renaming failed; the target is as before and nothing is left beside it.

    Example:
        >>> import tempfile
        >>> target = Path(tempfile.mkdtemp()) / "note.txt"
        >>> with replaced(target) as part:
        ...     _ = part.write_text("a")
        >>> target.read_text()
        'a'
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(target)
    try:
        yield part
        rename(part, target)
    except BaseException:
        remove(part)
        raise


def write_text(path: Path, text: str) -> bool:
    """Writes a text through a temporary file, only when it differs from what is there, byte by byte.

    Returns:
        Whether the file was written.

    Example:
        >>> import tempfile
        >>> target = Path(tempfile.mkdtemp()) / "note.txt"
        >>> write_text(target, "a"), write_text(target, "a")
        (True, False)
    """
    content = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == content:
        return False
    with replaced(path) as part:
        part.write_bytes(content)
    return True


@contextmanager
def put_together(folder: Path, last: str) -> Iterator[Path]:
    """Gives a folder to fill; its files take their places in `folder` together, beside whatever else lies there.

    They are committed by one rename within the folder. From then on `arrive` brings them to their places, and whoever
    reads the folder calls it first, so that a kill at any time leaves the older files or the newer ones. A reader who
    knows nothing of this is not misled either: `last` is away while the others are replaced.

    Args:
        folder: made where it is not there.
        last: the file without which the others are not read.

    Raises:
        OSError: a file could not be written or renamed; before the commit the older files stay, and nothing is left.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    part = part_of(folder / "part")
    try:
        part.mkdir()
        yield part
        arrive(folder)
        rename(part, folder / f"{ARRIVING}{last}")
    except BaseException:
        remove(part)
        if made:
            with suppress(OSError):
                folder.rmdir()
        raise
    arrive(folder)


def arrive(folder: Path) -> list[str]:
    """Finishes a `put_together` that was committed, of this process or of one that is gone.

    Returns:
        The files that came to their places now; none in nearly every case.

    Raises:
        OSError: the folder cannot be written; what is waiting there waits on.
    """
    arrived: list[str] = []
    for waiting in filter(Path.is_dir, folder.glob(f"{ARRIVING}*")):
        last = waiting.name.removeprefix(ARRIVING)
        with suppress(FileNotFoundError), _turn(waiting):
            names = os.listdir(waiting)
            if last in names:
                (folder / last).unlink(missing_ok=True)
            for name in sorted(names, key=lambda name: (name == last, name)):
                rename(waiting / name, folder / name)
                arrived.append(name)
            waiting.rmdir()
    return arrived


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Lets one process at a time work on a folder, where the file system can lock one.

    Raises:
        FileNotFoundError: the folder went while another process had its turn; one that came in its place is not locked.
    """
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        if not os.path.samestat(os.fstat(held), os.stat(folder)):
            raise FileNotFoundError(folder)
        yield
    finally:
        os.close(held)


def swap_in(part: Path, target: Path) -> None:
    """Puts a finished folder where an older one may be, by two renames; the older one is deleted afterwards.

    A kill between the renames leaves the older folder beside the target, where :func:`recover` finds it.
    """
    recover(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        rename(target, _aside(target))
    try:
        rename(part, target)
    except OSError:
        recover(target)
        raise
    shutil.rmtree(_aside(target), ignore_errors=True)


def recover(target: Path) -> None:
    """Finishes or undoes a :func:`swap_in` that was killed between its renames."""
    aside = _aside(target)
    if aside.exists() and not target.exists():
        rename(aside, target)
    shutil.rmtree(aside, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")
