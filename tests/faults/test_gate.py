"""Fifty markers through the gate in every encoding, all found; and pages that give nobody away, none found."""

import base64
import gzip
import io
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lib.site import private_text_scan, publication_gate
from lib.site.private_text_scan import CAPTIONERS, Held, exposed

TEXTS = [f"Ann number {n} juggles torch {n} für das Fest" for n in range(15)]
IDS = [f"zq{n:07d}" for n in range(15)]
CAPTIONER = [f"Zylophon{'abcdefghij'[n]}x" for n in range(10)]
UNWILLING = [f"somebody {n} never wanted to be filmed" for n in range(10)]
MARKERS = [*TEXTS, *IDS, *CAPTIONER, *UNWILLING]
"""Captions, ids and captioners of a private corpus, and captions of clips without consent."""


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    root = tmp_path_factory.mktemp("private")
    n = 25
    clips = pd.DataFrame({"clip_id": [*IDS, *(f"no{i:04d}" for i in range(10))], "fps": 20.0, "n_frames": 4,
                          "split": [("train", "val", "test")[i % 3] for i in range(n)], "offset": np.arange(n) * 4,
                          "source": None, "body_mode": "full", "person_count": 1,
                          "consent": [True] * 15 + [False] * 10, "mirror_of": None})  # fmt: skip
    clips.to_parquet(root / "clips.parquet")
    captions = pd.DataFrame({"clip_id": clips["clip_id"], "caption_id": [f"{i}" for i in range(n)],
                             "text": [*TEXTS, *UNWILLING], "captioner": [CAPTIONER[i % 10] for i in range(n)],
                             "tokens": None, "start_s": 0.0, "end_s": 0.0})  # fmt: skip
    captions.to_parquet(root / "captions.parquet")
    np.save(root / "joints.npy", np.zeros((4 * n, 22, 3), np.int16))
    facts = {"label": "Vault", "kind": "manifest", "root": str(root), "private": True}
    return publication_gate._held({"vault": facts})[0]


def picture(kind: str, marker: str) -> bytes:
    image, into, info = Image.new("RGB", (8, 8), "white"), io.BytesIO(), PngInfo()
    if kind == "PNG":
        info.add_itxt("Title", marker)
        image.save(into, kind, pnginfo=info)
    elif kind == "EXIF":
        exif = Image.Exif()
        exif[0x010E] = quote(marker)
        image.save(into, "JPEG", exif=exif)
    else:
        image.save(into, kind, comment=marker.encode())
    return into.getvalue()


def wide(marker: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in marker)


def svg(marker: str, part: str = " ") -> str:
    words = marker.split(part) if part else [*marker]
    texts = "".join(f'<text x="{9 * x}" y="3">{word}</text>' for x, word in enumerate(words))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{texts}</svg>'


WAYS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda marker: marker.encode(),
    "upper case": lambda marker: marker.upper().encode(),
    "HTML": lambda marker: "".join(f"&#{ord(sign)};" for sign in marker).encode(),
    "JSON": lambda marker: "".join(f"\\u{ord(sign):04x}" for sign in marker).encode(),
    "percent": lambda marker: quote(marker, safe="").encode(),
    "base64": lambda marker: base64.b64encode(marker.encode()),
    "hexadecimal": lambda marker: marker.encode().hex().encode(),
    "gzip": lambda marker: gzip.compress(marker.encode()),
    "zlib": lambda marker: zlib.compress(marker.encode()),
    "gzip in base64 in JSON": lambda m: json.dumps([base64.b64encode(gzip.compress(m.encode())).decode()]).encode(),
    "UTF-16": lambda marker: marker.encode("utf-16"),
    "UTF-16, big": lambda marker: marker.encode("utf-16-be"),
    "UTF-32": lambda marker: marker.encode("utf-32"),
    "UTF-32, big": lambda marker: b"\0\0\xfe\xff" + marker.encode("utf-32-be"),
    "full-width letters": lambda marker: wide(marker).encode(),
    "mathematical letters": lambda marker: "".join(
        chr(0x1D5D4 + ord(s) - 65) if "A" <= s <= "Z" else chr(0x1D5EE + ord(s) - 97) if "a" <= s <= "z" else s
        for s in marker
    ).encode(),
    "combining marks": lambda marker: "".join(f"{sign}\u0336" for sign in marker).encode(),
    "letters apart from their marks": lambda marker: marker.replace("ü", "u\u0308").encode(),
    "soft hyphens": lambda marker: "\u00ad".join(marker).encode(),
    "words of an SVG": lambda marker: svg(marker).encode(),
    "letters of an SVG": lambda marker: svg(marker, "").encode(),
    "text of a PNG": lambda marker: picture("PNG", marker),
    "comment of a JPEG": lambda marker: picture("JPEG", marker),
    "comment of a GIF": lambda marker: picture("GIF", marker),
    "EXIF of a JPEG": lambda marker: picture("EXIF", marker),
    "behind a control character": lambda marker: b"\x01<p>\n" + marker.encode(),
    "control characters inside": lambda marker: "\x02".join(marker).encode(),
    "control characters for spaces": lambda marker: marker.replace(" ", "\x00").encode(),
    "HTML behind a control character": lambda m: b"\x07" + "".join(f"&#{ord(sign)};" for sign in m).encode(),
    "inside other bytes": lambda marker: bytes(range(256)) * 3 + b"\x00" + marker.encode() + bytes(range(256)),
}


