"""Files and folders that appear whole or not at all."""

import os
import shutil
from pathlib import Path


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
    part.replace(path)
    return True


def swap_in(part: Path, target: Path) -> None:
    """Puts a finished folder where an older one may be, by two renames; the older one is deleted afterwards.

    A kill between the renames leaves the older folder beside the target, where :func:`recover` finds it.
    """
    recover(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(_aside(target))
    part.rename(target)
    shutil.rmtree(_aside(target), ignore_errors=True)


def recover(target: Path) -> None:
    """Finishes or undoes a :func:`swap_in` that was killed between its renames."""
    aside = _aside(target)
    if aside.exists() and not target.exists():
        aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")
