"""Captions of a HumanML3D-like corpus: two to four a clip, with near-duplicates planted between test and train."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.demo.corpora.crowd import caption, scenes_for
from lib.demo.corpora.cuts import Cut
from lib.demo.corpora.novelty import NOVEL, Meanings, near_copy
from lib.demo.corpora.sentence import Sentence

TRIES = 60


@dataclass(frozen=True)
class Twin:
    """A near-duplicate: caption `number` of test clip `clip` repeats caption `of_number` of train clip `of_clip`."""

    clip: int
    number: int
    of_clip: int
    of_number: int
    edit: str


def captions(
    cuts: Sequence[Cut], twins: Sequence[tuple[int, int]], share: float, rng: np.random.Generator
) -> tuple[list[list[Sentence]], list[Twin]]:
    """Captions of every clip, and the near-duplicates among them.

    A test caption that is not planted says something no train caption says (`novelty.NOVEL`).

    Args:
        cuts: the clips.
        twins: pairs (test clip, train clip) that perform the same, in the order in which they may be used.
        share: share of test captions that repeat a train caption.
        rng: source of randomness.
    """
    counts = [int(n) for n in rng.choice([2, 3, 4], p=[0.3, 0.4, 0.3], size=len(cuts))]
    said: list[list[Sentence]] = [[] for _ in cuts]
    for i, cut in enumerate(cuts):
        if cut.split != "test":
            scenes = scenes_for(cut.specs, rng, held_out=cut.split == "val")
            said[i] = [caption(cut.specs, scenes, rng) for _ in range(counts[i])]
    meanings = Meanings([s for cut, part in zip(cuts, said, strict=True) if cut.split == "train" for s in part])
    wanted = round(share * sum(n for cut, n in zip(cuts, counts, strict=True) if cut.split == "test"))
    planted: list[Twin] = []
    for clip, model in twins:
        copies = min(counts[clip], counts[model], wanted - len(planted), int(rng.integers(1, 3)))
        places, models = (rng.permutation(counts[i])[:copies].tolist() for i in (clip, model))
        said[clip] = [_novel(cuts[clip], meanings, rng) for _ in range(counts[clip])]
        for number, of_number in zip(places, models, strict=True):
            said[clip][number], edit = near_copy(said[model][of_number], rng)
            planted.append(Twin(clip, number, model, of_number, edit))
    for i, cut in enumerate(cuts):
        while cut.split == "test" and len(said[i]) < counts[i]:
            said[i].append(_novel(cut, meanings, rng))
    return said, planted


def _novel(cut: Cut, meanings: Meanings, rng: np.random.Generator) -> Sentence:
    best, reached = None, -1.0
    for attempt in range(TRIES):
        sentence = caption(
            cut.specs, scenes_for(cut.specs, rng, held_out=True), rng, detail=0.6 + 0.4 * attempt / TRIES
        )
        distance = meanings.distance(sentence)
        if distance >= NOVEL:
            return sentence
        if distance > reached:
            best, reached = sentence, distance
    raise ValueError(f"nothing new can be said of {cut.specs}: reached {reached:.2f} with {best and best.text!r}")
