"""A folder looked over: every fault gathered with file and row, and right exactly when the loader takes it all."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from lib.base.errors import CorpusError
from lib.commands import app
from lib.corpus import load
from lib.motion.features import from_joints
from lib.motion.skeleton import mirror
from lib.own_data.check import check, recognised
from lib.own_data.diagnosis import Diagnosis, Finding, Row
from tests.unit.corpus.conftest import Manifest, captions, clips, h3d, manifest, packed  # noqa: F401
from tests.unit.motion.bodies import swinging

Table = pd.DataFrame


def millimetres(joints: np.ndarray) -> np.ndarray:
    return np.rint(joints * 1000).astype(np.int16)


def at(done: Diagnosis, level: str) -> list[str]:
    return [finding.what for finding in done.findings if finding.level == level]


def rows(done: Diagnosis, level: str = "wrong") -> list[tuple[str, int | None, str, str]]:
    wanted = [finding for finding in done.findings if finding.level == level]
    return [(row.file, row.row, row.value, row.expected) for finding in wanted for row in finding.rows]


@pytest.fixture
def dm(clips: Table, captions: Table, packed: np.ndarray, manifest: Manifest) -> Callable[..., Path]:  # noqa: F811
    """Writes the small manifest of the loader's tests, with bodies that are upright."""
    body = millimetres(swinging(50, speed=0.5))

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


SWUNG = swinging(50, speed=0.5)
Z_UP = SWUNG[..., [0, 2, 1]] * [1, -1, 1]


def exchanged() -> np.ndarray:
    """Left named right and right left, and nothing else."""
    return mirror(SWUNG) * [-1, 1, 1]


@pytest.mark.parametrize(
    ("joints", "what", "row"),
    [
        (Z_UP, "4 of 4 looked at have no Y axis that points up", "the head is never more than"),
        (-Z_UP, "4 of 4 looked at have no Y axis that points up", "the head is never more than"),
        (SWUNG * 0.3937, "4 of 4 looked at are no bodies in metres", "were inches read as centimetres?"),
        (SWUNG / 0.3048, "4 of 4 looked at are no bodies in metres", "is the file in feet"),
        (SWUNG * 10, "4 of 4 looked at are no bodies in metres", "the legs are 8"),
        (exchanged(), "4 of 4 looked at have toes that point backwards", "left and right are exchanged"),
        (SWUNG - SWUNG[:, :1], "3 of 4 looked at never leave the origin", "the pelvis never leaves the origin"),
    ],
)
def test_other_units_and_axes_are_noticed(dm: Callable[..., Path], joints: np.ndarray, what: str, row: str) -> None:
    done = check(dm(joints=millimetres(joints)))
    assert what in at(done, "wrong") and any(row in value for _, _, value, _ in rows(done))
    assert not [told for told in at(done, "right") if "upright" in told]


def test_a_lying_clip_among_upright_ones_is_odd_and_no_more(dm: Callable[..., Path]) -> None:
    mixed = np.concatenate([SWUNG[:30], Z_UP[:20]])
    done = check(dm(joints=millimetres(mixed)))
    assert not done.wrong and "1 of 4 looked at have no Y axis that points up" in at(done, "odd")


def test_normalised_features_are_wrong_and_plain_ones_right(clips: Table, captions: Table, manifest: Manifest) -> None:  # noqa: F811
    plain = from_joints(swinging(51, speed=0.5))
    assert not check(manifest(clips, captions, features=plain)).wrong
    normalised = (plain - plain.mean(axis=0)) / np.maximum(plain.std(axis=0), 1e-3)
    np.save(manifest.root / "features.npy", normalised.astype(np.float32))
    done = check(manifest.root)
    assert any("bones that change their length" in what for what in at(done, "wrong"))
    assert "features that are not normalised" in done.text()


def test_a_clip_of_one_pose_or_without_a_bone_is_left_out_and_named(dm: Callable[..., Path]) -> None:
    joints = SWUNG.copy()
    joints[12, 20] = joints[12, 18]
    root = dm(joints=millimetres(joints), clips={"n_frames": [10, 10, 1, 10, 10]})
    done = check(root)
    assert "1 left out: motion: one pose, no features" in at(done, "wrong")
    assert "1 left out: motion: a bone without length, no features" in at(done, "wrong")
    told = {file: value for file, _, value, _ in rows(done)}
    assert told["c"] == "features need two poses"
    assert told["b"] == "a joint lies on its parent in 1 of 10 frames"
    assert "2 clips with motion" in " ".join(at(done, "right"))
    corpus = load("manifest", root)
    assert corpus.clips.set_index("clip_id").has_motion.to_dict() == {"a": True, "b": False, "c": False, "d": True}
    with pytest.raises(CorpusError, match=r"\(b\): left_wrist lies on its parent joint in frame 2"):
        corpus.motion("b")


