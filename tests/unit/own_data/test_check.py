"""A folder looked over: every fault gathered with file and row, and right exactly when the loader takes it all."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from lib.commands import app
from lib.corpus import load
from lib.errors import CorpusError
from lib.own_data.check import check, recognised
from lib.own_data.diagnosis import Diagnosis, Finding, Row
from tests.unit.corpus.conftest import Manifest, captions, clips, h3d, manifest, packed  # noqa: F401

Table = pd.DataFrame


def at(done: Diagnosis, level: str) -> list[str]:
    return [finding.what for finding in done.findings if finding.level == level]


def rows(done: Diagnosis, level: str = "wrong") -> list[tuple[str, int | None, str, str]]:
    wanted = [finding for finding in done.findings if finding.level == level]
    return [(row.file, row.row, row.value, row.expected) for finding in wanted for row in finding.rows]


@pytest.fixture
def dm(clips: Table, captions: Table, packed: np.ndarray, manifest: Manifest) -> Callable[..., Path]:  # noqa: F811
    """Writes the small manifest of the loader's tests, with bodies that are upright."""
    body = np.zeros((50, 22, 3), dtype=np.int16)
    body[:, :, 1] = 150 * np.arange(22)
    body[:, [7, 8, 10, 11], 1] = [80, 80, 0, 0]

    def write(**changed: object) -> Path:
        return manifest(
            clips.assign(**changed.pop("clips", {})), captions.assign(**changed.pop("captions", {})),
            **{"joints": body, **changed},
        )  # fmt: skip

    return write


def test_a_sound_manifest_is_right_and_its_counts_are_those_of_the_loader(dm: Callable[..., Path]) -> None:
    done = check(dm())
    assert done.kind == "manifest" and not done.wrong
    assert "4 clips (train 2, val 1, test 1), 4 without mirrors" in at(done, "right")
    assert "4 captions of 4 clips, by captioner: model 4" in at(done, "right")
    assert "1 row(s) withheld for want of consent: counted, never shown" in at(done, "odd")
    assert "secret" not in done.text() and "secret" not in json.dumps(done.as_dict())


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"split": ["train", "tset", "val", "test", "oops"]},
            ("clips.parquet", 1, "'tset'", "one of train, val, test"),
        ),
        ({"person_count": [1, None, 1, 1, 1]}, ("clips.parquet", 1, "no value", "a value")),
        ({"fps": ["20"] * 5}, ("clips.parquet", None, "str", "float64")),
        ({"clip_id": ["a", "a", "c", "d", "secret"]}, ("clips.parquet", 1, "'a'", "a value of its own")),
        ({"consent": ["yes"] * 5}, ("clips.parquet", 0, "consent = 'yes'", "true, false or null")),
        ({"offset": [0, 10, 20, 45, 40]}, ("clips.parquet", 3, "'d' at 45 + 10", "an end within 50")),
    ],
)
def test_a_wrong_value_is_told_with_file_row_value_and_what_was_expected(
    dm: Callable[..., Path], changed: dict[str, object], expected: tuple[str, int | None, str, str]
) -> None:
    root = dm(clips=changed)
    assert expected in rows(done := check(root)) and "secret" not in done.text() and "oops" not in done.text()
    with pytest.raises(CorpusError):
        load("manifest", root)


def test_every_fault_is_gathered_and_only_the_first_rows_are_shown(dm: Callable[..., Path], clips: Table) -> None:  # noqa: F811
    many = pd.concat([clips.iloc[:4]] + [clips.iloc[:1].assign(clip_id=f"x{n}", split="x") for n in range(9)])
    root = dm(captions={"start_s": "soon"})
    many.reset_index(drop=True).to_parquet(root / "clips.parquet")
    done = check(root)
    finding = next(finding for finding in done.findings if "column split" in finding.what)
    assert finding.count == 9 and len(finding.rows) == 5 and finding.rows[0].row == 4
    assert "and 4 more" in done.text() and done.wrong == 2
    assert ("captions.parquet", 0, "'soon'", "float64") in rows(done)


def test_missing_tables_columns_and_splits_are_wrong(dm: Callable[..., Path], captions: Table) -> None:  # noqa: F811
    root = dm(clips={"split": "train"})
    captions.drop(columns="captioner").to_parquet(root / "captions.parquet")
    told = at(check(root), "wrong")
    assert "no clip with consent in val, test" in told and any("column captioner" in what for what in told)
    (root / "captions.parquet").unlink()
    assert "captions.parquet: no such file" in at(check(root), "wrong")


def test_what_is_left_out_is_wrong_and_what_is_optional_only_missing(dm: Callable[..., Path]) -> None:
    done = check(dm(captions={"text": ["", "b", "c", "d", "e"]}))
    assert at(done, "wrong") == ["1 left out: empty caption"]
    assert any(what.startswith("survey.csv") for what in at(done, "missing"))
    assert "1 clips without captions" in at(done, "missing")


