"""Captions in other languages than English, which no tagger here reads: how many there are, and the sentence on it."""

from collections.abc import Sequence

import pandas as pd

from lib.corpus import Corpus
from lib.draw.table import records
from lib.text.language import foreign, named


def counts(corpora: Sequence[Corpus]) -> pd.DataFrame:
    """How many captions are in another language: ``corpus, captions, language, in_it``, the most frequent first."""
    rows = []
    for corpus in corpora:
        base = corpus.clips.loc[corpus.clips["mirror_of"].isna(), ["clip_id", "base_id", "split"]]
        codes = foreign(corpus.captions.merge(base, on="clip_id"))
        rows += [
            (corpus.name, len(codes), named(str(code)), n) for code, n in codes[codes != ""].value_counts().items()
        ]
    return pd.DataFrame(rows, columns=["corpus", "captions", "language", "in_it"])


def value(counted: pd.DataFrame) -> dict[str, str]:
    """What is left out because no English tagger reads it.

    Args:
        counted: from :func:`counts`.

    Returns:
        ``other_languages``, a sentence; nothing where every caption may be English.

    Example:
        >>> table = pd.DataFrame({"corpus": "own", "captions": 9, "language": ["German", "Czech"], "in_it": [2, 1]})
        >>> value(table)["other_languages"]
        'Left out of counts of words and verbs as no English: 3 of 9 captions of own (German 2, Czech 1).'
    """
    told = []
    for name, rows in counted.groupby("corpus", sort=False):
        by = ", ".join(f"{row['language']} {row['in_it']:,}" for row in records(rows))
        told.append(f"{rows['in_it'].sum():,} of {rows['captions'].iloc[0]:,} captions of {name} ({by})")
    clause = "Left out of counts of words and verbs as no English"
    return {"other_languages": f"{clause}: {'; '.join(told)}."} if told else {}
