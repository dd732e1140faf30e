"""Content hashes of files, remembered so that large unchanged files are read once."""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

from lib.paths import CACHE

SMALL = 1 << 14
"""Bytes up to which hashing again costs no more than looking up."""

SETTLED_S = 2.0
"""A file changed this recently may change again within one tick of the clock: its hash is not remembered."""


def _read(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class HashCache:
    """sha256 by path, valid while size, times and inode of the file stay the same.

    Args:
        store: the JSON file; an unreadable one is started anew, since it can always be recomputed.
    """

    def __init__(self, store: Path | None = None) -> None:
        """Reads what is remembered."""
        self.store = store or CACHE / "hashes.json"
        try:
            self.known: dict[str, list[object]] = json.loads(self.store.read_text())
        except (OSError, ValueError):
            self.known = {}
        self.fresh: dict[str, list[object]] = {}

    def sha256(self, path: Path) -> str:
        """Hash of one file, from memory if the file is large and has not changed."""
        stat = path.stat()
        if stat.st_size <= SMALL:
            return _read(path)
        key = os.path.abspath(path)
        stamp: list[object] = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
        known = self.known.get(key)
        if known is not None and known[:-1] == stamp:
            return str(known[-1])
        digest = _read(path)
        if time.time() - max(stat.st_mtime, stat.st_ctime) > SETTLED_S:
            self.fresh[key] = [*stamp, digest]
        return digest

    def save(self) -> None:
        """Adds what was learnt to the store, replacing it in one step; a read-only place is no reason to stop."""
        if not self.fresh:
            return
        merged = HashCache(self.store).known | self.fresh
        part = self.store.with_name(f"{self.store.name}.{os.getpid()}")
        try:
            self.store.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(merged))
            part.replace(self.store)
        except OSError:
            part.unlink(missing_ok=True)


def file_sha256(path: str | Path) -> str:
    """sha256 of a file's content, in hex.

    Files above `SMALL` bytes are remembered in .cache/hashes.json by size, times and inode; touching one costs a
    second reading and gives the same hash.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "a").write_bytes(b"")
        ...     file_sha256(Path(folder, "a"))[:12]
        'e3b0c44298fc'
    """
    cache = HashCache()
    digest = cache.sha256(Path(path))
    cache.save()
    return digest


def folder_sha256(paths: Iterable[Path], *, cache: HashCache) -> str:
    """One hash for many files: sha256 over their sorted names and content hashes."""
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda p: p.name):
        total.update(f"{path.name}\0{cache.sha256(path)}\n".encode())
    return total.hexdigest()


def hash_files(root: Path, names: Iterable[str]) -> dict[str, str]:
    """Hashes of files and of folders (names ending in "/") below `root`, by name; what does not exist is left out."""
    cache = HashCache()
    found: dict[str, str] = {}
    for name in names:
        path = root / name
        if name.endswith("/") and path.is_dir():
            entries = (Path(entry.path) for entry in os.scandir(path) if entry.is_file())
            found[name] = folder_sha256(entries, cache=cache)
        elif path.is_file():
            found[name] = cache.sha256(path)
    cache.save()
    return found
