"""Numbers in place of captioners' names, given where a private corpus is read, so that no later step knows a name.

A name of one or two letters cannot be found again in a sentence without taking every "A" for it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import pandas as pd

from lib.corpus import Corpus
from lib.corpus.captioners import HUMAN
from lib.survey.checks import FALSE


def captioner_names(corpus: Corpus) -> set[str]:
    """The captioners of a corpus: of its captions, of those to compare, and of the survey beside it."""
    tables = [table for table in (corpus.captions, corpus.candidates, _survey(corpus)) if table is not None]
    names = {str(name) for table in tables if "captioner" in table for name in table["captioner"].dropna().unique()}
    return names - {FALSE}


def aliases(private: Iterable[Corpus], named: Collection[str] = ()) -> dict[str, str]:
    """What stands for each captioner of private corpora, people and those that may be named left out.

    Args:
        private: the corpora, with the names that they were read with or with their numbers.
        named: captioners that may be named.
    """
    names: set[str] = set()
    for corpus in private:
        names |= {*corpus.called} | (captioner_names(corpus) - {*corpus.called.values()})
    hidden = sorted(names - {*named, *HUMAN, ""})
    return {name: f"captioner {number}" for number, name in enumerate(hidden, 1)}


def numbered(corpora: Mapping[str, Corpus], private: Collection[str], named: Collection[str] = ()) -> dict[str, Corpus]:
    """The corpora of a profile, the captioners of private ones by number.

    Args:
        corpora: by key.
        private: keys of the corpora to be kept.
        named: captioners that may be named.
    """
    called = aliases([corpus for key, corpus in corpora.items() if key in private], named)
    return {key: _renamed(corpus, called) if key in private else corpus for key, corpus in corpora.items()}


def _renamed(corpus: Corpus, called: Mapping[str, str]) -> Corpus:
    tables = {name: getattr(corpus, name) for name in ("captions", "candidates")}
    changed = {
        name: table.assign(captioner=table["captioner"].map(lambda captioner: called.get(captioner, captioner)))
        for name, table in tables.items()
        if table is not None
    }
    return replace(corpus, **changed, called=called)


def _survey(corpus: Corpus) -> pd.DataFrame | None:
    """Its table, as far as it can be read; what is wrong with it is for its readers to say."""
    path = corpus.provenance.root / "survey.csv"
    try:
        return pd.read_csv(path, dtype=str) if path.is_file() else None
    except (OSError, ValueError):
        return None
