"""Folders that are kept because making them again takes long, sealed with the SHA-256 of every file in them."""

import json
import sys
from pathlib import Path

from lib.base import atomic, state
from lib.base.errors import RunError
from lib.base.hashes import file_sha256
from lib.base.paths import shown

SEAL = "sha256.json"


def seal(folder: Path) -> None:
    """Writes `sha256.json` into a finished folder.

    Args:
        folder: whose files, hidden ones aside, are listed with their hashes.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / SEAL)
    listed = {path.relative_to(folder).as_posix(): file_sha256(path) for path in files if path.name[0] != "."}
    atomic.write_text(folder / SEAL, json.dumps(listed, indent=1) + "\n")


def is_sealed(folder: Path) -> bool:
    """Whether a folder says what it should hold."""
    return (folder / SEAL).is_file()


def intact(folder: Path) -> bool:
    """Whether a folder is sealed and every file is as it was then; all are read, and nothing is remembered.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "weights").write_bytes(b"1234")
        >>> seal(folder)
        >>> before = intact(folder)
        >>> _ = (folder / "weights").write_bytes(b"1235")
        >>> before, intact(folder)
        (True, False)
    """
    return not damage(folder)


def damage(folder: Path) -> str:
    """Which file is missing or not as it was when the folder was sealed; empty where none is."""
    try:
        listed = state.required(folder / SEAL, dict[str, str], fix="")
    except RunError:
        return SEAL
    return next((name for name, sha256 in listed.items() if not _is(folder / name, sha256)), "")


def say_damage(folder: Path, then: str) -> None:
    """Says in one line on stderr what is damaged in a folder that is there.

    Args:
        folder: the folder.
        then: what is done about it.
    """
    if folder.is_dir() and (name := damage(folder)):
        what = "is damaged" if (folder / name).is_file() else "is missing"
        print(f"warning: {shown(folder / name)} {what}; {then}", file=sys.stderr)


def _is(path: Path, sha256: str) -> bool:
    try:
        return file_sha256(path) == sha256
    except (OSError, ValueError):
        return False
