"""The joints of every planned clip."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lib.demo.corpora.cuts import Recordings
from lib.demo.synthesis import synthesise


def performances(recordings: Recordings, seed: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Every clip as (position in `recordings.cuts`, joints (T,22,3) in metres), recording by recording.

    Each recording has a random stream of its own, so that clips cut from one share frames and one performer, and adding
    a recording changes no other.
    """
    by_source: dict[int, list[int]] = {}
    for i, cut in enumerate(recordings.cuts):
        by_source.setdefault(cut.source, []).append(i)
    for source, clips in by_source.items():
        joints = synthesise(recordings.takes[source], np.random.default_rng([seed, source]))
        for i in clips:
            cut = recordings.cuts[i]
            yield i, joints[cut.start : cut.end]
