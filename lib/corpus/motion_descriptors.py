"""How the bodies of a corpus' clips move, computed through the engine."""

import pandas as pd

from lib.corpus.corpus import Corpus
from lib.corpus.motion_places import PLACES, motions_at, motions_key, places
from lib.engine.keys import Keyed
from lib.engine.mapping import map_partitions
from lib.motion.descriptors import UNITS, descriptors

STEP = "motion descriptors"
ROWS = 2048
"""Clips of a partition."""


def motion_descriptors(corpus: Corpus, clip_ids: "pd.Series[str]") -> pd.DataFrame:
    """What `lib.motion.descriptors.descriptors` says of clips, a row each, in the order given.

    Args:
        corpus: holds the motions.
        clip_ids: of clips with a motion.

    Raises:
        RunError: a motion that cannot be read.
    """
    root = corpus.provenance.root
    rates = clip_ids.map(corpus.clips.set_index("clip_id")["fps"])
    table = places(corpus.motions, clip_ids, root).assign(fps=rates.astype(float).to_numpy())
    return map_partitions(
        described_rows,
        table,
        step=STEP,
        arguments={"root": Keyed(str(root), motions_key(corpus.provenance.files))},
        columns=["clip_id", *PLACES, "fps"],
        rows=ROWS,
        progress=True,
    )


def described_rows(rows: pd.DataFrame, *, root: str) -> pd.DataFrame:
    """The descriptors of a partition's clips.

    Args:
        rows: clip_id, where the motions lie, fps.
        root: the corpus' folder.
    """
    motions = motions_at(rows, root)
    ids = zip(rows["clip_id"], rows["fps"], strict=True)
    made = [descriptors(motions.joints(clip_id), fps=rate) for clip_id, rate in ids]
    return pd.DataFrame(made, columns=[*UNITS], dtype=float)
