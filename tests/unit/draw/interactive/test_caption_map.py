"""What a page holds of a map of captions: every caption and place, or under redaction none of the captions."""

import base64
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.draw.interactive import caption_map
from lib.draw.interactive.caption_map import CaptionMap, Colouring
from lib.sections.clustering.clip_map import OTHER, first_verbs
from lib.site.decoded_layers import readings

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def inflated(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text, validate=True))


def captions(folder: Path) -> list[str]:
    """The captions of a written map, in the order of its points."""
    script = (folder / "interactive" / "map.js").read_text(encoding="ascii")
    (text,) = re.findall(r'\["map"\] = "([A-Za-z0-9+/=]*)";\n$', script)
    listed: list[str] = json.loads(inflated(text))
    return listed


@given(st.lists(TEXT, min_size=1, max_size=12))
def test_captions_of_any_signs_are_listed_as_a_page_shows_them(texts: list[str]) -> None:
    n = len(texts)
    with TemporaryDirectory() as folder:
        one = Colouring("cluster", ["1"], np.zeros(n, dtype=np.int64))
        caption_map.write(Path(folder), "map", CaptionMap(np.zeros((n, 2)), texts, [one]))
        assert sorted(captions(Path(folder))) == sorted(" ".join(text.split()) for text in texts)


def made(n: int = 400) -> CaptionMap:
    rng = np.random.default_rng(1)
    captions = [f"a person number {rng.integers(n)} walks" for _ in range(n)]
    colourings = (
        Colouring("cluster", ["1 <b>", "2 {{< x >}}", "3"], rng.integers(0, 3, n), numbered=True),
        Colouring("dataset", ["one"], np.zeros(n, dtype=np.int64)),
    )
    return CaptionMap(rng.normal(size=(n, 2)) * [3, 1] + [10, -20], captions, colourings)


def test_points_stay_with_their_captions_and_classes(tmp_path: Path) -> None:
    some = made()
    caption_map.write(tmp_path, "map", some)
    content = json.loads((tmp_path / "interactive" / "map.json").read_text(encoding="utf-8"))
    raw = np.frombuffer(inflated(content["points"]), np.uint8)
    n = int.from_bytes(raw[:4].tobytes(), "little")
    planes = raw[4:].reshape(6, n).astype(int)
    assert n == len(some.captions)
    units = np.stack([planes[0] + 256 * planes[1], planes[2] + 256 * planes[3]], axis=1)
    lowest, extent = some.places.min(axis=0), (some.places - some.places.min(axis=0)).max()
    held = captions(tmp_path)
    found = {
        (caption, int(label), *np.round(lowest + place / 65_535 * extent, 3).tolist())
        for caption, label, place in zip(held, planes[4], units, strict=True)
    }
    assert len(found) == n
    for caption, label, place in zip(some.captions, some.colourings[0].labels, some.places, strict=True):
        nearest = min((one for one in found if one[0] == caption), key=lambda one: np.hypot(*(one[2:] - place)))
        assert nearest[1] == label and np.abs(nearest[2:] - place).max() < extent / 65_535 + 1e-3


def test_the_scan_for_private_texts_reads_the_captions_of_a_map(tmp_path: Path) -> None:
    some = made(40)
    caption_map.write(tmp_path, "map", some)
    texts = [*readings((tmp_path / "interactive" / "map.js").read_bytes())]
    assert all(any(caption.encode() in text for text in texts) for caption in some.captions)


def test_withheld_captions_are_nowhere(tmp_path: Path) -> None:
    caption_map.write(tmp_path, "map", made())
    caption_map.write(tmp_path, "map", made(), withheld=True)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["map.json"]
    content = json.loads(files[0].read_text(encoding="utf-8"))
    assert b"person" not in inflated(content["points"]) and "person" not in json.dumps(content)
    assert '"captions": ""' in _legend(caption_map.markup(content, "assets/map.js"))


def _legend(markup: str) -> str:
    found = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.update(attrs if tag == "div" else ())

    Reader().feed(markup)
    return str(found["data-legend"])


def test_names_of_classes_cannot_break_out(tmp_path: Path) -> None:
    caption_map.write(tmp_path, "map", made())
    content = json.loads((tmp_path / "interactive" / "map.json").read_text(encoding="utf-8"))
    markup = caption_map.markup(content, "assets/map.js")
    assert "<b>" not in markup and "{{" not in markup
    assert json.loads(_legend(markup))["colourings"][0]["classes"] == ["1 <b>", "2 {{< x >}}", "3"]


def test_classes_beyond_those_that_a_byte_can_number_are_drawn_as_one(tmp_path: Path) -> None:
    labels = np.arange(300)
    some = CaptionMap(np.random.default_rng(0).normal(size=(300, 2)), [f"{n:03d}" for n in labels],
                      [Colouring("cluster", [f"c{n}" for n in labels], labels)])  # fmt: skip
    caption_map.write(tmp_path, "map", some)
    content = json.loads((tmp_path / "interactive" / "map.json").read_text(encoding="utf-8"))
    held = [int(text) for text in captions(tmp_path)]
    drawn = inflated(content["points"])[-300:]
    assert [min(n, 255) for n in held] == [*drawn]
    (legend,) = content["colourings"]
    assert legend["classes"] == [*(f"c{n}" for n in range(255)), "the other 45"] and legend["rest"]


@pytest.mark.parametrize("n", [1, 2])
def test_points_in_one_place_are_no_fault(tmp_path: Path, n: int) -> None:
    one = CaptionMap(np.zeros((n, 2)), ["a"] * n, [Colouring("cluster", ["1"], np.zeros(n, dtype=np.int64))])
    caption_map.write(tmp_path, "map", one)
    assert captions(tmp_path) == ["a"] * n


def test_a_rare_verb_has_no_class_of_its_own() -> None:
    keys = ["he/PRON walk/VERB"] * 6 + ["x/X anna/VERB"] * 4
    found = first_verbs(keys)
    assert list(found.classes) == ["walk", OTHER] and found.labels.tolist() == [0] * 6 + [1] * 4
