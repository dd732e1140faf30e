"""What a sentence claims about a body's motion, by its words and its parsed grammar."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lib.captioning import claims_words as words
from lib.captioning.claims_deeds import Event, Found, events_of
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
    events = events_of(doc)
    if not events:
        return []
    _attach(doc, events)
    made: list[Claim] = []
    for found in events:
        made += _of_event(doc, found)
    made += _order(doc, events)
    return list(dict.fromkeys(made))


def _of_event(doc: Any, found: Found) -> Iterator[Claim]:
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
    for contact, pattern in (
        ("fours", words.FOURS),
        ("one leg", words.ON_LEG),
        ("air", words.AIR),
        ("ground", words.GROUND),
    ):
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


# What is said of them


def _attach(doc: Any, events: list[Found]) -> None:
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


def _owner(token: Any, events: list[Found]) -> Found | None:
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


def _way_owner(token: Any, events: list[Found]) -> Found | None:
    word = token.lower_
    if word in ("left", "right"):
        behind = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
        if _limb_of(token) is not None or behind in ("away", "now", "after", "before", "side", "sided", "there"):
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


def _count_owner(token: Any, events: list[Found]) -> Found | None:
    following = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
    if token.lower_ in ("once", "twice") or following in ("time", "times"):
        before = [f for f in events if f.token.i < token.i and f.token.sent == token.sent]
        return before[-1] if before and token.dep_ != "mark" else None
    return next(
        (f for f in events if token.head.i == f.token.i and f.token.pos_ == "NOUN" and token.dep_ == "nummod"), None
    )


def _clause(doc: Any, found: Found) -> str:
    """The words from a deed to the next verb or joint."""
    start = found.token.i if found.token.pos_ != "NOUN" else max(0, found.token.i - 4)
    ends = (
        token.i
        for token in doc[found.token.i + 1 :]
        if (token.pos_ == "VERB" and token.dep_ not in ("amod", "acl")) or token.lower_ in ("then", "before", "after")
    )
    return str(doc[start : next(ends, len(doc))].text)


# In which order


def _order(doc: Any, events: list[Found]) -> Iterator[Claim]:
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


def _first(part: list[Found]) -> Found:
    """The deed that leads a part of a sentence: not one that another of the part carries along."""
    own = {f.token.i for f in part}
    free = [f for f in part if not own & {a.i for a in f.token.ancestors} or f.token.dep_ == "conj"]
    return free[0] if free else part[0]
