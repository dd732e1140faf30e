"""A seeded sample of the clips that models are trained on, for corpora that are too large for all of them."""

from collections.abc import Mapping

import numpy as np

from lib.corpus.corpus import Corpus
from lib.corpus.kept import with_clips

LEAST = 32
"""Clips that a split keeps at least, if it has them: validation ranks among so many."""


def sampled(corpora: Mapping[str, Corpus], count: int | None, seed: int) -> dict[str, Corpus]:
    """Corpora of which a sample of the training clips is left, and of the validation clips the same share.

    Every clip with a motion is as likely to be drawn, whichever corpus it is of; a mirror comes with its base clip.
    Test clips stay.

    Args:
        corpora: by key.
        count: training clips, mirrors not counted; None for all.
        seed: of the draw.

    Returns:
        The corpora, as they are where they have no more training clips than that.
    """
    bases = {
        split: [(key, clip) for key, one in corpora.items() for clip in _bases(one, split)]
        for split in ("train", "val")
    }
    if count is None or count >= len(bases["train"]):
        return {**corpora}
    rng, share = np.random.default_rng([seed, *b"sample of clips"]), count / len(bases["train"])
    drawn: dict[str, set[str]] = {key: set() for key in corpora}
    for split, clips in bases.items():
        wanted = count if split == "train" else max(round(share * len(clips)), LEAST)
        for at in rng.permutation(len(clips))[:wanted]:
            drawn[clips[at][0]].add(clips[at][1])
    return {
        key: with_clips(one, one.clips["base_id"].isin(drawn[key]) | ~one.clips["split"].isin([*bases]))
        for key, one in corpora.items()
    }


def _bases(corpus: Corpus, split: str) -> list[str]:
    clips = corpus.clips
    own = (clips["split"] == split) & clips["has_motion"] & clips["mirror_of"].isna()
    return [*clips.loc[own, "clip_id"]]
