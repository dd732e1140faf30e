"""Mean and deviation of an export's training motions, summed up by partitions of clips and joined in their order."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from lib.base import atomic
from lib.corpus.feature_statistics import FeatureStatistics, Moments, moments_of, statistics_of
from lib.dataset.clip_files import MOTIONS
from lib.dataset.part import Part
from lib.dataset.part_files import MADE
from lib.engine.mapping import partition_files
from lib.engine.results import read


def training_statistics(part: Part, ids: Sequence[str], rows: int) -> FeatureStatistics:
    """The statistics of clips whose motions are written; the same to the bit for any partitions.

    Args:
        part: the growing export.
        ids: of the clips, in order.
        rows: clips of a partition, whose sums, 4 kB a clip, are in memory at a time.

    Raises:
        RunError: a motion cannot be read.
    """
    files = partition_files(
        moment_rows,
        pd.DataFrame({"id": [*ids]}, dtype="str"),
        step="statistics",
        arguments={"folder": str(part.folder)},
        code=part.key,
        rows=rows,
        folder=part.folder / MADE,
        progress=True,
    )
    found = statistics_of(_moments(files))
    for file in {*files}:
        atomic.remove(file)
    return found


def moment_rows(rows: pd.DataFrame, *, folder: str) -> pd.DataFrame:
    """Frames, mean and squares of each motion of a partition, see `lib.corpus.feature_statistics.Moments`.

    Args:
        rows: a column ``id``.
        folder: the growing export.
    """
    found = [moments_of(np.load(Path(folder) / MOTIONS.format(clip_id))) for clip_id in rows["id"]]
    return pd.DataFrame({"frames": [one.frames for one in found], "mean": [one.mean for one in found],
                         "squares": [one.squares for one in found]})  # fmt: skip


def _moments(files: Iterable[Path]) -> Iterator[Moments]:
    for file in files:
        table = read([file])
        for frames, mean, squares in zip(table["frames"], table["mean"], table["squares"], strict=True):
            yield Moments(int(frames), mean, squares)
