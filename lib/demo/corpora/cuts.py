"""Which clips are cut from which recording, and the leaks planted that way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from lib.demo.corpora.scenario import draw_take, draw_timed_take, poses
from lib.demo.synthesis import Spec

SPLIT_SHARES = {"test": 0.15, "val": 0.05}
LONGEST = 196
"""Poses of the longest clip; text-to-motion loaders drop what is longer."""

TIMED = {"apart": (52, 56), "overlap": (48, 44, 64), "half": (48, 64, 44)}
"""Frames of the actions in a recording that feeds test and train.

The train clip is all but the last action and the test clip all but the first, so that a middle one, if any, is in both.
"""


@dataclass(frozen=True, slots=True)
class Cut:
    """One clip: frames [start, end) of recording `source`, whole actions of it; `leak` is "" or a key of `TIMED`."""

    source: int
    start: int
    end: int
    split: str
    specs: tuple[Spec, ...]
    leak: str = ""


@dataclass
class Recordings:
    """What is performed in each recording, and the clips cut from them."""

    takes: list[list[Spec]] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)

    def record(self, take: Sequence[Spec]) -> None:
        """Adds a recording, from which the next cuts are made."""
        self.takes.append(list(take))

    def cut(self, first: int, last: int, split: str, leak: str = "") -> None:
        """Cuts actions first..last-1 out of the latest recording, fewer where they would last too long."""
        take = self.takes[-1]
        bounds = np.cumsum([0, *poses(take)])
        while last > first + 1 and bounds[last] - bounds[first] > LONGEST:
            last -= 1
        span = tuple(take[first:last])
        self.cuts.append(Cut(len(self.takes) - 1, int(bounds[first]), int(bounds[last]), split, span, leak))


def split_sizes(clips: int) -> dict[str, int]:
    """Clips by split, 80/5/15.

    Example:
        >>> split_sizes(500)
        {'train': 400, 'val': 25, 'test': 75}
    """
    held = {split: max(1, round(share * clips)) for split, share in SPLIT_SHARES.items()}
    return {"train": clips - sum(held.values()), "val": held["val"], "test": held["test"]}


def plan(
    clips: int, mix: Mapping[str, float], leaks: Mapping[str, float], spans: Sequence[float], rng: np.random.Generator
) -> Recordings:
    """Recordings and cuts, split 80/5/15, with leaks between test and train.

    Args:
        clips: how many.
        mix: chance of every action.
        leaks: share of test clips by kind of leak, a key of `TIMED`; every other recording feeds one split alone.
        spans: chance that a clip spans one, two, … actions.
        rng: source of randomness.
    """
    recordings = Recordings()
    left = split_sizes(clips)
    for leak, count in {leak: round(share * left["test"]) for leak, share in leaks.items()}.items():
        for _ in range(count):
            recordings.record(draw_timed_take(mix, TIMED[leak], rng))
            recordings.cut(0, len(TIMED[leak]) - 1, "train")
            recordings.cut(1, len(TIMED[leak]), "test", leak)
            left["test"], left["train"] = left["test"] - 1, left["train"] - 1
    for split, count in left.items():
        while count > 0:
            several = min(count, int(rng.integers(1, 4)))
            ends = np.cumsum([0, *(rng.choice(len(spans), p=spans, size=several) + 1)])
            recordings.record(draw_take(mix, int(ends[-1]), rng))
            for first, last in pairwise(ends):
                recordings.cut(int(first), int(last), split)
            count -= several
    return recordings


def twin(recordings: Recordings, share: float, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Lets some test clips perform what a train clip performs, in a recording of their own.

    Args:
        recordings: changed in place; only test clips without a leak are chosen.
        share: of all test clips.
        rng: source of randomness.

    Returns:
        Pairs (test cut, train cut), by position in `recordings.cuts`, in random order.
    """
    cuts = recordings.cuts
    models = [i for i, cut in enumerate(cuts) if cut.split == "train"]
    tests = [i for i, cut in enumerate(cuts) if cut.split == "test"]
    free = [i for i in rng.permutation(tests).tolist() if not cuts[i].leak][: round(share * len(tests))]
    pairs = list(zip(free, rng.permutation(models)[: len(free)].tolist(), strict=False))
    for test, model in pairs:
        recordings.record(cuts[model].specs)
        recordings.cut(0, len(cuts[model].specs), "test")
        cuts[test] = cuts.pop()
    return pairs
