"""The journal: every request that was sent, with its outcome and what it cost; it holds no caption, no id, no path."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lib.base.hashes import text_sha256
from lib.base.paths import CACHE
from lib.captioning.answers import Answers, Kept, connect
from lib.captioning.failures import Reply, Usage

OPEN, ANSWERED, UNKNOWN = "open", "answered", "unknown"
"""Outcomes beside the classes of `lib.captioning.failures`; an attempt that a dead run left open is unknown."""
_ATTEMPTS = """
CREATE TABLE IF NOT EXISTS attempts (
    attempt INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, captioner TEXT NOT NULL, prompt TEXT NOT NULL,
    temperature REAL, outcome TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '', reply TEXT NOT NULL DEFAULT 'lost',
    input INTEGER, cached INTEGER, output INTEGER, dollars REAL NOT NULL, seconds REAL, began REAL NOT NULL
) STRICT
"""
_BY_KEY = "CREATE INDEX IF NOT EXISTS by_key ON attempts (key)"
_UPLOADS = "CREATE TABLE IF NOT EXISTS uploads (captioner TEXT NOT NULL, name TEXT PRIMARY KEY) STRICT"
_BATCHES = """
CREATE TABLE IF NOT EXISTS batches (
    label TEXT PRIMARY KEY, captioner TEXT NOT NULL, name TEXT, done INTEGER NOT NULL DEFAULT 0
) STRICT
"""


@dataclass(frozen=True)
class Entry:
    """What the journal says of a question: its last attempt's outcome and a few words to it."""

    outcome: str
    detail: str


