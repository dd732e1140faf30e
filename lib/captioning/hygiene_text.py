"""What a caption needs before it is judged: one text, repaired where a rule can, else dropped, and why."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FAULTS = ("empty", "refusal", "language", "fence", "meta", "loop", "cut", "scene", "shared")
"""The kinds of fault, in the order in which they are looked for; "language" and "shared" by the table, not the text."""
FEWEST_WORDS = 2
"""Words below which nothing is left of a caption that was repaired."""


@dataclass(frozen=True)
class Cleaned:
    """A caption after repair.

    Attributes:
        text: the caption to judge; "" where it is dropped.
        faults: kinds of fault that it had, of `FAULTS`.
    """

    text: str
    faults: tuple[str, ...]

    @property
    def dropped(self) -> bool:
        """Whether nothing is left to judge."""
        return not self.text


_CANNOT = r"(?:cannot|can['’]?t|could not|couldn['’]?t|do not|don['’]?t)"
_REFUSAL = re.compile(
    r"\b(?:i(?:['’]m| am) (?:sorry|unable|not able)|"
    rf"i {_CANNOT} (?:see|view|access|process|determine|identify|provide|describe|watch|analy[sz]e|assist|help|have)|"
    r"as an? (?:ai|language model|assistant)|my apologies|i apologi[sz]e|"
    r"(?:no|without (?:a|the|any)) (?:video|image|frames?)s? (?:was|were|is|has been|have been) "
    r"(?:provided|attached|given|visible)|"
    r"(?:unable|impossible) to (?:determine|provide|describe|identify|view|generate|process)|"
    r"(?:cannot|can't) be (?:determined|described|identified)|please (?:provide|upload|share)|content policy)\b",
    re.IGNORECASE,
)
_MEDIUM = r"(?:video|clip|image|footage|animation|sequence|picture|frames?|scene|gif|recording)"
_SHOWS = r"(?:shows?|depicts?|features?|displays?|captures?|contains?|demonstrates?|portrays?)"
_LEAD = re.compile(
    r"^\s*(?:(?:sure|certainly|of course|okay|ok|absolutely)\b[!,.:]*\s*)?"
    r"(?:here(?:'s| is| are)\b[^:\n]{0,80}:\s*|(?:caption|description|answer|output|motion)\s*:\s*|"
    rf"(?:in|throughout|during|as (?:seen|shown) in) (?:this|the)(?: \w+)? {_MEDIUM}\s*,?\s+"
    r"(?:we (?:can )?see\s+)?|"
    rf"(?:this|the)(?: \w+)? {_MEDIUM} {_SHOWS}\s+(?:that\s+)?|"
    r"(?:based on|judging by) [^,]{3,60},\s*|we (?:can )?see\s+|(?:sure|certainly|of course)[!,]\s*)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*,?\s*(?:as (?:seen|shown) )?in (?:this|the) (?:video|clip|footage|animation|image|recording)\s*(?=[.!,]|$)",
    re.IGNORECASE,
)  # fmt: skip
_CLOSING = re.compile(
    r"\s*(?:let me know if|i hope this|feel free to|would you like|this (?:caption|description) )[^.!?]*[.!?]?\s*$",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\b(?P<article>the|a|an|this)\s+(?:\w+\s+)?(?:stick[\s-]?figure|skeleton|mannequin|avatar|3d model)\b",
    re.IGNORECASE,
)
_FENCE = re.compile(r"```[\w-]*\s*|```")
_MARKS = re.compile(r"(?:^|(?<=\n))\s*(?:#{1,6}\s+|[-*•]\s+|\d{1,2}[.)]\s+|>\s+)|\*\*|__|`")
_KEYS = ("caption", "description", "text", "summary", "motion", "answer", "action")
_LOOP = re.compile(r"\b((?:[\w'’-]+[\s,;]+){1,12}?[\w'’-]+)(?:[\s,;.]+(?:and\s+|then\s+)*\1\b){2,}", re.IGNORECASE)
_OPEN = frozenset(
    {"a", "an", "the", "and", "or", "but", "with", "of", "their", "his", "her", "its", "into", "onto", "at", "while"}
    | {"as", "by", "for", "then", "is", "are", "who", "which", "toward", "towards", "between"}
)
"""Words that no sentence ends with; "from", "before" and "to" end many of people's."""
_PLACE = (
    "studio|kitchen|bedroom|bathroom|living room|gym|gymnasium|beach|street|sidewalk|warehouse|festival|rooftop|"
    "terrace|pool|swimming pool|corridor|hallway|park|office|classroom|forest|garden|field|court|stage|spotlights|"
    "mirror|city|road|garage|backyard|background|wall behind|sunset|crowd|audience"
)
_SCENE = re.compile(
    r"\s*,?\s+(?:in|on|at|inside|beside|near|by|against|in front of|under|amid)\s+(?:an?|the|his|her|their|some)\s+"
    rf"(?:[\w-]+\s+){{0,3}}?(?:{_PLACE})\b(?:\s+(?:{_PLACE})\b)*"
    rf"(?:\s+(?:with|under|at|in)\s+(?:\w+\s+){{0,2}}(?:{_PLACE}|light|lighting|night)\b)?",
    re.IGNORECASE,
)
_CLOTHES = "shirt|t-shirt|dress|jeans|suit|jacket|hoodie|shorts|pants|trousers|clothes|clothing|outfit|uniform"
_LOOKS = re.compile(
    r"\s*,?\s*\b(?:wearing|dressed in|clad in)\s+[^.,;]*?"
    r"(?=\s+(?:is|are|walks?|runs?|stands?|jumps?|turns?|then|and\s+\w+s\b)\b|[.,;]|$)"
    r"|\s*,?\s+with\s+(?:\w+\s+){0,2}(?:hair|beard|glasses|tattoos?)\b"
    rf"|\s+in\s+(?:an?\s+)?(?:\w+\s+){{0,2}}(?:{_CLOTHES})\b",
    re.IGNORECASE,
)


