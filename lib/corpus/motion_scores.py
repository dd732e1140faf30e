"""The quality scores of a corpus' motions, computed through the engine."""

from collections.abc import Mapping

import pandas as pd

from lib.corpus.corpus import Corpus
from lib.corpus.motion_places import PLACES, motions_at, motions_key, places
from lib.engine.keys import Keyed
from lib.engine.mapping import map_partitions
from lib.motion.quality import measured, with_floor
from lib.motion.realism import Realism

STEP = "motion quality"
ROWS = 4096
"""Clips of a partition. The networks see the poses of some clips together, so that another number would change the
last bits of a realism; it is no parameter."""


def motion_scores(
    corpus: Corpus,
    clips: pd.DataFrame,
    realism: Realism,
    *,
    groups: Mapping[str, str] | None = None,
    cutoff: float = 5.0,
    rows: int = ROWS,
) -> pd.DataFrame:
    """All quality scores of some clips of a corpus.

    Args:
        corpus: holds the motions.
        clips: rows of its clips, with a motion each.
        realism: cross-fitted discriminators.
        groups: see `lib.motion.quality.quality`.
        cutoff: Hz, of the high-pass score.
        rows: clips of a partition.

    Returns:
        What `lib.motion.quality.quality` gives for them.

    Raises:
        RunError: a motion that cannot be read, or a cut-off that a frame rate does not allow.
    """
    root = corpus.provenance.root
    table = places(corpus.motions, clips["clip_id"], root)
    table = table.assign(
        fps=clips["fps"].astype(float).to_numpy(), group=table["clip_id"].map({**(groups or {})}).astype("str")
    )
    scores = map_partitions(
        scored_rows,
        table,
        step=STEP,
        arguments={
            "root": Keyed(str(root), motions_key(corpus.provenance.files)),
            "realism": Keyed(realism, realism.sha256),
            "cutoff": cutoff,
        },
        columns=["clip_id", *PLACES, "fps", "group"],
        rows=rows,
        progress=True,
    )
    return with_floor(scores)


def scored_rows(rows: pd.DataFrame, *, root: str, realism: Realism, cutoff: float) -> pd.DataFrame:
    """The scores of a partition's clips: what `lib.motion.quality.measured` gives.

    Args:
        rows: clip_id, where the motions lie, fps, group (missing for a clip that the networks were not trained on).
        root: the corpus' folder.
        realism: cross-fitted discriminators.
        cutoff: Hz, of the high-pass score.
    """
    motions = motions_at(rows, root)
    known = rows[rows["group"].notna()]
    return measured(
        ((clip_id, motions.joints(clip_id)) for clip_id in rows["clip_id"]),
        realism,
        groups=dict(zip(known["clip_id"], known["group"], strict=True)),
        fps=dict(zip(rows["clip_id"], rows["fps"], strict=True)),
        cutoff=cutoff,
    )
