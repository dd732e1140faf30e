"""The tokens of segments: made once a tokenizer, at several starts a frame apart, and read a batch at a time."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from lib.base.errors import CorpusError
from lib.models.momask.sizes import FRAMES_A_TOKEN
from lib.models.momask.tokenizer import RVQVAE
from lib.models.tmr.pairs import Pairs, clips_of

FRAMES_AT_ONCE = 8192
SEGMENT = ["corpus", "clip_id", "begin", "end"]


def of_one_length(lengths: Sequence[int], at_once: int) -> list[list[int]]:
    """Positions of sequences, those of one length together, at most `at_once` tokens or frames of them at a time.

    Example:
        >>> of_one_length([5, 3, 5, 5], at_once=10)
        [[0, 2], [3], [1]]
    """
    places: dict[int, list[int]] = {}
    for at, length in enumerate(lengths):
        places.setdefault(length, []).append(at)
    found = []
    for length, some in places.items():
        step = max(at_once // length, 1)
        found += [some[at : at + step] for at in range(0, len(some), step)]
    return found


def write_tokens(folder: Path, tokenizer: RVQVAE, pairs: Pairs, statistics: tuple[Tensor, Tensor], shifts: int) -> None:
    """Writes `codes.npy`, (tokens, quantizers) of all segments one after another, and `segments.parquet` to find them.

    Segments are encoded whole with others of their length alone, since the encoder looks beyond an end.

    Args:
        folder: where.
        tokenizer: trained.
        pairs: the segments; those with equal frames are encoded once.
        statistics: mean and standard deviation that motions are normalised by, on the tokenizer's device.
        shifts: at how many starts, a frame apart.
    """
    segments = pairs.rows.drop_duplicates(SEGMENT)
    rows = np.flatnonzero(~pairs.rows.duplicated(SEGMENT).to_numpy())
    mean, std = statistics
    table = segments[SEGMENT].reset_index(drop=True).merge(pd.DataFrame({"shift": range(shifts)}), how="cross")
    motions = [pairs.motion(rows[at // shifts])[at % shifts :] for at in range(len(table))]
    counts = np.array([len(motion) // FRAMES_A_TOKEN for motion in motions])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    codes = np.zeros((int(counts.sum()), tokenizer.sizes.quantizers), dtype=np.int16)
    usable = np.flatnonzero(counts)
    for some in of_one_length((FRAMES_A_TOKEN * counts[usable]).tolist(), FRAMES_AT_ONCE):
        places = usable[some]
        frames = torch.stack([motions[at][: FRAMES_A_TOKEN * counts[at]] for at in places]).to(mean.device)
        for at, found in zip(places, tokenizer.encode((frames - mean) / std).cpu().numpy(), strict=True):
            codes[starts[at] : starts[at] + counts[at]] = found
    np.save(folder / "codes.npy", codes)
    table.assign(start=starts, count=counts).to_parquet(folder / "segments.parquet")


class Tokens:
    """The tokens of captioned segments, which stay on disk until they are looked at.

    Args:
        folder: from `write_tokens`.
        rows: segments that are among those that were written.

    Attributes:
        counts: (rows,) tokens at the first start; 0 where a segment is too short for one.
    """

    def __init__(self, folder: Path, rows: pd.DataFrame) -> None:
        self._codes: NDArray[np.int16] = np.load(folder / "codes.npy", mmap_mode="r")
        table = pd.read_parquet(folder / "segments.parquet")
        self.shifts = int(table["shift"].max()) + 1
        number = pd.MultiIndex.from_frame(table.loc[table["shift"] == 0, SEGMENT])
        place = number.get_indexer(pd.MultiIndex.from_frame(rows[SEGMENT]))
        starts, counts = (table[name].to_numpy().reshape(-1, self.shifts)[place] for name in ("start", "count"))
        none = counts == 0  # a start so late that no token is left
        self._starts, self._counts = (np.where(none, part[:, :1], part) for part in (starts, counts))
        self.counts: NDArray[np.int64] = self._counts[:, 0]

    def batch(self, rows: NDArray[np.int64], shifts: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Tokens of segments.

        Args:
            rows: (B,) row numbers.
            shifts: (B,) at which start each.

        Returns:
            (B, longest, quantizers) int64, zero where padded, and (B,) lengths.
        """
        lengths = self._counts[rows, shifts]
        codes = np.zeros((len(rows), int(lengths.max()), self._codes.shape[1]), dtype=np.int64)
        for at, (start, length) in enumerate(zip(self._starts[rows, shifts], lengths, strict=True)):
            codes[at, :length] = self._codes[start : start + length]
        return torch.from_numpy(codes), torch.from_numpy(lengths)


def row_chances(
    rows: pd.DataFrame, chances: NDArray[np.float64], lengths: NDArray[np.int64], least: int, what: str
) -> NDArray[np.float64]:
    """The probability of every captioned segment to fill a place in a batch.

    Args:
        rows: the segments; a clip's probability falls to its captions in equal parts.
        chances: (clips,) of each clip, in the order of `lib.models.tmr.pairs.clips_of`.
        lengths: (rows,) of each segment.
        least: a shorter segment is never drawn.
        what: `least` in words, for the error.

    Raises:
        CorpusError: no segment that may be drawn is long enough.
    """
    clip, _ = clips_of(rows)
    of_rows = np.where(lengths >= least, (chances / np.bincount(clip))[clip], 0.0)
    if not of_rows.sum() > 0:
        raise CorpusError(f"no training segment of {what} or more", fix="add longer clips, or lower the window")
    drawn: NDArray[np.float64] = of_rows / of_rows.sum()
    return drawn
