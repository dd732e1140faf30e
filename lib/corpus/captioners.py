"""Captions by who wrote them: the captioners to compare, and people."""

import pandas as pd

from lib.corpus.corpus import Corpus
from lib.corpus.manifest_captions import with_settings

HUMAN = ("human", "crowd")
"""Names in the column `captioner` that mean people; every other name is a captioner to compare."""


def compared(corpus: Corpus) -> pd.DataFrame:
    """The captions of the captioners to compare, people's left out.

    They are those of `captioner_captions.parquet`, all of them and nothing else, where a manifest has that file; then
    `captions.parquet` holds only what the dataset is used with. Without the file, they are the captions of the corpus.

    Returns:
        The columns of `Corpus.captions`, prompt and temperature (null where not told). No rows where only people wrote.
    """
    table = _all(corpus)
    return table[~table.captioner.isin(HUMAN)].reset_index(drop=True)


def human(corpus: Corpus) -> pd.DataFrame:
    """People's captions of the same clips, from the same table and from `Corpus.captions`, each caption once.

    Returns:
        As `compared`. No rows where no captioner is named `human` or `crowd`.
    """
    table = pd.concat([_all(corpus), with_settings(corpus.captions)], ignore_index=True)
    return table[table.captioner.isin(HUMAN)].drop_duplicates("caption_id").reset_index(drop=True)


def _all(corpus: Corpus) -> pd.DataFrame:
    return with_settings(corpus.captions if corpus.candidates is None else corpus.candidates)
