"""The motions of a comparison on disk, read once and mapped into memory by every process that trains on them."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from lib.corpus import Corpus
from lib.models.tmr.pairs import Pairs, clips_of, read_motions


@dataclass(frozen=True)
class Material:
    """A folder with the motions of all regimes and the benchmark's statistics.

    Attributes:
        folder: where; what was there before is replaced.
        stride: every how many frames one is kept.
    """

    folder: Path
    stride: int

    def write(self, corpora: Sequence[Corpus], rows: pd.DataFrame, benchmark: pd.DataFrame, *, progress: bool) -> None:
        """Reads the motions of segments, the benchmark's training segments first among them, and writes them.

        Args:
            corpora: those of the segments.
            rows: the segments of everything that is trained or validated on, `benchmark` first.
            benchmark: the segments whose frames give the statistics.
            progress: whether to show a bar.
        """
        motions = read_motions(corpora, rows, self.stride, progress=progress)
        first = Pairs(benchmark, motions[: len(clips_of(benchmark)[1])], self.stride)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        torch.save(first.statistics(), self.folder / "statistics.pt")
        np.save(self.folder / "motions.npy", torch.cat(motions).numpy())
        corpus, clip_id = zip(*clips_of(rows)[1], strict=True)
        ends = np.cumsum([len(motion) for motion in motions])
        table = pd.DataFrame({"corpus": corpus, "clip_id": clip_id, "end": ends})
        table.to_parquet(self.folder / "clips.parquet")

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of the benchmark's training frames."""
        mean, std = torch.load(self.folder / "statistics.pt", weights_only=True)
        return mean, std

    def pairs(self, rows: pd.DataFrame) -> Pairs:
        """Segments with their motions, which stay on disk until they are looked at."""
        table = pd.read_parquet(self.folder / "clips.parquet")
        frames = torch.from_numpy(np.load(self.folder / "motions.npy", mmap_mode="c"))
        ends = dict(zip(zip(table["corpus"], table["clip_id"], strict=True), table["end"], strict=True))
        begins = dict(zip(ends, [0, *table["end"][:-1]], strict=True))
        return Pairs(rows, [frames[begins[clip] : ends[clip]] for clip in clips_of(rows)[1]], self.stride)
