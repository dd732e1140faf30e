"""What was computed from a text, kept by content so that it is never computed again."""

import hashlib
import sqlite3
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from lib import atomic
from lib.errors import UserError

AT_ONCE = 500
PATIENCE_S = 120.0


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
    set aside with a warning and begun anew: everything in it can be computed again.

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
        self.path = path
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self.connection = self._open()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError as damage:
                atomic.rename(path, path.with_name(f"{path.name}.damaged"))
                warnings.warn(f"{path} was damaged ({damage}): set aside and begun anew", stacklevel=2)
                self.connection = self._open()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is kept under the keys; keys that are not there are left out.

        Raises:
            UserError: the file cannot be read.
        """
        found: dict[bytes, bytes] = {}
        with self._explained():
            for at in range(0, len(keys), AT_ONCE):
                some = keys[at : at + AT_ONCE]
                query = f"SELECT key, value FROM kept WHERE key IN ({','.join('?' * len(some))})"
                found.update(self.connection.execute(query, some))
        return found

    def has(self, keys: Sequence[bytes]) -> set[bytes]:
        """Those of the keys under which something is kept, without reading it.

        Raises:
            UserError: the file cannot be read.
        """
        found: set[bytes] = set()
        with self._explained():
            for at in range(0, len(keys), AT_ONCE):
                some = keys[at : at + AT_ONCE]
                query = f"SELECT key FROM kept WHERE key IN ({','.join('?' * len(some))})"
                found.update(row[0] for row in self.connection.execute(query, some))
        return found

    def put(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Keeps all the items or, when interrupted, none of them; what is kept already stays.

        Raises:
            UserError: the disk is full, or another process held the file for two minutes.
        """
        with self._explained(), self.connection:
            self.connection.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?)", items)

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Closes the file."""
        self.connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=PATIENCE_S)
        connection.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB NOT NULL)")
        return connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            fix = "free some space" if "full" in str(error) else "delete the file, it will be made again"
            fix = "wait for the other run to end" if "locked" in str(error) else fix
            raise UserError(f"cannot keep results ({error})", where=self.path, fix=fix) from error
