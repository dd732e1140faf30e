"""Words of the demo captions: their part of speech, lemma and forms, known because the grammar wrote them."""

from dataclasses import dataclass, replace

CLOSED = {
    "DET": "a an the his her their its both each every some another no all this",
    "ADP": (
        "to in on at with of by for from into onto over under across along through past around toward towards "
        "behind between near off up down like without upon against about beside during above below throughout"
    ),
    "CCONJ": "and or but",
    "SCONJ": "while before after as if when until",
    "NUM": "one two three four five six",
    "PRON": ("someone something somebody them it they he she him himself themselves itself everything nothing other"),
    "PART": "not",
    "AUX": "is are be being was were can could",
    "ADV": (
        "forward forwards backward backwards ahead away together straight then again once twice back slowly "
        "quickly briskly casually calmly leisurely hastily rapidly happily cheerfully merrily wearily tiredly "
        "sneakily quietly stealthily proudly confidently drunkenly unsteadily stiffly carefully gently softly "
        "lightly heavily sharply suddenly steadily smoothly gracefully energetically excitedly firmly "
        "repeatedly playfully clockwise counterclockwise sideways upright out aside outward inward upward "
        "downward home still slightly fully low high wide forcefully loosely rhythmically naturally evenly "
        "freely clearly fluidly vigorously enthusiastically apart almost nearly very just around nervously "
        "lazily politely dramatically solemnly fast far first finally next continuously afterwards "
        "deliberately powerfully expressively elegantly methodically controllably vibrantly alternately side "
        "simultaneously briefly completely barely deeply too so forth"
    ),
    "ADJ": (
        "left right slow fast quick big small large little long short low high tall tired happy proud drunk "
        "old sneaky invisible imaginary narrow straight wide deep steady busy dark heavy loud open closed "
        "empty whole full half single several few many other same gentle steep slippery wet soft lively "
        "energetic smooth fluid rhythmic relaxed upright sharp controlled measured brisk hurried unhurried "
        "cheerful weary cautious confident unsteady stiff dynamic powerful expressive graceful playful "
        "precise deliberate vigorous bent raised outstretched extended straightened circular curved forward "
        "backward upper lower neutral balanced solid clear wooden sudden strong imagined crowded quiet sunny "
        "icy muddy muscular young exaggerated bouncing visible parallel overhead simple natural continuous "
        "alternating unseen exhausted elderly late angry new next last best swaying invigorating theatrical "
        "celebratory ready nearby far"
    ),
}
POS = {word: tag for tag, words in CLOSED.items() for word in words.split()}
IRREGULAR = {"feet": "foot", "people": "people", "series": "series"}
DOUBLED = {"run", "jog", "swim", "skip", "hop", "sit", "spin", "clap", "squat", "drop", "grab", "get", "bob", "trot"}
SWAPPED = {"left": "right", "right": "left", "clockwise": "counterclockwise", "counterclockwise": "clockwise"}


@dataclass(frozen=True)
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


def word(text: str) -> Word:
    """A word from the grammar's notation, e.g. `arms`, `left~NOUN`, `turn,`.

    A part of speech after `~` overrides the lexicon; what no closed list holds is a noun.

    Example:
        >>> word("feet,"), word("left~NOUN").token
        (Word(text='feet', tag='NOUN', lemma='foot', after=','), 'left/NOUN')
    """
    after = text[-1] if text[-1] in ",.;" else ""
    bare, _, tag = text.removesuffix(after).partition("~")
    tag = tag or POS.get(bare, "NOUN")
    return Word(bare, tag, singular(bare) if tag == "NOUN" else bare, after)


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
