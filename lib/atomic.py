"""Files and folders that appear whole or not at all."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

before_rename: Callable[[Path, Path], None] = lambda part, target: None
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


def write_text(path: Path, text: str) -> bool:
    """Writes a text through a temporary file, only when it differs from what is there.

    Returns:
        Whether the file was written.

    Example:
        >>> import tempfile
        >>> target = Path(tempfile.mkdtemp()) / "note.txt"
        >>> write_text(target, "a"), write_text(target, "a")
        (True, False)
    """
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    rename(part, path)
    return True


def swap_in(part: Path, target: Path) -> None:
    """Puts a finished folder where an older one may be, by two renames; the older one is deleted afterwards.

    A kill between the renames leaves the older folder beside the target, where :func:`recover` finds it.
    """
    recover(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        rename(target, _aside(target))
    rename(part, target)
    shutil.rmtree(_aside(target), ignore_errors=True)


def recover(target: Path) -> None:
    """Finishes or undoes a :func:`swap_in` that was killed between its renames."""
    aside = _aside(target)
    if aside.exists() and not target.exists():
        rename(aside, target)
    shutil.rmtree(aside, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")
