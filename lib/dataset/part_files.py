"""Files of a growing export as the engine's workers make them: each appears whole, and a row tells what it holds."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from lib.base import atomic
from lib.base.errors import UserError
from lib.base.hashes import file_sha256

MADE = ".partitions"
"""The folder in a growing export of what its partitions leave for a while; it is gone when the export is whole."""
COLUMNS = ["name", "bytes", "sha256", "note"]
"""Of a table of made files; a note is JSON."""


class Maker:
    """Makes files of a partition and remembers them.

    Args:
        folder: the growing export.
        writing: a folder on the same disk that no other worker writes to.
        dest: where the export will be, for messages.
    """

    def __init__(self, folder: Path, writing: Path, dest: str) -> None:
        self.folder, self.writing, self.dest = folder, writing / "file", dest
        self._rows: list[tuple[str, int, str, str]] = []

    def add(self, name: str, write: Callable[[Path], object], note: Any = None) -> None:
        """Makes one file; one that is there, such as a worker left that died, is replaced.

        Args:
            name: its path in the export.
            write: writes the file of the path it is given.
            note: what is told of it, a plain value.

        Raises:
            UserError: it cannot be written.
        """
        target = self.folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write(self.writing)
            told = self.writing.stat().st_size, file_sha256(self.writing)
            atomic.rename(self.writing, target)
        except OSError as error:
            fix = "free space, or name another folder"
            raise UserError(f"cannot be written ({error.strerror or error})", where=self.dest, fix=fix) from error
        self._rows.append((name, *told, json.dumps(note)))

    def table(self) -> pd.DataFrame:
        """What was made, `COLUMNS`, a row a file."""
        texts = {name: "str" for name in ("name", "sha256", "note")}
        return pd.DataFrame(self._rows, columns=COLUMNS).astype({**texts, "bytes": "int64"})


@contextmanager
def maker(folder: str, dest: str) -> Iterator[Maker]:
    """Gives what makes the files of one partition.

    Args:
        folder: the growing export.
        dest: where it will be, for messages.

    Raises:
        OSError: nothing can be written there.
    """
    place = Path(folder) / MADE
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix="writing-") as writing:
        yield Maker(Path(folder), Path(writing), dest)
