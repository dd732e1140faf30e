"""The nearest training motion is that of brute force, and a copy is found wherever and however fast it goes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.demo.synthesis import Spec, synthesise
from lib.motion.nearest import by_distance, signatures
from lib.motion.rotations import about_y

from .bodies import swinging


@settings(max_examples=10)
@given(st.integers(0, 99), st.integers(1, 5))
def test_distances_are_those_of_brute_force(seed: int, block: int) -> None:
    references = [swinging(16, seed=seed + n) for n in range(6)]
    queries = [swinging(16, seed=seed + n) for n in range(4, 9)]

    def plain(joints: np.ndarray) -> np.ndarray:
        joints = joints - joints[:, :1] * (1.0, 0.0, 1.0)
        across = joints[0, 2] - joints[0, 1] + joints[0, 17] - joints[0, 16]
        return about_y(joints, -np.arctan2(across[2], -across[0]))

    apart = np.array([[np.sqrt(((plain(q) - plain(r)) ** 2).sum(-1).mean()) for r in references] for q in queries])
    distance, index = by_distance(signatures(queries), signatures(references), block=block)
    assert index.tolist() == apart.argmin(axis=1).tolist()
    assert distance == pytest.approx(apart.min(axis=1), abs=1e-4)


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
