"""WebDataset shards: tar files of clips, each as a motion and a record with its captions and its weight."""

import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lib.base import atomic
from lib.dataset.part_files import maker

Sample = Mapping[str, Any]
_PLAN = pa.schema([("name", pa.string()), ("ids", pa.list_(pa.string())), ("records", pa.list_(pa.string()))])


def shard_names(split: str, clips: int, at_once: int) -> list[str]:
    """The shards of a split.

    Example:
        >>> shard_names("train", 2500, 1000)
        ['shards/train-000000.tar', 'shards/train-000001.tar', 'shards/train-000002.tar']
    """
    return [f"shards/{split}-{number:06d}.tar" for number in range(-(-clips // at_once))]


def write_plan(shards: Iterable[tuple[str, Iterable[Sample]]], path: Path) -> None:
    """Writes down what shards hold, a row a shard, for the workers that pack them; one shard is in memory at a time.

    Args:
        shards: names and records of clips, each with its `id`.
        path: the file of Parquet.
    """
    with atomic.replaced(path) as part, pq.ParquetWriter(part, _PLAN) as table:
        for name, samples in shards:
            told = [(sample["id"], json.dumps(sample, ensure_ascii=False)) for sample in samples]
            ids, records = zip(*told, strict=True)
            table.write_table(pa.table([[name], [ids], [records]], schema=_PLAN))


def shard_files(rows: pd.DataFrame, *, folder: str, dest: str) -> pd.DataFrame:
    """Packs the shards of a partition.

    Args:
        rows: of a plan.
        folder: the growing export, whose motions are written.
        dest: where it will be, for messages.

    Returns:
        `lib.dataset.part_files.COLUMNS`, a row a shard.

    Raises:
        UserError: a shard cannot be written.
    """
    with maker(folder, dest) as made:
        for name, ids, records in zip(rows["name"], rows["ids"], rows["records"], strict=True):
            samples = [*zip(ids, records, strict=True)]
            made.add(name, partial(write_shard, Path(folder) / "new_joint_vecs", samples))
        return made.table()


def write_shard(motions: Path, samples: Iterable[tuple[str, str]], path: Path) -> None:
    """Writes one shard, the same bytes for the same clips; one motion is in memory at a time.

    Args:
        motions: folder of ``<id>.npy``.
        samples: id and record of each clip, the record as JSON.
        path: the tar file.
    """
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in _members(motions, samples):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def _members(motions: Path, samples: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    for clip_id, record in samples:
        yield f"{clip_id}.npy", (motions / f"{clip_id}.npy").read_bytes()
        yield f"{clip_id}.json", record.encode("utf-8")
