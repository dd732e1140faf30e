"""Farthest-first traversal against a brute force, and its guarantee."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lib.metrics.diversity import farthest_first


@given(st.integers(0, 10_000), st.integers(3, 9), st.integers(2, 4))
def test_each_row_is_the_least_similar_to_those_chosen_and_the_spread_is_half_the_best(seed, n, size):
    rows = np.random.default_rng(seed).normal(size=(n, 3))
    directions = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosine = directions @ directions.T
    chosen = farthest_first(rows, min(size, n)).tolist()
    assert len(set(chosen)) == min(size, n)
    for at in range(1, len(chosen)):
        left = [row for row in range(n) if row not in chosen[:at]]
        nearest = {row: cosine[row, chosen[:at]].max() for row in left}
        assert nearest[chosen[at]] <= min(nearest.values()) + 1e-9

    def spread(some):
        return min(np.linalg.norm(directions[a] - directions[b]) for a, b in combinations(some, 2))

    best = max(spread(some) for some in combinations(range(n), len(chosen)))
    assert spread(chosen) >= best / 2 - 1e-9


def test_more_rows_than_there_are_gives_all():
    assert sorted(farthest_first(np.eye(3), 9).tolist()) == [0, 1, 2]