class Journal:
    """Attempts by number.

    An attempt is written before its request is sent and completed after the answer is kept, so that a run killed at
    any moment leaves at most its requests under way as unknown.

    Args:
        folder: of the captions; the journal lies in the cache, under a name made from it.
        cache: where journals lie; the project's by default.

    Attributes:
        partitions: the folder beside it of results that the engine has and the journal has not yet.
    """

    def __init__(self, folder: Path, cache: Path | None = None) -> None:
        place = (cache or CACHE) / "captioning" / text_sha256(str(folder.resolve()))[:16]
        place.mkdir(parents=True, exist_ok=True)
        self.path = place / "journal.sqlite"
        self.partitions = place / "partitions"
        self.lock = threading.Lock()
        self.base = connect(self.path, _ATTEMPTS, _BY_KEY, _UPLOADS, _BATCHES)

    def recover(self, answers: Answers) -> int:
        """Completes the attempts that a dead run left open: answered where their answer is kept, else unknown.

        What an unknown one cost at most still counts as spent.

        Returns:
            How many are unknown now.
        """
        unknown = 0
        waiting = "SELECT label FROM batches WHERE done = 0"
        rows = self._rows(f"SELECT attempt, key, detail IN ({waiting}) FROM attempts WHERE outcome = ?", (OPEN,))
        for attempt, key, in_batch in rows:
            kept = answers.of_attempt(attempt, key)
            if kept is not None:
                usage = Usage(kept.input, kept.cached, kept.output)
                self.complete(attempt, ANSWERED, kept.finish, usage, kept.dollars, kept.seconds)
            elif not in_batch:
                unknown += 1
                self._do("UPDATE attempts SET outcome = ? WHERE attempt = ?", (UNKNOWN, attempt))
        return unknown

    def begin(
        self, key: str, captioner: str, prompt: str, temperature: float | None, most: float, detail: str = ""
    ) -> int:
        """Writes that a request is sent now.

        Args:
            key: of the question.
            captioner: who is asked.
            prompt: by which prompt.
            temperature: at which temperature.
            most: US dollars that it costs at most.
            detail: the label of a batch that it is part of.

        Returns:
            The number of the attempt.
        """
        columns = "key, captioner, prompt, temperature, outcome, detail, dollars, began"
        row = (key, captioner, prompt, temperature, OPEN, detail, most, time.time())
        with self.lock, self.base:
            number = self.base.execute(f"INSERT INTO attempts ({columns}) VALUES (?,?,?,?,?,?,?,?)", row).lastrowid
        assert number is not None
        return number

    def complete(
        self,
        attempt: int,
        outcome: str,
        detail: str,
        usage: Usage,
        dollars: float,
        seconds: float,
        *,
        reply: Reply = "arrived",
    ) -> None:
        """Writes how an attempt ended.

        Args:
            attempt: its number.
            outcome: `ANSWERED`, or a class of failure.
            detail: the server's word for why it stopped, or a code.
            usage: tokens as the server counted them.
            dollars: what it cost; at most, where nothing was delivered.
            seconds: from request to reply.
            reply: what became of it.
        """
        changed = "outcome=?, detail=?, reply=?, input=?, cached=?, output=?, dollars=?, seconds=?"
        row = (outcome, detail, reply, usage.input, usage.cached, usage.output, dollars, seconds, attempt)
        self._do(f"UPDATE attempts SET {changed} WHERE attempt = ?", row)

    def withdraw(self, attempt: int) -> None:
        """Takes back that a request is sent, which it was not after all."""
        self._do("DELETE FROM attempts WHERE attempt = ? AND outcome = ?", (attempt, OPEN))

    def open_attempts(self) -> dict[str, int]:
        """The number of the attempt of every question that has no end yet, by key; those in batches are left out."""
        asked = "SELECT key, attempt FROM attempts WHERE outcome = ? AND detail = '' ORDER BY attempt"
        return dict(self._rows(asked, (OPEN,)))

    def spent(self) -> float:
        """US dollars of all attempts, those at most whose end is unknown."""
        return float(self._rows("SELECT coalesce(sum(dollars), 0) FROM attempts")[0][0])

    def last(self) -> dict[str, Entry]:
        """The last attempt of every question, by key."""
        latest = "SELECT max(attempt) FROM attempts GROUP BY key"
        rows = self._rows(f"SELECT key, outcome, detail FROM attempts WHERE attempt IN ({latest})")
        return {key: Entry(outcome, detail) for key, outcome, detail in rows}

    def attempts(self) -> pd.DataFrame:
        """Every attempt, one row each."""
        with self.lock:
            return pd.read_sql_query("SELECT * FROM attempts ORDER BY attempt", self.base)

    def uploads(self, captioner: str) -> "Uploads":
        """The files that lie at a captioner's server."""
        return Uploads(self, captioner)

    def batch(self, label: str, captioner: str, name: str | None = None, *, done: bool = False) -> None:
        """Writes a batch down: its label before it is handed in, the server's name for it after, and its end."""
        self._do("INSERT OR REPLACE INTO batches VALUES (?, ?, ?, ?)", (label, captioner, name, int(done)))

    def batches(self, captioner: str) -> list[tuple[str, str | None]]:
        """Label and name of the batches that are not done."""
        asked = "SELECT label, name FROM batches WHERE captioner = ? AND done = 0 ORDER BY rowid"
        return [(label, name) for label, name in self._rows(asked, (captioner,))]

    def of_batch(self, label: str) -> dict[str, tuple[int, float]]:
        """Number and greatest cost of the attempts that are open in a batch, by the question's key."""
        asked = "SELECT key, attempt, dollars FROM attempts WHERE outcome = ? AND detail = ?"
        return {key: (attempt, dollars) for key, attempt, dollars in self._rows(asked, (OPEN, label))}

    def last_number(self) -> int:
        """The number of the last attempt; 0 before the first."""
        return int(self._rows("SELECT coalesce(max(attempt), 0) FROM attempts")[0][0])

    def close(self) -> None:
        """Closes the file."""
        self.base.close()

    def _do(self, statement: str, row: Iterable[object]) -> None:
        with self.lock, self.base:
            self.base.execute(statement, tuple(row))

    def _rows(self, statement: str, row: Iterable[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with self.lock:
            return self.base.execute(statement, tuple(row)).fetchall()


@dataclass(frozen=True)
class Uploads:
    """The files of the journal's clips at one captioner's server."""

    journal: Journal
    captioner: str

    def add(self, name: str) -> None:
        """Remembers a file that was uploaded."""
        self.journal._do("INSERT OR REPLACE INTO uploads VALUES (?, ?)", (self.captioner, name))

    def remove(self, name: str) -> None:
        """Forgets a file that was deleted."""
        self.journal._do("DELETE FROM uploads WHERE name = ?", (name,))

    def names(self) -> list[str]:
        """Files that are there, such as a dead run left."""
        asked = "SELECT name FROM uploads WHERE captioner = ?"
        return [name for (name,) in self.journal._rows(asked, (self.captioner,))]


def finish(journal: Journal, answers: Answers, kept: Kept) -> None:
    """Keeps an answer and completes its attempt, in the order after which a kill loses nothing that was paid for."""
    answers.add(kept)
    usage = Usage(kept.input, kept.cached, kept.output)
    journal.complete(kept.attempt, ANSWERED, kept.finish, usage, kept.dollars, kept.seconds)
