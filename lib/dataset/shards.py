"""WebDataset shards: tar files of clips, each as a motion and a record with its captions and its weight."""

import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Sample = Mapping[str, Any]


def shard_names(split: str, clips: int, at_once: int) -> list[str]:
    """The shards of a split.

    Example:
        >>> shard_names("train", 2500, 1000)
        ['shards/train-000000.tar', 'shards/train-000001.tar', 'shards/train-000002.tar']
    """
    return [f"shards/{split}-{number:06d}.tar" for number in range(-(-clips // at_once))]


def write_shard(motions: Path, samples: Sequence[Sample], path: Path) -> None:
    """Writes one shard, the same bytes for the same clips; one motion is in memory at a time.

    Args:
        motions: folder of ``<id>.npy``.
        samples: a record a clip, with its `id`.
        path: the tar file.
    """
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in _members(motions, samples):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def _members(motions: Path, samples: Sequence[Sample]) -> Iterator[tuple[str, bytes]]:
    for sample in samples:
        yield f"{sample['id']}.npy", (motions / f"{sample['id']}.npy").read_bytes()
        yield f"{sample['id']}.json", json.dumps(sample, ensure_ascii=False).encode("utf-8")
