"""The pairs TMR is trained on: segments of clips with the captions that describe them."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from tqdm import tqdm

from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.corpus.manifest import BESIDE

FPS = 20
STILL = 1e-4
COLUMNS = ["corpus", "clip_id", "text", "begin", "end"]


class Bounds(Protocol):
    """What a training says of the segments that it reads."""

    @property
    def min_seconds(self) -> float:
        """Shorter ones are passed over."""

    @property
    def max_seconds(self) -> float:
        """Longer ones are passed over."""


class Seconds(NamedTuple):
    """The bounds of a training that says nothing else of its segments."""

    min_seconds: float
    max_seconds: float


def segments(corpora: Sequence[Corpus], split: str, training: Bounds) -> pd.DataFrame:
    """The captioned segments of a split that are neither too short nor too long, without reading a motion.

    Source: Mathux/TMR: src/data/text_motion.py, filter_annotations, which spares the test split.

    Args:
        corpora: with captions and motions; their clips are pooled.
        split: train or val.
        training: for the seconds a segment may last.

    Returns:
        One row a caption: corpus (position in `corpora`), clip_id, text, begin, end (frames at 20 fps); sorted by
        corpus and clip, the captions of a clip in the corpus' order.

    Raises:
        CorpusError: no segment is left.
    """
    found = [_segments(at, corpus, split, training) for at, corpus in enumerate(corpora)]
    rows = pd.concat(found, ignore_index=True)
    if rows.empty:
        names = ", ".join(corpus.name for corpus in corpora)
        told = f"no captioned {split} segment of {training.min_seconds:g} to {training.max_seconds:g} s to train on"
        raise CorpusError(told, where=names, fix="widen min_seconds and max_seconds, or add clips")
    return rows


def rows_hash(rows: pd.DataFrame) -> str:
    """sha256 of a table of segments."""
    return hashlib.sha256(rows.to_csv(index=False).encode("utf-8", "surrogatepass")).hexdigest()


def files_of(corpora: Sequence[Corpus]) -> list[dict[str, str]]:
    """The hashes of each corpus' files, but for those that no training reads."""
    return [{k: v for k, v in corpus.provenance.files.items() if k not in BESIDE} for corpus in corpora]


def clips_of(rows: pd.DataFrame) -> tuple[np.ndarray, list[tuple[int, str]]]:
    """The clips of segments: for each row the number of its clip, and each clip as (corpus, clip_id)."""
    number, clips = pd.factorize(pd.MultiIndex.from_frame(rows[["corpus", "clip_id"]]))
    return number, list(clips)


def read_motions(corpora: Sequence[Corpus], rows: pd.DataFrame, stride: int, *, progress: bool) -> list[Tensor]:
    """Every `stride`-th frame of each clip of the segments, in the order of `clips_of`."""
    return [
        torch.from_numpy(np.ascontiguousarray(corpora[corpus].motion(clip_id)[::stride], dtype=np.float32))
        for corpus, clip_id in tqdm(clips_of(rows)[1], desc="reading motions", disable=not progress)
    ]


class Pairs:
    """Motions, every `stride`-th frame, with their captioned segments.

    Args:
        rows: from `segments`.
        motions: of each clip of the rows, from `read_motions`.
        stride: every how many frames one was kept.
    """

    def __init__(self, rows: pd.DataFrame, motions: list[Tensor], stride: int) -> None:
        self.rows, self.stride = rows, stride
        number, _ = clips_of(rows)
        self.first = np.flatnonzero(~pd.Series(number).duplicated())
        self.captions = np.diff(self.first, append=len(rows))
        self._clip = number
        self._begin, self._end = rows.begin.to_numpy(dtype=np.int64), rows.end.to_numpy(dtype=np.int64)
        self._texts: list[str] = rows.text.tolist()
        self._motions = motions

    def __len__(self) -> int:
        """How many clips there are."""
        return len(self.first)

    @property
    def ids(self) -> list[str]:
        """An id for each clip that is distinct across corpora."""
        rows = self.rows.iloc[self.first]
        return [f"{corpus}/{clip_id}" for corpus, clip_id in zip(rows.corpus, rows.clip_id, strict=True)]

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """One row for each clip, in random order: an epoch."""
        rows: np.ndarray = self.first + rng.integers(self.captions)
        return rng.permutation(rows)

    def motion(self, row: int) -> Tensor:
        """The segment's frames (T, features), not normalised; one at least."""
        begin, end = int(self._begin[row]), int(self._end[row])
        frames = self._motions[self._clip[row]]
        begin = min(begin // self.stride, len(frames) - 1)
        segment: Tensor = frames[begin : max(-(-end // self.stride), begin + 1)]
        return segment

    def texts(self, rows: Iterable[int]) -> list[str]:
        """The segments' captions."""
        return [self._texts[row] for row in rows]

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of each feature over all frames.

        Source: Mathux/TMR: prepare/motion_stats.py. It differs where a feature does not move (a standard deviation
        below 1e-4): the deviation is 1 there, lest rounding be blown up to unit size by the division.
        """
        zero = torch.zeros(self._motions[0].shape[1], dtype=torch.float64)
        total = sum(len(frames) for frames in self._motions)
        mean = sum((frames.double().sum(0) for frames in self._motions), zero) / total
        squares = sum(((frames.double() - mean).square().sum(0) for frames in self._motions), zero)
        std = torch.sqrt(squares / max(total - 1, 1))
        return mean.float(), torch.where(std < STILL, 1.0, std).float()


def _segments(at: int, corpus: Corpus, split: str, training: Bounds) -> pd.DataFrame:
    clips = corpus.clips[(corpus.clips.split == split) & corpus.clips.has_motion]
    rows = corpus.captions.merge(clips[["clip_id", "n_frames"]], on="clip_id")
    frames = rows.n_frames.astype("int64")
    begin = (rows.start_s * FPS).astype("int64")
    whole = rows.end_s == 0
    end = (rows.end_s * FPS).astype("int64").where(~whole, frames)
    seconds = (rows.end_s - rows.start_s).where(~whole, frames / FPS)
    rows = rows.assign(corpus=at, begin=begin, end=end)
    rows = rows[seconds.between(training.min_seconds, training.max_seconds) & (begin < frames)]
    return rows.sort_values("clip_id", kind="stable")[COLUMNS]
