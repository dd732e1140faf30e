"""Motions of one's own: joints, millimetres or features are read alike, and everything else is told in one line."""

from pathlib import Path

import numpy as np
import pytest

from lib.base.errors import CorpusError
from lib.motion.features import from_joints, recover_joints
from lib.motion.motion_file import doubts, read

from .bodies import swinging


def saved(folder: Path, array: np.ndarray, **options: bool) -> Path:
    np.save(folder / "own.npy", array, **options)
    return folder / "own.npy"


def test_joints_are_set_on_the_floor_and_else_left_alone(tmp_path: Path) -> None:
    joints = swinging(20) + np.array([5.0, 3.0, -2.0])
    read_back = read(saved(tmp_path, joints.astype(np.float32)))
    assert read_back[..., 1].min() == 0.0
    assert np.ptp(read_back - joints, axis=(0, 1)) == pytest.approx(0, abs=1e-5)


def test_integers_are_millimetres(tmp_path: Path) -> None:
    joints = swinging(20)
    expected = joints - np.array([0.0, joints[..., 1].min(), 0.0])
    assert np.abs(read(saved(tmp_path, (joints * 1000).round().astype(np.int16))) - expected).max() < 1.1e-3


def test_features_become_joints(tmp_path: Path) -> None:
    joints = swinging(40, turn=1.0, speed=1.0)
    found = read(saved(tmp_path, from_joints(joints)))
    assert found.shape == (39, 22, 3)
    bones = np.linalg.norm(found[:, 20] - found[:, 18], axis=-1)
    assert bones == pytest.approx(np.linalg.norm(joints[0, 20] - joints[0, 18]), abs=2e-3)


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros((5, 24, 3)), "wrong shape (5, 24, 3)"),
        (np.zeros((5, 66)), "wrong shape (5, 66)"),
        (np.zeros(()), "wrong shape ()"),
        (np.zeros((0, 263)), "no frames"),
        (np.zeros((3, 22, 3), dtype=bool), "wrong type bool"),
        (np.full((3, 22, 3), np.nan), "NaN or infinite values from frame 0"),
        (swinging(5) * 1000, "no body in metres"),
        (np.zeros((5, 22, 3)), "no body in metres"),
    ],
)
def test_what_is_no_motion_is_refused_in_one_line(tmp_path: Path, array: np.ndarray, said: str) -> None:
    with pytest.raises(CorpusError) as refused:
        read(saved(tmp_path, array))
    assert said in str(refused.value) and "own.npy" in str(refused.value) and "\n" not in str(refused.value)


def test_what_may_not_be_meant_is_told_and_a_sound_motion_is_not() -> None:
    joints = swinging(60, speed=0.5)
    assert doubts(joints) == []
    features = from_joints(joints)
    normalised = recover_joints((features - features.mean(axis=0)) / np.maximum(features.std(axis=0), 1e-3))
    assert any(told.endswith("are they normalised features?") for told in doubts(normalised))
    assert any(told.endswith("does Y point up?") for told in doubts(joints[..., [0, 2, 1]]))
    assert any("legs are 0.3" in told for told in doubts(joints * 0.3937))


def test_pickled_objects_and_other_files_are_never_opened(tmp_path: Path) -> None:
    (tmp_path / "text.npy").write_text("not an array")
    for path in (saved(tmp_path, np.array([{}]), allow_pickle=True), tmp_path / "text.npy", tmp_path / "gone.npy"):
        with pytest.raises(CorpusError, match=path.name):
            read(path)
