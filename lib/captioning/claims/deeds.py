"""Which deeds a sentence speaks of: its verbs, and the nouns that a light verb does, by spaCy's grammar."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lib.captioning.claims import words
from lib.captioning.claims.limb_verbs import LIMB_VERBS, limb_verb, lowered, own_limb

TURNED_THINGS = frozenset({"head", "page", "knob", "tap", "torso", "wrist", "hand", "wheel"})


@dataclass(frozen=True)
class Event:
    """One deed of a sentence.

    Attributes:
        action: a name of `lib.captioning.claims.actions.ACTIONS`.
        limb: "arm", "leg" or "".
        side: "left", "right", "both" or "".
        way: where to, a value of `words.WAYS`, "place" or "".
    """

    action: str
    limb: str = ""
    side: str = ""
    way: str = ""


@dataclass
class Found:
    """A deed while its sentence is read: its token, and what is said of it with the tokens that say so."""

    token: Any
    action: str
    limb: str = ""
    side: str = ""
    ways: list[str] = field(default_factory=list)
    count: int = 0
    speed: str = ""
    said: dict[str, list[Any]] = field(default_factory=dict)

    def event(self) -> Event:
        """The deed as claims speak of it."""
        return Event(self.action, self.limb, self.side, self.ways[0] if self.ways else "")

    def phrase(self, kind: str) -> str:
        """The words that say something of it, in the order of the sentence."""
        return " ".join(t.text for t in sorted({self.token, *self.said.get(kind, ())}, key=lambda t: t.i))


def events_of(doc: Any) -> list[Found]:
    """The deeds of a parsed caption, in its order; compared, denied and meant ones are none.

    Args:
        doc: a spaCy `Doc` with tags and arcs.
    """
    found: list[Found] = []
    taken: set[int] = set()
    for token in doc:
        action = _noun(token)
        if action:
            found.append(Found(token, action))
            for verb in light_verbs(token):
                taken.add(verb.i)
    for token in doc:
        if token.i in taken or any(token.i == f.token.i for f in found):
            continue
        action, limb = _verb(token)
        if action:
            found.append(Found(token, action, limb))
    found = [f for f in found if not _unreal(f.token)]
    return sorted(found, key=lambda f: f.token.i)


def light_verbs(noun: Any) -> Iterator[Any]:
    """The verb that a noun is the object of, if any: "takes" of "takes a series of steps"."""
    head = noun.head
    while head.pos_ in ("NOUN", "ADP") and head.head.i != head.i:
        head = head.head
    if head.pos_ in ("VERB", "AUX"):
        yield head


def _noun(token: Any) -> str:
    """The deed that a noun names, where a light verb does it: "takes two steps", "in a kick", "a series of jumps"."""
    if token.pos_ not in ("NOUN", "PROPN") or token.dep_ in ("compound", "amod", "nmod", "poss"):
        return ""
    lemma = token.lemma_.lower()
    if lemma in ("jack", "jacks") and words.JACKS.search(token.doc.text):
        return "jacks"
    if lemma not in words.NOUNS:
        return ""
    head = next(light_verbs(token), None)
    if head is None or token.i < head.i:
        return ""
    light = head.lemma_.lower() in words.LIGHT or words.VERBS.get(head.lemma_.lower()) == words.NOUNS[lemma]
    direct = token.dep_ in ("dobj", "attr", "conj") or (
        token.dep_ == "pobj" and token.head.lower_ in ("in", "into", "of")
    )
    return words.NOUNS[lemma] if light and direct else ""


def _verb(token: Any) -> tuple[str, str]:
    """The deed that a verb names, with its limb where the limb decides it."""
    lemma, after = token.lemma_.lower(), {t.lower_ for t in token.doc[token.i + 1 : token.i + 3]}
    verbal = token.pos_ in ("VERB", "AUX") and token.dep_ not in ("amod", "aux", "auxpass", "compound")
    if not verbal and not _misread(token):
        return "", ""
    if token.pos_ not in ("VERB", "AUX"):
        lemma = _stem(token.lower_)
    limb = own_limb(token)
    if lemma in ("stand", "get") and "up" in after:
        return "rise", ""
    if lemma in LIMB_VERBS:
        return limb_verb(token, lemma, limb, after)
    if lemma == "stand":
        return "stand", ""
    if lemma == "look":
        return "", ""
    if lemma in ("lower", "settle", "drop", "get", "go"):
        name = lowered(token)
        return name, words.LEG if name == "kneel" else ""
    if (
        lemma in ("lay", "lie")
        and token.lower_ in ("lay", "lays", "laying")
        and any(c.dep_ == "dobj" for c in token.children)
    ):
        return "", ""
    if lemma == "turn":
        behind = {t.lower_ for t in token.doc[token.i + 1 : token.i + 2]}
        switched = behind & {"on", "off"} and not {"spot", "place"} & {t.lower_ for t in token.subtree}
        moved = any(c.dep_ == "dobj" and c.lemma_ in TURNED_THINGS for c in token.children)
        return ("", "") if switched or moved else ("turn", "")
    if lemma == "retrieve" and not {"floor", "ground"} & {t.lower_ for t in token.subtree}:
        return "", ""
    if lemma == "pick" and "up" not in {t.lower_ for t in token.subtree}:
        return "", ""
    if lemma == "fold" and "toes" in token.doc.text:
        return "toes", ""
    if lemma == "kick":
        return "kick", words.LEG
    if lemma == "play" and not any(c.dep_ == "dobj" for c in token.children):
        return "", ""
    if lemma == "run" and limb == words.ARM:
        return "handle", words.ARM
    if lemma == "pivot" or lemma == "rotate":
        return ("turn", "") if limb == "" else ("", "")
    return words.VERBS.get(lemma, ""), limb


def _misread(token: Any) -> bool:
    """A verb that the tagger took for another word: right behind its subject or what joins it to the verb before."""
    lemma = token.lemma_.lower()
    if token.lower_ in words.WAYS or _stem(token.lower_) not in words.VERBS:
        return False
    inflected = token.lower_.endswith(("s", "ing")) and token.lower_ != lemma
    before = token.doc[token.i - 1] if token.i else token
    joined = before.lower_ in words.PERSONS or before.lower_ in ("then", "afterwards", "and", "is", "are")
    behind = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else token
    return inflected and joined and not (before.lower_ == "and" and behind.lower_ in ("and", "."))


def _stem(word: str) -> str:
    """The verb of a word in -s or -ing, as far as the lists know it."""
    bare = word.removesuffix("ing") if word.endswith("ing") else word.removesuffix("s")
    for guess in (word.removesuffix("s"), bare, f"{bare}e", bare.removesuffix("e"), bare[:-1]):
        if guess in words.VERBS:
            return guess
    return word


def _unreal(token: Any) -> bool:
    """Whether the deed is compared, denied or merely meant; or done by something that is no person."""
    for child in token.children:
        if child.dep_ == "neg" or (child.dep_ == "mark" and child.lower_ in ("if", "though")):
            return True
        if child.dep_ in ("nsubj", "nsubjpass") and child.lemma_.lower() in words.NO_ACTOR:
            return True
    before = {t.lower_ for t in token.doc[max(token.i - 2, 0) : token.i]}
    if before & {"almost", "nearly", "without", "like"}:
        return True
    node = token
    for _ in range(6):
        head = node.head
        if node.dep_ in ("pobj", "pcomp", "prep", "advcl", "xcomp", "acl", "ccomp"):
            if head.lower_ in words.UNREAL or (node.dep_ in ("prep",) and node.lower_ in words.UNREAL):
                return True
            if node.dep_ in ("xcomp", "advcl") and head.lemma_.lower() in words.UNDONE:
                return True
        if node.dep_ == "advcl" and any(c.lower_ in ("if", "though", "like") for c in node.children):
            return True
        if head.i == node.i or (head.pos_ == "VERB" and head.lemma_.lower() in words.VERBS):
            return False
        node = head
    return False
