"""The nearest training motion is that of brute force, and a copy is found wherever and however fast it goes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.motion.nearest import by_meaning, by_shape
from lib.motion.rotations import about_y
from lib.motion.synthesis import Spec, synthesise

from .bodies import swinging


@given(st.integers(1, 9), st.integers(1, 30), st.integers(1, 7), st.integers(0, 99))
def test_cosines_are_those_of_brute_force(n: int, m: int, block: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    queries, references = rng.normal(size=(n, 5)), 10 * rng.normal(size=(m, 5))
    lengths = np.linalg.norm(queries, axis=1)[:, None] * np.linalg.norm(references, axis=1)
    cosines = queries @ references.T / lengths
    found, index = by_meaning(queries, references, block=block)
    assert found == pytest.approx(cosines.max(axis=1), abs=1e-5)
    assert cosines[np.arange(n), index] == pytest.approx(cosines.max(axis=1), abs=1e-5)


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
    distance, index = by_shape(queries, references, block=block)
    assert index.tolist() == apart.argmin(axis=1).tolist()
    assert distance == pytest.approx(apart.min(axis=1), abs=1e-4)


def test_a_copy_is_found_elsewhere_turned_and_at_another_pace() -> None:
    rng = np.random.default_rng(0)
    training = [synthesise([Spec(name)], rng) for name in ("walk", "kick", "dance", "sit")]
    copy = about_y(training[1].astype(float), np.array(1.0))[::2] + np.array([3.0, 0.0, -2.0])
    distance, index = by_shape([copy, training[2]], training)
    assert index.tolist() == [1, 2] and distance[0] < 0.05 and distance[1] == 0


def test_nothing_to_compare_is_told() -> None:
    with pytest.raises(ValueError, match="no references"):
        by_shape([swinging(3)], [])
    with pytest.raises(ValueError, match="no direction"):
        by_meaning(np.zeros((1, 3)), np.ones((1, 3)))
    assert by_shape([], [swinging(3)])[0].shape == (0,)
