"""Rarefaction against enumeration of all subsets."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.metrics import vocabulary

CAPTIONS = st.lists(st.lists(st.sampled_from("abcde"), max_size=4), min_size=1, max_size=7)


@given(CAPTIONS, st.data())
def test_rarefaction_is_the_mean_over_all_subsets(captions, data):
    size = data.draw(st.integers(1, len(captions)))
    exact = np.mean([len({w for c in chosen for w in c}) for chosen in combinations(captions, size)])
    assert vocabulary.rarefied(captions, [size])[0] == pytest.approx(exact, abs=1e-9)


@given(CAPTIONS)
def test_rarefaction_grows_and_ends_at_the_whole_vocabulary(captions):
    curve = vocabulary.rarefied(captions, range(1, len(captions) + 1))
    assert (np.diff(curve) >= -1e-9).all()
    assert curve[-1] == pytest.approx(len({w for c in captions for w in c}))


def test_more_captions_than_there_are_is_refused():
    with pytest.raises(ValueError, match="cannot draw 3 of 2"):
        vocabulary.rarefied([["a"], ["b"]], [3])


def test_the_interval_of_random_subsets_holds_the_expectation():
    random = np.random.default_rng(0)
    captions = [[f"w{int(w)}" for w in random.zipf(1.6, 6) if w < 500] for _ in range(300)]
    low, high = vocabulary.rarefied_interval(captions, 100, draws=300, rng=random)
    assert low < vocabulary.rarefied(captions, [100])[0] < high
