"""What a sentence claims about a body's motion, by its words and its grammar; no model of language beside the parser."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lib.captioning import claims_words as words
from lib.text import spacy_model

KINDS = ("action", "posture", "side", "limb", "travel", "turn", "count", "order", "speed", "contact")

CONTACTS = {
    "fours": {"crawl", "walk", "kneel"},
    "one leg": {"balance", "hop", "jump", "stand"},
    "air": {"jump", "hop"},
    "ground": {"sit", "lie", "kneel", "fall"},
}
"""What may touch the floor, or leave it, by the deeds that it is said of."""


@dataclass(frozen=True)
class Event:
    """One deed of a sentence.

    Attributes:
        action: a name of `lib.captioning.claims_actions.ACTIONS`.
        limb: "arm", "leg" or "".
        side: "left", "right", "both" or "".
        way: where to, a value of `claims_words.WAYS`, "place" or "".
    """

    action: str
    limb: str = ""
    side: str = ""
    way: str = ""


@dataclass(frozen=True)
class Claim:
    """One thing that a sentence says of the motion.

    Attributes:
        kind: one of `KINDS`.
        event: the deed that is spoken of.
        value: what is said of it: a side, a way, a number, a speed; "" for the deed itself.
        words: the words that say so.
        then: the later deed of an order.
    """

    kind: str
    event: Event
    value: str = ""
    words: str = ""
    then: Event | None = None


@dataclass
class _Found:
    token: Any
    action: str
    limb: str = ""
    side: str = ""
    ways: list[str] = field(default_factory=list)
    count: int = 0
    speed: str = ""
    said: dict[str, list[Any]] = field(default_factory=dict)

    def event(self) -> Event:
        return Event(self.action, self.limb, self.side, self.ways[0] if self.ways else "")

    def phrase(self, kind: str) -> str:
        return " ".join(t.text for t in sorted({self.token, *self.said.get(kind, ())}, key=lambda t: t.i))


def claims(text: str) -> list[Claim]:
    """What a caption claims, in the order of its deeds.

    Comparisons ("like a soldier", "as if to grasp"), what is denied, and what is not a person's deed claim nothing.
    Words for what a skeleton cannot show (objects, places, moods) are passed over.

    Args:
        text: a caption in English.

    Returns:
        Claims, each once.

    Raises:
        ModelError: no spaCy model is installed.

    Example:
        >>> [(c.kind, c.event.action, c.value) for c in claims("A man kicks twice with his left leg.")]
        [('action', 'kick', ''), ('side', 'kick', 'left'), ('count', 'kick', '2')]
    """
    return next(many([text]))


def many(texts: Iterable[str]) -> Iterator[list[Claim]]:
    """`claims` of each of many captions, parsed in batches."""
    for doc in spacy_model.load().pipe((_spelled(text) for text in texts), batch_size=256):
        yield _claims(doc)


def _spelled(text: str) -> str:
    for pattern, word in words.SPELLED:
        text = pattern.sub(word, text)
    return re.sub(r"\s+", " ", text).strip()


def _claims(doc: Any) -> list[Claim]:
    events = _events(doc)
    if not events:
        return []
    _attach(doc, events)
    made: list[Claim] = []
    for found in events:
        made += _of_event(doc, found)
    made += _order(doc, events)
    return list(dict.fromkeys(made))


def _of_event(doc: Any, found: _Found) -> Iterator[Claim]:
    event, name = found.event(), found.action
    kind = "posture" if name in words.POSTURES else "action"
    yield Claim(kind, event, "", found.phrase("deed"))
    if found.side in words.OPPOSITE and _has_side(event):
        yield Claim("side", event, found.side, found.phrase("side"))
    if found.side == "both":
        yield Claim("limb", event, "both", found.phrase("side"))
    for way in found.ways:
        if name in words.TURNS or (way.endswith("clockwise") and name in words.TRAVEL):
            if way in words.OPPOSITE and way not in ("forward", "backward"):
                yield Claim("turn", event, way, found.phrase("way"))
        elif name in words.TRAVEL and not (name in ("jump", "hop", "step") and way == "place"):
            yield Claim("travel", event, way, found.phrase("way"))
    span = _clause(doc, found)
    if name in words.TURNS:
        degrees = _degrees(span)
        if degrees:
            yield Claim("turn", event, str(degrees), span)
    if found.count and name in words.COUNTED:
        yield Claim("count", event, str(found.count), found.phrase("count"))
    if found.speed:
        yield Claim("speed", event, found.speed, found.phrase("speed"))
    for contact, pattern in (("fours", words.FOURS), ("one leg", words.ON_LEG), ("air", words.AIR), ("ground", words.GROUND)):
        match = pattern.search(span)
        if match and name in CONTACTS[contact]:
            yield Claim("contact", event, contact, match.group())


def _has_side(event: Event) -> bool:
    if event.limb == words.ARM:
        return event.action in words.ARM_ACTIONS
    return event.limb == words.LEG and event.action in words.LEG_ACTIONS


def _degrees(span: str) -> int:
    match = words.DEGREES.search(span)
    if match:
        return int(match.group("n") or match.group("bare"))
    return next((degrees for pattern, degrees in words.TURNED if pattern.search(span)), 0)


# Which deeds there are


def _events(doc: Any) -> list[_Found]:
    found: list[_Found] = []
    taken: set[int] = set()
    for token in doc:
        action = _noun(token)
        if action:
            found.append(_Found(token, action))
            for verb in _light(token):
                taken.add(verb.i)
    for token in doc:
        if token.i in taken or any(token.i == f.token.i for f in found):
            continue
        action, limb = _verb(token)
        if action:
            found.append(_Found(token, action, limb))
    found = [f for f in found if not _unreal(f.token)]
    return sorted(found, key=lambda f: f.token.i)


def _light(noun: Any) -> Iterator[Any]:
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
    head = next(_light(token), None)
    if head is None or token.i < head.i:
        return ""
    light = head.lemma_.lower() in words.LIGHT or words.VERBS.get(head.lemma_.lower()) == words.NOUNS[lemma]
    direct = token.dep_ in ("dobj", "attr", "conj") or (token.dep_ == "pobj" and token.head.lower_ in ("in", "into", "of"))
    return words.NOUNS[lemma] if light and direct else ""


def _verb(token: Any) -> tuple[str, str]:
    """The deed that a verb names, with its limb where the limb decides it."""
    lemma, after = token.lemma_.lower(), {t.lower_ for t in token.doc[token.i + 1 : token.i + 3]}
    verbal = token.pos_ in ("VERB", "AUX") and token.dep_ not in ("amod", "aux", "auxpass", "compound")
    if not verbal and not _misread(token):
        return "", ""
    if token.pos_ not in ("VERB", "AUX"):
        lemma = _stem(token.lower_)
    limb = _own_limb(token)
    if lemma in ("stand", "get", "come", "push", "pull", "raise", "bring", "go", "back") and {"up"} & after and lemma in ("stand", "get"):
        return "rise", ""
    if lemma in ("raise", "lift", "extend", "hold", "put", "place", "bring", "move", "swing", "bend", "touch", "throw", "cross", "stretch", "rest", "press"):  # fmt: skip
        return _limb_verb(token, lemma, limb, after)
    if lemma == "stand":
        return "stand", ""
    if lemma == "look":
        return "", ""
    if lemma in ("lower", "settle", "drop", "get", "go"):
        name = _lowered(token)
        return name, words.LEG if name == "kneel" else ""
    if lemma in ("lay", "lie") and token.lower_ in ("lay", "lays", "laying") and any(c.dep_ == "dobj" for c in token.children):
        return "", ""
    if lemma == "turn" and any(c.dep_ == "dobj" and c.lemma_ in ("head", "page", "knob", "tap", "torso", "wrist", "hand", "wheel") for c in token.children):  # fmt: skip
        return "", ""
    if lemma == "turn" and {"on", "off"} & {t.lower_ for t in token.doc[token.i + 1 : token.i + 2]} and not {"spot", "place"} & {t.lower_ for t in token.subtree}:  # fmt: skip
        return "", ""
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


def _own_limb(token: Any) -> str:
    for child in token.children:
        if child.dep_ in ("dobj", "nsubj", "nsubjpass") and child.lower_ in words.LIMBS:
            return words.LIMBS[child.lower_]
    if token.dep_ in ("acl", "amod") and token.head.lower_ in words.LIMBS:
        return words.LIMBS[token.head.lower_]
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in ("with", "on", "onto", "using"):
            for thing in child.children:
                if thing.lower_ in words.LIMBS:
                    return words.LIMBS[thing.lower_]
    return ""


def _limb_verb(token: Any, lemma: str, limb: str, after: set[str]) -> tuple[str, str]:
    inside = {t.lower_ for t in token.subtree}
    thing = next((c for c in token.children if c.dep_ == "dobj"), None)
    if lemma == "bend":
        if inside & {"waist", "over", "down", "forward"} and limb != words.LEG:
            return "bow", ""
        return ("bend_knees", words.LEG) if limb == words.LEG else ("", "")
    if lemma == "touch":
        return ("toes", "") if "toes" in inside else ("", "")
    if lemma == "throw":
        return ("throw", words.ARM) if limb != words.LEG else ("", "")
    if lemma == "swing":
        return ("swing", words.ARM) if limb != words.LEG else ("raise_leg", words.LEG)
    if lemma in ("put", "place", "bring", "raise", "lift", "hold", "press", "rest") and limb == words.ARM:
        if inside & words.HEADS and not inside & {"above", "over", "overhead"}:
            return "to_head", words.ARM
    if lemma in ("raise", "lift", "extend", "stretch") and limb:
        if limb == words.LEG:
            return "raise_leg", words.LEG
        if lemma in ("raise", "lift"):
            return ("overhead" if inside & {"above", "over", "overhead"} and "head" in inside | after else "raise_arm"), words.ARM
        return ("stretch" if lemma == "stretch" and thing is None else "reach"), words.ARM
    if lemma == "stretch":
        return "stretch", ""
    if lemma == "lift" and thing is not None:
        return "lift", ""
    if lemma == "raise" and thing is not None:
        return "lift", ""
    return "", ""


def _lowered(token: Any) -> str:
    inside = {t.lower_ for t in token.subtree}
    for prep in token.children:
        if prep.dep_ == "prep" and any(thing.lower_ in ("knee", "knees") for thing in prep.children):
            return "kneel"
    for name, signs in (
        ("sit", {"sit", "seat", "seated", "sitting", "chair"}),
        ("squat", {"crouch", "squat"}),
        ("lie", {"flat", "lying", "prone"}),
    ):
        if inside & signs and not any(c.dep_ == "xcomp" and c.lemma_ in words.VERBS for c in token.children):
            return name
    return ""


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
            if node.dep_ in ("xcomp", "advcl") and head.lemma_.lower() in words.UNDONE and head.lemma_ != "pretend":
                return True
        if node.dep_ == "advcl" and any(c.lower_ in ("if", "though", "like") for c in node.children):
            return True
        if head.i == node.i or head.pos_ == "VERB" and head.lemma_.lower() in words.VERBS:
            return False
        node = head
    return False


# What is said of them


def _attach(doc: Any, events: list[_Found]) -> None:
    for token in doc:
        word = token.lower_
        if word in ("both", "left", "right", "two", "each") and (limb := _limb_of(token)) is not None:
            found = _owner(limb, events)
            if found is None:
                continue
            group = words.LIMBS[limb.lower_]
            fits = words.ARM_ACTIONS if group == words.ARM else words.LEG_ACTIONS
            if found.action in fits and not found.side and group == (found.limb or group):
                found.limb, found.side = group, word if word in words.OPPOSITE else "both"
                if word == "both" and limb.lower_ in ("knees", "feet") and found.action == "lunge":
                    found.side = ""
                found.said.setdefault("side", []).extend([token, limb])
        elif word in words.WAYS and (found := _way_owner(token, events)) is not None:
            way = words.WAYS[word]
            if way not in found.ways:
                found.ways.append(way)
            found.said.setdefault("way", []).append(token)
        elif (token.like_num or word in ("twice", "once")) and (found := _count_owner(token, events)) is not None:
            found.count = {"once": 1, "twice": 2}.get(word) or words.NUMBERS.get(word, 0) or _integer(word)
            found.said.setdefault("count", []).append(token)
        elif word in words.SPEEDS and (found := _owner(token, events)) is not None:
            found.speed = found.speed or words.SPEEDS[word]
            found.said.setdefault("speed", []).append(token)
    for found in events:
        if found.action in words.TRAVEL and words.PLACE.search(_clause(doc, found)) and not found.ways:
            found.ways.append("place")


def _integer(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 3 else 0


def _limb_of(token: Any) -> Any:
    """The limb that "left" or "both" belongs to: its head, or the noun right behind it."""
    if token.head.lower_ in words.LIMBS and token.i < token.head.i <= token.i + 3:
        return token.head
    for behind in token.doc[token.i + 1 : token.i + 3]:
        if behind.lower_ in words.LIMBS:
            return behind
        if behind.pos_ not in ("ADJ", "DET", "PRON"):
            break
    return None


def _owner(token: Any, events: list[_Found]) -> _Found | None:
    """The deed that a word belongs to: up its tree, through verbs that do nothing by themselves."""
    node = token
    for _ in range(8):
        for found in events:
            if found.token.i == node.i:
                return found
        if node.pos_ in ("VERB", "AUX") and node.i != token.i:
            below = [f for f in events if f.token in list(node.subtree) and _light_between(f.token, node)]
            if node.lemma_.lower() in words.LIGHT and below:
                return min(below, key=lambda f: abs(f.token.i - token.i))
            if node.lemma_.lower() not in words.LIGHT:
                return None
        if node.head.i == node.i:
            break
        node = node.head
    before = [f for f in events if f.token.i < token.i and f.token.sent == token.sent]
    return before[-1] if before and not _verb_between(before[-1].token, token) else None


def _light_between(token: Any, top: Any) -> bool:
    node = token.head
    while node.i != top.i and node.head.i != node.i:
        if node.pos_ == "VERB" and node.lemma_.lower() not in words.LIGHT:
            return False
        node = node.head
    return True


def _verb_between(first: Any, last: Any) -> bool:
    return any(t.pos_ == "VERB" for t in first.doc[first.i + 1 : last.i])


def _way_owner(token: Any, events: list[_Found]) -> _Found | None:
    word = token.lower_
    if word in ("left", "right"):
        behind = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
        if _limb_of(token) is not None or behind in ("away", "now", "after", "before", "side", "sided", "there"):
            return None
        if word == "left" and token.pos_ in ("VERB",) and token.dep_ in ("ROOT", "conj") and token.i + 1 < len(token.doc) and token.doc[token.i - 1].pos_ in ("NOUN", "PRON"):  # fmt: skip
            return None
    before = [f for f in events if f.token.i < token.i and f.token.sent == token.sent]
    owner = _owner(token, events)
    near = before[-1] if before else None
    found = near if near is not None and (owner is None or near.token.i > owner.token.i) else owner
    if found is None or found.token.i > token.i + 3:
        return None
    if found is near and _verb_between(near.token, token) and found is not owner:
        return None
    return found if found.action in words.TRAVEL | words.TURNS else None


def _count_owner(token: Any, events: list[_Found]) -> _Found | None:
    following = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
    if token.lower_ in ("once", "twice") or following in ("time", "times"):
        before = [f for f in events if f.token.i < token.i and f.token.sent == token.sent]
        return before[-1] if before and token.dep_ != "mark" else None
    return next((f for f in events if token.head.i == f.token.i and f.token.pos_ == "NOUN" and token.dep_ == "nummod"), None)


def _clause(doc: Any, found: _Found) -> str:
    """The words from a deed to the next verb or joint."""
    start = found.token.i
    end = start + 1
    while end < len(doc) and not (doc[end].pos_ == "VERB" and doc[end].dep_ not in ("amod", "acl")) and doc[end].lower_ not in ("then", "before", "after"):  # fmt: skip
        end += 1
    if found.token.pos_ == "NOUN":
        start = max(0, start - 4)
    return str(doc[start:end].text)


# In which order


def _order(doc: Any, events: list[_Found]) -> Iterator[Claim]:
    joints = list(words.JOINTS.finditer(doc.text))
    edges = [0, *[j.start() for j in joints], len(doc.text)]
    parts = [[f for f in events if edges[i] <= f.token.idx < edges[i + 1]] for i in range(len(edges) - 1)]
    for place, joint in enumerate(joints):
        before, after = parts[place], parts[place + 1]
        if not before or not after:
            continue
        first, last = _first(before), _first(after)
        if joint.group("after"):
            first, last = last, first
        if first.event() != last.event():
            said = f"{first.token.text} {joint.group().strip()} {last.token.text}"
            yield Claim("order", first.event(), "", said, last.event())


def _first(part: list[_Found]) -> _Found:
    """The deed that leads a part of a sentence: not one that another of the part carries along."""
    own = {f.token.i for f in part}
    free = [f for f in part if not own & {a.i for a in f.token.ancestors} or f.token.dep_ == "conj"]
    return free[0] if free else part[0]
