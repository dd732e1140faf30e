"""What was computed from captions and is kept by content: removed where no other clip has the caption."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from lib.base import atomic, cache_use
from lib.base.device import Precision
from lib.models.tmr.text import PASSED, TokenFeatures
from lib.run.params import Profile
from lib.text import language, mpnet, tokens
from lib.text.encoder import producer_of
from lib.text.probes import PROBES
from lib.text.store import Store, key


def remove(cache: Path, profile: Profile, captions: Iterable[str], others: Iterable[str]) -> dict[Path, int]:
    """Removes vectors, token states, tags and languages of captions and of what is made of them to test a model.

    They are found by the hash of text and model. A text model of the hub is known by the trainings that read it.

    Args:
        cache: the project's.
        profile: whose text models count, beside MPNet and those of the trainings that are kept.
        captions: of the clips to be forgotten.
        others: of all other clips; what is kept of one of these stays.

    Returns:
        How many values were removed, by the file they were kept in.
    """
    stay = _with_probes(others)
    texts = sorted(_with_probes(captions) - stay)
    removed: dict[Path, int] = {}
    for damaged in cache.glob("*/*.sqlite.damaged"):
        atomic.remove(damaged)
        removed[damaged] = 1
    for name, makers in _makers(cache, profile).items():
        keys = {key(maker, text) for maker in makers for text in texts}
        cache_use.forget_rows(cache / name, keys, cache=cache)
        if (file := cache / name).is_file():
            with Store(file) as store:
                removed[file] = store.remove(keys)
    return {file: n for file, n in removed.items() if n}


def _with_probes(texts: Iterable[str]) -> set[str]:
    some = {*texts}
    return some | {false for probe in PROBES.values() for false in map(probe, some) if false is not None}


def _makers(cache: Path, profile: Profile) -> dict[str, set[str]]:
    """Under which names each store keeps what is made of a text."""
    asked = profile.models.tmr.text_model
    models = {mpnet.model_hash()}
    if profile.mpnet is not None:
        models.add(mpnet.model_hash(profile.mpnet))
    if asked and Path(asked).is_dir():
        models.add(TokenFeatures(asked, sentence_model=profile.mpnet).model_hash)
    made = {producer_of(model, precision) for model in models for precision in get_args(Precision)}
    producers = made | {*_trained_with(cache)}
    return {
        "embeddings/sentences.sqlite": producers,
        "embeddings/tokens.sqlite": {PASSED + producer for producer in producers},
        "tags/tokens.sqlite": {tokens.maker()} if (cache / "tags" / "tokens.sqlite").is_file() else set(),
        "tags/languages.sqlite": {language.maker()},
    }


def _trained_with(cache: Path) -> Iterator[str]:
    for file in cache.glob("models/*/training.json"):
        try:
            yield str(json.loads(file.read_bytes())["text_model"])
        except (OSError, ValueError, LookupError, TypeError):
            continue
