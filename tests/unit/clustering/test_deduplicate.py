"""Semantic deduplication, against brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.base.errors import ParamsError, UserError
from lib.clustering.deduplicate import deduplicate


def brute(rows: np.ndarray, labels: np.ndarray, threshold: float) -> list[set[int]]:
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    near = (unit @ unit.T >= threshold) & (labels[:, None] == labels)
    left, groups = set(range(len(rows))), []
    while left:
        group, front = set(), {min(left)}
        while front:
            group |= front
            front = {int(j) for i in front for j in np.flatnonzero(near[i])} - group
        groups.append(group)
        left -= group
    return groups


@settings(max_examples=50)
@given(seed=st.integers(0, 5000), n=st.integers(1, 40), keep=st.sampled_from(["central", "outer", "first"]))
def test_one_row_of_every_group_stays(seed, n, keep):
    rng = np.random.default_rng(seed)
    rows, labels = rng.normal(size=(n, 3)), rng.integers(3, size=n)
    found = deduplicate(rows, labels, threshold=0.9, keep=keep, block=7)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    for group in brute(np.float32(rows), labels, 0.9):
        stays = [i for i in group if found.kept[i]]
        assert len(stays) == 1 and {found.group[i] for i in group} == set(stays)
        middle = unit[labels == labels[stays[0]]].mean(axis=0)
        near = {i: unit[i] @ middle for i in group}
        best = {"central": max(near.values()), "outer": min(near.values()), "first": near[min(group)]}[keep]
        assert near[stays[0]] == pytest.approx(best, abs=1e-5)


def test_equal_rows_leave_one_and_other_clusters_are_not_looked_at():
    rows, labels = np.ones((6, 2)), [0, 0, 0, 1, 1, 2]
    found = deduplicate(rows, labels, threshold=1.0 - 1e-6)
    assert found.kept.tolist() == [True, False, False, True, False, True]
    assert found.by_cluster(labels)["dropped"].tolist() == [2, 1, 0] and found.dropped == 3


def test_what_cannot_be_is_told_in_one_line():
    with pytest.raises(ParamsError, match="threshold = 1.5; give a cosine"):
        deduplicate(np.eye(2), [0, 0], threshold=1.5)
    with pytest.raises(UserError, match="1 of 2 rows to cluster is zero"):
        deduplicate([[0.0, 0.0], [1.0, 0.0]], [0, 0], threshold=0.9)
