"""Verbs whose deed hangs on what they move: "raises a hand", "raises a knee", "raises a box"."""

from typing import Any

from lib.captioning.claims import words

LIMB_VERBS = frozenset({
    "raise", "lift", "extend", "hold", "put", "place", "bring", "move", "swing", "bend", "touch", "throw", "cross",
    "stretch", "rest", "press",
})  # fmt: skip
"""Verbs whose deed is decided by the limb or the thing that they move."""


def own_limb(token: Any) -> str:
    """The kind of limb that a verb moves, or is done with: "arm", "leg" or ""."""
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


def limb_verb(token: Any, lemma: str, limb: str, after: set[str]) -> tuple[str, str]:
    """The deed, and its limb, of one of `LIMB_VERBS`; "" where no rule knows it."""
    if not limb:  # "raises both arms clapping", where the parser takes the clapping for what is raised
        limb = next(
            (words.LIMBS[t.lower_] for t in token.doc[token.i + 1 : token.i + 4] if t.lower_ in words.LIMBS), ""
        )
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
    at_head = inside & words.HEADS and not inside & {"above", "over", "overhead"}
    if at_head and limb == words.ARM and lemma in ("put", "place", "bring", "raise", "lift", "hold", "press", "rest"):
        return "to_head", words.ARM
    if lemma in ("raise", "lift", "extend", "stretch") and limb:
        if limb == words.LEG:
            return "raise_leg", words.LEG
        if lemma in ("raise", "lift"):
            high = inside & {"above", "over", "overhead"} and "head" in inside | after
            return "overhead" if high else "raise_arm", words.ARM
        return ("stretch" if lemma == "stretch" and thing is None else "reach"), words.ARM
    if lemma == "stretch":
        return "stretch", ""
    if lemma == "lift" and thing is not None:
        return "lift", ""
    if lemma == "raise" and thing is not None:
        return "lift", ""
    return "", ""


def lowered(token: Any) -> str:
    """The posture that a body is let down into ("lowers the body onto both knees"), or ""."""
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
