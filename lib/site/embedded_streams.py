"""What is packed inside bytes: compressed streams wherever they begin, members of zip files, texts of pictures."""

import bz2
import contextlib
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from PIL import Image

LARGEST = 512_000_000
"""Bytes that one stream may unpack to."""
HEADER = 64
"""Bytes at the start of a block behind which a stream without a mark of its own is looked for."""
PNG = b"\x89PNG\r\n\x1a\n"

_GZIP = re.compile(rb"\x1f\x8b\x08")
_ZLIB = re.compile(rb"[\x08\x18\x28\x38\x48\x58\x68\x78][\x00-\xff]", re.DOTALL)
_ZIPPED = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)
_TEXTS = {b"tEXt", b"iTXt", b"zTXt", b"iCCP", b"eXIf"}


class _Unpacker(Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_OTHERS: dict[bytes, Callable[[], _Unpacker]] = {b"BZh": bz2.BZ2Decompressor, b"\xfd7zXZ\0": lzma.LZMADecompressor}


def streams(data: bytes) -> Iterator[bytes]:
    """Everything that unpacks from somewhere inside the bytes: gzip, zlib, raw deflate, zip members, bzip2, xz.

    Args:
        data: no text; a raw stream, which has no mark of its own, is found within ``HEADER`` bytes of the start.

    Example:
        >>> list(streams(b"head" + zlib.compress(b"a person walks")))[0]
        b'a person walks'
    """
    view = memoryview(data)
    for found in _GZIP.finditer(data):
        yield inflated(view[found.start() :], 31)
    for found in _ZLIB.finditer(data):
        if int.from_bytes(found[0], "big") % 31 == 0:
            yield inflated(view[found.start() :], 15)
    for found in _ZIPPED.finditer(data):
        yield inflated(view[found.end() + sum(int.from_bytes(size, "little") for size in found.groups()) :], -15)
    for start in range(min(HEADER, len(data))):
        yield inflated(view[start:], -15, whole=True)
    for mark, unpacker in _OTHERS.items():
        for found in re.finditer(re.escape(mark), data):
            try:
                yield unpacker().decompress(data[found.start() :], LARGEST)
            except (OSError, lzma.LZMAError):
                continue


def inflated(data: bytes | memoryview, bits: int, *, whole: bool = False) -> bytes:
    """What a deflate stream holds, as far as it goes; nothing where there is none.

    Args:
        data: begins with the stream.
        bits: as zlib has them: 15 with zlib's header, 31 with gzip's, -15 with none.
        whole: whether the stream must come to its end.
    """
    stream = zlib.decompressobj(bits)
    try:
        held = stream.decompress(data, LARGEST)
    except zlib.error:
        return b""
    return held if stream.eof or not whole else b""


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


def pictures(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """The texts and the pixels of the PNGs inside the bytes."""
    texts, pixels = [], []
    for found in re.finditer(re.escape(PNG), data):
        at, packed = found.end(), b""
        while at + 8 <= len(data):
            size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
            content = data[at + 8 : at + 8 + size]
            if kind == b"IDAT":
                packed += content
            elif kind in _TEXTS:
                texts += [content, *filter(None, streams(content))]
            elif kind == b"IEND":
                break
            at += 12 + size
        pixels.append(inflated(packed, 15))
        with contextlib.suppress(OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            pixels.append(Image.open(io.BytesIO(data[found.start() : at + 12])).tobytes())
    return texts, pixels
