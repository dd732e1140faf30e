"""Arithmetic that the survey page and this package must do alike: the order of captions, and a survey's checksum.

`web/hashing.js` does the same in the browser, where no standard hash is at hand on a page opened from disk or over
plain HTTP.
"""

from collections.abc import Iterable

BASIS = 0x811C9DC5
SECOND_BASIS = 0x01000193
SEPARATOR = "\x1f"


def hash32(text: str, basis: int = BASIS) -> int:
    """FNV-1a of the text's UTF-8 bytes, finished with MurmurHash3's mixer: 32 bits that look random, and no secret.

    Args:
        text: any text.
        basis: where the hash starts; another basis gives an independent hash.

    Source: Fowler, Noll, Vo, FNV-1a; Appleby, MurmurHash3: fmix32. Differs: joined, since FNV-1a alone leaves the high
        bits of short texts alike.

    Example:
        >>> hash32("") == hash32(""), hash32("a") == hash32("b")
        (True, False)
    """
    value = basis
    for byte in text.encode("utf-8", "replace"):
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    value = ((value ^ value >> 16) * 0x85EBCA6B) & 0xFFFFFFFF
    value = ((value ^ value >> 13) * 0xC2B2AE35) & 0xFFFFFFFF
    return value ^ value >> 16


def shown_order(seed: str, scope: str, codes: Iterable[str]) -> list[str]:
    """The order in which one respondent sees codes: sorted by their hash with the seed.

    Args:
        seed: of the respondent, as recorded in the export.
        scope: the item whose captions they are, or "items" for the items themselves.
        codes: what is to be ordered.

    Example:
        >>> sorted(shown_order("k", "items", ["a", "b", "c"]))
        ['a', 'b', 'c']
    """
    return sorted(codes, key=lambda code: (hash32(f"{seed} {scope} {code}"), code))


def checksum(parts: Iterable[str]) -> str:
    """A survey's name: changes with any text or code a respondent sees; finds edits and mix-ups, proves no authorship.

    Args:
        parts: every code and text, in the order of the page's data.

    Example:
        >>> checksum(["a", "b"]) == checksum(["ab"])
        False
    """
    text = SEPARATOR.join(parts)
    return f"s{hash32(text):08x}{hash32(text, SECOND_BASIS):08x}"