def test_one_pose_beside_stored_features_stays(clips: Table, captions: Table, manifest: Manifest) -> None:  # noqa: F811
    few = clips.assign(n_frames=1, offset=[0, 1, 2, 3, 4])
    arrays = {"joints": millimetres(SWUNG[:5]), "features": from_joints(SWUNG[:6])}
    assert load("manifest", manifest(few, captions, **arrays)).clips.has_motion.all()


def test_the_units_advised_are_those_of_the_layout(h3d: Path) -> None:  # noqa: F811
    for path in h3d.glob("new_joint*/*"):
        np.save(path, 1000 * swinging(40) if path.parent.name == "new_joints" else np.zeros((0, 263)))
    text = check(h3d).text()
    assert "8 of 8 looked at are no bodies in metres; store new_joints as floats in metres" in text
    assert "int16" not in text


def test_captions_or_motions_of_which_none_joins_are_wrong(dm: Callable[..., Path], h3d: Path) -> None:  # noqa: F811
    done = check(dm(captions={"clip_id": ["z1", "z2", "z3", "z4", "secret"]}))
    assert "no caption belongs to a clip; clips are called 'a', 'b', captions are of 'z1', 'z2'" in at(done, "wrong")
    done = check(dm(clips={"offset": pd.array([None] * 5, dtype="Int64")}))
    assert "no motion in joints.npy belongs to a clip; clips are called 'a', 'b'" in at(done, "wrong")
    for path in [*h3d.glob("texts/*"), *h3d.glob("new_joint*/*")]:
        path.rename(path.with_name(f"clip_{path.name}"))
    told = at(check(h3d), "wrong")
    assert any(what.startswith("no caption belongs to a clip") for what in told)
    assert any(what.startswith("no motion in new_joints/*.npy, new_joint_vecs/*.npy belongs") for what in told)


def test_motions_and_captions_of_different_clips_are_wrong(h3d: Path) -> None:  # noqa: F811
    for path in [*h3d.glob("texts/*1.txt"), *h3d.glob("new_joint*/*[234].npy")]:
        path.unlink()
    assert "no clip has both a motion and a caption; clips are called '000001', '000002'" in at(check(h3d), "wrong")
    (h3d / "texts/000001.txt").write_text("a man walks#a/DET#0.0#0.0\n")
    assert not any("no clip has both" in what for what in at(check(h3d), "wrong"))


def test_archives_in_place_of_arrays_are_wrong_in_one_line(h3d: Path, dm: Callable[..., Path]) -> None:  # noqa: F811
    root = dm()
    for path, told in ((h3d / "Std.npy", "save an array (263,)"), (root / "joints.npy", "save joints (T, 22, 3)")):
        with path.open("wb") as stream:
            np.savez(stream, poses=np.zeros((5, 72)), trans=np.zeros((5, 3)))
        done = CliRunner().invoke(app, ["corpus", "check", str(path.parent)])
        line = next(line for line in done.stdout.splitlines() if "archive of arrays" in line)
        assert done.exit_code == 2 and "an archive of arrays (poses, trans), not one array" in line and told in line


@pytest.mark.parametrize("array", [np.float64(1), np.zeros(3), np.zeros((0, 22, 3), dtype=np.int16)])
def test_arrays_of_other_shapes_are_wrong(dm: Callable[..., Path], array: np.ndarray) -> None:
    assert at(check(dm(joints=array)), "wrong")


def test_names_of_other_encodings_beside_the_motions_stop_nothing(h3d: Path) -> None:  # noqa: F811
    with open(bytes(h3d) + b"/new_joints/caf\xe9.npy", "wb") as stream:
        stream.write(b"x")
    assert load("humanml3d", h3d).clips.has_motion.all()


def test_a_caption_that_ends_before_it_starts_is_wrong(dm: Callable[..., Path]) -> None:
    done = check(dm(captions={"start_s": [0.0, 2.0, 0, 0, 0], "end_s": [0.0, 1.0, 0, 0, 0]}))
    assert at(done, "wrong") == ["1 left out: caption that ends before it starts"]


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
