"""Test clips that leak by recording or by text, and how the two ways overlap."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.base.prose import number
from lib.metrics.intervals import Measure, share
from lib.sections.similarity.leakage import SourceOverlap
from lib.sections.similarity.split import LeakFree

WAYS = ("by recording or by text", "by recording", "by text", "by both")


@dataclass(frozen=True)
class EitherWay:
    """The two ways to leak, put together.

    Args:
        flags: one row a base clip of the test set: `base_id, by_recording, by_text`, NA where a way cannot be judged.
        shares: by way of `WAYS`, over all rows of `flags`; what cannot be judged by a way does not leak by it.
        threshold: the cosine from which on a clip leaks by text.
    """

    flags: pd.DataFrame
    shares: dict[str, Measure]
    threshold: float

    @property
    def expected(self) -> float:
        """Clips that would leak by both, were the two ways unrelated."""
        return self.clips("by recording") * self.clips("by text") / len(self.flags)

    @property
    def unjudged(self) -> int:
        """Clips that leak by no way that could be judged, and that could not be judged by one."""
        leaks = self.flags[["by_recording", "by_text"]]
        return int((leaks.isna().any(axis=1) & ~leaks.fillna(False).any(axis=1)).sum())

    def clips(self, way: str) -> int:
        """How many clips leak so."""
        return round(self.shares[way].value * self.shares[way].n)

    @property
    def overlap(self) -> str:
        """How the two ways overlap, as a clause."""
        recording, text, both = (self.clips(way) for way in WAYS[1:])
        chance = f"{number(self.expected, 1)} expected by chance"
        told = f"{recording:,} by recording and {text:,} by text, {both or 'none':} by both ({chance})"
        if self.unjudged:
            told += f"; {self.unjudged:,} more count as not leaking, as one way could not judge them"
        return told


def either_way(
    clean: Mapping[str, LeakFree], overlap: SourceOverlap | None, *, draws: int, rng: np.random.Generator
) -> EitherWay | None:
    """Counts the base clips of a test set that leak by either way, at the threshold of its leak-free list.

    A clip and its mirror are one clip; captions of both count. Intervals resample recordings, whose clips share one way
    to leak; a clip of no known recording is resampled by itself.

    Args:
        clean: the leak-free lists, of which the first is that of the benchmark's own training set.
        overlap: the audit of recordings.
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        The shares, or None where one of the ways was not looked at for any clip.
    """
    own = next(iter(clean.values()))
    flags = own.flags.drop_duplicates("base_id")[["base_id", "by_recording", "by_text"]].reset_index(drop=True)
    if overlap is None or flags[["by_recording", "by_text"]].isna().all().any():
        return None
    source = overlap.flags.set_index("clip_id")["source"]
    groups = flags["base_id"].map(source).fillna("clip " + flags["base_id"]).to_numpy()
    recording, text = (flags[way].fillna(False).to_numpy(dtype=bool) for way in ("by_recording", "by_text"))
    hits = dict(zip(WAYS, (recording | text, recording, text, recording & text), strict=True))
    shares = {way: share(hit, groups, draws=draws, rng=rng) for way, hit in hits.items()}
    return EitherWay(flags, shares, own.threshold)


def table(either: EitherWay | None) -> pd.DataFrame | None:
    """A row a way to leak: ``leaks, clips, share, low, high, n``; None of None.

    The share of one way has its interval where that way is audited, so that no share has two.
    """
    if either is None:
        return None
    rows = [(way, either.clips(way), one.value, one.low, one.high, one.n) for way, one in either.shares.items()]
    found = pd.DataFrame(rows, columns=["leaks", "clips", "share", "low", "high", "n"])
    found.loc[found["leaks"].isin(WAYS[1:3]), ["low", "high"]] = np.nan
    return found
