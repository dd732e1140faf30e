"""Words and parts of speech of captions: the corpus's own where it has them, else by HumanML3D's rule."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from lib.base.paths import CACHE
from lib.text import spacy_model
from lib.text.language import foreign
from lib.text.made_once import made_once

STORE = CACHE / "tags" / "tokens.sqlite"
RULE = "HumanML3D"
AT_ONCE = 256

_WORD = re.compile(r"[^\W\d_]+")
_LEMMA = re.compile(r"(\S+)/(?:NOUN|VERB)\b")
_TAIL = re.compile(r"(?<=\w)['’][^\W\d_]+")


def pos_key(captions: pd.DataFrame, *, store: Path = STORE, progress: bool = True) -> pd.Series:
    """The part-of-speech key of every caption: `word/POS word/POS …`.

    A caption's own `tokens` are its key, to the character, errors of the tagger included: that is the data. Captions
    without are tagged by spaCy's small English model, each distinct text once, and kept by content; those that are
    surely in another language have no tags.

    Args:
        captions: rows with `text`, and with `tokens` where the corpus has them.
        store: the file that keeps tags.
        progress: whether to show a bar.

    Returns:
        Strings, indexed as `captions`.

    Raises:
        ModelError: something must be tagged and no spaCy model is installed.
        UserError: the tags cannot be kept, such as on a full disk.

    Example:
        >>> pos_key(pd.DataFrame({"text": ["a man walks"], "tokens": ["a/DET man/NOUN walk/VERB"]})).tolist()
        ['a/DET man/NOUN walk/VERB']
    """
    own = captions["tokens"] if "tokens" in captions else pd.Series(pd.NA, index=captions.index, dtype="object")
    lacking = own.isna()
    readable = lacking & (foreign(captions) == "")
    made = tag(captions.loc[readable, "text"], store=store, progress=progress) if readable.any() else {}
    keys = [
        made.get(text, "") if none else token for text, token, none in zip(captions["text"], own, lacking, strict=True)
    ]
    return pd.Series(keys, index=captions.index, dtype="str", name="pos_key")


def tag(texts: Iterable[str], *, store: Path = STORE, progress: bool = True) -> dict[str, str]:
    """Tags texts by HumanML3D's rule.

    Hyphens are removed before tagging; tokens that are not all letters are dropped; NOUN and VERB are lemmatised,
    except the word "left", and everything else keeps its form. AUX ("is") is not VERB.

    Source: Guo et al. 2022 + HumanML3D: text_process.py. It differs in the spaCy version, hence in some tags: 95 % of
    tokens agree, and most of the others are possessives ("his" was DET and is PRON).

    Args:
        texts: captions; each distinct one is tagged once and kept.
        store: the file that keeps tags.
        progress: whether to show a bar.

    Returns:
        The key by text.

    Raises:
        ModelError: something must be tagged and no spaCy model is installed.
        UserError: the tags cannot be kept.

    Example:
        >>> import tempfile
        >>> tag(["the man side-steps left."], store=Path(tempfile.mkdtemp()) / "tags.sqlite", progress=False)
        {'the man side-steps left.': 'the/DET man/NOUN sidestep/NOUN left/VERB'}
    """
    return made_once(tagged, texts, step="tags", maker=maker(), store=store, progress=progress)


def tagged(rows: pd.DataFrame) -> pd.DataFrame:
    """The keys of a partition's texts, see `tag`.

    Args:
        rows: a column ``text``.

    Returns:
        A column ``made``, in the same order.
    """
    docs = spacy_model.load().pipe((text.replace("-", "") for text in rows["text"]), batch_size=AT_ONCE)
    return pd.DataFrame({"made": [_key(doc) for doc in docs]}, dtype="str")


def maker() -> str:
    """The name under which the store keeps tags of this code and model.

    Raises:
        ModelError: no spaCy model is installed.
    """
    return f"{RULE} {spacy_model.model_hash()}"


def mended(keys: pd.Series, texts: pd.Series) -> pd.Series:
    """Keys in which every lemma of a noun or a verb is a word.

    spaCy guesses the lemma of a word that its dictionary lacks, and makes "outstretche" of "outstretched". A lemma that
    is in no caption and not in the dictionary gives way to the caption's own word, or is dropped where none is near.

    Args:
        keys: part-of-speech keys, as from `pos_key`.
        texts: the captions (n,), in the same order.

    Returns:
        Keys, indexed as `keys`.

    Example:
        >>> texts = pd.Series(["a man raises his outstretched arms"])
        >>> mended(pd.Series(["a/DET man/NOUN raise/VERB his/PRON outstretche/VERB arm/NOUN"]), texts).tolist()
        ['a/DET man/NOUN raise/VERB his/PRON outstretched/VERB arm/NOUN']
    """
    lemmas = {word.lower() for key in keys.unique() for word in _LEMMA.findall(key)}
    strange = lemmas - spacy_model.dictionary()
    if strange:
        strange -= {word for text in texts.unique() for word in words(text)}
    if not strange:
        return keys
    made = [
        _mended(key, text, strange) if any(word.lower() in strange for word in _LEMMA.findall(key)) else key
        for key, text in zip(keys, texts, strict=True)
    ]
    return pd.Series(made, index=keys.index, dtype="str", name=keys.name)


def _mended(key: str, text: str, strange: set[str]) -> str:
    found = []
    for token in key.split():
        lemma, _, pos = token.rpartition("/")
        if pos in ("NOUN", "VERB") and lemma.lower() in strange:
            shared = {word: _shared(word, lemma.lower()) for word in words(text)}
            near = max(shared, key=lambda word: shared[word], default="")
            if not near or shared[near] < max(3, len(lemma) - 2):
                continue
            token = f"{near}/{pos}"
        found.append(token)
    return " ".join(found)


def _shared(one: str, two: str) -> int:
    """How many letters two words share from their beginning."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(two)))


def verbs(pos_key: str) -> list[str]:
    """The verbs of a key, in order and with repeats: its lemmas tagged VERB.

    Args:
        pos_key: `word/POS word/POS …`.

    Returns:
        Lower-case lemmas.

    Example:
        >>> verbs("a/DET man/NOUN be/AUX walk/VERB and/CCONJ Jump/VERB")
        ['walk', 'jump']
    """
    pairs = (token.rpartition("/") for token in pos_key.split())
    return [word.lower() for word, _, pos in pairs if pos == "VERB" and word]


def words(text: str) -> list[str]:
    """The words of a caption, under the one rule by which this project counts words.

    A word is an unbroken run of letters of any script, in lower case, after Unicode compatibility folding (NFKC).
    Hyphens are removed first, as HumanML3D does ("side-step" is "sidestep"); an apostrophe and the letters after it
    are dropped ("person's" is "person"). Digits, punctuation and emoji are no words. Nothing is lemmatised: "walk" and
    "walks" are two. Counts by other rules, such as the published 5,371 words of HumanML3D, are not comparable.

    Args:
        text: a caption.

    Returns:
        Its words, in order and with repeats.

    Example:
        >>> words("The person's side-step: 2 steps LEFT!")
        ['the', 'person', 'sidestep', 'steps', 'left']
    """
    return _WORD.findall(_TAIL.sub("", unicodedata.normalize("NFKC", text).replace("-", "")).lower())


def _key(doc: Any) -> str:
    return " ".join(
        f"{token.lemma_ if token.pos_ in ('NOUN', 'VERB') and token.text != 'left' else token.text}/{token.pos_}"
        for token in doc
        if token.text.isalpha()
    )
