"""Rows of the players of 00: the clips of the figures of examples, with their scores."""

from collections.abc import Mapping

import pandas as pd

from lib.corpus import Corpus

AT_ONCE = 6
SCORES = {"realism": "realism", "high_pass": "high-pass"}


def scored(corpora: Mapping[str, Corpus], corpus: Corpus | None, shown: pd.DataFrame | None) -> pd.DataFrame | None:
    """The clips of a figure of examples, to be played with their scores; three a score.

    Args:
        corpora: by key.
        corpus: the one that was scored, or None.
        shown: ``clip_id`` and a column a score.

    Returns:
        ``clip_id, label, key, note``.
    """
    if corpus is None or shown is None:
        return None
    key = next(key for key, one in corpora.items() if one is corpus)
    parts = [
        some.assign(label=[f"{title} {value:.3g}" for value in some[score]])
        for score, title in SCORES.items()
        for some in [shown.dropna(subset=[score]).head(AT_ONCE // len(SCORES))]
    ]
    return pd.concat(parts, ignore_index=True)[["clip_id", "label"]].assign(key=key, note="")
