"""What a sentence claims about a body's motion, by its words and its parsed grammar."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lib.captioning.claims import words
from lib.captioning.claims.deeds import Event, Found, events_of
from lib.captioning.claims.details import attach, clause
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
    attach(doc, events)
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
    span = clause(doc, found)
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
