"""The effective number against closed forms and against the n x n kernel."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib.metrics.effective_number import (
    moments,
    neighbour_width,
    participation_ratio,
    spectrum,
    squared_kernel,
    vendi,
)


def both(rows: np.ndarray) -> tuple[float, float]:
    """Vendi score and participation ratio of all rows by the d x d way."""
    shares = spectrum(moments(rows, np.zeros(len(rows), dtype=int), 1)[0], len(rows))
    return vendi(shares), participation_ratio(shares)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_identical_rows_are_one_and_orthonormal_rows_are_all(n: int) -> None:
    assert both(np.tile([3.0, 4.0, 0.0], (n, 1))) == pytest.approx((1, 1))
    assert both(np.eye(9)[:n] * 5) == pytest.approx((n, n))


def test_unequal_shares_have_the_numbers_of_hill() -> None:
    rows = np.repeat(np.eye(3), [6, 3, 1], axis=0)
    shares = np.array([0.6, 0.3, 0.1])
    entropy = -(shares * np.log(shares)).sum()
    assert both(rows) == pytest.approx((np.exp(entropy), 1 / (shares**2).sum()))


@given(st.integers(2, 40), st.integers(1, 12), st.integers(0, 1000))
def test_the_small_matrix_gives_what_the_kernel_of_all_pairs_gives(n: int, d: int, seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(n, d)) + 0.5
    directions = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    shares = np.clip(np.linalg.eigvalsh(directions @ directions.T / n), 1e-15, None)
    assert both(rows) == pytest.approx((np.exp(-(shares * np.log(shares)).sum()), 1 / (shares**2).sum()), rel=1e-6)


@given(st.integers(0, 1000))
def test_exact_copies_add_nothing(seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(20, 6))
    assert both(np.concatenate([rows, rows])) == pytest.approx(both(rows))
    zeros, twice = np.zeros(20, dtype=int), np.zeros(40, dtype=int)
    alone = squared_kernel(rows, zeros, 1, width=0.3)[0, 0]
    again = squared_kernel(np.concatenate([rows, rows]), twice, 1, width=0.3)[0, 0]
    assert 40**2 / again == pytest.approx(20**2 / alone)


@pytest.mark.parametrize("device", ["cpu", torch.device("cpu")])
def test_parts_add_up_to_the_whole_and_neither_blocks_nor_the_device_matter(device: str | torch.device) -> None:
    rng = np.random.default_rng(3)
    rows, part_of = rng.normal(size=(50, 5)), rng.integers(0, 4, size=50)
    directions = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    assert moments(rows, part_of, 5).sum(axis=0) == pytest.approx(directions.T @ directions)
    apart = ((directions[:, None] - directions[None]) ** 2).sum(axis=2)
    kernel = np.exp(-apart / (2 * 0.4**2))
    for block in (7, 512):
        sums = squared_kernel(rows, part_of, 5, width=0.4, block=block, device=device)
        for a, b in [(0, 0), (1, 3), (4, 2)]:
            assert sums[a, b] == pytest.approx((kernel[np.ix_(part_of == a, part_of == b)] ** 2).sum())
    shares = np.linalg.eigvalsh(kernel / 50)
    assert 50**2 / sums.sum() == pytest.approx(1 / (shares**2).sum())


@pytest.mark.parametrize("device", ["cpu", torch.device("cpu")])
def test_the_width_is_the_median_distance_to_the_nearest_other_direction(device: str | torch.device) -> None:
    angles = np.radians([0, 0, 10, 40])  # the two equal ones look beyond each other
    rows = np.column_stack([np.cos(angles), np.sin(angles)])
    chords = 2 * np.sin(np.radians([10, 10, 10, 30]) / 2)
    for block in (2, 512):
        assert neighbour_width(rows, block=block, device=device) == pytest.approx(np.median(chords))
    assert neighbour_width(np.ones((3, 2)), device=device) == 1.0
