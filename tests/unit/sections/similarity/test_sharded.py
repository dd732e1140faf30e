"""Search by shards: brute force's neighbours and groups, and the bits of one process however it is cut."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from lib.engine import arrays, mapping
from lib.engine.parameters import CHOSEN, EngineParameters
from lib.engine.work import Function, packed
from lib.metrics import near_duplicates
from lib.metrics import nearest as search
from lib.metrics.duplicates import components
from lib.sections.similarity import sharded
from lib.sections.similarity.sharded import joined, nearest

BLOCK = 16
SHARDS = pytest.mark.parametrize(("shards", "workers"), [(1, 1), (2, 1), (7, 1), (7, 2)])


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setattr(arrays, "LARGE", 0)
    yield monkeypatch


def captions(n: int, d: int = 96, seed: int = 0) -> NDArray[np.float32]:
    """Unit rows of which a third repeat another one, some of these to the bit."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, d))
    again = np.arange(0, n, 3)
    rows[again] = rows[rng.permutation(n)[: len(again)]] + 0.05 * (again % 2)[:, None] * rows[again]
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def chosen(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setenv(CHOSEN, EngineParameters(workers=workers).model_dump_json())


@SHARDS
def test_neighbours_are_those_of_one_process_to_the_bit(
    large: pytest.MonkeyPatch, tmp_path: Path, shards: int, workers: int
) -> None:
    chosen(large, workers)
    large.setattr(sharded, "BLOCKS", 14 // shards)
    queries, references = captions(14 * BLOCK - 5), captions(50, seed=1)
    scores, found = nearest(queries, references, block=BLOCK, folder=tmp_path)
    assert len([*tmp_path.glob("nearest neighbours/*.parquet")]) == shards
    expected = search.nearest(queries, references, block=BLOCK)
    np.testing.assert_array_equal(scores.view(np.int32), expected[0].view(np.int32))
    np.testing.assert_array_equal(found, expected[1])
    whole = queries.astype(float) @ references.astype(float).T
    np.testing.assert_allclose(whole[np.arange(len(queries)), found], whole.max(axis=1), atol=1e-6)


@pytest.mark.usefixtures("large")
def test_the_first_of_equal_references_is_found(tmp_path: Path) -> None:
    rows = captions(30)[1::3]
    order = np.random.default_rng(0).integers(0, len(rows), 100)
    _, found = nearest(rows, rows[order], block=7, folder=tmp_path)
    present = np.flatnonzero(np.isin(np.arange(len(rows)), order))
    assert found[present].tolist() == [int(np.flatnonzero(order == row)[0]) for row in present]


@pytest.mark.parametrize("shards", [1, 2, 7])
@pytest.mark.parametrize("few", [False, True])
def test_groups_are_those_of_the_whole_matrix(
    large: pytest.MonkeyPatch, tmp_path: Path, shards: int, few: bool
) -> None:
    if few:  # dimensions in a first pass
        large.setattr(near_duplicates, "SAMPLE", 20)
        large.setattr(near_duplicates, "WIDTHS", (8,))
        large.setattr(near_duplicates, "ALONE", 0)
    chosen(large, 1)
    rows = captions(6 * BLOCK + 3)  # 7 blocks, 28 tiles
    large.setattr(sharded, "TILES", 28 // shards)
    found = joined(rows, 0.9, block=BLOCK, folder=tmp_path)
    assert len([*tmp_path.glob("near-duplicates/*.parquet")]) == shards
    assert len([*tmp_path.glob("*.npy")]) == 1 + few
    near = rows.astype(float) @ rows.astype(float).T >= 0.9
    group = connected_components(near, directed=False)[1]
    assert found.tolist() == [int(np.flatnonzero(group == one)[0]) for one in group]
    assert found.tolist() == components(rows, 0.9, block=BLOCK).tolist()
    assert np.bincount(np.bincount(found))[2:].sum() > 10


def test_groups_of_two_processes_are_those_of_one(large: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen(large, 2)
    large.setattr(sharded, "TILES", 10)
    rows = captions(6 * BLOCK + 3)
    assert joined(rows, 0.9, block=BLOCK, folder=tmp_path).tolist() == components(rows, 0.9, block=BLOCK).tolist()


def test_what_is_small_leaves_no_file_and_what_is_large_leaves_no_vectors_in_a_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = captions(200)
    nearest(rows, rows, block=BLOCK, folder=tmp_path)
    joined(rows, 0.9, block=BLOCK, folder=tmp_path)
    assert not [*tmp_path.iterdir()]
    calls: list[bytes] = []

    def noted(function: Function, arguments: Mapping[str, Any]) -> bytes:
        calls.append(packed(function, arguments))
        return calls[-1]

    monkeypatch.setattr(mapping, "packed", noted)
    monkeypatch.setattr(arrays, "LARGE", 200 * 200 * 96)
    chosen(monkeypatch, 1)
    nearest(rows, rows, block=BLOCK, folder=tmp_path)
    monkeypatch.setattr(arrays, "LARGE", 200 * 100 * 96)
    joined(rows, 0.9, block=BLOCK, folder=tmp_path)
    assert len(calls) == 2 and max(map(len, calls)) < 2000 < rows.nbytes


@pytest.mark.usefixtures("large")
def test_what_was_searched_is_not_searched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen(monkeypatch, 1)
    rows = captions(60)
    before = nearest(rows, rows, block=BLOCK, folder=tmp_path), joined(rows, 0.9, block=BLOCK, folder=tmp_path)
    monkeypatch.setattr(search, "closest", None)
    monkeypatch.setattr(near_duplicates.PairSearch, "tile", None)
    again = nearest(rows, rows, block=BLOCK, folder=tmp_path), joined(rows, 0.9, block=BLOCK, folder=tmp_path)
    np.testing.assert_array_equal(np.stack(before[0]), np.stack(again[0]))
    np.testing.assert_array_equal(before[1], again[1])


@pytest.mark.usefixtures("large")
def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="queries have 2 dimensions, references 3"):
        nearest(np.eye(2), np.eye(3), folder=tmp_path)
    with pytest.raises(ValueError, match="vectors hold NaN or infinity in 1 of 3 rows"):
        joined(np.diag([1, 1, np.nan]), 0.5, folder=tmp_path)
    with pytest.raises(ValueError, match="block"):
        joined(np.eye(3), 0.5, block=0, folder=tmp_path)
