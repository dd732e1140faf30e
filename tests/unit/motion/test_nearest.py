"""The nearest training motion is that of brute force, and a copy is found wherever and however fast it goes."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.demo.synthesis import Spec, synthesise
from lib.motion.nearest import by_distance, signatures
from lib.motion.rotations import about_y

from .bodies import swinging


@settings(max_examples=10)
@given(st.integers(0, 99), st.integers(1, 5), st.sampled_from(["cpu", torch.device("cpu")]))
def test_distances_are_those_of_brute_force(seed: int, block: int, device: str | torch.device) -> None:
    references = [swinging(16, seed=seed + n) for n in range(6)]
    queries = [swinging(16, seed=seed + n) for n in range(4, 9)]

    def plain(joints: np.ndarray) -> np.ndarray:
        joints = joints - joints[:, :1] * (1.0, 0.0, 1.0)
        across = joints[0, 2] - joints[0, 1] + joints[0, 17] - joints[0, 16]
        return about_y(joints, -np.arctan2(across[2], -across[0]))

    apart = np.array([[np.sqrt(((plain(q) - plain(r)) ** 2).sum(-1).mean()) for r in references] for q in queries])
    distance, index = by_distance(signatures(queries), signatures(references), block=block, device=device)
    assert index.tolist() == apart.argmin(axis=1).tolist()
    assert distance == pytest.approx(apart.min(axis=1), abs=1e-4)


@given(st.integers(0, 999), st.integers(1, 9), st.booleans(), st.sampled_from(["cpu", torch.device("cpu")]))
def test_neighbours_of_other_labels_are_those_of_brute_force(
    seed: int, block: int, named: bool, device: str | torch.device
) -> None:
    rng = np.random.default_rng(seed)
    queries, references = rng.integers(-2, 3, (7, 2)).astype(float), rng.integers(-2, 3, (9, 2)).astype(float)
    rows = rng.choice(9, rng.integers(1, 10), replace=False)
    labels = tuple(rng.integers(0, 3, n) for n in (7, 9))
    apart = tuple(np.array(["a", "b", "c"])[own] for own in labels) if named else labels
    distance, index = by_distance(queries, references, rows=rows, apart=apart, block=block, device=device)
    for at, query in enumerate(queries):
        far = [(np.linalg.norm(query - references[row]), row) for row in rows if labels[1][row] != labels[0][at]]
        nearest = min((one for one, _ in far), default=np.inf)
        assert distance[at] == pytest.approx(nearest)
        assert index[at] in [row for one, row in far if one == nearest] or (index[at], far) == (-1, [])


def test_a_copy_is_found_elsewhere_turned_and_at_another_pace() -> None:
    rng = np.random.default_rng(0)
    training = [synthesise([Spec(name)], rng) for name in ("walk", "kick", "dance", "sit")]
    copy = about_y(training[1].astype(float), np.array(1.0))[::2] + np.array([3.0, 0.0, -2.0])
    distance, index = by_distance(signatures([copy, training[2]]), signatures(training))
    assert index.tolist() == [1, 2] and distance[0] < 0.05 and distance[1] == 0


def test_nothing_to_compare_is_told() -> None:
    with pytest.raises(ValueError, match="no references"):
        by_distance(signatures([swinging(3)]), signatures([]))
    assert by_distance(signatures([]), signatures([swinging(3)]))[0].shape == (0,)
