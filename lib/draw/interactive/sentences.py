"""Many captions in few bytes: words by number, and only what differs from the caption before."""

import struct
from collections import Counter
from collections.abc import Sequence

HEAD = struct.Struct("<II")
SHORT = 192
"""Words of one byte, the most frequent ones; zero ends a caption."""
PAIRS = 62
"""Lead bytes of two-byte words; the one after them leads four."""
SHARED = 254
"""Words that a caption can share with the one before; 255 would look like any other count."""


def pack(captions: Sequence[str]) -> bytes:
    """Captions as bytes that deflate well, best when captions that begin alike stand together.

    Two numbers (uint32, little-endian) say how many captions there are and how many bytes their words take; the
    distinct words follow, the most frequent first, a line each; then for each caption a byte that counts the words it
    begins with as the one before does, the numbers of the others, and a zero. Numbers 1 to 191 take a byte, 15,872
    more take two and the rest four. Words are what stands between single spaces, so that nothing is lost but line
    breaks, which become spaces.

    Args:
        captions: any texts.

    Returns:
        Bytes that :func:`unpack` reads, as ``web/sentences.js`` does.

    Example:
        >>> unpack(pack(["a man walks", "a man walks  on", "", "ein Mann geht"]))
        ['a man walks', 'a man walks  on', '', 'ein Mann geht']
    """
    lines = [caption.replace("\r", " ").replace("\n", " ").split(" ") for caption in captions]
    counted = Counter(word for line in lines for word in line)
    words = [word for word, _ in counted.most_common()]
    codes = {word: _code(number) for number, word in enumerate(words, 1)}
    listed = "\n".join(words).encode()
    parts = [HEAD.pack(len(lines), len(listed)), listed]
    before: list[str] = []
    for line in lines:
        shared = _shared(before, line)
        parts += [bytes([shared]), *(codes[word] for word in line[shared:]), b"\0"]
        before = line
    return b"".join(parts)


def unpack(raw: bytes) -> list[str]:
    """The captions of :func:`pack`, for tests and for whoever must know what a page holds."""
    count, size = HEAD.unpack_from(raw)
    words = ["", *raw[HEAD.size : HEAD.size + size].decode().split("\n")]
    at, found, line = HEAD.size + size, [], list[str]()
    for _ in range(count):
        line, at = line[: raw[at]], at + 1
        while raw[at]:
            number, at = _number(raw, at)
            line.append(words[number])
        found.append(" ".join(line))
        at += 1
    return found


def _shared(before: Sequence[str], line: Sequence[str]) -> int:
    most = min(len(before), len(line), SHARED)
    return next((place for place in range(most) if before[place] != line[place]), most)


def _code(number: int) -> bytes:
    if number < SHORT:
        return bytes([number])
    rest = number - SHORT
    if rest < PAIRS * 256:
        return bytes([SHORT + rest // 256, rest % 256])
    return bytes([SHORT + PAIRS]) + number.to_bytes(3, "little")


def _number(raw: bytes, at: int) -> tuple[int, int]:
    lead = raw[at]
    if lead < SHORT:
        return lead, at + 1
    if lead < SHORT + PAIRS:
        return SHORT + (lead - SHORT) * 256 + raw[at + 1], at + 2
    return int.from_bytes(raw[at + 1 : at + 4], "little"), at + 4
