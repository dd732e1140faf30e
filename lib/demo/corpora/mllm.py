"""Captions as a multimodal language model writes them: full sentences that describe the body and the manner."""

from collections.abc import Sequence

import numpy as np

from lib.demo.corpora.crowd_phrases import DIRECTIONS
from lib.demo.corpora.mllm_details import CLOSINGS, DANCERS, DETAILS, REMARKS, SETTINGS, SEVERAL, SUBJECTS
from lib.demo.corpora.mllm_phrases import CORES, SPEEDS, STYLES
from lib.demo.corpora.scenes import FAMILY
from lib.demo.corpora.sentence import Sentence, comma, phrase
from lib.demo.corpora.slots import choice, slots
from lib.demo.corpora.words import Word
from lib.demo.synthesis import Spec


def description(specs: Sequence[Spec], persons: int, rng: np.random.Generator) -> Sentence:
    """One model's caption of a clip, of about fifteen to twenty-five words.

    Args:
        specs: what is performed, in order.
        persons: how many people the video shows.
        rng: source of randomness.
    """
    first = specs[0]
    form, auxiliary = ("s", "is") if persons == 1 else ("base", "are")
    words = phrase(_subject(first, persons, rng), form)
    # Taggers read "the dancer dances" as two nouns more often than not, so that dancing is mostly progressive here.
    if rng.random() < (0.85 if first.action == "dance" else 0.4):
        form, words = "ing", [*words, *phrase(auxiliary, form)]
    for place, spec in enumerate(specs):
        if place:
            words = comma(words) + phrase(choice(("then", "and then", "and afterwards"), rng), form)
        words += _performed(spec, form, rng)
    if len(words) < 12 or rng.random() < 0.4:
        words += phrase(choice(SETTINGS, rng), form)
    if len(words) < 18:
        words = comma(words) + phrase(choice(DETAILS[FAMILY[specs[-1].action]], rng), form)
    if len(words) < 17 or rng.random() < 0.15:
        words = comma(words) + phrase(choice(CLOSINGS, rng), form)
    if len(words) < 19 and rng.random() < 0.3:
        words = [
            *words[:-1],
            Word(words[-1].text, words[-1].tag, words[-1].lemma, "."),
            *phrase(choice(REMARKS, rng), form),
        ]
    return Sentence(tuple(words), frozenset(f"act {spec.action}" for spec in specs), ".")


def _subject(spec: Spec, persons: int, rng: np.random.Generator) -> str:
    if persons == 1:
        return choice(DANCERS if spec.action == "dance" else SUBJECTS, rng)
    plural = [s for s in SEVERAL if not (persons == 2) ^ (s in ("Two people", "A couple of friends"))]
    return choice([s for s in plural if s != "Three people" or persons == 3], rng)


def _performed(spec: Spec, form: str, rng: np.random.Generator) -> list[Word]:
    key = f"{spec.action}:{spec.style}"
    directions = DIRECTIONS["forward" if spec.direction is None and rng.random() < 0.2 else spec.direction]
    words = phrase(
        choice(CORES.get(key) or CORES[spec.action], rng), form, slots(spec, directions, ("the", "their"), rng)
    )
    for manner in (choice(SPEEDS[spec.speed], rng), choice(STYLES.get(spec.style or "", ("",)), rng)):
        words += phrase(manner, form)
    return words