def test_other_units_and_axes_are_noticed(dm: Callable[..., Path]) -> None:
    body = np.zeros((50, 22, 3), dtype=np.int16)
    body[:, :, 2] = 150 * np.arange(22)
    body[:, [7, 8, 10, 11], 1] = 100
    assert any("no Y axis that points up" in what for what in at(check(dm(joints=body)), "wrong"))
    assert any("no bodies in metres" in what for what in at(check(dm(joints=body // 50)), "wrong"))


def test_leaks_lengths_frames_and_mirrors_are_odd(dm: Callable[..., Path]) -> None:
    changed = {"source": "v", "offset": [0, 5, 20, 30, 40], "mirror_of": [None, "gone", None, None, None]}
    done = check(dm(clips=changed, captions={"end_s": 9.0}))
    assert not done.wrong
    assert {
        "1 test clip(s) cut from a recording that also trains: the test set leaks",
        "4 clip(s) shorter than 40 frames, which HumanML3D's evaluation leaves out",
        "1 clip(s) share frames of joints.npy with another",
        "1 clip(s) mirror one that is not listed",
        "4 caption(s) end more than a second after their clip",
    } <= {*at(done, "odd")}


def test_humanml3d_s_lists_and_lines_are_gone_through(h3d: Path) -> None:  # noqa: F811
    for path in (*h3d.glob("new_joint_vecs/*"), *h3d.glob("new_joints/*")):
        path.unlink()
    assert not check(h3d).wrong and check(h3d).kind == "humanml3d"
    (h3d / "texts/000001.txt").write_text("a man walks#a/DET#0.0#0.0\na man walks\n\nhe walks#a/DET#x#0.0\n")
    (h3d / "texts/000002.txt").write_bytes(b"\xff")
    (h3d / "test.txt").write_text("000004\nM000004\n000001\n000004\n")
    (h3d / "val.txt").unlink()
    done = check(h3d)
    fields = "caption#word/POS word/POS#start#end"
    assert ("texts/000001.txt", 2, "a man walks", f"{fields} (1 of 4 fields)") in rows(done)
    assert ("texts/000001.txt", 4, "he walks#a/DET#x#0.0", f"{fields} (time 'x' is no number)") in rows(done)
    assert ("texts/000002.txt", None, "byte 0", "UTF-8") in rows(done)
    assert ("test.txt", 3, "000001", "each id once; it is in train.txt, row 1") in rows(done)
    assert ("test.txt", 4, "000004", "each id once; it is in test.txt, row 1") in rows(done)
    assert "val.txt is not there" in at(done, "wrong") and done.wrong == 5


def test_unreadable_motions_are_wrong_and_absent_files_missing(h3d: Path) -> None:  # noqa: F811
    spoilt = np.load(h3d / "new_joint_vecs/000001.npy")
    spoilt[3, 0] = np.nan
    np.save(h3d / "new_joint_vecs/000001.npy", spoilt)
    for path in (h3d / "new_joints").iterdir():
        path.unlink()
    (h3d / "new_joints").rmdir()
    (h3d / "index.csv").write_text("source_path\n./a\n")
    done = check(h3d)
    assert any("index.csv" in what and "column start_frame is missing" in what for what in at(done, "wrong"))
    (h3d / "index.csv").unlink()
    done = check(h3d)
    assert "1 left out: motion: NaN or infinite values" in at(done, "wrong")
    assert [what.partition(":")[0] for what in at(done, "missing")][:2] == ["index.csv", "new_joints"]
    assert not [what for what in at(check(h3d, motions=False), "wrong") if "NaN" in what]


def test_the_layout_is_recognised_or_asked_for(h3d: Path, tmp_path: Path) -> None:  # noqa: F811
    assert recognised(h3d) == "humanml3d"
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match="no dataset that is known here"):
        check(tmp_path / "empty")
    with pytest.raises(CorpusError, match="no such folder"):
        check(tmp_path / "gone")
    with pytest.raises(CorpusError, match="unknown kind 'h3d'"):
        check(h3d, "h3d")
    assert "clips.parquet: no such file" in at(check(h3d, "manifest"), "wrong")


def test_the_command_leaves_with_0_or_2_and_speaks_json(dm: Callable[..., Path]) -> None:
    root = dm()
    assert CliRunner().invoke(app, ["corpus", "check", str(root)]).exit_code == 0
    (root / "joints.npy").unlink()
    assert CliRunner().invoke(app, ["corpus", "check", str(root)]).exit_code == 0
    pd.read_parquet(root / "clips.parquet").assign(body_mode="half").to_parquet(root / "clips.parquet")
    done = CliRunner().invoke(app, ["corpus", "check", str(root), "--json"])
    told = json.loads(done.stdout)
    assert done.exit_code == 2 and told["right"] is False and told["kind"] == "manifest"
    wrong = next(finding for finding in told["findings"] if finding["level"] == "wrong")
    assert wrong["count"] == 4
    assert wrong["rows"][0] == {"file": "clips.parquet", "row": 0, "value": "'half'", "expected": "one of full, upper"}


def test_long_and_broken_values_keep_to_one_line() -> None:
    text = Diagnosis(Path("d"), "manifest", [Finding("wrong", "x", rows=(Row("f", 1, "a\nb" * 99, "c"),))]).text()
    assert len(text.splitlines()) == 7 and max(map(len, text.splitlines())) < 140


def test_real_data_is_right_and_its_leak_is_the_known_one(shared_data: Path) -> None:
    done = check(shared_data / "humanml3d")
    assert not done.wrong
    assert "668 test clip(s) cut from a recording that also trains: the test set leaks" in at(done, "odd")
    assert "26,801 clips without captions" in at(done, "missing")
    assert not check(shared_data / "bandai_namco").wrong
