"""Claims of captions held against the motions of a corpus, computed through the engine."""

import pandas as pd

from lib.captioning.claims.checked import Checked, gathered, judged
from lib.corpus.corpus import Corpus
from lib.corpus.motion_places import PLACES, motions_at, motions_key, places
from lib.engine.keys import Keyed
from lib.engine.mapping import map_partitions
from lib.text import spacy_model

STEP = "claims"
ROWS = 4096
"""Captions of a partition. The parser reads some texts together, so it is no parameter."""


def check_corpus(captions: pd.DataFrame, corpus: Corpus, *, rows: int = ROWS, progress: bool = True) -> Checked:
    """What `lib.captioning.claims.checked.check` gives for captions of a corpus' clips.

    Args:
        captions: rows with `clip_id`, `caption_id`, `text` and `captioner`, of clips with a motion.
        corpus: has the motions, their rates, and of which clips only the upper body was seen.
        rows: captions of a partition.
        progress: whether to show a bar.

    Raises:
        ModelError: no spaCy model is installed.
        RunError: a motion that cannot be read.
    """
    order = captions.reset_index(drop=True)
    ids = order["clip_id"].unique()
    root, clips = corpus.provenance.root, corpus.clips.set_index("clip_id").loc[ids]
    where = places(corpus.motions, ids, root)
    where = where.assign(fps=clips["fps"].astype(float).to_numpy(), upper=(clips["body_mode"] == "upper").to_numpy())
    table = order[["clip_id", "text"]].merge(where, on="clip_id", how="left")
    said = map_partitions(
        judged_rows,
        table,
        step=STEP,
        arguments={
            "root": Keyed(str(root), motions_key(corpus.provenance.files)),
            "parser": spacy_model.model_hash(),
        },
        columns=["clip_id", "text", *PLACES, "fps", "upper"],
        rows=rows,
        progress=progress,
    )
    return gathered(order, said)


def judged_rows(rows: pd.DataFrame, *, root: str, parser: str) -> pd.DataFrame:
    """What motions say of a partition's captions, see `lib.captioning.claims.checked.judged`.

    Args:
        rows: clip_id, text, where the motions lie, fps, upper.
        root: the corpus' folder.
        parser: stands for the model that is installed, in the key.
    """
    return judged(rows, motions_at(rows.drop_duplicates("clip_id"), root).joints)
