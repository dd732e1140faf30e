"""Vectors of videos and captions by a judge, computed through the engine and kept by content."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base.errors import ModelError
from lib.base.hashes import HashCache
from lib.corpus.videos import Video
from lib.engine import results
from lib.engine.keys import Keyed
from lib.engine.mapping import partition_files
from lib.engine.vectors import as_column, read_vectors
from lib.models.judge import TOGETHER, Judge, load_judge
from lib.models.parameters import VideoTextModel

VIDEOS = 64
"""Videos of a partition; each is seen alone."""
CAPTIONS = 64 * TOGETHER
"""Captions of a partition; those of a block are read together."""
PACKAGES = ("av", "onnxruntime", "pillow", "tokenizers", "torchvision")
"""Packages that vectors depend on, beside those that every key names."""
Vectors = NDArray[np.float32]


@lru_cache(maxsize=1)
def loaded(wanted: str) -> Judge:
    """The judge of a profile, loaded once a process.

    Args:
        wanted: the block `models.video_text`, as JSON.

    Raises:
        ModelError: as `lib.models.judge.load_judge`.
    """
    return load_judge(VideoTextModel.model_validate_json(wanted))


def video_vectors(
    wanted: VideoTextModel, videos: Mapping[str, Video], *, rows: int = VIDEOS, progress: bool = True
) -> Vectors:
    """Vectors of videos.

    Args:
        wanted: the judge, which travels to the workers by this and its hash.
        videos: of clips, all in one folder.
        rows: of a partition; it changes no bit.
        progress: whether to show a bar.

    Returns:
        (n, d) float32, L2-normalised, in the order of `videos`.

    Raises:
        RunError: a file that is no readable video, or a judge that is not what it was.
    """
    folder = next(iter(videos.values())).path.parent
    hashes = HashCache()
    spans = [video.span or (None, None) for video in videos.values()]
    table = pd.DataFrame(
        {
            "file": [video.path.relative_to(folder).as_posix() for video in videos.values()],
            "sha256": [hashes.sha256(video.path) for video in videos.values()],
            "begin_s": pd.array([begin for begin, _ in spans], dtype="Float64"),
            "end_s": pd.array([end for _, end in spans], dtype="Float64"),
        }
    )
    hashes.save()
    arguments = {**_judged_by(wanted), "folder": Keyed(str(folder), "videos")}
    made = partition_files(
        seen, table, step="video vectors", arguments=arguments, rows=rows, on_device=True, progress=progress
    )
    return read_vectors(made)


def caption_vectors(
    wanted: VideoTextModel, texts: list[str], *, rows: int = CAPTIONS, progress: bool = True
) -> tuple[Vectors, NDArray[np.int64]]:
    """Vectors and tokens of captions; each distinct text is read once.

    Args:
        wanted: the judge.
        texts: captions.
        rows: distinct texts of a partition, whole blocks of `lib.models.judge.TOGETHER`; it changes no bit.
        progress: whether to show a bar.

    Returns:
        ((n, d) float32, L2-normalised; tokens before any is cut (n,)), in the order of `texts`.

    Raises:
        RunError: as `video_vectors`.
        ValueError: `rows` that cut a block.
    """
    if rows % TOGETHER:
        raise ValueError(f"partitions of {rows} texts cut blocks of {TOGETHER}")
    distinct = sorted(set(texts), key=lambda text: (len(text), text))
    table = pd.DataFrame({"text": distinct}, dtype="str")
    made = partition_files(
        read,
        table,
        step="caption vectors",
        arguments=_judged_by(wanted),
        rows=rows,
        on_device=True,
        progress=progress,
    )
    place = {text: at for at, text in enumerate(distinct)}
    order = [place[text] for text in texts]
    return read_vectors(made)[order], results.read(made)["tokens"].to_numpy(dtype=np.int64)[order]


def seen(rows: pd.DataFrame, *, judge: str, sha256: str, packages: str, folder: str) -> pd.DataFrame:
    """The vectors of a partition's videos.

    Args:
        rows: file, its sha256, begin_s and end_s of the clip in it, missing for the whole.
        judge: as `loaded` takes it.
        sha256: of the judge's content.
        packages: their versions, for the key.
        folder: of the videos.

    Raises:
        CorpusError: a file that is no readable video.
        ModelError: a judge that cannot be loaded, or is not what it was.
    """
    spans = zip(rows["file"], rows["begin_s"], rows["end_s"], strict=True)
    videos = [
        Video(Path(folder) / file, None if pd.isna(begin) else (float(begin), float(end))) for file, begin, end in spans
    ]
    return as_column(_same(judge, sha256).encode_videos(videos, progress=False))


def read(rows: pd.DataFrame, *, judge: str, sha256: str, packages: str) -> pd.DataFrame:
    """The vectors and tokens of a partition's captions.

    Args:
        rows: a column ``text`` of distinct ones in rising order of length, then of letters.
        judge: as `seen` takes it, and so the others.
        sha256: of the judge's content.
        packages: their versions, for the key.

    Raises:
        ModelError: a judge that cannot be loaded, or is not what it was.
    """
    texts, reads = rows["text"].tolist(), _same(judge, sha256)
    return as_column(reads.encode_texts(texts, progress=False)).assign(tokens=reads.tokens(texts))


def _judged_by(wanted: VideoTextModel) -> dict[str, Any]:
    described = wanted.model_dump_json()
    sha256 = loaded(described).sha256
    return {"judge": Keyed(described, sha256), "sha256": sha256, "packages": _versions()}


def _same(judge: str, sha256: str) -> Judge:
    found = loaded(judge)
    if found.sha256 != sha256:
        raise ModelError("is not what it was when the run began", where=found.name, fix="let it be and run again")
    return found


def _versions() -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:  # not every judge needs it
            continue
    return ", ".join(found)
