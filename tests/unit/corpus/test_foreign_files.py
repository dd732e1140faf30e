"""Datasets that passed through editors, macOS and archives: read as they are meant, or refused in one line."""

import json
import os
import resource
import struct
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from lib.base.errors import CorpusError, UserError
from lib.corpus import Corpus, load
from lib.corpus.findings import sound_captions
from lib.corpus.foreign_files import is_data, nfc
from lib.corpus.manifest_table import read_table
from lib.corpus.splits import read_ids
from lib.motion.motion_array import open_array

BOM = b"\xef\xbb\xbf"
COMPOSED = "J\u00f6rg_gr\u00fc\u00dft"
APART = unicodedata.normalize("NFD", COMPOSED)


def refused(kind: str, root: Path, **options: object) -> str:
    with pytest.raises(CorpusError) as error:
        load(kind, root, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def same(one: Corpus, other: Corpus) -> bool:
    tables = ("clips", "captions", "index")
    return all(getattr(one, t).equals(getattr(other, t)) for t in tables) and one.subsets == other.subsets


@contextmanager
def few_files() -> Iterator[int]:
    """No further file can be opened: the limit is set to the lowest free descriptor."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
    try:
        yield free
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_byte_order_mark_is_no_part_of_an_id_a_column_or_a_caption(h3d: Path) -> None:
    (h3d / "nsim_test.txt").write_text("000004\nM000004\n")
    (h3d / "LICENSE").write_text("ours\n")
    before = load("humanml3d", h3d)
    assert before.subsets == {"nsim_test": ["000004", "M000004"]}
    for path in [*h3d.glob("*.txt"), *h3d.glob("texts/*"), h3d / "index.csv", h3d / "LICENSE"]:
        path.write_bytes(BOM + path.read_bytes())
    after = load("humanml3d", h3d)
    assert same(before, after) and after.provenance.licence == "ours"
    assert after.clips.has_motion.all() and after.clips.has_captions.all() and after.provenance.dropped.empty


def annotated(root: Path, texts: dict[str, object]) -> Path:
    parts = {
        clip_id: {"path": "p", "duration": 2.0, "annotations": [{"seg_id": clip_id, "text": t, "start": 0, "end": 2}]}
        for clip_id, t in texts.items()
    }
    (root / "splits").mkdir(exist_ok=True)
    (root / "annotations.json").write_text(json.dumps(parts))
    for name, clip_id in zip(("train", "val", "test"), texts, strict=False):
        (root / f"splits/{name}.txt").write_text(clip_id.replace("\ud800", "?") + "\n")
    return root


def test_annotations_and_their_lists_may_begin_with_a_mark(tmp_path: Path) -> None:
    annotated(tmp_path, {"1": "walks", "2": "waves", "3": "kicks"})
    for path in (tmp_path / "annotations.json", *tmp_path.glob("splits/*")):
        path.write_bytes(BOM + path.read_bytes())
    assert load("tmr_annotations", tmp_path).captions.text.tolist() == ["walks", "waves", "kicks"]


def test_files_of_macos_are_passed_over_wherever_a_folder_is_listed(h3d: Path) -> None:
    before = load("humanml3d", h3d, check_motions=True)
    for name in ("texts/._000001.txt", "new_joints/._000001.npy", "new_joint_vecs/._M000001.npy", "._train.txt"):
        (h3d / name).write_bytes(b"\0\x05\x16\x07\0\x02\0\0Mac OS X")
    (h3d / "__MACOSX").mkdir()
    after = load("humanml3d", h3d, check_motions=True)
    assert same(before, after) and after.provenance.dropped.empty


@given(st.lists(st.sampled_from(["a", ".b", "__MACOSX", "c.txt", "._a"]), min_size=1, max_size=4))
def test_a_name_counts_unless_a_part_of_it_is_hidden(parts: list[str]) -> None:
    assert is_data(Path(*parts)) == (not {".b", "__MACOSX", "._a"} & {*parts})


@given(st.text())
def test_composing_twice_is_composing_once(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text) == nfc(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(("listed", "stored"), [(COMPOSED, APART), (APART, COMPOSED)])
def test_names_stored_apart_are_found_by_ids_typed_composed(h3d: Path, listed: str, stored: str) -> None:
    assert listed != stored
    for path in [*h3d.glob("texts/*"), *h3d.glob("new_joint*/*")]:
        if path.stem in ("000001", "M000001"):
            path.rename(path.with_name(path.name.replace("000001", stored)))
    for path in (h3d / "train.txt", h3d / "index.csv"):
        path.write_text(path.read_text().replace("000001", listed))
    corpus = load("humanml3d", h3d)
    assert corpus.clips.has_motion.all() and corpus.clips.has_captions.all()
    np.testing.assert_array_equal(corpus.motion(COMPOSED), np.load(h3d / f"new_joint_vecs/{stored}.npy"))
    assert corpus.clips.set_index("clip_id").base_id[f"M{COMPOSED}"] == COMPOSED


def test_a_manifest_s_ids_and_files_are_compared_composed(clips, captions, packed, manifest) -> None:  # type: ignore[no-untyped-def]
    clips["offset"] = pd.array([None] * 5, dtype="Int64")
    clips["clip_id"] = clips.clip_id.replace("b", APART)
    clips["mirror_of"] = [COMPOSED, None, None, None, None]
    captions["clip_id"] = captions.clip_id.replace("b", COMPOSED)
    root = manifest(clips, captions)
    (root / "joints").mkdir()
    np.save(root / f"joints/{APART}.npy", packed[:10])
    corpus = load("manifest", root)
    assert corpus.clips.has_captions.all() and corpus.clips.base_id.tolist() == [COMPOSED, COMPOSED, "c", "d"]
    np.testing.assert_allclose(corpus.joints(COMPOSED), packed[:10] / 1000, rtol=1e-6)


@pytest.mark.parametrize(
    "values", [[["a"], ["b"], ["c"], ["d"], ["e"]], [{"k": 1}] * 5, [b"a", b"b", b"c", b"d", b"e"]]
)
@pytest.mark.parametrize(
    ("table", "column"),
    [("clips", c) for c in ("clip_id", "split", "source", "mirror_of", "consent", "n_frames")]
    + [("captions", c) for c in ("clip_id", "caption_id", "text", "captioner", "end_s")],
)
def test_lists_objects_and_bytes_are_no_texts(clips, captions, manifest, values, table, column) -> None:  # type: ignore[no-untyped-def]
    tables = {"clips": clips, "captions": captions}
    tables[table] = tables[table].assign(**{column: values})
    told = refused("manifest", manifest(**tables))
    assert f"{table}.parquet: column {column} holds" in told and "where a text or a number should be" in told
    assert "secret" not in told


def test_a_table_whose_text_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    ends = pyarrow.py_buffer(np.array([0, 3], dtype=np.int32).tobytes())
    broken = pyarrow.Array.from_buffers(pyarrow.string(), 1, [None, ends, pyarrow.py_buffer(b"a\xff\xfe")])
    parquet.write_table(pyarrow.table({"text": broken}), tmp_path / "captions.parquet")
    with pytest.raises(CorpusError, match=r"captions\.parquet: not a readable parquet file \(.*UTF8"):
        read_table(tmp_path / "captions.parquet")


@pytest.mark.parametrize("end", [np.inf, -np.inf])
def test_an_infinite_time_is_refused(clips, captions, manifest, end: float) -> None:  # type: ignore[no-untyped-def]
    told = refused("manifest", manifest(clips, captions.assign(end_s=[0, 0, end, 0, 0])))
    assert f"column end_s, row 2: {end} is not a finite number" in told


def test_a_caption_is_left_out_once_for_its_first_fault() -> None:
    rows = [("x", "stray", 0, 0), ("a", " ", 0, 0), ("a", "late", 3, 2), ("a", "early", -1, 2), ("a", "sound", 1, 1)]
    table = pd.DataFrame(rows, columns=["clip_id", "text", "start_s", "end_s"]).assign(caption_id=list("12345"))
    kept, dropped = sound_captions(table, table.clip_id == "a", "stray caption")
    assert kept.text.tolist() == ["sound"]
    assert pd.concat(dropped)[["detail", "reason"]].values.tolist() == [
        ["1", "stray caption"],
        ["2", "empty caption"],
        ["3", "caption that ends before it starts"],
        ["4", "caption that starts before its clip"],
    ]


def test_captions_without_a_stretch_of_their_clip_are_left_out_of_every_layout(h3d: Path, tmp_path: Path) -> None:
    (h3d / "texts/000001.txt").write_text("a man walks#a/DET#2.0#1.5\na man stops#a/DET#1.0#2.0\n")
    corpus = load("humanml3d", h3d)
    assert corpus.provenance.dropped.values.tolist() == [["000001", "caption that ends before it starts", "000001#0"]]
    assert corpus.captions[corpus.captions.clip_id == "000001"].text.tolist() == ["a man stops"]
    annotated(tmp_path, {"1": "walks", "2": "waves", "3": "kicks"})
    path = tmp_path / "annotations.json"
    path.write_text(path.read_text().replace('"start": 0', '"start": 5'))
    assert len(load("tmr_annotations", tmp_path).provenance.dropped) == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"1": ' * 100_000, "nested too deeply"),
        ('{"1": {"path": "p", "duration": ' + "9" * 5000 + ', "annotations": []}}', "not readable as JSON"),
        ('{"1": {"path": "p", "duration": ' + "9" * 400 + ', "annotations": []}}', "clip '1': OverflowError"),
        ('{"1": {"path": ["p"], "duration": 1, "annotations": []}}', "a list where a text should be"),
        ('{"1\\u0000": {"path": "p", "duration": 1, "annotations": []}}', "holds the control character U+0000"),
        ('{"1\\ud800": {"path": "p", "duration": 1, "annotations": []}}', "holds the lone surrogate U+D800"),
        ('{"1\\u0300": [], "\\u0031\\u0300": []}', "occurs twice"),
        ('{"e\\u0301": [], "\\u00e9": []}', "two ids differ only in how an accent is stored"),
    ],
)
def test_annotations_that_no_table_can_hold_are_refused(tmp_path: Path, text: str, told: str) -> None:
    annotated(tmp_path, {"1": "x", "2": "y", "3": "z"})
    (tmp_path / "annotations.json").write_text(text)
    assert told in refused("tmr_annotations", tmp_path)


@pytest.mark.parametrize("said", [["walks"], {"a": 1}, 1.5, "half \ud800"])
def test_a_caption_that_is_no_text_is_told_with_its_clip(tmp_path: Path, said: object) -> None:
    annotated(tmp_path, {"1": "walks", "2": said, "3": "kicks"})
    assert "annotations.json: clip '2':" in refused("tmr_annotations", tmp_path)


def test_names_that_are_not_utf_8_and_ids_with_nul_are_refused(h3d: Path) -> None:
    with open(bytes(h3d) + b"/texts/caf\xe9.txt", "wb") as stream:
        stream.write(b"x#x/X#0.0#0.0\n")
    assert r"'caf\udce9' holds the lone surrogate U+DCE9" in refused("humanml3d", h3d)
    (h3d / "train.txt").write_bytes(b"000001\n00\x00002\n")
    assert "train.txt: id or file name '00\\x00002' holds the control character U+0000" in refused("humanml3d", h3d)
    assert "no such folder" in refused("humanml3d", Path(f"{h3d}\0"))


def test_named_pipes_are_never_opened(h3d: Path) -> None:
    os.mkfifo(h3d / "texts/pipe.txt")
    (h3d / "new_joint_vecs/000001.npy").unlink()
    (h3d / "new_joints/000001.npy").unlink()
    os.mkfifo(h3d / "new_joint_vecs/000001.npy")
    os.mkfifo(h3d / "more.txt")
    corpus = load("humanml3d", h3d, check_motions=True)
    assert corpus.clips.has_motion.sum() == 7 and len(corpus.captions) == 8
    (h3d / "val.txt").unlink()
    os.mkfifo(h3d / "val.txt")
    assert "val.txt: is no file that can be read to its end" in refused("humanml3d", h3d)


def zipped(root: Path) -> Path:
    with zipfile.ZipFile(root / "texts.zip", "w") as archive:
        for path in sorted((root / "texts").iterdir()):
            archive.write(path, f"texts/{path.name}")
            path.unlink()
    (root / "texts").rmdir()
    return root / "texts.zip"


def test_a_member_of_ten_gibibytes_is_refused_by_its_stated_size(h3d: Path) -> None:
    path = zipped(h3d)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("texts/000009.txt", b"a" * 100)
    raw = bytearray(path.read_bytes())
    record = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<I", raw, record + 24, 0xFFFFFFF0)
    path.write_bytes(raw)
    assert "text file 'texts/000009.txt' has more than 1,048,576 bytes" in refused("humanml3d", h3d)


def test_a_large_file_among_the_texts_is_refused_before_it_is_read_to_its_end(h3d: Path) -> None:
    with (h3d / "texts/log.txt").open("wb") as stream:
        stream.truncate(20 << 30)
    assert "text file 'log.txt' has more than" in refused("humanml3d", h3d)


@pytest.mark.parametrize("name", ["", "/", "."])
def test_a_member_without_a_name_is_refused(h3d: Path, name: str) -> None:
    path = zipped(h3d)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo("x" * max(len(name), 1)), b"x")
        archive.infolist()[-1].filename = name
    assert "a member has no name" in refused("humanml3d", h3d) or "outside" in refused("humanml3d", h3d)


def test_too_many_open_files_are_no_damage(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("1\n")
    np.save(tmp_path / "a.npy", np.zeros(3))
    pd.DataFrame({"clip_id": ["a"]}).to_parquet(tmp_path / "t.parquet")
    for read, name in ((read_ids, "list.txt"), (open_array, "a.npy"), (read_table, "t.parquet")):
        read(tmp_path / name)
        with few_files(), pytest.raises(UserError, match="Too many open files; close programs or raise the limit"):
            read(tmp_path / name)
