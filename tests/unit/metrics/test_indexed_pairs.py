"""What an index finds is there, what it misses is counted, and one that looks everywhere finds all."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lib.metrics.duplicates import components, groups
from lib.metrics.indexed_pairs import Index, IndexedPairs

KINDS = st.sampled_from(["hnsw", "ivf"])


def grouped(n: int, seed: int, centres: int = 12, noise: float = 0.15) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(centres, 16))[rng.integers(0, centres, n)] + noise * rng.normal(size=(n, 16))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def directed(index: IndexedPairs, threshold: float, **ways: int) -> dict[tuple[int, int], float]:
    found: dict[tuple[int, int], float] = {}
    for first, second, similarity in index.above(threshold, **ways):
        assert first.dtype == second.dtype == np.int64
        pairs = [*zip(first.tolist(), second.tolist(), strict=True)]
        assert not found.keys() & {*pairs} and len({*pairs}) == len(pairs)
        found |= dict(zip(pairs, similarity.tolist(), strict=True))
    return found


@settings(deadline=None, max_examples=40)
@given(KINDS, st.integers(0, 300), st.integers(1, 100), st.floats(0.5, 0.99), st.integers(0, 1000))
def test_what_an_index_finds_is_there(kind: Index, n: int, block: int, threshold: float, seed: int) -> None:
    rows = grouped(n, seed)
    found, whole = directed(IndexedPairs(rows, kind), threshold, block=block), rows.astype(float) @ rows.T
    for (i, j), similarity in found.items():
        assert i != j and similarity == pytest.approx(whole[i, j], abs=1e-6) and similarity >= np.float32(threshold)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 300), st.floats(0.5, 0.99), st.integers(0, 1000))
def test_an_index_that_looks_through_all_lists_finds_all(n: int, threshold: float, seed: int) -> None:
    rows = grouped(n, seed)
    whole = rows.astype(float) @ rows.T
    np.fill_diagonal(whole, -1)
    if np.abs(whole - threshold).min() > 1e-6:
        found = directed(IndexedPairs(rows, "ivf", effort=10**6), threshold)
        assert found.keys() == {(i, j) for i, j in np.argwhere(whole >= threshold).tolist()}


@pytest.mark.parametrize("kind", ["hnsw", "ivf"])
def test_equal_rows_are_found_at_a_cosine_of_one(kind: Index) -> None:
    rows = np.repeat(np.eye(8, dtype=np.float32), 5, axis=0)
    found = directed(IndexedPairs(rows, kind), 1.0)
    assert found.keys() == {(i, j) for i in range(40) for j in range(40) if i != j and i // 5 == j // 5}


def test_a_row_with_many_near_duplicates_has_them_all() -> None:
    sizes = [300, 128, 70, 64, 63, 3]
    rows = np.repeat(np.eye(6, dtype=np.float32), sizes, axis=0)
    found = directed(IndexedPairs(rows, "ivf", effort=400), 0.9, block=50)
    owner = np.repeat(np.arange(6), sizes)
    assert found.keys() == {(i, j) for i, j in np.argwhere(owner[:, None] == owner).tolist() if i != j}


@pytest.mark.parametrize(("kind", "effort"), [("ivf", 1), ("hnsw", 4), ("hnsw", 500)])
def test_recall_is_the_share_of_true_pairs_that_are_found(kind: Index, effort: int) -> None:
    rows = grouped(2000, seed=1, centres=60, noise=0.4)
    index = IndexedPairs(rows, kind, effort=effort)
    found, whole = directed(index, 0.8), rows @ rows.T
    np.fill_diagonal(whole, -1)
    true = {(i, j) for i, j in np.argwhere(whole >= np.float32(0.8)).tolist()}
    got = index.recall(0.8, sample=10**6, draws=200, rng=np.random.default_rng(0))
    assert got.n == len(true) and got.value == pytest.approx(len(true & found.keys()) / len(true), abs=1e-3)
    assert got.low - 1e-9 <= got.value <= got.high + 1e-9
    if effort == 1:
        assert 0.1 < got.value < 0.99  # one list of many misses what lies across its border


def test_recall_without_near_duplicates_is_not_a_number() -> None:
    got = IndexedPairs(np.eye(5), "ivf").recall(0.9, sample=5, draws=100, rng=np.random.default_rng(0))
    assert np.isnan(got.value) and got.n == 0


@pytest.mark.parametrize("kind", ["hnsw", "ivf"])
def test_groups_by_an_index_are_those_of_all_pairs_where_they_lie_apart(kind: Index) -> None:
    rows = grouped(900, seed=2, centres=40, noise=0.05)
    exact = components(rows, 0.9)
    assert components(rows, 0.9, index=IndexedPairs(rows, kind)).tolist() == exact.tolist()
    names = [f"t{number}" for number in range(len(rows))]
    captions = pd.DataFrame({"clip_id": names, "text": names})
    vectors = dict(zip(names, rows, strict=True))
    audits = [groups(captions, vectors, threshold=0.9, search=search, draws=100) for search in ("exact", kind)]
    assert audits[0].recall is None and audits[1].recall is not None and audits[1].recall.value > 0.99
    pd.testing.assert_frame_equal(audits[0].flags, audits[1].flags)
    pd.testing.assert_frame_equal(audits[0].summary, audits[1].summary)


def test_values_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="NaN or infinity in 1 of 2 rows"):
        IndexedPairs(np.array([[1.0, np.nan], [0.0, 1.0]]), "ivf")
