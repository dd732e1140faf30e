"""Players beside example clips: their motions, six a player."""

from collections.abc import Collection, Mapping

import pandas as pd

from lib.corpus import Corpus
from lib.draw.exhibits import Players
from lib.draw.motion_player import Motion


def players(
    corpora: Mapping[str, Corpus], rows: pd.DataFrame | None, *, public: Collection[str], notes: bool, label: str
) -> Players:
    """Players of the clips of a table, those that have a motion.

    Args:
        corpora: by key.
        rows: ``key`` (of the corpus), ``clip_id``, ``label`` and ``note``; none where the profile has none.
        public: keys of the corpora whose motions a private profile may show.
        notes: whether notes, which may be captions, are shown.
        label: what a screen reader calls the players.
    """
    motions = []
    for row in rows.to_dict("records") if rows is not None else []:
        corpus = corpora[row["key"]]
        if _moves(corpus, row["clip_id"]):
            note = row["note"] if notes else ""
            motions.append(Motion(corpus.joints(row["clip_id"]), row["label"], note, public=row["key"] in public))
    return Players(motions, label)


def _moves(corpus: Corpus, clip_id: str) -> bool:
    return bool(corpus.clips.loc[corpus.clips["clip_id"] == clip_id, "has_motion"].any())
