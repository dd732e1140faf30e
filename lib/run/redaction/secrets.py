"""What the private corpora of a profile hold that must not be shown: texts, ids, names, words that hardly occur."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from lib.base.withheld import COMMON
from lib.corpus import Corpus
from lib.run.redaction import captioners
from lib.run.redaction.phrases import WORD, Phrases, normal, telling

IDS = ("clip_id", "caption_id", "source", "mirror_of", "base_id")
PLAIN = {"clip_id", "split", "fps", "n_frames", "source", "body_mode", "mirror_of", "base_id"}
"""Columns of clips that are no labels; those of counts and truth values hold no text."""
_ENDINGS = ((1, ""), (2, ""), (3, ""), (3, "e"))
"""Letters that a lemma may have lost, and what it may end in instead."""


@dataclass(frozen=True)
class Secrets:
    """What must not be shown.

    Attributes:
        phrases: captions, ids, sources, rare labels, folders; those that could be an ordinary word or number are left
            out, since they would match text that has nothing to do with the corpus.
        aliases: what stands for the name of a captioner or for a prompt.
        rare: words of few captions, and what is left of them when an ending goes.
        counts: how many there are: ``(corpus, what) -> n``.
    """

    phrases: Phrases
    aliases: Mapping[str, str]
    rare: frozenset[str]
    counts: Mapping[tuple[str, str], int]


def of(private: Collection[Corpus], public: Collection[Corpus], *, named: Collection[str] = ()) -> Secrets:
    """The secrets of corpora.

    Texts that a public corpus holds too, and words of the report's own prose, are no secrets.

    Args:
        private: corpora to be kept.
        public: the others of the profile.
        named: captioners that may be named.
    """
    public_texts = {text for corpus in public for text in _texts(corpus)}
    phrases: list[str] = []
    counts: dict[tuple[str, str], int] = {}
    for corpus in private:
        captions = _texts(corpus)
        ids = {name: _ids(corpus, name) for name in IDS}
        labels = _rare_labels(corpus)
        phrases += [text for text in captions - public_texts if " " in normal(text)]
        phrases += filter(telling, {*ids["clip_id"], *ids["caption_id"], *ids["source"], *labels, *_folders(corpus)})
        counts |= {
            (corpus.name, "captions"): len(captions),
            (corpus.name, "ids of clips and captions"): len(ids["clip_id"] | ids["caption_id"]),
            (corpus.name, "recordings they were cut from"): len(ids["source"]),
            (corpus.name, "rare labels"): len(labels),
        }
    names = {normal(corpus.name) for corpus in (*private, *public)}
    secret_phrases = Phrases(text for text in phrases if normal(text) not in names)
    return Secrets(secret_phrases, _aliases(private, named), _rare_words(private, public), counts)


def _tables(corpus: Corpus) -> list[pd.DataFrame]:
    return [table for table in (corpus.captions, corpus.candidates) if table is not None]


def _texts(corpus: Corpus) -> set[str]:
    return {str(text) for table in _tables(corpus) for text in table["text"]}


def _ids(corpus: Corpus, column: str) -> set[str]:
    tables = [corpus.clips, *_tables(corpus)]
    return {str(value) for table in tables if column in table for value in table[column].dropna().unique()}


def _rare_labels(corpus: Corpus) -> set[str]:
    labels: set[str] = set()
    for column in corpus.clips.columns.difference(list(PLAIN)):
        values = corpus.clips[column]
        if values.dtype == object or pd.api.types.is_string_dtype(values):
            counts = values.dropna().astype(str).value_counts()
            labels |= {str(value) for value in counts.index[counts < COMMON]}
    return labels


def _folders(corpus: Corpus) -> set[str]:
    root = corpus.provenance.root
    return {str(root), *root.parts[1:]} if root is not None else set()


def _aliases(private: Iterable[Corpus], named: Collection[str]) -> dict[str, str]:
    prompts: set[str] = set()
    for table in (table for corpus in private for table in _tables(corpus)):
        prompts |= {f"prompt “{text}”" for text in table.get("prompt", pd.Series(dtype=str)).dropna().unique()}
    return captioners.aliases(private, named) | {
        text: f"prompt {number}" for number, text in enumerate(sorted(prompts), 1)
    }


def _rare_words(private: Iterable[Corpus], public: Iterable[Corpus]) -> frozenset[str]:
    counts = Counter(word for corpus in private for text in _texts(corpus) for word in {*_words(text)})
    counts |= Counter(word for corpus in private for label in _rare_labels(corpus) for word in _words(label))
    counts |= Counter(word for corpus in private for key in _keys(corpus) for word in {*_words(key)})
    rare = {word for word, n in counts.items() if n < COMMON}
    long = [word for word in rare if len(word) > 4]
    stems = {word[:-cut] + end for word in long for cut, end in _ENDINGS if len(word) > cut + 2}
    public_words = {word for corpus in public for text in _texts(corpus) for word in _words(text)}
    common = {word for word in counts if counts[word] >= COMMON}
    return frozenset((rare | stems) - public_words - common - report_words())


def _keys(corpus: Corpus) -> list[str]:
    """The words and lemmas of each caption, where a part-of-speech key came with it."""
    keys = (key for table in _tables(corpus) if "tokens" in table for key in table["tokens"].dropna())
    return [" ".join(token.rpartition("/")[0] for token in str(key).split()) for key in keys]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text) if len(word) > 2 and not word.isdigit()]


@cache
def report_words() -> frozenset[str]:
    """The words of the report's own prose, which are no secrets; the list itself says how it is kept."""
    lines = Path(__file__).with_name("report_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