def cleaned(text: Any, *, finish: str = "") -> Cleaned:
    """Repairs one caption, or drops it.

    Dropped: what is empty, a refusal, and what a repair leaves without two words. Repaired: fences and markdown (of a
    JSON object, the text under its first known key stays), talk about the video or to the reader, phrases said three
    times in a row, sentences that end in the middle (cut back to the last whole one, or dropped), and places, clothes
    and hair, which no motion shows.

    Args:
        text: an answer of a model; None counts as empty.
        finish: why the model stopped, as its server said it: "length" and "max_tokens" mean that it was cut.

    Returns:
        The text to judge, and the faults that it had.

    Example:
        >>> cleaned("In this video, the stick figure waves.")
        Cleaned(text='The person waves.', faults=('meta',))
        >>> cleaned("I'm sorry, I can't see a video.").dropped
        True
    """
    made = "" if not isinstance(text, str) else text.strip()
    if not re.search(r"\w", made):
        return Cleaned("", ("empty",))
    faults: list[str] = []
    for name, rule in _RULES:
        repaired = rule(made)
        if name == "cut" and finish.lower() in ("length", "max_tokens", "max_output_tokens") and repaired == made:
            repaired = _cut_back(made) if made[-1:] not in ".!?" else made
        if repaired != made:
            faults.append(name)
            made = repaired
        if len(re.findall(r"\w+", made)) < FEWEST_WORDS and faults:
            return Cleaned("", tuple(faults))
    return Cleaned(made, tuple(faults))


def _unfenced(text: str) -> str:
    bare = _FENCE.sub("", text).strip()
    if re.match(r"\{|\[\s*[\[{\"]", bare):
        bare = _of_json(bare)
    if re.search(r"\*\*|__|`|^\s*(?:#|[-*•]\s|\d[.)]\s)", bare):
        bare = _MARKS.sub("", bare)
    if len(bare) > 2 and bare[0] in '"“' and bare[-1] in '"”' and bare.count(bare[0]) <= 2:
        bare = bare[1:-1]
    return re.sub(r"\s*\n\s*", " ", bare).strip() if bare != text else text


def _of_json(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        match = re.search(rf'"(?:{"|".join(_KEYS)})"\s*:\s*"((?:[^"\\]|\\.)*)', text)
        return match.group(1) if match else ""
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, str):
        return value
    texts = (value.get(key) for key in _KEYS) if isinstance(value, dict) else ()
    return next((t for t in texts if isinstance(t, str) and t.strip()), "")


def _without_talk(text: str) -> str:
    made = text
    for _ in range(3):
        shorter = _LEAD.sub("", made, count=1)
        if shorter == made:
            break
        made = shorter
    made = _FIGURE.sub(lambda m: f"{'a' if m['article'].lower() in ('a', 'an') else 'the'} person", made)
    made = _TAIL.sub("", _CLOSING.sub("", made)).strip()
    if made != text and made and text[:1].isupper():
        made = made[0].upper() + made[1:]
    return made


def _once(text: str) -> str:
    made = _LOOP.sub(lambda m: m.group(1) if len(m.group(1).split()) > 1 else m.group(), text)
    sentences = re.split(r"(?<=[.!?])\s+", made)
    kept = [s for i, s in enumerate(sentences) if s.lower() not in {p.lower() for p in sentences[:i]}]
    return " ".join(kept) if len(kept) < len(sentences) else made


def _whole(text: str) -> str:
    words = re.findall(r"[\w'’-]+", text)
    ended = re.search(r"[.!?][\"”')\]]*\s*$", text)
    open_end = bool(words) and words[-1].lower() in _OPEN and not ended
    return _cut_back(text) if (open_end and text[:1].isupper()) or (open_end and len(words) > 8) else text


def _cut_back(text: str) -> str:
    """The text up to its last whole sentence; else up to its last comma or joint with enough before it."""
    sentences = list(re.finditer(r"[.!?](?=\s)", text))
    if sentences:
        return text[: sentences[-1].end()]
    clause = [
        m.start() for m in re.finditer(r",\s|\s(?:and|then|before|while)\s", text) if len(text[: m.start()].split()) > 3
    ]
    return f"{text[: clause[-1]].rstrip(' ,')}." if clause else ""


def _bodily(text: str) -> str:
    made = _LOOKS.sub("", _SCENE.sub("", text))
    return re.sub(r"\s+([.,;!?])", r"\1", re.sub(r"\s{2,}", " ", made)).strip() if made != text else text


_RULES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("refusal", lambda text: "" if _REFUSAL.search(text) else text),
    ("fence", _unfenced),
    ("meta", _without_talk),
    ("loop", _once),
    ("cut", _whole),
    ("scene", _bodily),
)
