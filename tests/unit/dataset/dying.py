"""What a worker of the tests does: it writes files, and dies of it once; little is imported, so that it starts soon."""

import os
import signal
from functools import partial
from pathlib import Path

import pandas as pd

from lib.dataset.part_files import maker


def dying(rows: pd.DataFrame, *, folder: str, dest: str, notes: str) -> pd.DataFrame:
    """Writes a file a row; the first time that it is at row 3 it ends its process between two files."""
    with maker(folder, dest) as made:
        for n in rows["n"]:
            if n == 3 and not os.path.exists(notes):
                Path(notes).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            made.add(f"{n}.txt", partial(_write, f"file {n}"), int(n))
        return made.table()


def _write(text: str, path: Path) -> None:
    path.write_text(text)
