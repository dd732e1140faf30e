"""SHA-256 of texts, files and folders; large files are read once and remembered while they stay as they are."""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

from lib.base import atomic, state
from lib.base.paths import CACHE

SMALL = 1 << 14
"""Bytes up to which hashing again costs no more than looking up."""

SETTLED_S = 2.0
"""A file changed this recently may change again within a tick of the clock: its hash is not remembered."""

VIDEOS = "videos"
"""The folder of a corpus that holds a video a clip."""

Known = tuple[int, int, int, int, str]
"""Size, times of change in nanoseconds, inode and SHA-256 of a file."""


def text_sha256(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hex; names of files that are not UTF-8 have one too.

    Example:
        >>> text_sha256("")[:8]
        'e3b0c442'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def file_sha256(path: Path | str) -> str:
    """SHA-256 of one file, read in blocks and never remembered."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest(parts: Iterable[tuple[str, str]]) -> str:
    """One SHA-256 for many named digests, whatever their order.

    Example:
        >>> digest([("a", "1"), ("b", "2")]) == digest([("b", "2"), ("a", "1")])
        True
    """
    return text_sha256("\n".join(f"{name} {value}" for name, value in sorted(parts)))


class HashCache:
    """SHA-256 by path, valid while size, times and inode of the file stay the same.

    Args:
        store: the JSON file; an unreadable one is started anew, since it can always be recomputed.
    """

    def __init__(self, store: Path | None = None) -> None:
        self.store = store or CACHE / "hashes.json"
        self.known = _stored(self.store, _stamp(self.store))
        self.fresh: dict[str, Known] = {}

    def sha256(self, path: Path | str) -> str:
        """Hash of one file, from memory if the file is large and has not changed."""
        stat = os.stat(path)
        if stat.st_size <= SMALL:
            return file_sha256(path)
        key = os.path.abspath(path)
        stamp = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        known = self.known.get(key)
        if known is not None and known[:-1] == stamp:
            return known[-1]
        found = file_sha256(path)
        if time.time() - max(stat.st_mtime, stat.st_ctime) > SETTLED_S:
            self.fresh[key] = (*stamp, found)
        return found

    def save(self) -> None:
        """Adds what was learnt to the store, replacing it in one step; a read-only place is no reason to stop."""
        if not self.fresh:
            return
        merged = {**HashCache(self.store).known, **self.fresh}
        with suppress(OSError):
            atomic.write_text(self.store, json.dumps(merged))


@lru_cache(maxsize=1)
def _stored(store: Path, stamp: tuple[int, ...]) -> Mapping[str, Known]:
    """What a store holds, read once as long as the file stays as it is."""
    return state.read(store, dict[str, Known]) or {}


def _stamp(file: Path) -> tuple[int, ...]:
    try:
        stat = file.stat()
    except OSError:
        return ()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def folder_sha256(folder: Path, *, without: str | None = None) -> dict[str, str]:
    """SHA-256 of every file below a folder, by relative path in sorted order; one folder in it may be left out.

    Links are followed, since readers follow them; hidden files, dangling links and a link to a folder that it lies in
    are left out. A folder that is not there holds nothing.
    """
    cache, whole = HashCache(), os.fspath(folder)
    # Paths as texts: a corpus has a hundred thousand files, and objects would take most of the time of a run that has
    # nothing to do.
    names = (name for name in _below(whole) if name.partition("/")[0] != without)
    ordered = sorted(names, key=lambda name: name.split("/"))
    found = {name: cache.sha256(os.path.join(whole, name)) for name in ordered}
    cache.save()
    return found


@cache
def corpus_fingerprint(root: Path) -> str:
    """One digest for every file of a corpus folder, in which an import that was cut short is finished first.

    Its videos are left out: they are large, and no notebook reads them, but what was made of them.
    The folder is read once a process; ``cache_clear`` makes it be read again.
    """
    atomic.arrive(root)
    return digest(folder_sha256(root, without=VIDEOS).items())


def _below(folder: str, name: str = "", above: frozenset[str] = frozenset()) -> Iterator[str]:
    """The files below a folder by their names from the uppermost one on."""
    real = os.path.realpath(folder)
    if real in above or not os.path.isdir(real):
        return
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from _below(entry.path, f"{name}{entry.name}/", above | {real})
        elif entry.is_file() and not entry.name.startswith("."):
            yield f"{name}{entry.name}"


def hash_files(root: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of files and, as one, of whole folders (names ending in "/") below a root; what is absent is left out.

    A ``*`` in the name of a file stands for anything: all files there are of such a name count.
    """
    cache = HashCache()
    found: dict[str, str] = {}
    for name in (one for pattern in names for one in _matching(root, pattern)):
        path = root / name
        if name.endswith("/") and path.is_dir():
            found[name] = digest(folder_sha256(path).items())
        elif path.is_file():
            found[name] = cache.sha256(path)
    cache.save()
    return found


def _matching(root: Path, pattern: str) -> list[str]:
    if "*" not in pattern:
        return [pattern]
    return sorted(path.relative_to(root).as_posix() for path in root.glob(pattern))
