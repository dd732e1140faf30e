"""Captions meant to break a reader come out of every loader as they went in."""

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from lib.corpus import load

HOSTILE = [
    "<script>alert('x')</script>",
    'back\\slash \\n \\" "double" \'single\' `tick`',
    "move #1, then #2 # and ##",
    "dances 💃🏽 and spins 🌀👨‍👩‍👧",
    "يمشي الرجل إلى الأمام \u202eright to left\u202c",
    "walks " * 1666 + "on",
    "carriage\rreturn",
    "a\ttab | a pipe || and _under_ *star*",
    "line\u2028separator \x0b \x0c \x85 \x1c",
    "=SUM(A1:A9)",
    "{{< var x >}} ${HOME} %s {0} $x^2$",
    "  spaces around  ",
    "NaN",
    "None",
    "null",
]


@pytest.mark.parametrize("packed", [False, True])
def test_humanml3d(h3d: Path, packed: bool) -> None:
    raw = "".join(f"{text}#a/DET#0.0#0.0\n" for text in HOSTILE).encode()
    (h3d / "texts/000001.txt").write_bytes(raw)
    if packed:
        with zipfile.ZipFile(h3d / "texts.zip", "w") as archive:
            for path in (h3d / "texts").iterdir():
                archive.write(path, path.name)
                path.unlink()
        (h3d / "texts").rmdir()
    captions = load("humanml3d", h3d).captions
    mine = captions[captions.clip_id == "000001"]
    assert mine.text.tolist() == HOSTILE
    assert mine.caption_id.tolist() == [f"000001#{i}" for i in range(len(HOSTILE))]


def test_manifest(clips: pd.DataFrame, captions: pd.DataFrame, manifest: object) -> None:
    more = pd.DataFrame(
        [captions.iloc[0].to_dict() | {"caption_id": f"x{i}", "text": t} for i, t in enumerate(HOSTILE)]
    )
    root = manifest(clips, pd.concat([captions, more]))  # type: ignore[operator]
    found = load("manifest", root).captions
    assert found[found.caption_id.str.startswith("x")].text.tolist() == HOSTILE


def test_tmr_annotations(tmp_path: Path) -> None:
    parts = [{"seg_id": f"1_{i}", "text": text, "start": 0.0, "end": 1.0} for i, text in enumerate(HOSTILE)]
    one = {"path": "p", "duration": 1.0, "annotations": parts}
    (tmp_path / "annotations.json").write_text(json.dumps({"1": one}))
    (tmp_path / "splits").mkdir()
    for split, clip_id in (("train", "1"), ("val", "2"), ("test", "3")):
        (tmp_path / f"splits/{split}.txt").write_text(clip_id)
    assert load("tmr_annotations", tmp_path).captions.text.tolist() == HOSTILE
