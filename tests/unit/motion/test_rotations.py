"""Rotations against scipy's, and the corners it does not visit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation

from lib.motion.rotations import about_y, axis_angle, between, six_d

VECTORS = arrays(np.float64, (4, 3), elements=st.floats(-1, 1)).filter(
    lambda v: (np.linalg.norm(v, axis=1) > 0.1).all()
)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


@given(VECTORS, VECTORS)
def test_between_is_a_rotation_that_takes_start_to_end(start: np.ndarray, end: np.ndarray) -> None:
    start, end = unit(start), unit(end)
    turns = between(start, end)
    np.testing.assert_allclose(np.einsum("nij,nj->ni", turns, start), end, atol=1e-5)
    np.testing.assert_allclose(turns @ turns.swapaxes(1, 2), np.broadcast_to(np.eye(3), turns.shape), atol=1e-5)
    np.testing.assert_allclose(np.linalg.det(turns), 1, atol=1e-5)


def test_between_opposite_vectors_is_a_half_turn() -> None:
    start = np.concatenate([np.eye(3), unit(np.ones((1, 3)))])
    turns = between(start, -start)
    np.testing.assert_allclose(np.einsum("nij,nj->ni", turns, start), -start, atol=1e-12)
    np.testing.assert_allclose(np.trace(turns, axis1=1, axis2=2), -1, atol=1e-12)


def test_between_turns_by_no_more_than_it_must() -> None:
    rng = np.random.default_rng(0)
    start, end = unit(rng.normal(size=(50, 3))), unit(rng.normal(size=(50, 3)))
    angle = Rotation.from_matrix(between(start, end)).magnitude()
    np.testing.assert_allclose(angle, np.arccos((start * end).sum(1)), atol=1e-9)


@given(VECTORS, arrays(np.float64, (4,), elements=st.floats(-7, 7)))
def test_axis_angle_agrees_with_scipy(axes: np.ndarray, angles: np.ndarray) -> None:
    axes = unit(axes)
    expected = Rotation.from_rotvec(axes * angles[:, None]).as_matrix()
    np.testing.assert_allclose(axis_angle(axes, angles), expected, atol=1e-12)


@given(VECTORS, arrays(np.float64, (4,), elements=st.floats(-7, 7)))
def test_about_y_agrees_with_scipy(vectors: np.ndarray, angles: np.ndarray) -> None:
    np.testing.assert_allclose(
        about_y(vectors, angles), Rotation.from_euler("y", angles[:, None]).apply(vectors), atol=1e-12
    )


def test_six_d_holds_the_first_two_columns() -> None:
    matrix = np.arange(9.0).reshape(3, 3)
    assert six_d(matrix).tolist() == [0, 3, 6, 1, 4, 7]
