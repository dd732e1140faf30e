"""Recordings as a table, a row each, so that they are performed a partition at a time and each only once."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.demo.corpora.cuts import Recordings
from lib.demo.corpora.unfinished import PARTITIONS
from lib.demo.synthesis import Spec, synthesise
from lib.engine.mapping import map_partitions

AT_ONCE = 1536
"""Recordings of a partition: some seconds of work, and the most that a killed run has to do again a process."""


def recordings_table(recordings: Recordings, told: Sequence[Any]) -> pd.DataFrame:
    """One row a recording, in the order of its first clip, with all that its performance depends on but the seed.

    Args:
        recordings: the takes, and the clips cut from them.
        told: of every clip, by its position in `recordings.cuts`, what whoever writes it must know; JSON can hold it.

    Returns:
        (source: number of the recording; specs: JSON, the fields of every `Spec`; clips: JSON, of every clip what is
        told of it, its first frame, and the frame after its last).

    Example:
        >>> recordings = Recordings()
        >>> recordings.record([Spec("walk", seconds=3.0)])
        >>> recordings.cut(0, 1, "train")
        >>> recordings_table(recordings, ["000000"])["clips"].tolist()
        ['[["000000", 0, 60]]']
    """
    by_source: dict[int, list[list[Any]]] = {}
    for cut, known in zip(recordings.cuts, told, strict=True):
        by_source.setdefault(cut.source, []).append([known, cut.start, cut.end])
    return pd.DataFrame(
        {
            "source": np.fromiter(by_source, dtype=np.int64, count=len(by_source)),
            "specs": [json.dumps([_fields(spec) for spec in recordings.takes[source]]) for source in by_source],
            "clips": [json.dumps(clips) for clips in by_source.values()],
        }
    )


def performances(rows: pd.DataFrame, seed: int) -> Iterator[tuple[Any, NDArray[np.float32]]]:
    """Every clip of some recordings as (what is told of it, joints (T,22,3) in metres), recording by recording.

    Each recording has a random stream of its own, so that clips cut from one share frames and one performer, and
    neither another recording nor another partition changes it.

    Args:
        rows: rows of `recordings_table`.
        seed: of everything random.
    """
    for source, specs, clips in zip(rows["source"], rows["specs"], rows["clips"], strict=True):
        take = [Spec(*fields) for fields in json.loads(specs)]
        joints = synthesise(take, np.random.default_rng([seed, int(source)]))
        for told, start, end in json.loads(clips):
            yield told, joints[start:end]


def perform(write: Callable[..., pd.DataFrame], table: pd.DataFrame, folder: Path, **arguments: Any) -> pd.DataFrame:
    """Has every recording performed and written once, by as many processes as the engine has.

    Args:
        write: of a module; called with rows of the table, `folder` as text, and `arguments`. It writes files below the
            folder that no other rows concern, and returns a small table about them.
        table: from `recordings_table`.
        folder: of the corpus, in a folder that `unfinished` gave; partitions that are written there are passed over.
        arguments: for `write`, which JSON can hold.

    Returns:
        What `write` returned of all rows, in their order.

    Raises:
        RunError: a partition could not be written, such as on a full disk.
    """
    given = {"folder": str(folder), **arguments}
    return map_partitions(
        write, table, step=folder.name, arguments=given, rows=AT_ONCE, folder=folder.parent.parent / PARTITIONS
    )


def _fields(spec: Spec) -> list[Any]:
    return [spec.action, spec.speed, spec.side, spec.direction, spec.style, spec.amplitude, spec.seconds]
