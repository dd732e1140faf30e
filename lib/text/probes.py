"""Captions made false in one way, so that a retrieval model that understands them must notice."""

import re
from collections.abc import Callable, Mapping

SIDES = {"left": "right", "right": "left", "clockwise": "counterclockwise", "counterclockwise": "clockwise"}

_OTHERWISE = "after|away|back|before|behind|now|there|here|next"
_SIDE = re.compile(
    r"(?<![\w-])(left|right|clockwise|counterclockwise)(?=(?:wards?|most)?(?![^\W_]))"
    rf"(?!\s+(?:{_OTHERWISE})\b)(?!-\w*wise)",
    re.IGNORECASE,
)
_ALL_RIGHT = re.compile(r"\ball\s+$", re.IGNORECASE)
_NOUN = (
    "person|man|woman|boy|girl|guy|figure|human|individual|someone|somebody|dancer|performer|subject|he|she|they|it|"
    "character|people|men|women|dancers|performers|figures"
)
_WHO = re.compile(rf"(?:(?:a|an|the|one|this|some|two|three|several)\s+)?(?:[a-z]+\s+)??(?:{_NOUN})\b", re.IGNORECASE)
_SUBJECT = re.compile(rf"\s*{_WHO.pattern}(?:\s+(?:is|are))?\s+", re.IGNORECASE)
_THEN = re.compile(r"(?:\s*[,;])?\s+(?:and\s+)?then,?\s+", re.IGNORECASE)
_END = re.compile(r"\s*[.!]?\s*$")
_VERB = re.compile(
    r"(?:\w+ly\s+)?(?!(?:his|its|this|as|always)\b|\w+wards?s?\b|across\b)\w+?(s|ing)\b(?!-)", re.IGNORECASE
)
_PLURAL = frozenset({"people", "men", "women", "dancers", "performers", "figures", "they"})
_ARTICLES = {"an": "a", "An": "A", "AN": "A"}


def sides_swapped(text: str) -> str | None:
    """Left for right, clockwise for counterclockwise, and the other way round, in the case they are written in.

    Spared where they are no sides: before words such as "away" ("right away", and "left away" too, so that swapping
    twice gives the text back), after "all", and in "counter-clockwise" or "anticlockwise", which have no counterpart.
    "Left" as a form of "leave" is not told apart.

    Args:
        text: a caption.

    Returns:
        The false caption, or None where it names no side.

    Example:
        >>> sides_swapped("Left hand up, turns RIGHT right away")
        'Right hand up, turns LEFT right away'
    """

    def other(match: re.Match[str]) -> str:
        word = match.group(1)
        if _ALL_RIGHT.search(text, 0, match.start()):
            return word
        for style in (str.lower, str.upper, str.capitalize):
            if word == style(word):
                return style(SIDES[word.lower()])
        return word

    return _changed(text, _SIDE.sub(other, text))


def order_reversed(text: str) -> str | None:
    """Two events told in the opposite order, where one "then" joins two verb phrases of one form.

    "A man walks, then sits" has two such phrases; "a man walks then a jump", "… is walking then sits" and captions with
    several "then" or several sentences have not, and are left alone rather than made ungrammatical. So is whatever a
    second reversal would not give back.

    Args:
        text: a caption.

    Returns:
        The false caption, or None where it has no two such events, or two that are worded alike.

    Example:
        >>> order_reversed("a person walks forward, and then he turns around.")
        'a person turns around, and then he walks forward.'
    """
    made = _reversed(text)
    return made if made is not None and made != text and _reversed(made) == text else None


def subject_replaced(text: str) -> str | None:
    """A dog, or dogs, in place of whoever the caption begins with.

    Args:
        text: a caption.

    Returns:
        The false caption, or None where it does not begin with a person.

    Example:
        >>> subject_replaced("An old man waves"), subject_replaced("two people dance"), subject_replaced("he sits")
        ('A dog waves', 'two dogs dance', 'a dog sits')
    """
    who = re.match(rf"\s*{_WHO.pattern}", text, re.IGNORECASE)
    if who is None:
        return None
    words = who.group().split()
    dog = "dogs" if words[-1].lower() in _PLURAL else "dog"
    if len(words) > 1:
        article = words[0] if re.fullmatch(r"(?i)a|an|the|one|this|some|two|three|several", words[0]) else ""
        said = f"{_ARTICLES.get(article, article)} {dog}".strip()
    else:
        said = dog if dog == "dogs" else f"a {dog}"
    said = said[0].upper() + said[1:] if words[0][0].isupper() else said
    return _changed(text, said + text[who.end() :])


PROBES: Mapping[str, Callable[[str], str | None]] = {
    "left and right swapped": sides_swapped,
    "order of events reversed": order_reversed,
    "subject replaced": subject_replaced,
}
"""By name, what makes a caption false; None where it does not apply."""


def _reversed(text: str) -> str | None:
    joints = list(_THEN.finditer(text))
    if len(joints) != 1:
        return None
    end = _END.search(text)
    stop = end.start() if end else len(text)
    head, tail = text[: joints[0].start()], text[joints[0].end() : stop]
    first = _SUBJECT.match(head)
    if first is None:
        return None
    second = _SUBJECT.match(tail)
    at, to = first.end(), second.end() if second else 0
    one, other = head[at:], tail[to:]
    verbs = [_VERB.match(event) for event in (one, other)]
    plain = not re.search(r"[.;!]", one + other) and "then" not in re.findall(r"\w+", (one + " " + other).lower())
    if not plain or any(v is None for v in verbs) or len({v.group(1).lower() for v in verbs if v}) > 1:
        return None
    return head[:at] + other + joints[0].group() + tail[:to] + one + text[stop:]


def _changed(text: str, made: str) -> str | None:
    return made if made != text else None
