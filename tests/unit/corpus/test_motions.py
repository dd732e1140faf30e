"""Packed joints are read and looked over alike, whether the array is mapped from a file or in memory."""

from pathlib import Path

import numpy as np
import pytest

from lib.corpus import motions
from lib.corpus.motions import PackedStore, _boneless
from lib.motion.skeleton import PARENTS


@pytest.mark.parametrize("rows", [0, 6, 7, 8, 50])
def test_bones_without_length_are_found_in_a_mapped_file_and_in_memory(
    tmp_path: Path, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(motions, "AT_ONCE", 7)
    joints = np.random.default_rng(rows).integers(-1, 2, (rows, 22, 3)).astype(np.int16)
    np.save(tmp_path / "joints.npy", joints)
    wanted = [any((frame[j] == frame[PARENTS[j]]).all() for j in range(1, 22)) for frame in joints]
    mapped = np.load(tmp_path / "joints.npy", mmap_mode="r") if rows else joints
    for array in (mapped, joints):
        assert _boneless(PackedStore(tmp_path / "joints.npy", array, {})).tolist() == wanted


@pytest.mark.parametrize("kind", ["<i2", ">f4"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_rows_are_those_of_the_array_in_whatever_order_it_was_saved(tmp_path: Path, order: str, kind: str) -> None:
    joints = np.random.default_rng(0).integers(-900, 900, (9, 22, 3)).astype(kind)
    np.save(tmp_path / "joints.npy", np.asarray(joints, order=order))
    mapped = np.load(tmp_path / "joints.npy", mmap_mode="r")
    assert mapped.flags.f_contiguous == (order == "F")
    store = PackedStore(tmp_path / "joints.npy", mapped, {"a": (2, 4), "b": (6, 3)})
    np.testing.assert_array_equal(store.read("a"), joints[2:6])
    np.testing.assert_array_equal(store.read("b"), joints[6:])
