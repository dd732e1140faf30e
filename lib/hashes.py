"""SHA-256 of files, remembered by size and modification time so that large data is read once."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock

from lib.atomic import write_text
from lib.paths import CACHE


def text_sha256(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hex.

    Example:
        >>> text_sha256("")[:8]
        'e3b0c442'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of one file, read in blocks and never remembered."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def folder_sha256(folder: Path, *, memory: Path = CACHE / "folder_hashes.json") -> dict[str, str]:
    """SHA-256 of every file below a folder, by relative path in sorted order.

    A file is read again only when its size, modification time or inode changed since it was last read, so a second
    look at a full HumanML3D copy costs one ``stat`` a file.

    Args:
        folder: the folder; hidden files are left out.
        memory: where the hashes are remembered.

    Returns:
        ``{relative path: hex digest}``.
    """
    known: dict[str, list[str | int]] = json.loads(memory.read_text()) if memory.is_file() else {}
    found, changed = {}, False
    for path in _files(folder):
        stat = path.stat()
        key, signature = str(path.resolve()), [stat.st_size, stat.st_mtime_ns, stat.st_ino]
        entry = known.get(key)
        if entry is None or entry[1:] != signature:
            entry = known[key] = [file_sha256(path), *signature]
            changed = True
        found[path.relative_to(folder).as_posix()] = str(entry[0])
    if changed:
        _remember(known, memory)
    return found


def digest(parts: Iterable[tuple[str, str]]) -> str:
    """One SHA-256 for many named digests, whatever their order.

    Example:
        >>> digest([("a", "1"), ("b", "2")]) == digest([("b", "2"), ("a", "1")])
        True
    """
    return text_sha256("\n".join(f"{name} {value}" for name, value in sorted(parts)))


def _files(folder: Path) -> list[Path]:
    return sorted(Path(top) / name for top, _, names in os.walk(folder) for name in names if not name.startswith("."))


def _remember(known: dict[str, list[str | int]], memory: Path) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(memory.with_suffix(".lock")):
        write_text(memory, json.dumps({key: entry for key, entry in known.items() if Path(key).is_file()}))
