"""What was computed from a text, kept by content so that it is never computed again."""

import hashlib
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from lib.base import atomic, cache_use
from lib.base.errors import UserError

AT_ONCE = 500
COLUMNS = "key BLOB PRIMARY KEY, value BLOB NOT NULL"
PATIENCE_S = 120.0
_NO_DAMAGE = (sqlite3.OperationalError, sqlite3.ProgrammingError)
"""A file that is locked, cannot be read or was closed says nothing of what it holds."""


def key(maker: str, text: str) -> bytes:
    """The 32 bytes under which what `maker` makes of `text` is kept.

    Args:
        maker: what computes the value, such as a model's hash; another maker never finds it.
        text: the text, to the character.

    Returns:
        SHA-256 of both; the maker's length is part of it, so that the two cannot run into each other.

    Example:
        >>> key("m", "a man walks").hex()[:8], key("m", "") == key("", "m")
        ('6e79a142', False)
    """
    return hashlib.sha256(f"{len(maker)}:{maker}{text}".encode("utf-8", "surrogatepass")).digest()


class Store:
    """Bytes by key in one SQLite file.

    SQLite's journal gives what a cache shared by notebooks needs: two processes may read and write at once, and a
    write that was killed half way is undone by whoever opens the file next. A file that is damaged all the same is
    set aside and begun anew, and a value that does not fit its checksum is dropped: everything can be computed again,
    and a line on stderr says so. Values from before there were checksums are taken as they are and get theirs.

    Attributes:
        path: the file.
        dropped: keys of the values that were dropped because they did not fit their checksum.

    Example:
        >>> import tempfile
        >>> with Store(Path(tempfile.mkdtemp()) / "lengths.sqlite") as store:
        ...     store.put([(key("length", "run"), b"3")])
        ...     list(store.get([key("length", "run"), key("length", "walk")]).values())
        [b'3']
    """

    def __init__(self, path: Path) -> None:
        """Opens the file, making it and its folder where there are none.

        Args:
            path: the file.

        Raises:
            UserError: the file cannot be made or written.
        """
        self.path, self.dropped = path, set[bytes]()
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self.connection = self._open()
            except _NO_DAMAGE:
                raise
            except sqlite3.DatabaseError as damage:
                self._begin_anew(damage)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is kept under the keys; keys that are not there are left out, and those of damaged values.

        Raises:
            UserError: the file cannot be read.
        """
        cache_use.note_rows(self.path, keys)
        found: dict[bytes, bytes] = {}
        damaged: list[bytes] = []
        for one, value, checksum in self._select("key, value, checksum", keys):
            if checksum == _checksum(one, value):
                found[one] = value
            else:
                damaged.append(one)
        if damaged:
            self._drop(damaged)
        return found

    def has(self, keys: Sequence[bytes]) -> set[bytes]:
        """Those of the keys under which something is kept, without reading it; `get` may find it damaged.

        Raises:
            UserError: the file cannot be read.
        """
        cache_use.note_rows(self.path, keys)
        return {one for (one,) in self._select("key", keys)}

    def put(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Keeps all the items or, when interrupted, none of them; what is kept already stays.

        Raises:
            UserError: the disk is full, or another process held the file for two minutes.
        """
        rows = ((one, value, _checksum(one, value)) for one, value in items)
        with self._explained(), self.connection:
            self.connection.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?, ?)", rows)

    def remove(self, keys: Iterable[bytes]) -> int:
        """Removes what is kept under the keys, all or, when interrupted, nothing; its bytes are overwritten.

        Returns:
            How many values were there.

        Raises:
            UserError: the file cannot be written, or another process held it for two minutes.
        """
        with self._explained():
            self.connection.execute("PRAGMA secure_delete = ON")
            with self.connection:
                before = self.connection.total_changes
                self.connection.executemany("DELETE FROM kept WHERE key = ?", ((one,) for one in keys))
                return self.connection.total_changes - before

    def sizes(self) -> Iterator[tuple[bytes, int]]:
        """The key of every value and the bytes it takes, the key's and the checksum's among them.

        Raises:
            UserError: the file cannot be read.
        """
        with self._explained():
            yield from self.connection.execute("SELECT key, length(key) + length(value) + length(checksum) FROM kept")

    def shrink(self) -> None:
        """Gives the disk back what removed values took; takes as much disk as what stays, for a moment.

        Raises:
            UserError: the disk is full, or another process held the file for two minutes.
        """
        with self._explained():
            self.connection.execute("VACUUM")

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Closes the file."""
        self.connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=PATIENCE_S)
        connection.execute(f"CREATE TABLE IF NOT EXISTS kept ({COLUMNS}, checksum BLOB NOT NULL)")
        if not _has_checksums(connection):
            connection.create_function("checksum_of", 2, _checksum, deterministic=True)
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                if _has_checksums(connection):  # another process was faster
                    return connection
                connection.execute("ALTER TABLE kept ADD COLUMN checksum BLOB NOT NULL DEFAULT x''")
                connection.execute("UPDATE kept SET checksum = checksum_of(key, value)")
        return connection

    def _select(self, columns: str, keys: Sequence[bytes]) -> Iterator[tuple[bytes, ...]]:
        with self._explained():
            for at in range(0, len(keys), AT_ONCE):
                some = keys[at : at + AT_ONCE]
                query = f"SELECT {columns} FROM kept WHERE key IN ({','.join('?' * len(some))})"
                try:
                    rows = self.connection.execute(query, some).fetchall()
                except _NO_DAMAGE:
                    raise
                except sqlite3.DatabaseError as damage:
                    self.connection.close()
                    self._begin_anew(damage)
                    return
                yield from rows

    def _drop(self, keys: Sequence[bytes]) -> None:
        self.dropped |= {*keys}
        told = f"{len(keys)} damaged value{'s' if len(keys) > 1 else ''} dropped, to be computed again"
        print(f"warning: {self.path}: {told}", file=sys.stderr)
        with self._explained(), self.connection:
            self.connection.executemany("DELETE FROM kept WHERE key = ?", [(one,) for one in keys])

    def _begin_anew(self, damage: sqlite3.DatabaseError) -> None:
        atomic.rename(self.path, self.path.with_name(f"{self.path.name}.damaged"))
        # SQLite would play the journal of the damaged file into the new one.
        atomic.remove(self.path.with_name(f"{self.path.name}-journal"))
        print(f"warning: {self.path} was damaged ({damage}): set aside and begun anew", file=sys.stderr)
        self.connection = self._open()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            fix = "free some space" if "full" in str(error) else "delete the file, it will be made again"
            fix = "wait for the other run to end" if "locked" in str(error) else fix
            raise UserError(f"cannot keep results ({error})", where=self.path, fix=fix) from error


def _has_checksums(connection: sqlite3.Connection) -> bool:
    return "checksum" in {row[1] for row in connection.execute("PRAGMA table_info(kept)")}


def _checksum(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(key + value, digest_size=16).digest()
