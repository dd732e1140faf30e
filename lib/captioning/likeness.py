"""What clips are like, by which a text that a captioner gives to many unlike clips is told from one that fits them."""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import pdist

from lib.captioning.claims.actions import profile
from lib.captioning.claims.motion import Motion
from lib.corpus import Corpus

Profiles = Mapping[str, NDArray[np.float64]]
Likeness = Callable[[Sequence[str]], Profiles]
"""Gives the profiles of clips, as far as they have a motion."""

CLIPS = 1000
"""Clips that are looked at, at most."""
SHARED_BY = 5
"""Clips from which on one text is looked at as one text for many clips."""
UNLIKE = 1.5
"""Mean distance of two profiles up to which clips are alike: of one kind of deed it is about 1, of many 2 and more."""
LEVEL, DRAWS, MOST = 0.05, 199, 200


def profiles(corpus: Corpus, clip_ids: Sequence[str], *, rng: np.random.Generator, clips: int = CLIPS) -> Profiles:
    """The profile of each clip that has a motion, see `lib.captioning.claims.actions.profile`.

    Args:
        corpus: of the clips.
        clip_ids: of which; others of the corpus are left out.
        rng: draws those that are looked at where there are more than so many.
        clips: how many at most.
    """
    table = corpus.clips[corpus.clips["has_motion"] & corpus.clips["clip_id"].isin([*clip_ids])]
    drawn = table.iloc[np.sort(rng.permutation(len(table))[:clips])]
    rates = zip(drawn["clip_id"], drawn["fps"], strict=True)
    return {str(clip): profile(Motion(corpus.joints(str(clip)), float(fps))) for clip, fps in rates}


def told_of_unlike(captions: pd.DataFrame, likeness: Likeness, rng: np.random.Generator) -> "pd.Series[bool]":
    """Which captions are one text that a captioner gives to many clips which are no more alike than any clips are.

    So many clips drawn at random say how unlike clips usually are: a text fits its clips where these are shown to be
    more alike than that. Clips of one kind of deed, as a whole corpus may hold, are alike whatever the others are.

    Args:
        captions: rows with `clip_id`, `captioner` and `text`.
        likeness: gives profiles of clips; asked only where a text is told of many.
        rng: draws clips.

    Returns:
        A flag a row.
    """
    found = pd.Series(False, index=captions.index)
    plain = captions["text"].map(lambda text: re.sub(r"\W+", " ", text).strip().lower())
    groups = [(rows.index, rows["clip_id"].unique()) for _, rows in captions.groupby(["captioner", plain])]
    many = [(index, clips) for index, clips in groups if len(clips) >= SHARED_BY]
    known = likeness(captions["clip_id"].unique().tolist()) if many else {}
    every = np.stack([*known.values()]) if known else np.zeros((0, 0))
    place = {clip: at for at, clip in enumerate(known)}
    for index, clips in many:
        own = [place[clip] for clip in clips if clip in place]
        if len(own) >= SHARED_BY and _unlike(every, rng.permutation(own)[:MOST], rng):
            found[index] = True
    return found


def _unlike(every: NDArray[np.float64], own: NDArray[np.int64], rng: np.random.Generator) -> bool:
    apart = float(pdist(every[own]).mean())
    if apart <= UNLIKE:
        return False
    drawn = [float(pdist(every[rng.choice(len(every), len(own), replace=False)]).mean()) for _ in range(DRAWS)]
    as_alike = sum(one <= apart * (1 + 1e-9) for one in drawn)
    return bool((1 + as_alike) / (1 + DRAWS) > LEVEL)
