"""Pairs against the whole matrix and scikit-learn: whatever the blocks, the first pass, the ties and the repeats."""

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from lib.metrics import near_duplicates
from lib.metrics.duplicates import components
from lib.metrics.near_duplicates import pairs_above

# Small whole numbers: every product is exact in float32, so ties are ties whatever the order of summation.
WHOLE = st.integers(-3, 3).map(float)
Found = dict[tuple[int, int], float]


@pytest.fixture(params=["all dimensions at once", "a first pass of few"])
def first_pass(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "a first pass of few":
            patched.setattr(near_duplicates, "SAMPLE", 1)
            patched.setattr(near_duplicates, "WIDTHS", (1, 2, 3))
            patched.setattr(near_duplicates, "ALONE", 0)
        yield


def found(vectors: NDArray, threshold: float, block: int) -> Found:
    """The pairs by numpy, which are those of the code that runs on a GPU."""
    pairs, torched = (found_on(device, vectors, threshold, block) for device in ("cpu", torch.device("cpu")))
    assert pairs.keys() == torched.keys()
    np.testing.assert_allclose([*pairs.values()], [torched[pair] for pair in pairs], atol=1e-5, rtol=1e-6)
    return pairs


def found_on(device: str | torch.device, vectors: NDArray, threshold: float, block: int) -> Found:
    pairs: Found = {}
    for first, second, similarity in pairs_above(vectors, threshold, block=block, device=device):
        assert first.dtype == second.dtype == np.int64 and similarity.dtype == np.float32
        for i, j, value in zip(first.tolist(), second.tolist(), similarity.tolist(), strict=True):
            assert (i, j) not in pairs
            pairs[i, j] = value
    return pairs


def brute_force(vectors: NDArray, threshold: float) -> Found:
    wide = vectors.astype(np.float32).astype(np.float64)
    whole = (wide[:, None] * wide[None]).sum(axis=2).astype(np.float32)
    near = np.argwhere(np.triu(whole >= np.float32(threshold), k=1))
    return {(i, j): float(whole[i, j]) for i, j in near.tolist()}


@st.composite
def captions(draw: st.DrawFn) -> NDArray[np.float32]:
    """Unit vectors: spread, in few directions, in tight groups, or the same ones many times."""
    n, d = draw(st.integers(0, 60)), draw(st.integers(1, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = rng.normal(size=(n, d))
    kind = draw(st.sampled_from(["spread", "flat", "groups", "repeats"]))
    if kind == "flat":
        rows *= 0.3 ** np.arange(d)
    elif kind == "groups":
        rows = rng.normal(size=(4, d))[rng.integers(0, 4, n)] + 0.05 * rows
    elif kind == "repeats":
        rows = rows[rng.integers(0, max(1, n // 4), n)] if n else rows
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.usefixtures("first_pass")
class TestPairs:
    @given(
        arrays(float, st.tuples(st.integers(0, 24), st.integers(1, 5)), elements=WHOLE),
        st.integers(1, 26),
        st.integers(-9, 20),
    )
    def test_ties_and_repeats_are_brute_force(self, vectors: NDArray, block: int, threshold: int) -> None:
        assert found(vectors, threshold, block) == brute_force(vectors, threshold)

    @settings(deadline=None)
    @given(captions(), st.integers(1, 70), st.floats(-1, 1) | st.sampled_from([0.9, 0.95, 1.0]))
    def test_pairs_are_brute_force(self, vectors: NDArray, block: int, threshold: float) -> None:
        got, expected = found(vectors, threshold, block), brute_force(vectors, threshold)
        assert got.keys() == expected.keys()
        assert np.allclose([got[pair] for pair in expected], list(expected.values()), atol=1e-5)

    @settings(deadline=None)
    @given(captions(), st.data())
    def test_a_pair_at_the_threshold_counts_and_one_below_it_does_not(
        self, vectors: NDArray, data: st.DataObject
    ) -> None:
        similar = brute_force(vectors, -1.1)
        if similar:
            threshold = data.draw(st.sampled_from(sorted(set(similar.values()))))
            above = float(np.nextafter(np.float32(threshold), np.float32(2)))
            assert found(vectors, threshold, 7).keys() == {pair for pair in similar if similar[pair] >= threshold}
            assert found(vectors, above, 7).keys() == {pair for pair in similar if similar[pair] > threshold}

    @settings(deadline=None)
    @given(captions().filter(len), st.floats(0.05, 1))
    def test_pairs_are_scikit_learns(self, vectors: NDArray, threshold: float) -> None:
        radius = 1 - threshold
        distance, near = NearestNeighbors(radius=radius + 1e-5, metric="cosine").fit(vectors).radius_neighbors()
        wide = {
            (i, int(j)): gap for i, some in enumerate(near) for j, gap in zip(some, distance[i], strict=True) if i < j
        }
        got = found(vectors, threshold, 16).keys()
        assert got <= wide.keys()
        assert got >= {pair for pair, gap in wide.items() if gap < radius - 1e-5}

    @settings(deadline=None)
    @given(captions(), st.integers(1, 70), st.floats(0.3, 1))
    def test_groups_are_those_of_all_pairs(self, vectors: NDArray, block: int, threshold: float) -> None:
        label = list(range(len(vectors)))
        for i, j in brute_force(vectors, threshold):
            low, high = sorted((label[i], label[j]))
            label = [low if one == high else one for one in label]
        assert components(vectors, threshold, block=block).tolist() == label


@pytest.mark.parametrize("kind", ["few directions", "spread", "tight groups"])
def test_pairs_of_sentence_like_vectors_are_those_of_the_whole_matrix(kind: str) -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(6000, 768)).astype(np.float32)
    rows[3000:3100] = rows[:100] + 0.1 * rows[100:200]
    if kind == "few directions":
        rows *= np.arange(1, 769, dtype=np.float32) ** -0.8
    elif kind == "tight groups":
        rows = rng.normal(size=(150, 768)).astype(np.float32)[rng.integers(0, 150, 6000)] + 0.3 * rows
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    whole = rows @ rows.T
    expected = np.argwhere(np.triu(whole >= np.float32(0.92), k=1))
    assert len(expected) >= 100
    first, second, similarity = map(np.concatenate, zip(*pairs_above(rows, 0.92, block=1000), strict=True))
    doubtful = {(int(i), int(j)) for i, j in np.argwhere(np.triu(np.abs(whole - 0.92) < 1e-6, k=1))}
    assert {*zip(first.tolist(), second.tolist(), strict=True)} ^ {(int(i), int(j)) for i, j in expected} <= doubtful
    assert np.allclose(similarity, whole[first, second], atol=1e-6)


def test_a_first_pass_is_chosen_where_it_pays_and_left_where_it_does_not() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(5000, 256)).astype(np.float32)
    flat = rows * np.arange(1, 257, dtype=np.float32) ** -1.0
    widths = []
    for vectors, threshold in ((flat, 0.95), (rows, 0.2)):
        units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        widths.append(near_duplicates.prepared(units, threshold).heads.shape[1])
    assert widths == [33, 256]


def test_what_is_settled_is_left_out() -> None:
    rows = np.ones((6, 2)) / np.sqrt(2)
    tiles = pairs_above(rows, 0.9, block=4, settled=lambda first, second: (first + second) % 2 == 0)
    first, second, _ = map(np.concatenate, zip(*tiles, strict=True))
    pairs = {(i, j) for i in range(6) for j in range(i + 1, 6) if (i + j) % 2}
    assert {*zip(first.tolist(), second.tolist(), strict=True)} == pairs


def test_memory_follows_the_block() -> None:
    rows = np.random.default_rng(0).normal(size=(6000, 8)).astype(np.float32)
    peaks = []
    for block in (100, 1000):
        tracemalloc.start()
        for _ in pairs_above(rows, 60.0, block=block):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < 3e6 < peaks[1] < 6e7 < 4 * 6000**2


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(value: float) -> None:
    rows = np.eye(3)
    rows[1, 1] = value
    with pytest.raises(ValueError, match="vectors hold NaN or infinity in 1 of 3 rows"):
        list(pairs_above(rows, 0.5))


def test_what_makes_no_sense_is_refused() -> None:
    for block, threshold, said in ((0, 0.5, "block"), (2, float("nan"), "threshold")):
        with pytest.raises(ValueError, match=said):
            list(pairs_above(np.eye(2), threshold, block=block))
    with pytest.raises(ValueError, match="must be"):
        list(pairs_above(np.zeros(3), 0.5))
