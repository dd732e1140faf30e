"""Who uses what the caches hold: whoever opens an entry notes it, and a profile keeps what each of its steps noted.

A step is a notebook, or the preparation of models. What its last run opened is what it uses; a run that failed adds to
what is known, so that a training that did not end is used as well. Notes lie in the cache and survive ``make clean``.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.base import atomic
from lib.base.paths import CACHE

COLLECTED = "LIB_CACHE_USE"
"""The environment variable by which a step, and the processes it starts, learn where they note."""
MODELS = "models"
"""The step that fetches and trains a profile's models."""
ENTRIES = "entries"
ROWS = ".rows"
SHORT = 8
"""Bytes of a row's key that tell it from others."""
_noted: dict[Path, set[bytes]] = {}
"""What this process noted already, by the file it is noted in."""


def judging(key: str) -> str:
    """The step that embeds videos and captions of one of a profile's corpora, by its key, with its video-text model.

    Example:
        >>> judging("dm")
        'judge-dm'
    """
    return f"judge-{key}"


@contextmanager
def collected(profile: str, step: str, *, content: str | None = None, cache: Path = CACHE) -> Iterator[None]:
    """Keeps what is noted meanwhile as what a step of a profile uses; it replaces what the step used before.

    Args:
        profile: its name.
        step: a notebook's stem, or another name of what a profile does.
        content: of a step that does only what is left to do: what it depends on. Where it is as before, the step still
            uses what it used.
        cache: where the caches lie.
    """
    target = folder_of(cache, profile, step)
    part = atomic.part_of(target)
    part.mkdir(parents=True)
    outer = os.environ.get(COLLECTED)
    os.environ[COLLECTED] = str(part)
    ended = False
    _noted.clear()
    try:
        yield
        ended = True
    finally:
        if outer is None:
            del os.environ[COLLECTED]
        else:
            os.environ[COLLECTED] = outer
        before = target / "content"
        again = content is not None and before.is_file() and before.read_text(encoding="utf-8") == content
        if target.is_dir() and (again or not ended):
            _add(target, part)
        if content is not None:
            (part / "content").write_text(content, encoding="utf-8")
        atomic.swap_in(part, target)


def note(entry: Path, *, cache: Path = CACHE) -> Path:
    """Notes that a file or folder of the cache is used, be it there or about to be made.

    Args:
        entry: its path; one outside the cache is nobody's business here.
        cache: where the caches lie.

    Returns:
        The same path.

    Example:
        >>> note(Path("elsewhere"))
        PosixPath('elsewhere')
    """
    if COLLECTED in os.environ and entry.is_relative_to(cache):
        _append(Path(os.environ[COLLECTED]) / ENTRIES, f"{entry.relative_to(cache).as_posix()}\n".encode())
    return entry


def note_rows(store: Path, keys: Iterable[bytes], *, cache: Path = CACHE) -> None:
    """Notes that rows of a store are used; a process notes a row once, however often a training reads it.

    Args:
        store: the file.
        keys: of the rows, `SHORT` bytes long or longer.
        cache: where the caches lie.
    """
    if COLLECTED in os.environ and store.is_relative_to(cache):
        file = Path(os.environ[COLLECTED]) / f"{_flat(store.relative_to(cache).as_posix())}{ROWS}"
        known = _noted.setdefault(file, set())
        new = {key[:SHORT] for key in keys} - known
        known |= new
        if new:
            _append(file, b"".join(new))


def folder_of(cache: Path, profile: str, step: str = "") -> Path:
    """Where notes of a step lie, or with no step those of a profile."""
    return cache / "uses" / profile / step


def entries(folders: Iterable[Path]) -> set[str]:
    """The entries noted in folders of steps, by their paths from the cache."""
    found: set[str] = set()
    for file in (folder / ENTRIES for folder in folders):
        if file.is_file():
            found |= {*file.read_text(encoding="utf-8").splitlines()}
    return found


def rows(folders: Iterable[Path], store: str) -> set[bytes]:
    """The rows of a store noted in folders of steps, by the first `SHORT` bytes of their keys.

    Args:
        folders: of steps.
        store: its path from the cache.
    """
    found: set[bytes] = set()
    for file in (folder / f"{_flat(store)}{ROWS}" for folder in folders):
        if file.is_file():
            found |= {*_rows(file)}
    return found


def forget_rows(store: Path, keys: Iterable[bytes], *, cache: Path = CACHE) -> None:
    """Takes rows of a store out of every note, since part of a key is a trace of the text that it was made of.

    Args:
        store: the file.
        keys: of the rows.
        cache: where the caches lie.
    """
    gone = {key[:SHORT] for key in keys}
    for file in cache.glob(f"uses/*/*/{_flat(store.relative_to(cache).as_posix())}{ROWS}"):
        noted = _rows(file)
        left = [one for one in noted if one not in gone]
        if len(left) < len(noted):
            with atomic.replaced(file) as part:
                part.write_bytes(b"".join(left))


def _rows(file: Path) -> list[bytes]:
    noted = file.read_bytes()
    return [noted[at : at + SHORT] for at in range(0, len(noted) - SHORT + 1, SHORT)]


def _flat(entry: str) -> str:
    return entry.replace("/", "+")


def _append(file: Path, noted: bytes) -> None:
    # Several processes of a step note at once; a note is written whole before the next.
    with file.open("ab", buffering=0) as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.write(noted)


def _add(older: Path, part: Path) -> None:
    for file in older.iterdir():
        if file.name == ENTRIES or file.suffix == ROWS:
            _append(part / file.name, file.read_bytes())
