"""Which words of a sentence belong to which of its deeds: limbs, sides, ways, numbers and speeds."""

from typing import Any

from lib.captioning.claims import words
from lib.captioning.claims.deeds import Found


def attach(doc: Any, events: list[Found]) -> None:
    """Gives each deed the limbs, sides, ways, numbers and speeds of the sentence that belong to it.

    Args:
        doc: the parsed caption.
        events: its deeds, filled in place.
    """
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
        if found.action in words.TRAVEL and words.PLACE.search(clause(doc, found)) and not found.ways:
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


def clause(doc: Any, found: Found) -> str:
    """The words from a deed to the next verb or joint."""
    start = found.token.i if found.token.pos_ != "NOUN" else max(0, found.token.i - 4)
    ends = (
        token.i
        for token in doc[found.token.i + 1 :]
        if (token.pos_ == "VERB" and token.dep_ not in ("amod", "acl")) or token.lower_ in ("then", "before", "after")
    )
    return str(doc[start : next(ends, len(doc))].text)
