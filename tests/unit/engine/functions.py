"""What the tests of the engine map: functions of a module, which processes that start from nothing can import."""

import os
import signal
import time
from pathlib import Path

import numpy as np
import pandas as pd

from lib.base.errors import CorpusError
from lib.engine.arrays import opened


def table(n: int, seed: int = 0) -> pd.DataFrame:
    """Ids, floats of many sizes with gaps, counts, and texts with gaps."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=n) * 10.0 ** rng.integers(-9, 9, n)
    texts = [None if k % 7 == 3 else "ä" * (k % 5) + str(k) for k in range(n)]
    return pd.DataFrame({"id": [f"c{k}" for k in range(n)], "x": np.where(values > 1e6, np.nan, values), "text": texts})


def scored(rows: pd.DataFrame, *, power: float = 3.0) -> pd.DataFrame:
    """A row a row: what a loop over rows gives, to the bit."""
    return pd.DataFrame(
        {
            "id": rows["id"],
            "y": [float(x) ** power + 0.1 for x in rows["x"]],
            "short": [np.float32(x) for x in rows["x"]],
            "letters": [0 if pd.isna(text) else len(text) for text in rows["text"]],
            "upper": [None if pd.isna(text) else text.upper() for text in rows["text"]],
            "negative": [bool(x < 0) for x in rows["x"]],
        }
    )


def noted(rows: pd.DataFrame, *, notes: str, nap: float = 0.0) -> pd.DataFrame:
    """As `scored`; leaves a file a call, named by its first row and its process."""
    note(Path(notes), rows)
    time.sleep(nap)
    return scored(rows)


def note(notes: Path, rows: pd.DataFrame) -> None:
    (notes / f"{rows['id'].iloc[0]}.{os.getpid()}.{time.monotonic_ns()}").touch()


def calls(notes: Path) -> list[str]:
    """The first rows of the calls there were, sorted."""
    return sorted(file.name.partition(".")[0] for file in notes.iterdir())


def refuses(rows: pd.DataFrame, *, notes: str, at: list[str]) -> pd.DataFrame:
    """As `noted`; fails where a partition holds one of some rows."""
    note(Path(notes), rows)
    if found := sorted({*at} & {*rows["id"]}):
        raise CorpusError(f"no motion of {found[0]}", where="dm", fix="import it again")
    return scored(rows)


def divides(rows: pd.DataFrame) -> pd.DataFrame:
    """Raises what no user causes."""
    return rows.assign(x=[1 // int(one != "c4") for one in rows["id"]])


def dies(rows: pd.DataFrame, *, notes: str, at: str, times: int) -> pd.DataFrame:
    """As `noted`; ends its own process, with no word, the first times that it is at a row."""
    note(Path(notes), rows)
    if at in {*rows["id"]} and calls(Path(notes)).count(rows["id"].iloc[0]) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return scored(rows)


def threads(rows: pd.DataFrame) -> pd.DataFrame:
    """How many threads a product of matrices would take, and where it ran."""
    from threadpoolctl import threadpool_info

    most = max((one["num_threads"] for one in threadpool_info()), default=1)
    return pd.DataFrame({"threads": [most] * len(rows), "pid": os.getpid()})


def multiplied(rows: pd.DataFrame, *, array: str) -> pd.DataFrame:
    """Products of rows of an array that was kept with all of it, summed, and which process made them."""
    whole = opened(array)
    return pd.DataFrame({"sum": (whole[rows["at"]] @ whole.T).sum(axis=1), "pid": os.getpid()})


def gapped(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns whose types would follow from the partition: a text or none, a whole number or none."""
    even = np.arange(len(rows)) % 2 == 0 if rows["id"].iloc[0] == "c0" else np.zeros(len(rows), bool)
    text = pd.Series(["a" if one else None for one in even], dtype="object")
    number = [1 if one else None for one in even]
    return pd.DataFrame({"id": rows["id"], "text": text, "number": pd.array(number, dtype="Int64")})


def killed_by_another(notes: Path, after: int) -> None:
    """Kills, from beside the map, the process that made the newest call, once there were so many."""
    while len([*notes.iterdir()]) < after:
        time.sleep(0.01)
    newest = max(notes.iterdir(), key=lambda file: int(file.name.split(".")[2]))
    os.kill(int(newest.name.split(".")[1]), signal.SIGKILL)
