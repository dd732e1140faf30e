"""Traces are found in files that only unpacking opens, and what merely looks like one is none."""

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.forgetting.lists import take_out
from lib.forgetting.traces import BLOCK, Traces

CAPTION = "a woman juggles seven torches"


def parquet(path: Path) -> Path:
    pd.DataFrame({"text": ["x" * 400, CAPTION] * 200}).to_parquet(path, compression="zstd")
    return path


def nested(path: Path) -> Path:
    pd.DataFrame({"lists": [["walk"], [f"{CAPTION}."]]}).to_parquet(path, compression="gzip")
    return path


def long(path: Path) -> Path:
    """More than is looked at together, with the caption across the border of two blocks."""
    with path.open("wb") as stream:
        stream.truncate(BLOCK + 100)
        stream.seek(BLOCK - 10)
        stream.write(CAPTION.encode())
    return path


def packed(path: Path) -> Path:
    path.write_bytes(gzip.compress(json.dumps({"said": CAPTION}).encode()))
    return path


def array(path: Path) -> Path:
    np.savez_compressed(path, texts=np.array([CAPTION, "x" * len(CAPTION)]), n=np.arange(9))
    return path


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.parquet", parquet), ("b.parquet", nested), ("c.bin", long), ("d.json.gz", packed), ("e.npz", array)],
)
def test_a_caption_is_found_inside_other_files(tmp_path: Path, name: str, write: object) -> None:
    assert callable(write)
    assert Traces([], [CAPTION]).in_file(write(tmp_path / name)) == {CAPTION}
    assert Traces([], ["another caption of five words"]).in_file(tmp_path / name) == set()


def test_a_caption_in_another_script_is_found_among_numbers(tmp_path: Path) -> None:
    said = "人が七本の松明を投げながらゆっくりと歩いている"
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY" + bytes(range(128, 256)) + said.encode() + bytes(40))
    assert Traces([], [said]).in_file(tmp_path / "a.npy")


@pytest.mark.parametrize(
    ("text", "is_trace"),
    [("clip 000021 leaks", True), ('{"clip_id": "000021"}', True), ("texts/000021.txt", True), ("000021#0", True),
     ("p = 0.000021", False), ("colour: #000021;", False), ("1,000021", False), ("1000021", False), ("M000021", False)],
)  # fmt: skip
def test_an_id_of_digits_is_no_part_of_a_number(text: str, is_trace: bool) -> None:
    assert bool(Traces(["000021"]).in_text(text)) is is_trace


def test_plain_ids_are_found_as_names_and_in_columns_of_ids_alone(tmp_path: Path) -> None:
    traces = Traces(["12"])
    (tmp_path / "12.npy").write_bytes(b"")
    (tmp_path / "counts.csv").write_text("n,clip_id\n12,7\n")
    (tmp_path / "clips.csv").write_text("n,clip_id\n3,12\n3,7\n")
    (tmp_path / "pid").write_text("12")
    assert [name for name in ("12.npy", "counts.csv", "clips.csv", "pid") if traces.in_file(tmp_path / name)] == [
        "12.npy",
        "clips.csv",
    ]
    assert take_out(tmp_path / "clips.csv", traces)
    assert (tmp_path / "clips.csv").read_text() == "n,clip_id\n3,7\n"


def test_a_caption_within_another_s_is_no_trace() -> None:
    traces = Traces([], [CAPTION], [f"then {CAPTION} high", "a man waves"])
    assert not traces.in_text(f"Then {CAPTION} high!")
    assert traces.in_text(f"Now {CAPTION} low, then {CAPTION} high")


def test_of_json_the_innermost_object_goes(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    rows = [{"clip_id": "zq0000007", "n": 1}, {"clip_id": "zq0000008", "n": 2}]
    file.write_text(json.dumps({"rows": rows, "of": {"zq0000007": "train", "zq0000008": "val"}, "seed": 0}))
    assert take_out(file, Traces(["zq0000007"]))
    assert json.loads(file.read_text()) == {"rows": rows[1:], "of": {"zq0000008": "val"}, "seed": 0}


def test_a_list_that_cannot_be_freed_goes_whole(tmp_path: Path) -> None:
    (tmp_path / "torn.json").write_text('{"clip_id": "zq0000007", ')
    assert not take_out(tmp_path / "torn.json", Traces(["zq0000007"]))
    assert not (tmp_path / "torn.json").exists()
