"""Every way in which a file can be read as text: as it stands, unescaped, decoded, unpacked, and so on inside that."""

import html
import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import numpy as np

from lib.site.embedded_streams import WHOLE, metadata, pictures, streams

DEEPEST = 6
"""Layers that are taken off one after another."""

_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/_-]{12,}(?:\\[rn]|\\/|\s)*)+")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}")
_ESCAPE = re.compile(
    rb"\\u(?:\{0*([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))|\\x([0-9a-fA-F]{2})|\\U([0-9a-fA-F]{8})|\\([0-7]{3})"
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_CONTROL = bytes({*range(32), 127} - {*b"\t\n\r\x0b\x0c"})
_RUN = re.compile(
    rb"(?:[\t-\r\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){6,}"
)
"""Signs in UTF-8 that stand together inside other bytes."""
_TAG = re.compile(r"<[^<>]*>")
_BLOCK = 400
"""Letters of base64 that are a block of data; what is left of a text without them is unescaped."""


def readings(data: bytes, known: dict[int, int] | None = None) -> Iterator[bytes]:
    r"""Every reading of a file, itself first; texts are in UTF-8.

    Escapes of JSON, HTML, addresses and TeX undone; tags and invisible signs taken out of words; UTF-16 and UTF-32;
    base64 of twelve signs or more, in both alphabets and at every alignment; hexadecimal; gzip, zlib, deflate, bzip2,
    xz, zip members; texts and pixels of pictures; texts between control characters and other bytes; and each inside
    another, ``DEEPEST`` layers deep.

    Args:
        data: a file.
        known: layers by their hash, and how deep they lay where they were read; these are passed over where they lie
            as deep or deeper, and what is read is added.

    Example:
        >>> import base64, gzip
        >>> packed = base64.b64encode(gzip.compress(b"a person walks"))
        >>> any(b"a person walks" in text for text in readings(b'{"data": "' + packed + b'"}'))
        True
    """
    known = {} if known is None else known
    layers = [data]
    for depth in range(DEEPEST):
        below: list[bytes] = []
        for layer in layers:
            key = hash(layer)
            if len(layer) < 4 or known.get(key, DEEPEST) <= depth:
                continue
            known[key] = depth
            yield layer
            for inner, goes_on in _inside(layer):
                if goes_on:
                    below.append(inner)
                else:
                    yield inner
                    if not is_text(inner):
                        yield from _runs(inner)
        layers = below


def folded(text: str) -> str:
    """A text in plain letters: full-width and other forms of a letter are the letter, marks and unseen signs go.

    Example:
        >>> folded("\uff57\uff41\uff4c\uff4b w\u0336a\u0336l\u0336k\u200bs, \u00fcber")
        'walk walks, uber'
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text)
    marks = {ord(sign) for sign in {*plain} if unicodedata.category(sign) in _NO_LETTERS}
    return plain.translate(dict.fromkeys(marks)) if marks else plain


_NO_LETTERS = {"Mn", "Me", "Cf"}
"""Marks over, through and around letters, and signs that are not seen."""


def is_text(data: bytes) -> bool:
    """Whether bytes look like text; what merely may be one is not looked into further.

    Example:
        >>> is_text("a person walks \U0001f6b6".encode()), is_text(bytes(range(64)))
        (True, False)
    """
    return not re.search(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]", data[:4096])


def _inside(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """What is one layer below, and whether it is worth looking into."""
    if is_text(data):
        yield from _decoded(data)
        yield from _unescaped(data)
        return
    texts, pixels, rest = pictures(data)
    contents, rest = streams(rest)
    yield from ((content, True) for content in [*contents, *texts, *metadata(data)])
    yield from ((rows, False) for rows in pixels)
    yield from _decoded(rest)
    yield from ((text, True) for text in _runs(rest))
    for wide in _wide(rest):
        yield wide, is_text(wide) and wide.isascii()


def _runs(data: bytes) -> Iterator[bytes]:
    """What bytes that are no text hold of text, with control characters taken out, and as ends of words."""
    plain = b"\n".join(_RUN.findall(data.translate(None, _CONTROL)))
    spaced = b"\n".join(_RUN.findall(data.translate(_SPACED)))
    yield from filter(None, dict.fromkeys((plain, spaced)))


_SPACED = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))


def _unescaped(data: bytes) -> Iterator[tuple[bytes, bool]]:
    data = _BASE64.sub(lambda run: b" " if len(run[0]) > _BLOCK else run[0], data)
    if _ESCAPE.search(data):
        yield _ESCAPE.sub(_sign, data), True
    if b"\\" in data:
        yield data.replace(b"\\", b""), True
    if b"%" in data:
        yield unquote_to_bytes(data), True
    plain = data.translate(None, _CONTROL)
    if len(plain) < len(data):
        yield plain, True
    text = data.decode("utf-8", "ignore")
    yield _UNSEEN.sub("", html.unescape(text)).encode("utf-8", "ignore"), True
    yield _UNSEEN.sub("", _TAG.sub("", text)).encode("utf-8", "ignore"), True
    yield _TAG.sub(" ", text).encode("utf-8", "ignore"), False


def _sign(escape: re.Match[bytes]) -> bytes:
    number = int(escape[5], 8) if escape[5] else int(escape[escape.lastindex or 0], 16)
    return chr(number).encode("utf-8", "ignore") if number < 0x110000 else b""


def _wide(data: bytes) -> Iterator[bytes]:
    """Letters of two or four bytes: without their zeros, and as UTF-16 and UTF-32 from any of their bytes on."""
    if b"\0" not in data:
        return
    yield data.replace(b"\0", b"").decode("latin-1").encode()
    for start in (0, 1):
        for coding in ("utf-16-le", "utf-16-be"):
            yield data[start:].decode(coding, "ignore").encode("utf-8", "ignore")
    for start in range(4 if b"\0\0" in data else 0):
        for order in ("<u4", ">u4"):
            signs = np.frombuffer(data[start : len(data) - (len(data) - start) % 4], order)
            signs = signs[(signs >= 9) & ((signs < 0xD800) | ((signs > 0xDFFF) & (signs < 0x110000)))]
            yield signs.astype("<u4").tobytes().decode("utf-32-le").encode()


def _decoded(data: bytes) -> Iterator[tuple[bytes, bool]]:
    for run in _BASE64.finditer(data):
        signs = re.sub(rb"\\[rn]|\\(?=/)|\s", b"", run[0]).replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            part = signs[start:]
            part = part[:-1] if len(part) % 4 == 1 else part
            held = b64decode(part + b"=" * (-len(part) % 4))
            yield held, start == 0 or (is_text(held) and held.isascii())
            if held.startswith(WHOLE):
                break  # what is base64 of a whole file, or follows it, is in step with its first letter
    for run in _HEX.finditer(data):
        yield bytes.fromhex(run[0].decode()[: len(run[0]) // 2 * 2]), True
