"""A marker hidden in every way a site could hold one is found, and one that is not there is not."""

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import struct
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lib.site.decoded_layers import readings

MARKER = 'zq7 & "Grün" walks'
WORDS = MARKER.encode()
NOISE = np.random.default_rng(0).integers(0, 256, 3000, dtype=np.uint8).tobytes()


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def zipped(data: bytes) -> bytes:
    with zipfile.ZipFile(into := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.txt", data)
    return into.getvalue()


def picture(data: bytes, kind: str) -> bytes:
    image, info = Image.new("RGB", (40, 40), "white"), PngInfo()
    if kind == "pixels":
        image.putdata([tuple(data.ljust(300)[3 * i : 3 * i + 3]) for i in range(100)])
    else:
        text = data.decode("latin-1") if kind != "iTXt" else data.decode()
        add = info.add_itxt if kind == "iTXt" else info.add_text
        add("Title", text, zip=kind == "zTXt")
    image.save(into := io.BytesIO(), "PNG", pnginfo=info, compress_level=9)
    return into.getvalue()


def every_sign(form: str) -> Callable[[bytes], bytes]:
    return lambda data: "".join(form.format(ord(sign)) for sign in data.decode()).encode()


HIDDEN: dict[str, Callable[[bytes], bytes]] = {
    "as it stands": lambda data: data,
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zlib without compression": lambda data: zlib.compress(data, 0),
    "deflate": deflated,
    "deflate behind a head": lambda data: b"\x01\x02HEAD\x00\x10" + deflated(data),
    "gzip inside noise": lambda data: NOISE + gzip.compress(data) + NOISE,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zip": zipped,
    "base64": base64.b64encode,
    "base64 of an address": base64.urlsafe_b64encode,
    "base64 in lines": lambda data: base64.encodebytes(data * 20),
    "base64 in lines of JSON": lambda data: json.dumps(base64.encodebytes(data * 20).decode()).encode(),
    "base64 out of step": lambda data: b"key" + base64.b64encode(data),
    "base64 within a block": lambda data: base64.b64encode(NOISE[:31] + data + NOISE),
    "base64 of gzip": lambda data: base64.b64encode(gzip.compress(data)),
    "base64 of deflate behind a head": lambda data: base64.b64encode(struct.pack("<HHI", 1, 2, 3) + deflated(data)),
    "base64 twice": lambda data: base64.b64encode(base64.b64encode(data)),
    "a data address in a style": lambda data: b"a{b:url(data:x;base64," + base64.b64encode(data) + b")}",
    "hexadecimal": lambda data: data.hex().encode(),
    "percent": lambda data: quote(data.decode(), safe="").encode(),
    "percent twice": lambda data: quote(quote(data.decode())).encode(),
    "JSON": lambda data: json.dumps(data.decode()).encode(),
    "JSON, every letter": every_sign("\\u{:04x}"),
    "JavaScript": every_sign("\\u{{{:04x}}}"),
    "JavaScript, bytes": every_sign("\\x{:02x}"),
    "HTML": lambda data: html.escape(data.decode()).encode(),
    "HTML, every letter": every_sign("&#{:d};"),
    "HTML, every letter, hexadecimal": every_sign("&#x{:x};"),
    "HTML in JSON": lambda data: json.dumps(html.escape(data.decode())).encode(),
    "marked letters": lambda data: data.replace(b"alk", b"<mark>al</mark>k"),
    "soft hyphens": lambda data: "\u00ad".join(data.decode()).encode(),
    "TeX": lambda data: data.replace(b"&", rb"\&").replace(b'"', rb"\""),
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "UTF-16, big, one byte on": lambda data: b"\1" + data.decode().encode("utf-16-be"),
    "UTF-32": lambda data: data.decode().encode("utf-32-le"),
    "int16 in base64": lambda data: base64.b64encode(np.array([*map(ord, data.decode())], "<i2").tobytes()),
    "int16 in base64 of gzip": lambda d: base64.b64encode(gzip.compress(np.array([*map(ord, d.decode())], "<i2"))),
    "tEXt of a picture": lambda data: picture(data, "tEXt"),
    "zTXt of a picture": lambda data: picture(data, "zTXt"),
    "iTXt of a picture": lambda data: picture(data, "iTXt"),
    "pixels of a picture": lambda data: picture(data, "pixels"),
    "a picture in a notebook": lambda data: json.dumps(
        {"image/png": base64.b64encode(picture(data, "zTXt")).decode()}
    ).encode(),
}  # fmt: skip


def found(data: bytes) -> bool:
    return any(WORDS in text for text in readings(data))


@pytest.mark.parametrize("way", HIDDEN)
@pytest.mark.parametrize("around", [b"", b'{"page": "\n'], ids=["alone", "in a file"])
def test_a_hidden_marker_is_found(way: str, around: bytes) -> None:
    hidden = HIDDEN[way](WORDS)
    if way != "as it stands" and "within" not in way:
        assert hidden != WORDS
    assert found(around + hidden + b'"}' * bool(around))


def test_what_is_not_there_is_not_found() -> None:
    assert not found(b"".join(hide(b"nothing of the kind") for hide in HIDDEN.values()))


def test_broken_streams_are_read_as_far_as_they_go() -> None:
    assert found(gzip.compress(WORDS + NOISE * 20)[:-20]) and not found(gzip.compress(WORDS)[:8])


def test_quoted_printable_is_left_to_mail() -> None:
    assert not found(quopri.encodestring(WORDS))


@pytest.mark.parametrize("escaped", [r"\u00e9cole", r"\u{e9}cole", r"\u{00e9}cole", "\\xe9cole", "\\U000000e9cole"])
def test_an_escape_ends_before_a_letter_that_could_be_a_digit(escaped: str) -> None:
    texts = [*readings(f'"text": "la danseuse de l\'{escaped} salue"'.encode())]
    assert any("la danseuse de l'\u00e9cole salue".encode() in text for text in texts)


def noisy(kind: str) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 256, (90, 90, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(into := io.BytesIO(), kind)
    return into.getvalue()


@pytest.mark.parametrize("packed", [noisy("PNG"), zlib.compress(NOISE * 9), gzip.compress(NOISE * 9)])
@pytest.mark.parametrize("coded", [bytes, base64.b64encode])
def test_packed_bytes_are_no_text_and_what_stands_around_them_is(
    packed: bytes, coded: Callable[[bytes], bytes]
) -> None:
    assert packed[40:80] not in b"".join(text for text in readings(packed) if text != packed)
    for hidden in (WORDS, gzip.compress(WORDS), zlib.compress(WORDS)):
        assert found(coded(packed + hidden)) and found(coded(b"\1" + hidden + packed))


def test_the_name_of_a_file_in_the_head_of_its_gzip_is_read() -> None:
    with gzip.GzipFile(WORDS.decode(), "wb", fileobj=(into := io.BytesIO())) as archive:
        archive.write(b"nothing of the kind")
    assert b"walks" in b"".join(text for text in readings(into.getvalue()) if text != into.getvalue())
    assert [*readings(b"\0\1\2\x1f\x8b\x08")]
