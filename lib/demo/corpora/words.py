"""Words of the demo captions: their part of speech, lemma and forms, known because the grammar wrote them."""

from dataclasses import dataclass, replace
from functools import lru_cache

CLOSED = {
    "DET": "a all an any both each every her his its no some the their",
    "ADP": (
        "above across against along around at behind beside between by down during for from in into like near of "
        "off on onto over past through throughout to toward under up with without"
    ),
    "CCONJ": "and",
    "SCONJ": "after as before if until when while",
    "NUM": "one three two",
    "PRON": "he it somebody someone something",
    "AUX": "are be can is",
    "ADV": (
        "afterwards again ahead anywhere apart away backward backwards calmly cheerfully clockwise close "
        "confidently counterclockwise cross deeply downward drunkenly far finally first forth forward forwards "
        "freely fully happily lightly loosely next out overhand overhead playfully politely proudly quickly "
        "quietly rapidly repeatedly respectfully sideways slightly slowly smoothly sneakily softly stealthily "
        "straight then together underhand unsteadily upward very wearily"
    ),
    "ADJ": (
        "abdominal bad bent big bouncing bouncy bright brisk bulky buoyant busy cautious cheerful childlike "
        "classical compact complete confident constant contemporary controlled crisp crossed crowded dark deep "
        "deliberate distant drained drunk easy effortless elderly empty energetic even evident explosive "
        "expressive extra fast few firm flat flowing fluid folded formal frail friendly full gentle good grassy "
        "half happy heavy high imaginary incoming intoxicated invisible joyful large late lateral legged level "
        "lifted light liquid little lively locked long loose lost low martial measured military moderate narrow "
        "natural neutral old open opposite other outdoor outstretched overall parallel parked passing percussive "
        "playful pointed powerful proud quick raised rapid relaxed remarkable repeated retro rolling rounded same "
        "sandy seated several sharp short simple slippery slow sluggish small smooth sneaky soft spacious "
        "spinning spontaneous springy standing steady stealthy steep stooped strong supporting swaying swinging "
        "tall theatrical tight tired uneven leisurely unseen unsteady upbeat upper upright vertical visible wavy "
        "wet whole wide wooden young"
    ),
}
POS = {word: tag for tag, words in CLOSED.items() for word in words.split()}
IRREGULAR = {"feet": "foot", "people": "people", "series": "series"}
DOUBLED = {
    "run", "jog", "swim", "skip", "hop", "sit", "spin", "clap", "squat", "drop", "grab", "get", "bob", "trot", "drum",
    "hit", "jab", "sidestep", "sip", "step", "strum", "tap", "begin", "let", "nod", "scan", "snap", "transfer",
}  # fmt: skip
SWAPPED = {"left": "right", "right": "left", "clockwise": "counterclockwise", "counterclockwise": "clockwise"}
KNOWN = 8192
"""Words that are made once and shared: the grammar has fewer, and a large corpus says them millions of times."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written, its universal part of speech, its lemma, and the punctuation that follows it."""

    text: str
    tag: str
    lemma: str
    after: str = ""

    @property
    def token(self) -> str:
        """`word/POS` by HumanML3D's rule: only nouns and verbs are lemmatised, and "left" never is."""
        lemmatised = self.tag in ("NOUN", "VERB") and self.text.lower() != "left"
        return f"{self.lemma if lemmatised else self.text}/{self.tag}"

    def mirrored(self) -> "Word":
        """The word for the mirrored motion: left for right, clockwise for counterclockwise."""
        other = SWAPPED.get(self.text)
        return replace(self, text=other, lemma=other) if other else self


@lru_cache(maxsize=KNOWN)
def word(text: str) -> Word:
    """A word from the grammar's notation, e.g. `arms`, `left~NOUN`, `turn,`.

    A part of speech after `~` overrides the lexicon, and a lemma may follow it; what no closed list holds is a noun.

    Example:
        >>> word("feet,"), word("left~NOUN").token, word("held~VERB:hold").token
        (Word(text='feet', tag='NOUN', lemma='foot', after=','), 'left/NOUN', 'hold/VERB')
    """
    after = text[-1] if text[-1] in ",.;" else ""
    bare, _, tag = text.removesuffix(after).partition("~")
    tag, _, lemma = tag.partition(":")
    tag = tag or POS.get(bare.lower(), "NOUN")
    return Word(bare, tag, lemma or (singular(bare) if tag == "NOUN" else bare), after)


@lru_cache(maxsize=KNOWN)
def verb(lemma: str, form: str) -> Word:
    """A verb in the form `s` (walks), `ing` (walking) or `base` (walk).

    Example:
        >>> [verb(v, "ing").text for v in ("run", "wave", "lie", "sway")], verb("crouch", "s").text
        (['running', 'waving', 'lying', 'swaying'], 'crouches')
    """
    after = lemma[-1] if lemma[-1] in ",." else ""
    lemma = lemma.removesuffix(after)
    return Word({"s": third(lemma), "ing": gerund(lemma), "base": lemma}[form], "VERB", lemma, after)


def third(lemma: str) -> str:
    """Third person of a verb; also the plural of a regular noun."""
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def gerund(lemma: str) -> str:
    """The -ing form of a verb."""
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma in DOUBLED:
        return lemma + lemma[-1] + "ing"
    return (lemma[:-1] if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) else lemma) + "ing"


def singular(noun: str) -> str:
    """Lemma of a noun."""
    if noun in IRREGULAR:
        return IRREGULAR[noun]
    if not noun.endswith("s") or noun.endswith(("ss", "us", "is")):
        return noun
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-2] if noun.endswith(("ches", "shes", "xes", "sses")) else noun[:-1]
