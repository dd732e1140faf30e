"""In which language a caption is, where it is surely not English: by its letters, else by a conservative model."""

import importlib.metadata
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pandas as pd
from babel import Locale
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from lib.base.paths import CACHE
from lib.text.made_once import made_once

STORE = CACHE / "tags" / "languages.sqlite"
ENGLISH = "en"
UNLIKELY = 0.01
"""Probability of English below which Latin letters are another language; of 7,243 captions of HumanML3D none is."""
FEWEST_WORDS = 4
"""Words of Latin letters from which on a language can be told."""


def foreign(captions: pd.DataFrame, *, store: Path = STORE) -> pd.Series:
    """The language of each caption that an English tagger cannot read.

    Captions with `tokens` of their own need no tagger and are not looked at.

    Args:
        captions: rows with `text`, and with `tokens` where the corpus has them.
        store: the file that keeps languages.

    Returns:
        ISO 639 codes, "" for captions that may be English, indexed as `captions`.

    Raises:
        UserError: the languages cannot be kept, such as on a full disk.
    """
    lacking = captions["tokens"].isna() if "tokens" in captions else pd.Series(True, index=captions.index)
    by_text = languages(captions.loc[lacking, "text"], store=store)
    codes = [by_text[text] if none else ENGLISH for text, none in zip(captions["text"], lacking, strict=True)]
    return pd.Series(["" if code == ENGLISH else code for code in codes], index=captions.index, dtype="str")


def languages(texts: Iterable[str], *, store: Path = STORE) -> dict[str, str]:
    """The language of each text, kept by content; the same text has the same language everywhere.

    Source: Lui and Baldwin 2012, langid.py + adbar/py3langid 0.4.0, whose model is a part of the package. About 2,000
    new texts a second on one core.

    Args:
        texts: captions.
        store: the file that keeps languages.

    Returns:
        ISO 639 codes by text; English unless another language is sure.

    Raises:
        UserError: the languages cannot be kept.

    Example:
        >>> import tempfile
        >>> languages(["a person walks", "人が歩く"], store=Path(tempfile.mkdtemp()) / "languages.sqlite")
        {'a person walks': 'en', '人が歩く': 'ja'}
    """
    return made_once(spoken, texts, step="languages", maker=maker(), store=store, progress=False)


def spoken(rows: pd.DataFrame) -> pd.DataFrame:
    """The languages of a partition's texts, see `languages`.

    Args:
        rows: a column ``text``.

    Returns:
        A column ``made``, in the same order.
    """
    return pd.DataFrame({"made": [_language(text) for text in rows["text"]]}, dtype="str")


def maker() -> str:
    """The name under which the store keeps languages of this code and model."""
    return f"py3langid {importlib.metadata.version('py3langid')} {UNLIKELY} {FEWEST_WORDS}"


def named(code: str) -> str:
    """The English name of a language, or its code where it has none.

    Example:
        >>> named("de"), named("zh"), named("xx")
        ('German', 'Chinese', 'xx')
    """
    return str(Locale("en").languages.get(code, code))


def _language(text: str) -> str:
    letters = [letter for letter in text if not letter.isascii() and letter.isalpha()]
    other = sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    if 2 * other > sum(map(str.isalpha, text)):
        return str(next(code for code, _ in _identifier().rank(text) if code != ENGLISH))
    if len(text.split()) < FEWEST_WORDS:
        return ENGLISH
    ranked = _identifier().rank(text)
    return ENGLISH if dict(ranked)[ENGLISH] >= UNLIKELY else str(ranked[0][0])


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
