"""A folder that grows beside its place, file by file, until it is whole: a run that was killed goes on where it was."""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lib.base import atomic
from lib.base.errors import UserError
from lib.base.hashes import file_sha256
from lib.dataset.part_files import MADE
from lib.engine.mapping import partition_files
from lib.engine.partitions import Partition, Source
from lib.engine.results import read
from lib.engine.work import Function

SUMS = "SHA256SUMS"
PART, RECORD = ".part", ".record"
"""Endings of the hidden neighbours of an export: the folder in which it grows, and the record of what is finished."""


class Part:
    """The folder in which an export grows, and the record of what is finished in it.

    The record lies beside the folder: a line for the key, then a line a file with its name, size, SHA-256 and a note.
    A file is written under another name first, so that one of its name is whole.

    Args:
        dest: where the whole folder will be.
        key: of everything that the content depends on; what another key left is removed.

    Attributes:
        key: of its content.
        folder: the growing folder.
        made: files that were made by this process; what an earlier one finished is not made again.
    """

    def __init__(self, dest: Path, key: str) -> None:
        self.dest, self.folder = dest, dest.with_name(f".{dest.name}{PART}")
        self.made = 0
        self.key = key
        self._record = dest.with_name(f".{dest.name}{RECORD}")
        self._done: dict[str, tuple[int, str, Any]] = {}
        self._folders: set[Path] = set()
        if not self._resumed(key):
            self.discard()
            self.folder.mkdir(parents=True)
            self._record.write_text(json.dumps(key) + "\n", encoding="utf-8")
        self._log = self._record.open("a", encoding="utf-8")

    def add(self, name: str, make: Callable[[Path], Any], *, anew: bool = False) -> Any:
        """Makes one file, unless it is finished.

        Args:
            name: its path in the folder.
            make: writes the file of the path it is given; what it returns is the file's note, a plain value.
            anew: make it although it is finished.

        Returns:
            The note.
        """
        if name in self._done and not anew:
            return self._done[name][2]
        target, writing = self.folder / name, self.folder / ".writing"
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        note = make(writing)
        size, sha256 = writing.stat().st_size, file_sha256(writing)
        atomic.rename(writing, target)
        self._enter([(name, size, sha256, note)])
        return note

    def add_all(self, function: Function, table: Source, *, step: str, rows: int, **arguments: Any) -> None:
        """Makes many files through the engine, by partitions.

        A partition's result travels by a file that lies in the growing folder. It is entered in the record as soon as
        it is there, and taken away, so that it never outlives the files that it tells of; a death costs the partitions
        that were under way, and one whose files are gone since is made again.

        Args:
            function: a partition's rows in, `lib.dataset.part_files.COLUMNS` out; it also gets ``folder``, that of the
                export, and ``dest``.
            table: what is not finished yet.
            step: the name of what is made.
            rows: of a partition.
            arguments: of `function`, JSON values.

        Raises:
            RunError: a file that cannot be read or written.
        """

        def entered(_: Partition, file: Path) -> None:
            made = read([file]).itertuples(index=False, name=None)
            self._enter([(name, int(size), sha256, json.loads(note)) for name, size, sha256, note in made])
            atomic.remove(file)

        arguments |= {"folder": str(self.folder), "dest": str(self.dest)}
        how: dict[str, Any] = {"step": step, "arguments": arguments, "code": self.key, "rows": rows}
        partition_files(function, table, folder=self.folder / MADE, progress=True, ended=entered, **how)

    def write(self, name: str, content: bytes, *, anew: bool = False) -> None:
        """Makes one file of its content, as `add` does."""
        self.add(name, lambda path: path.write_bytes(content), anew=anew)

    def note(self, name: str) -> Any:
        """The note of a finished file."""
        return self._done[name][2]

    def __contains__(self, name: str) -> bool:
        """Whether a file is finished."""
        return name in self._done

    def sha256(self, name: str) -> str:
        """The hash of a finished file."""
        return self._done[name][1]

    def size(self) -> int:
        """Bytes of all finished files."""
        return sum(size for size, _, _ in self._done.values())

    def names(self) -> list[str]:
        """The finished files, sorted."""
        return sorted(self._done)

    def finish(self) -> None:
        """Writes the list of hashes and puts the folder in its place; an earlier one stays until then."""
        lines = [f"{self.sha256(name)}  {name}\n" for name in self.names() if name != SUMS]
        self.write(SUMS, "".join(lines).encode(), anew=True)
        (self.folder / ".writing").unlink(missing_ok=True)
        atomic.remove(self.folder / MADE)
        atomic.swap_in(self.folder, self.dest)
        self.close()
        self._record.unlink(missing_ok=True)

    def close(self) -> None:
        """Closes the record, which stays for the next run."""
        self._log.close()

    def discard(self) -> None:
        """Removes the folder and its record."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._record.unlink(missing_ok=True)

    def _enter(self, made: Sequence[tuple[str, int, str, Any]]) -> None:
        """Notes files that were made, (name, bytes, SHA-256, note) each, in the record and here."""
        self._log.write("".join(json.dumps([*one]) + "\n" for one in made))
        self._log.flush()
        self._done |= {name: (size, sha256, note) for name, size, sha256, note in made}
        self.made += len(made)

    def _resumed(self, key: str) -> bool:
        """Reads the record of an earlier run with the same key, up to the line that was cut off by its end."""
        if not (self.folder.is_dir() and self._record.is_file()):
            return False
        raw = self._record.read_bytes()
        whole = raw[: raw.rfind(b"\n") + 1]
        lines = whole.decode("utf-8").splitlines() if whole else []
        try:
            first, *entries = [json.loads(line) for line in lines]
        except ValueError:
            return False
        if first != key:
            return False
        atomic.remove(self.folder / MADE)
        if len(whole) < len(raw):
            os.truncate(self._record, len(whole))
        for name, size, sha256, note in entries:
            file = self.folder / name
            if file.is_file() and file.stat().st_size == size:
                self._done[name] = (size, sha256, note)
        return True


def check_place(dest: Path) -> None:
    """Refuses a place that holds anything but an earlier export.

    Args:
        dest: where an export is to be.

    Raises:
        UserError: a file, or a folder with a file that no list of hashes of an export names.
    """
    atomic.recover(dest)
    if not dest.exists():
        return
    if not dest.is_dir():
        raise UserError("is a file", where=dest, fix="name a folder that is not there yet")
    listed = {SUMS, *(line.partition("  ")[2] for line in sums(dest))}
    for path in dest.rglob("*"):
        if not path.is_dir() and path.relative_to(dest).as_posix() not in listed:
            what = f"holds {path.relative_to(dest).as_posix()}, which is of no export, and would be replaced whole"
            raise UserError(what, where=dest, fix="name a folder that is not there yet, or move the file away")


def sums(folder: Path) -> list[str]:
    """The lines of a folder's list of hashes; none where it has no list."""
    file = folder / SUMS
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def is_whole(folder: Path) -> bool:
    """Whether every file of an export is there with the hash that its list gives."""
    entries = [line.partition("  ") for line in sums(folder)]
    return bool(entries) and all(
        (folder / name).is_file() and file_sha256(folder / name) == sha256 for sha256, _, name in entries
    )
