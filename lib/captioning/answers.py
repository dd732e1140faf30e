"""The captions that arrived, beside the corpus that they describe, so that what is private stays with what is."""

import sqlite3
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from lib.base.errors import CorpusError

FILE = ".captioner_answers.sqlite"
"""In the folder of the captions; hidden, since it is no part of the corpus."""
_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, attempt INTEGER NOT NULL, clip_id TEXT NOT NULL, text TEXT NOT NULL, finish TEXT NOT NULL,
    input INTEGER, cached INTEGER, output INTEGER, dollars REAL NOT NULL, seconds REAL NOT NULL
) STRICT
"""


@dataclass(frozen=True)
class Kept:
    """An answer as it is kept, with what it cost and the attempt of the journal that brought it."""

    key: str
    attempt: int
    clip_id: str
    text: str
    finish: str
    input: int | None
    cached: int | None
    output: int | None
    dollars: float
    seconds: float


class Answers:
    """The store of answers by key; every one is on the disk before the next question is asked.

    Args:
        folder: made where it is not there.

    Raises:
        CorpusError: the file is damaged.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE
        self.lock = threading.Lock()
        self.base = connect(self.path, _TABLE)

    def keys(self) -> set[str]:
        """Keys of all answers."""
        with self.lock:
            return {key for (key,) in self.base.execute("SELECT key FROM answers")}

    def get(self, key: str) -> Kept | None:
        """The answer of a key."""
        with self.lock:
            row = self.base.execute("SELECT * FROM answers WHERE key = ?", (key,)).fetchone()
        return Kept(*row) if row else None

    def of_attempt(self, attempt: int, key: str) -> Kept | None:
        """The answer that an attempt brought."""
        kept = self.get(key)
        return kept if kept is not None and kept.attempt == attempt else None

    def add(self, kept: Kept) -> None:
        """Keeps an answer."""
        row = tuple(vars(kept).values())
        with self.lock, self.base:
            self.base.execute(f"INSERT OR REPLACE INTO answers VALUES ({', '.join('?' * len(row))})", row)

    def forget(self, clip_ids: Collection[str]) -> int:
        """Removes the answers about clips, from the file's free pages as well.

        Returns:
            How many there were.
        """
        with self.lock:
            with self.base:
                self.base.execute("PRAGMA secure_delete = ON")
                rows = [(one,) for one in clip_ids]
                n = self.base.executemany("DELETE FROM answers WHERE clip_id = ?", rows).rowcount
            self.base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return n

    def close(self) -> None:
        """Closes the file."""
        self.base.close()


def connect(path: Path, *tables: str) -> sqlite3.Connection:
    """Opens a SQLite file in WAL mode, in which a commit is on the disk before the next step.

    Args:
        path: the file; made where it is not there.
        tables: statements that make its tables.

    Raises:
        CorpusError: the file is damaged.
    """
    base = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")
        with base:
            for table in tables:
                base.execute(table)
    except sqlite3.DatabaseError as error:
        base.close()
        fix = "move it away; what it holds is then asked for again"
        raise CorpusError(f"cannot be used ({error})", where=path.name, fix=fix) from None
    return base