@pytest.mark.parametrize("way", WAYS)
def test_fifty_markers_are_all_found_however_they_are_written(way: str, held: Held, tmp_path: Path) -> None:
    assert len(MARKERS) == 50
    for number, marker in enumerate(MARKERS):
        (tmp_path / f"{number}.bin").write_bytes(WAYS[way](marker))
    assert len(found(tmp_path, held)) == 50


@pytest.mark.parametrize("kind", ["file", "empty folder", "folder", "in percent"])
def test_fifty_markers_in_the_names_of_files_and_folders_are_all_found(kind: str, held: Held, tmp_path: Path) -> None:
    for number, marker in enumerate(MARKERS):
        name = quote(marker).replace("-", "_") if kind == "in percent" else marker.replace(" ", "_")
        folder = tmp_path / str(number)
        if kind in {"file", "in percent"}:
            folder.mkdir()
            (folder / f"{name}.png").write_bytes(b"x")
        else:
            (folder / name).mkdir(parents=True)
            if kind == "folder":
                (folder / name / "a.txt").write_bytes(b"x")
    (told,) = {place for one in exposed(tmp_path, held) for place in one.pages}
    assert told == "the name of a file or folder", "which would itself be printed"
    assert {text for one in exposed(tmp_path, held) for text in one.texts} >= plain(MARKERS)


def found(site: Path, held: Held) -> set[str]:
    """The files in which something was found."""
    return {page for one in exposed(site, held) for page in one.pages}


def plain(texts: list[str]) -> set[str]:
    return {text.casefold().replace("ü", "u") for text in texts}


INNOCENT = {
    "a page": b"<p>Ann juggles; the torch is for a feast. Somebody never wanted more clips than 15.</p>",
    "words that begin alike": b"<p>zq, zq0000, Zylophon, somebody 3 never wanted</p>",
    "a table": b"verb,n\njuggle,3\nfilm,2\n",
    "numbers": ",".join(map(str, range(5000))).encode(),
    "noise": np.random.default_rng(0).integers(0, 256, 200_000, dtype=np.uint8).tobytes(),
    "zeros": bytes(100_000),
    "a picture": picture("PNG", "a person walks on"),
    "a comment": picture("JPEG", "a person walks on"),
    "letters of Thai and Devanagari": "คนเดินไปข้างหน้า एक व्यक्ति चलता है".encode(),
    "an archive": gzip.compress(b"a person walks on " * 500),
}


def test_pages_that_give_nobody_away_pass(held: Held, tmp_path: Path) -> None:
    for name, data in INNOCENT.items():
        (tmp_path / name).write_bytes(data)
    assert found(tmp_path, held) == set()


def test_an_identifier_in_the_source_hides_no_captioner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that a variable of the project has too is found in any sentence, not only behind the word captioner."""
    source = tmp_path / "project" / "lib" / "own.py"
    source.parent.mkdir(parents=True)
    source.write_text("zelda = 1\n", encoding="utf-8")
    (tmp_path / "project" / "constraints.txt").write_text("numpy==2.0.0\n", encoding="utf-8")
    monkeypatch.setattr(private_text_scan, "ROOT", tmp_path / "project")
    monkeypatch.setattr(private_text_scan, "_site_words", private_text_scan._site_words.__wrapped__)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.html").write_text("<p>Most sentences of Zelda are short.</p>", encoding="utf-8")
    assert found(tmp_path / "site", {("Vault", CAPTIONERS): {"Zelda"}}) == {"a.html"}


SHORT = {("Vault", CAPTIONERS): {"A", "Zq", "walk", "7"}}


@pytest.mark.parametrize(
    "said",
    ["<td>A</td>", "<th scope='col'> Zq </th>", "“A” is preferred", '{"captioner": "A"}', '"captioner_1": "Zq"',
     "the captioner walk wins", "captioner,n\nA,3\n", "n,captioner\n3,Zq", "captioner &quot;A&quot;",
     "<td>&#65;</td>"],
)  # fmt: skip
def test_a_captioner_called_by_a_letter_or_a_word_is_found_where_captioners_are_named(
    said: str, tmp_path: Path
) -> None:
    (tmp_path / "a.html").write_text(said, encoding="utf-8")
    assert found(tmp_path, SHORT) == {"a.html"}


@pytest.mark.parametrize(
    "said", ["A person walks. <a href='A'>a</a>", "captioner 7", "<td>7</td><td>a</td>", "A,n\n3,4\n", "{A, Zq}"]
)
def test_the_same_letters_and_words_elsewhere_name_nobody(said: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(said, encoding="utf-8")
    assert found(tmp_path, SHORT) == set()
