"""Embeddings of a corpus' videos and captions, written where `lib.corpus.embeddings` reads them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.corpus.captioners import compared, human
from lib.corpus.videos import videos_of
from lib.models.video_text import VideoText


@dataclass(frozen=True)
class Embedded:
    """How much was embedded, and how many of the captioned clips have no video."""

    videos: int
    captions: int
    without_video: int


def embed(corpus: Corpus, model: VideoText, videos: Path, *, progress: bool = True) -> Embedded:
    """Writes `video_embeddings.parquet` (clip_id, vector) and `caption_embeddings.parquet` (caption_id, vector).

    Captions are those of the captioners to compare and people's on the same clips; clips are theirs.

    Args:
        corpus: read from a manifest; the files go into its folder, each in one step.
        model: what embeds.
        videos: folder of <clip_id>.<ending> files.
        progress: whether to show bars.

    Raises:
        CorpusError: nothing to compare, no folder, two files for one clip, no video of any clip, an unreadable video.
    """
    captions = compared(corpus)
    if captions.empty:
        fix = "put their captions into captioner_captions.parquet"
        raise CorpusError("no captions of captioners to compare", where=corpus.provenance.root, fix=fix)
    people = human(corpus)
    captions = pd.concat([captions, people[people.clip_id.isin(captions.clip_id)]], ignore_index=True)
    clips = sorted(captions.clip_id.unique())
    paths = videos_of(corpus.clips[corpus.clips.clip_id.isin(clips)].sort_values("clip_id"), videos)
    seen = model.encode_videos(list(paths.values()), progress=progress)
    read = model.encode_texts(captions.text.tolist(), progress=progress)
    _write(corpus.provenance.root / "video_embeddings.parquet", "clip_id", list(paths), seen)
    _write(corpus.provenance.root / "caption_embeddings.parquet", "caption_id", captions.caption_id.tolist(), read)
    return Embedded(len(paths), len(captions), len(clips) - len(paths))


def _write(path: Path, key: str, ids: list[str], vectors: NDArray[np.float32]) -> None:
    with atomic.replaced(path) as part:
        pd.DataFrame({key: ids, "vector": list(vectors)}).to_parquet(part, index=False)
