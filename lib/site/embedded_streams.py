"""What is packed inside bytes: compressed streams wherever they begin, members of zip files, texts of pictures.

A stream that unpacks to its end, checksum and all, is read unpacked alone: its packed bytes are noise to a reader.
"""

import bz2
import contextlib
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
from PIL import Image

LARGEST = 512_000_000
"""Bytes that one stream may unpack to."""
HEADER = 64
"""Bytes at the start of a block behind which a stream without a mark of its own is looked for."""
PNG = b"\x89PNG\r\n\x1a\n"
REPEATS = 16
"""Equal bytes in a row that are kept of more: a plain area of a picture holds no text."""

_GZIP = b"\x1f\x8b\x08"
WHOLE = (PNG, _GZIP)
"""Heads that stand in no other bytes by chance."""
_ZLIB = [first * 256 + second for first in range(0x08, 0x79, 0x10) for second in range(256)]
_HEADS = [_GZIP, *(head.to_bytes(2, "big") for head in _ZLIB if head % 31 == 0)]
"""The first bytes of gzip and of zlib: compression 8, any window, and a check of five bits."""
_HEAD = re.compile(b"|".join(map(re.escape, _HEADS)))
_ZIPPED = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)
_TEXTS = {b"tEXt", b"iTXt", b"zTXt", b"iCCP", b"eXIf"}
_GAP = b"\0"
"""What stands in place of bytes that are cut out, so that nothing before and after them joins."""


class _Unpacker(Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_OTHERS: dict[bytes, Callable[[], _Unpacker]] = {b"BZh": bz2.BZ2Decompressor, b"\xfd7zXZ\0": lzma.LZMADecompressor}


def streams(data: bytes) -> tuple[list[bytes], bytes]:
    r"""What unpacks from somewhere inside the bytes: gzip, zlib, raw deflate, zip members, bzip2, xz.

    Args:
        data: no text; a raw stream, which has no mark of its own, is found within ``HEADER`` bytes of the start.

    Returns:
        The contents, and the bytes without the gzip and zlib streams that end with a checksum that is right.

    Example:
        >>> streams(b"head" + zlib.compress(b"a person walks") + b"tail") == ([b"a person walks"], b"head\0tail")
        True
    """
    view = memoryview(data)
    contents: list[bytes] = []
    kept: list[bytes] = []
    start = at = 0
    while head := _HEAD.search(data, at):
        content, length = _inflated(view[head.start() :], 31 if head[0] == _GZIP else 15)
        contents.append(content)
        if length and head[0] == _GZIP and data[head.start() + 3]:
            length = 0  # its header holds the name of a file or a comment, which are to be read
        if length:
            kept += [data[start : head.start()], _GAP]
            start = head.start() + length
        at = start if length else head.start() + 1
    rest = b"".join([*kept, data[start:]])
    view = memoryview(rest)
    for member in _ZIPPED.finditer(rest):
        skipped = sum(int.from_bytes(size, "little") for size in member.groups())
        contents.append(_inflated(view[member.end() + skipped :], -15)[0])
    for start in range(min(HEADER, len(rest))):
        content, length = _inflated(view[start:], -15)
        contents.append(content if length else b"")
    for mark, unpacker in _OTHERS.items():
        for match in re.finditer(re.escape(mark), rest):
            with contextlib.suppress(OSError, lzma.LZMAError):
                contents.append(unpacker().decompress(rest[match.start() :], LARGEST))
    return [content for content in contents if content], rest


def _inflated(data: bytes | memoryview, bits: int) -> tuple[bytes, int]:
    """What a deflate stream holds, as far as it goes, and its length in bytes where it comes to its end, else 0.

    Args:
        data: begins with the stream.
        bits: as zlib has them: 15 with zlib's header, 31 with gzip's, -15 with none.
    """
    stream = zlib.decompressobj(bits)
    try:
        content = stream.decompress(data, LARGEST)
    except zlib.error:
        return b"", 0
    return content, len(data) - len(stream.unused_data) if stream.eof else 0


def metadata(data: bytes) -> Iterator[bytes]:
    """The comments, EXIF and other texts that come with a picture, of whatever format Pillow reads.

    Example:
        >>> picture, into = Image.new("L", (1, 1)), io.BytesIO()
        >>> picture.save(into, "JPEG", comment=b"a person walks")
        >>> b"a person walks" in [*metadata(into.getvalue())]
        True
    """
    if not data.startswith(_PICTURES):
        return
    with contextlib.suppress(OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError):
        picture = Image.open(io.BytesIO(data))
        held = [*picture.info.values(), *picture.getexif().values(), *dict(picture.getexif().get_ifd(_EXIF)).values()]
        held += [content for _, content in getattr(picture, "applist", ())]
        yield from (text.encode() if isinstance(text, str) else text for text in held if isinstance(text, str | bytes))


_PICTURES = (b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", PNG)
_EXIF = 0x8769


def pictures(data: bytes) -> tuple[list[bytes], list[bytes], bytes]:
    """The PNGs inside the bytes.

    Returns:
        Their texts; their pixels, filtered as they are stored and as they are shown; and the bytes without the packed
        pixels of those that unpack to their end.
    """
    texts: list[bytes] = []
    pixels: list[bytes] = []
    kept: list[bytes] = []
    start = 0
    for picture in re.finditer(re.escape(PNG), data):
        at, blocks = picture.end(), []
        while at + 8 <= len(data):
            size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
            content = data[at + 8 : at + 8 + size]
            if kind == b"IDAT":
                blocks.append((at + 8, at + 8 + len(content)))
            elif kind in _TEXTS:
                texts += [content, *streams(content)[0]]
            elif kind == b"IEND":
                break
            at += 12 + size
        packed = b"".join(data[first:last] for first, last in blocks)
        stored, length = _inflated(packed, 15)
        pixels.append(_squeezed(stored))
        with contextlib.suppress(OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            pixels.append(_squeezed(Image.open(io.BytesIO(data[picture.start() : at + 12])).tobytes()))
        if length == len(packed) and picture.start() >= start:
            for first, last in blocks:
                kept += [data[start:first], _GAP]
                start = last
    return texts, pixels, b"".join([*kept, data[start:]])


def _squeezed(data: bytes) -> bytes:
    """The bytes with at most ``REPEATS`` equal ones in a row.

    Example:
        >>> _squeezed(b"a" + bytes(100) + b"bb") == b"a" + bytes(REPEATS) + b"bb"
        True
    """
    signs = np.frombuffer(data, np.uint8)
    starts = np.flatnonzero(np.diff(signs, prepend=signs[:1] ^ 1))
    lengths = np.diff(starts, append=len(signs))
    return np.repeat(signs[starts], np.minimum(lengths, REPEATS)).tobytes()
