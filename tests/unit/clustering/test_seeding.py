"""Seeds of k-means++: scikit-learn's rows from scikit-learn's draws, wherever distances are computed."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.cluster import kmeans_plusplus

from lib.base.arrays import place_of
from lib.clustering.seeding import SEEDED_FROM, chosen, seeds

PLACES = [place_of("cpu"), place_of(torch.device("cpu"))]


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 999), d=st.integers(1, 6), count=st.integers(1, 30), place=st.sampled_from(PLACES))
def test_the_rows_are_scikit_learns(seed, d, count, place):
    # Of so many rows a seed is nearest to many; of few, two seeds of two rows would leave the same sum.
    rows = np.random.default_rng(seed).normal(size=(3000, d)) + 3
    expected = kmeans_plusplus(rows, count, random_state=seed)[1]
    np.testing.assert_array_equal(chosen(rows, count, seed, place), expected)


@pytest.mark.parametrize("place", PLACES)
def test_every_group_far_from_the_others_has_a_seed(place):
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 12, 3000)
    rows = (50 * rng.normal(size=(12, 6))[truth] + rng.normal(size=(3000, 6))).astype(np.float32)
    begin = seeds(rows, 12, 5, place)
    assert begin.dtype == np.float32 and begin.flags.c_contiguous
    nearest = cdist(begin, rows).argmin(axis=1)
    np.testing.assert_array_equal(rows[nearest], begin)
    assert {*truth[nearest].tolist()} == set(range(12))


@pytest.mark.parametrize("place", PLACES)
def test_rows_that_repeat_are_seeds_all_the_same(place):
    rows = np.repeat(np.eye(3, dtype=np.float32), 5, axis=0)
    begin = seeds(rows, 6, 0, place)
    assert len(begin) == 6 and len(np.unique(begin, axis=0)) == 3
    assert len(seeds(np.ones((SEEDED_FROM * 9, 2), dtype=np.float32), 4, 0, place)) == 4
