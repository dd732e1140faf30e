"""Arrays that workers map: what was given, one file a content, whole or not there."""

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from lib.base import cache_use
from lib.base.errors import UserError
from lib.engine import arrays as shared
from lib.engine.arrays import ROWS_AT_ONCE, kept, opened

SHAPES = array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5)


@given(arrays(np.int64, SHAPES, elements=st.integers(-9, 9)), st.sampled_from(["float32", "float64", "int64"]))
def test_what_is_opened_is_what_was_given(
    tmp_path_factory: pytest.TempPathFactory, numbers: NDArray[np.int64], kind: str
) -> None:
    array = numbers.astype(kind)
    made = kept(array, folder=tmp_path_factory.mktemp("arrays"))
    back, read = opened(made.value), np.load(made.value, allow_pickle=False)
    for one in (back, read):
        assert one.dtype == array.dtype and one.shape == array.shape
        np.testing.assert_array_equal(one, array)
    assert not back.size or not back.flags.writeable


def test_equal_arrays_are_one_file_and_others_are_others(tmp_path: Path) -> None:
    rows = np.arange(12, dtype=np.float32).reshape(6, 2)
    keys = {kept(one, folder=tmp_path).key for one in (rows, rows.copy(order="F"), np.repeat(rows, 2, axis=0)[::2])}
    assert len(keys) == 1
    other = rows.copy()
    other[5, 1] += 1
    unlike: list[NDArray[Any]] = [other, rows.reshape(2, 6), rows.astype(np.float64), rows.view(np.int32), rows[::-1]]
    keys |= {kept(one, folder=tmp_path).key for one in unlike}
    assert {file.stem for file in tmp_path.iterdir()} == keys and len(keys) == 6


def test_rows_are_gathered_as_an_index_would(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    array = rng.normal(size=(2 * ROWS_AT_ONCE + 7, 3))
    some = rng.integers(0, len(array), ROWS_AT_ONCE + 5)
    made = kept(array, rows=some, folder=tmp_path)
    np.testing.assert_array_equal(opened(made.value), array[some])
    assert made == kept(array[some], folder=tmp_path)


def test_a_file_is_written_once_and_again_where_it_is_cut_off(tmp_path: Path) -> None:
    array = np.arange(100.0)
    file = Path(kept(array, folder=tmp_path).value)
    before = file.stat()
    assert kept(array, folder=tmp_path).value == str(file)
    assert file.stat().st_mtime_ns == before.st_mtime_ns and file.stat().st_ino == before.st_ino
    file.write_bytes(file.read_bytes()[:-1])
    kept(array, folder=tmp_path)
    np.testing.assert_array_equal(opened(str(file)), array)


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=2**29 + 1000))
    kept(np.zeros(1), folder=tmp_path / "small")
    with pytest.raises(UserError, match="an array of 1,000 rows needs 8 kB"):
        kept(np.zeros(1000), folder=tmp_path / "large")
    assert not (tmp_path / "large").exists() or not [*(tmp_path / "large").iterdir()]


def test_an_array_in_the_cache_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "ARRAYS", tmp_path / "arrays")
    monkeypatch.setattr(cache_use.note, "__kwdefaults__", {"cache": tmp_path})
    with cache_use.collected("p", "01", cache=tmp_path):
        made = kept(np.arange(3))
    noted = cache_use.entries([cache_use.folder_of(tmp_path, "p", "01")])
    assert noted == {f"arrays/{made.key}.npy"}
