"""Captions in English, whose words and verbs are counted, and in other languages, which no tagger here reads."""

from collections.abc import Iterable, Sequence

import pandas as pd

from lib.corpus import Corpus
from lib.text.language import foreign, named
from lib.text.tokens import words


def english(corpora: Iterable[Corpus]) -> dict[str, pd.DataFrame]:
    """Captions of unmirrored clips that may be English, by corpus.

    Returns:
        Their columns with ``base_id``, ``split``, and ``words`` by the rule of `lib.text.tokens.words`.
    """
    tables = {}
    for corpus in corpora:
        table = _unmirrored(corpus)
        table = table[(foreign(table) == "").to_numpy()].reset_index(drop=True)
        lists = pd.Series([words(text) for text in table["text"]], index=table.index, dtype="object")
        tables[corpus.name] = table.assign(words=lists)
    return tables


def counts(corpora: Sequence[Corpus]) -> pd.DataFrame:
    """How many captions are in another language: ``corpus, captions, language, in_it``, the most frequent first."""
    rows = []
    for corpus in corpora:
        codes = foreign(_unmirrored(corpus))
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
    clauses = []
    for name, rows in counted.groupby("corpus", sort=False):
        by = ", ".join(f"{language} {n:,}" for language, n in zip(rows["language"], rows["in_it"], strict=True))
        clauses.append(f"{rows['in_it'].sum():,} of {rows['captions'].iloc[0]:,} captions of {name} ({by})")
    clause = "Left out of counts of words and verbs as no English"
    return {"other_languages": f"{clause}: {'; '.join(clauses)}."} if clauses else {}


def _unmirrored(corpus: Corpus) -> pd.DataFrame:
    clips = corpus.clips.loc[corpus.clips["mirror_of"].isna(), ["clip_id", "base_id", "split"]]
    return corpus.captions.merge(clips, on="clip_id")
