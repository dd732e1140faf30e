"""Sentences of the demo captions: text, tokens, and what they mean."""

from dataclasses import dataclass, replace

import numpy as np

from lib.demo.corpora.words import Word, verb, word

Slots = dict[str, str]
FIXED = {"+": "ing", "=": "base", "^": "s"}


@dataclass(frozen=True)
class Sentence:
    """Words in order, and the set of things they say (action, direction, place …), which near-duplicates share."""

    words: tuple[Word, ...]
    meaning: frozenset[str]
    end: str = ""

    @property
    def text(self) -> str:
        """The sentence as written."""
        return " ".join(w.text + w.after for w in self.words) + self.end

    @property
    def tokens(self) -> str:
        """The sentence's `word/POS` key."""
        return " ".join(w.token for w in self.words if w.text.isalpha())

    @property
    def verbs(self) -> list[str]:
        """Lemmas of its verbs, in order."""
        return [w.lemma for w in self.words if w.tag == "VERB"]

    def mirrored(self) -> "Sentence":
        """The sentence for the mirrored motion."""
        return replace(self, words=tuple(w.mirrored() for w in self.words))


def phrase(template: str, form: str, slots: Slots | None = None) -> list[Word]:
    """Words of a template: `@walk` is a verb in `form`, `{hand}` a slot, `left~NOUN` a word with its part of speech.

    `@+walk`, `@=walk` and `@^walk` are always walking, walk and walks.

    Example:
        >>> [w.text for w in phrase("@raise {hand} and @wave", "s", {"hand": "the left hand"})]
        ['raises', 'the', 'left', 'hand', 'and', 'waves']
    """
    for name, value in (slots or {}).items():
        template = template.replace("{" + name + "}", value)
    words: list[Word] = []
    for part in template.split():
        if not part.startswith("@"):
            words.append(word(part))
        else:
            fixed = FIXED.get(part[1])
            words.append(verb(part[2:], fixed) if fixed else verb(part[1:], form))
    return words


def comma(words: list[Word]) -> list[Word]:
    """The words with a comma after the last."""
    return [*words[:-1], replace(words[-1], after=",")]


def mistyped(words: list[Word], rng: np.random.Generator) -> list[Word]:
    """The words with two letters of one word exchanged, as a hurried crowd worker leaves them; verbs are spared.

    Example:
        >>> [w.text for w in mistyped([word("person")], np.random.default_rng(1))]
        ['pesron']
    """
    places = [i for i, w in enumerate(words) if w.tag not in ("VERB", "AUX") and len(w.text) > 4]
    if not places:
        return words
    at = int(rng.choice(places))
    text = words[at].text
    cut = int(rng.integers(1, len(text) - 2))
    typo = text[:cut] + text[cut + 1] + text[cut] + text[cut + 2 :]
    return [*words[:at], replace(words[at], text=typo, lemma=typo), *words[at + 1 :]]
