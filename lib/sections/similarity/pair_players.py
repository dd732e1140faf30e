"""Players of near-duplicates: the clip of a test caption beside that of the training caption nearest to it."""

from collections.abc import Mapping

import pandas as pd

from lib.corpus import Corpus
from lib.sections.similarity.text_leak import TextLeak

PAIRS = 2


def pairs(corpora: Mapping[str, Corpus], leak: TextLeak, *, most: int = PAIRS) -> pd.DataFrame:
    """Test clips beside the training clip with the nearest caption, to be played: do the motions repeat as well?

    Args:
        corpora: by key.
        leak: an audit of text; the pairs just above its highest cosine, equal texts left out.
        most: pairs.
    """
    keys = {corpus.name: key for key, corpus in corpora.items()}
    flags = leak.flags[leak.flags["caption"] != leak.flags["nearest_caption"]].drop_duplicates("clip_id")
    near = flags[flags["cosine"] >= leak.summary["threshold"].max()].nsmallest(most, "cosine")
    sides = {"test": ("clip_id", "caption"), "train": ("nearest_clip_id", "nearest_caption")}
    parts = [
        pd.DataFrame(
            {
                "key": keys[str(leak.info[side])],
                "clip_id": near[clip],
                "label": [f"{side}, cosine {cosine:.3f}" for cosine in near["cosine"]],
                "note": near[caption],
                "pair": range(len(near)),
            }
        )
        for side, (clip, caption) in sides.items()
    ]
    return pd.concat(parts).sort_values("pair", kind="stable", ignore_index=True)
