"""Generations of external models: what is sound is read, what is not is refused or reported, with path and reason."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from lib.base.errors import CorpusError
from lib.corpus.generations import folder_of, read_generations, write_generations
from lib.motion.features import from_joints, recover_joints
from lib.motion.skeleton import OFFSETS, PARENTS, mirror
from tests.unit.motion.bodies import swinging


def features(frames=60, seed=0):
    return from_joints(swinging(frames + 1, seed=seed, speed=0.5))


def joints(frames=60):
    pose = OFFSETS.copy()
    for joint, parent in list(enumerate(PARENTS))[1:]:
        pose[joint] += pose[parent]
    moved = np.repeat(pose[None], frames, axis=0)
    moved[..., 2] += 0.05 * np.arange(frames)[:, None]
    return moved


def place(root: Path, array, *, name="a", model="m", repeat="0", **options):
    target = root / model / repeat / f"{name}.npy"
    target.parent.mkdir(parents=True, exist_ok=True)
    np.save(target, array, **options)
    return target


def reasons(found):
    return dict(zip(found.report["path"], found.report["reason"], strict=True))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = {"a": features(50), "b": features(70, 1)}
    write_generations(tmp_path, "h3d+dm weighted", 0, made)
    write_generations(tmp_path, "h3d+dm weighted", 1, {"a": features(50, 2), "b": features(70, 3)})
    found = read_generations(tmp_path, ["b", "a"], frames={"a": 50, "b": 70})
    assert found.models == ["h3d+dm weighted"] and found.repeats("h3d+dm weighted") == ["0", "1"]
    assert found.report.empty
    read = dict(found.motions("h3d+dm weighted", "0"))
    assert list(read) == ["b", "a"]
    np.testing.assert_array_equal(read["a"], made["a"])
    np.testing.assert_array_equal(dict(found.joints("h3d+dm weighted", "0"))["a"], recover_joints(made["a"]))
    row = found.summary().iloc[0]
    assert (row.repeats, row.expected, row.usable, row.missing, row.refused) == (2, 4, 4, 0, 0)


def test_joints_become_features_and_stay_joints(tmp_path: Path) -> None:
    place(tmp_path, joints(41).astype(np.float64))
    found = read_generations(tmp_path, ["a"], frames={"a": 40})
    assert found.report.empty  # 41 poses are 40 rows of features
    np.testing.assert_allclose(dict(found.motions("m", "0"))["a"], from_joints(joints(41)), atol=1e-5)
    np.testing.assert_allclose(dict(found.joints("m", "0"))["a"], joints(41), atol=1e-6)


def broken(kind, path: Path):
    """Writes an unusable file and says what the report should call it."""
    if kind == "pickled":
        np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
        return "pickled objects"
    if kind == "pickled frames":
        np.save(path, features().astype(object), allow_pickle=True)
        return "pickled objects"
    if kind == "raw pickle":
        path.write_bytes(pickle.dumps(features()))
        return "unreadable"
    if kind == "truncated":
        np.save(path, features())
        path.write_bytes(path.read_bytes()[:-100])
        return "unreadable"
    if kind == "empty file":
        path.write_bytes(b"")
        return "unreadable"
    if kind == "folder":
        path.mkdir()
        return "unreadable"
    if kind == "archive":
        with path.open("wb") as stream:
            np.savez(stream, a=features())
        return "unreadable"
    nan, large, fused = features(), features(), joints()
    nan[7, 3], large[0, 0] = np.nan, 1e30
    fused[5, 4] = fused[5, 1]
    arrays = {
        "integers": (features().astype(np.int32), "wrong type"),
        "complex": (features().astype(np.complex64), "wrong type"),
        "text": (np.full((5, 263), "x"), "wrong type"),
        "no frames": (np.zeros((0, 263), np.float32), "no frames"),
        "no poses": (np.zeros((0, 22, 3), np.float32), "no frames"),
        "one pose": (joints(1), "too short"),
        "too long": (np.zeros((1001, 263), np.float32), "too long"),
        "other width": (np.zeros((60, 251), np.float32), "wrong shape"),
        "a batch": (np.zeros((1, 60, 263), np.float32), "wrong shape"),
        "a number": (np.float32(1), "wrong shape"),
        "nan": (nan, "not finite"),
        "infinite": (np.full((5, 263), np.inf, np.float16), "not finite"),
        "large": (large, "not a motion"),
        "fused": (fused, "not a body"),
    }
    array, reason = arrays[kind]
    np.save(path, array)
    return reason


KINDS = [
    *("pickled", "pickled frames", "raw pickle", "truncated", "empty file", "folder", "archive", "integers", "complex"),
    *("text", "no frames", "no poses", "one pose", "too long", "other width", "a batch", "a number", "nan", "infinite"),
    *("large", "fused"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_unusable_files_are_refused_with_path_and_reason(tmp_path: Path, kind: str) -> None:
    write_generations(tmp_path, "m", 0, {"good": features()})
    reason = broken(kind, tmp_path / "m/0/bad.npy")
    found = read_generations(tmp_path, ["good", "bad"])
    assert reasons(found) == {"m/0/bad.npy": reason}
    assert not found.report["used"].any() and found.report["detail"].str.len().gt(0).all()
    assert [clip_id for clip_id, _ in found.motions("m", "0")] == ["good"]
    row = found.summary().iloc[0]
    assert (row.expected, row.usable, row.refused, row.missing) == (2, 1, 1, 0)


def test_a_thousand_frames_are_admitted(tmp_path: Path) -> None:
    place(tmp_path, features(1000).astype(np.float16))
    assert read_generations(tmp_path, ["a"]).report.empty


def test_other_lengths_are_reported_and_used(tmp_path: Path) -> None:
    place(tmp_path, features(52))
    found = read_generations(tmp_path, ["a"], frames={"a": 50})
    assert found.report[["reason", "detail", "used"]].values.tolist() == [
        ["other length", "52 frames instead of 50", True]
    ]
    assert len(list(found.motions("m", "0"))) == 1
    assert found.summary()["other_length"].tolist() == [1] and found.summary()["refused"].tolist() == [0]


def test_missing_clips_and_repeats_are_counted(tmp_path: Path) -> None:
    for repeat in (0, 1, 3):
        place(tmp_path, features(), repeat=str(repeat))
    place(tmp_path, features(), name="b", repeat="1")
    found = read_generations(tmp_path, ["a", "b"])
    assert reasons(found) == {
        "m/0/b.npy": "missing",
        "m/2": "missing repeat",
        "m/2/a.npy": "missing",
        "m/2/b.npy": "missing",
        "m/3/b.npy": "missing",
    }
    row = found.summary().iloc[0]
    assert (row.repeats, row.expected, row.usable, row.missing) == (4, 8, 4, 4)
    told = reasons(read_generations(tmp_path, ["a"], repeats=6))
    assert [path for path, reason in told.items() if reason == "missing repeat"] == ["m/2", "m/4", "m/5"]


@pytest.mark.parametrize("names", [["1", "2"], ["00", "01"], ["a", "b"], ["2024", "9999"]])
def test_repeats_may_be_numbered_or_named_otherwise(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        place(tmp_path, features(), repeat=name)
    assert read_generations(tmp_path, ["a"]).report.empty
    assert read_generations(tmp_path, ["a"], repeats=2).report.empty


def test_files_nobody_asked_for_are_reported(tmp_path: Path) -> None:
    place(tmp_path, features())
    place(tmp_path, features(), name="train-clip")
    (tmp_path / "m/notes.txt").write_text("x")
    (tmp_path / "readme.md").write_text("x")
    (tmp_path / "m/0/a.txt").write_text("x")
    told = reasons(read_generations(tmp_path, ["a"]))
    assert set(told) == {"m/0/train-clip.npy", "m/notes.txt", "readme.md", "m/0/a.txt"}
    assert set(told.values()) == {"not asked for"}


def test_an_empty_folder_holds_nothing_and_an_absent_one_is_an_error(tmp_path: Path) -> None:
    found = read_generations(tmp_path, ["a"])
    assert found.models == [] and found.report.empty and found.summary().empty
    with pytest.raises(CorpusError, match="no such folder"):
        read_generations(tmp_path / "absent", ["a"])
    (tmp_path / "file").write_text("x")
    with pytest.raises(CorpusError, match="is a file"):
        read_generations(tmp_path / "file", ["a"])


@pytest.mark.parametrize("name", ["../a", "a/b", "", ".hidden", "a\nb", ".."])
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match="cannot name a file"):
        write_generations(tmp_path / "out", "m", 0, {name: features()})
    with pytest.raises(CorpusError, match="cannot name a file"):
        write_generations(tmp_path / "out", name, 0, {})
    assert not (tmp_path / "out").exists()


def test_where_generations_lie(tmp_path: Path) -> None:
    assert folder_of(tmp_path, None) is None
    (tmp_path / "generations").mkdir()
    assert folder_of(tmp_path, None) == tmp_path / "generations"
    assert folder_of(tmp_path, "/elsewhere") == Path("/elsewhere")


@pytest.mark.parametrize(("length", "reported"), [(49, True), (50, False), (51, False), (52, True)])
def test_as_many_poses_as_asked_for_or_one_more_are_no_other_length(
    tmp_path: Path, length: int, reported: bool
) -> None:
    (tmp_path / "model" / "0").mkdir(parents=True)
    np.save(tmp_path / "model" / "0" / "a.npy", joints(length))
    assert bool(len(read_generations(tmp_path, ["a"], frames={"a": 50}).report)) == reported


def turned(joints, *axes):
    """The joints with other axes in place of X, Y, Z: "-Y" is the axis Y upside down."""
    signs = [-1 if axis.startswith("-") else 1 for axis in axes]
    return joints[..., ["XYZ".index(axis[-1]) for axis in axes]] * signs


def exchanged(joints):
    """Left and right named the wrong way round, and nothing else: a mirror image, seen in a mirror."""
    swapped = mirror(joints)
    swapped[..., 0] *= -1
    return swapped


SWUNG = swinging(60, speed=0.8)
NORMALISED = (features() - features().mean(axis=0)) / np.maximum(features().std(axis=0), 1e-3)


@pytest.mark.parametrize(
    ("motion", "reason"),
    [
        (turned(SWUNG, "X", "-Y", "-Z"), "upside down or lying"),
        (turned(SWUNG, "X", "-Z", "Y"), "upside down or lying"),
        (exchanged(SWUNG), "left and right exchanged"),
        (SWUNG - SWUNG[:, :1], "root-relative"),
        (SWUNG * 0.3937, "not in metres"),
        (SWUNG * 100, "not in metres"),
        (NORMALISED, "not in metres"),
    ],
)
def test_what_a_model_s_bodies_share_is_told_once_and_evaluated(tmp_path: Path, motion, reason: str) -> None:
    write_generations(tmp_path, "sound", 0, {name: SWUNG for name in "abc"})
    for repeat in (0, 1):
        write_generations(tmp_path, "odd", repeat, {name: motion for name in "abc"})
    found = read_generations(tmp_path, ["a", "b", "c"])
    row = found.report.set_index("reason").loc[reason]
    assert (row["model"], row["clip_id"], row["path"], row["used"]) == ("odd", "", "odd/0/a.npy", True)
    assert row["detail"].endswith(" in 6 of 6 motions looked at")
    assert set(found.report["model"]) == {"odd"} and len(found.bodies) == len(found.report)
    told = found.summary().set_index("model")
    assert told.loc["odd", ["repeats", "expected", "usable", "refused"]].tolist() == [2, 6, 6, 0]


def test_somebody_may_lie_through_a_clip(tmp_path: Path) -> None:
    lying = turned(SWUNG, "X", "-Z", "Y")
    write_generations(tmp_path, "m", 0, {"a": lying, "b": SWUNG, "c": SWUNG})
    assert read_generations(tmp_path, ["a", "b", "c"]).report.empty
    write_generations(tmp_path, "m", 0, {"c": lying})
    detail = read_generations(tmp_path, ["a", "b", "c"]).report["detail"].item()
    assert detail == "the head is never well above the feet in 2 of 3 motions looked at"


def test_pipes_are_refused_and_macos_files_are_none(tmp_path: Path) -> None:
    write_generations(tmp_path, "m", 0, {"a": SWUNG})
    os.mkfifo(tmp_path / "m/0/b.npy")
    for name in ("._m", "m/._0", "m/0/._a.npy", "m/.DS_Store"):
        (tmp_path / name).write_bytes(b"\0\x05\x16\x07")
    (tmp_path / "__MACOSX/m/0").mkdir(parents=True)
    found = read_generations(tmp_path, ["a", "b"])
    assert reasons(found) == {"m/0/b.npy": "unreadable"} and found.models == ["m"]


def test_generations_are_found_by_composed_names(tmp_path: Path) -> None:
    composed, apart = "gr\u00fc\u00dft", "gru\u0308\u00dft"
    write_generations(tmp_path, "m", 0, {apart: SWUNG})
    for asked in (composed, apart):
        found = read_generations(tmp_path, [asked])
        assert found.report.empty and [clip_id for clip_id, _ in found.joints("m", "0")] == [composed]
