"""Recall by gallery size against enumeration of every gallery."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.metrics.gallery import found_in_gallery, recall_by_gallery
from lib.metrics.ranking import rank_pairs
from lib.metrics.ranks import Ranks


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(-1, 1), min_size=2, max_size=2), min_size=2, max_size=6),
    st.integers(0, 99),
    st.integers(1, 4),
    st.sampled_from(["average", "optimistic", "expected"]),
    st.data(),
)
def test_the_expectation_is_the_mean_over_every_gallery(motion, seed, k, ties, data):
    motion = np.array(motion)
    text = np.random.default_rng(seed).integers(-1, 2, size=motion.shape)
    n = len(motion)
    size = data.draw(st.integers(1, n))
    there, _ = rank_pairs(text, motion)
    similarity = (text @ motion.T) / np.maximum(np.linalg.norm(motion, axis=1), 1e-12)
    for i in range(n):
        found = []
        for others in combinations([j for j in range(n) if j != i], size - 1):
            row = similarity[i, [i, *others]]
            close = np.isclose(row, row[0], atol=1e-9)
            one = Ranks(*(np.array([v]) for v in ((row[~close] > row[0]).sum(), close.sum(), 1)), size)
            found.append(one.found(k, ties)[0])
        assert found_in_gallery(there, size, k, ties=ties)[i] == pytest.approx(np.mean(found), abs=1e-9)


def test_the_full_gallery_gives_the_plain_recall():
    rng = np.random.default_rng(0)
    text = rng.normal(size=(200, 8))
    motion = text + rng.normal(size=text.shape)
    there, _ = rank_pairs(text, motion)
    curve = recall_by_gallery(there, np.arange(200), sizes=[32, 200], ks=[1, 10], draws=100, rng=rng)
    cosines = text @ (motion / np.linalg.norm(motion, axis=1, keepdims=True)).T
    above = (cosines > np.diag(cosines)[:, None]).sum(axis=1)
    assert curve["recall"].tolist()[2:] == pytest.approx([100 * (above < k).mean() for k in (1, 10)])
    assert (curve["low"] <= curve["recall"]).all() and (curve["recall"] <= curve["high"]).all()
    assert curve["recall"].iloc[0] > curve["recall"].iloc[2]


def test_unrelated_vectors_stay_at_chance_at_every_size():
    there, _ = rank_pairs(*np.random.default_rng(0).normal(size=(2, 2000, 16)))
    sizes = [8, 32, 128, 512, 2000]
    curve = recall_by_gallery(there, np.arange(2000), sizes=sizes, ks=[1, 5], draws=200, rng=np.random.default_rng(1))
    assert curve["recall"].to_numpy() == pytest.approx(curve["chance"].to_numpy(), rel=0.5, abs=0.2)
    assert curve["chance"].iloc[0] == 12.5


def test_a_curve_needs_ranks_of_the_item_itself_and_sizes_that_exist():
    one = np.array([1])
    with pytest.raises(ValueError, match="without a threshold"):
        found_in_gallery(Ranks(one, one, one, 9, own_item_only=False), 2, 1)
    with pytest.raises(ValueError, match="10 cannot be drawn from 9"):
        found_in_gallery(Ranks(one, one, one, 9), 10, 1)
