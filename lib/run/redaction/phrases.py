"""Texts that must not be shown, found inside other texts: word by word, whatever stands between the words."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator

WORD = re.compile(r"[^\W_]+")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese, which put no spaces between words."""
_TOKEN = re.compile(rf"[^\W_{_UNSPACED}]+|(?=\w)[{_UNSPACED}]")
"""A word, or a letter of a script without spaces: a sentence of those would be one word, and no part of another."""
LEAD = 4
"""Words by which a phrase is looked up; as many make a phrase telling."""
LONG = 20
"""Characters that make a shorter one telling."""


def normal(text: str) -> str:
    r"""A text as its words, in one case and with one space between them, and between letters where words have none.

    Example:
        >>> normal("A person -- walks,  dm_007"), len(normal("\u4eba\u8d70 0").split())
        ('a person walks dm 007', 3)
    """
    return " ".join(word.casefold() for word in _TOKEN.findall(text))


def words_of(text: str) -> set[str]:
    """The words of :func:`normal`, each once and in no order, which takes a tenth of its time.

    Example:
        >>> sorted(words_of("A person -- walks,  dm_007 A"))
        ['007', 'a', 'dm', 'person', 'walks']
    """
    if text.isascii():
        return {*text.lower().translate(_SPACED).split()}
    return {word.casefold() for word in {*_TOKEN.findall(text)}}


_SPACED = {number: " " for number in range(128) if not chr(number).isalnum()}


def telling(text: str) -> bool:
    """Whether a text is recognised inside another one, and not by chance: long, or an id of letters and digits.

    Example:
        >>> [telling(text) for text in ("walk", "a person walks", "a person walks on", "dm000172", "004822", "4822")]
        [False, False, True, True, True, False]
    """
    plain = normal(text)
    if plain.count(" ") >= LEAD - 1 or len(plain) >= LONG:
        return True
    solid = plain.replace(" ", "")
    digits = sum(sign.isdigit() for sign in solid)
    named = 0 < digits < len(solid) or (digits == len(solid) and solid.startswith("0"))
    return named and len(solid) >= 5


class Phrases:
    """A set of texts that are found inside other texts.

    Telling texts are found anywhere; others only where they are the whole text, since "walk" or "12" inside a
    sentence identifies no caption and no clip.

    Args:
        texts: of any number; empty ones are passed over.
        anywhere: which of them are found inside other texts although they are not telling.

    Example:
        >>> secret = Phrases(["A person walks on.", "dm000172", "wave"])
        >>> secret.hidden("see dm000172: a person  walks on, then waves", "-"), secret.hidden("Wave!", "-")
        ('see -: -, then waves', '-!')
    """

    def __init__(self, texts: Iterable[str], anywhere: Collection[str] = ()) -> None:
        self._whole: set[str] = set()
        self._inside: dict[str, set[int]] = defaultdict(set)
        for text in texts:
            plain = normal(text)
            if plain:
                self._whole.add(plain)
                if telling(text) or text in anywhere:
                    words = plain.split(" ")
                    self._inside[" ".join(words[:LEAD])].add(len(words))
        self._first = {lead.partition(" ")[0] for lead in self._inside}

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The first and last character of each phrase in a text, from left to right and without overlap."""
        tokens = list(_TOKEN.finditer(text))
        words = [match[0].casefold() for match in tokens]
        if words and " ".join(words) in self._whole:
            yield tokens[0].start(), tokens[-1].end()
            return
        at = 0
        while at < len(words):
            length = self._length(words, at) if words[at] in self._first else 0
            if length:
                yield tokens[at].start(), tokens[at + length - 1].end()
            at += length or 1

    def _length(self, words: list[str], at: int) -> int:
        """Words of the longest phrase that begins here, 0 for none."""
        longest = 0
        for lead in range(1, LEAD + 1):
            for length in self._inside.get(" ".join(words[at : at + lead]), ()):
                if longest < length <= len(words) - at and " ".join(words[at : at + length]) in self._whole:
                    longest = length
        return longest

    def is_one(self, text: str) -> bool:
        """Whether a text is one of the phrases and nothing else."""
        return normal(text) in self._whole

    def hidden(self, text: str, instead: str) -> str:
        """The text with every phrase replaced."""
        parts, end = [], 0
        for start, stop in self.spans(text):
            parts += [text[end:start], instead]
            end = stop
        return "".join([*parts, text[end:]])


class RarestWords:
    """A set of texts by the word of each that the fewest of them share, to tell quickly that none is in another text.

    Args:
        texts: of any number, as :func:`normal` gives them; empty ones are passed over.

    Example:
        >>> sought = RarestWords(["a person walks", "a person waves"])
        >>> sought.any_possible("He waves to a person."), sought.any_possible("A walk: it waves to persons.")
        (True, False)
    """

    def __init__(self, texts: Iterable[str]) -> None:
        sought = {*texts} - {""}
        counts = Counter(word for text in sought for word in {*text.split(" ")})
        self._texts: dict[str, list[str]] = defaultdict(list)
        for text in sought:
            self._texts[min(text.split(" "), key=lambda word: (counts[word], -len(word), word))].append(text)

    def any_possible(self, text: str) -> bool:
        """Whether a text has every word of one of them, in whatever order."""
        words = words_of(text)
        rarest = self._texts.keys() & words
        return any(words.issuperset(sought.split(" ")) for word in rarest for sought in self._texts[word])
