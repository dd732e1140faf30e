"""Embeddings of a corpus' videos and captions, written where `lib.corpus.embeddings` reads them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.corpus.captioners import compared, human
from lib.corpus.embeddings import JUDGE
from lib.corpus.videos import videos_of
from lib.models.judge import Judge
from lib.models.judged import CAPTIONS, VIDEOS, caption_vectors, loaded, video_vectors
from lib.models.parameters import VideoTextModel


@dataclass(frozen=True)
class Embedded:
    """How much was embedded, how many captioned clips have no video, how many captions the judge cuts, and where.

    Attributes:
        judge: SHA-256 of its content.
        longest: tokens of the longest text that it reads whole.
    """

    videos: int
    captions: int
    without_video: int
    cut: int
    judge: str
    longest: int


def embed(
    corpus: Corpus,
    wanted: VideoTextModel,
    videos: Path,
    *,
    rows: tuple[int, int] = (VIDEOS, CAPTIONS),
    progress: bool = True,
) -> Embedded:
    """Writes `video_embeddings.parquet` (clip_id, vector), `caption_embeddings.parquet` (caption_id, vector, tokens).

    Captions are those of the captioners to compare and people's on the same clips; clips are theirs. Both files name
    the judge, with the hash of its content and the longest text that it reads, see `lib.corpus.embeddings.judge_of`.

    Args:
        corpus: read from a manifest; the files go into its folder, each in one step.
        wanted: the judge that embeds.
        videos: folder of <clip_id>.<ending> files.
        rows: videos and captions of a partition, see `lib.models.judged`.
        progress: whether to show bars.

    Raises:
        ModelError: as `lib.models.judge.load_judge`.
        CorpusError: nothing to compare, no folder, two files for one clip, no video of any clip.
        RunError: an unreadable video.
    """
    model = loaded(wanted.model_dump_json())
    captions = compared(corpus)
    if captions.empty:
        fix = "put their captions into captioner_captions.parquet"
        raise CorpusError("no captions of captioners to compare", where=corpus.provenance.root, fix=fix)
    people = human(corpus)
    captions = pd.concat([captions, people[people.clip_id.isin(captions.clip_id)]], ignore_index=True)
    clips = sorted(captions.clip_id.unique())
    paths = videos_of(corpus.clips[corpus.clips.clip_id.isin(clips)].sort_values("clip_id"), videos)
    seen = video_vectors(wanted, paths, rows=rows[0], progress=progress)
    read, tokens = caption_vectors(wanted, captions.text.tolist(), rows=rows[1], progress=progress)
    _write(corpus.provenance.root / "video_embeddings.parquet", model, {"clip_id": list(paths)}, seen)
    told = {"caption_id": captions.caption_id.tolist(), "tokens": tokens}
    _write(corpus.provenance.root / "caption_embeddings.parquet", model, told, read)
    cut = int((tokens > model.longest).sum())
    return Embedded(len(paths), len(captions), len(clips) - len(paths), cut, model.sha256, model.longest)


def _write(path: Path, judge: Judge, columns: dict[str, Any], vectors: NDArray[np.float32]) -> None:
    frame = pd.DataFrame({**columns, "vector": list(vectors)})
    table = pa.Table.from_pandas(frame, preserve_index=False)
    told = {"name": Path(judge.name).name, "sha256": judge.sha256, "longest": judge.longest}
    with atomic.replaced(path) as part:
        pq.write_table(table.replace_schema_metadata({**table.schema.metadata, JUDGE: json.dumps(told)}), part)
