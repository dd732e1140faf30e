"""Sizes, radii and spacings against brute force."""

import numpy as np
import pytest
import torch

from lib.clustering import spacing as by_tiles
from lib.clustering.spacing import medians, radii, spacing, variation

DEVICES = ["cpu", torch.device("cpu")]
"""By faiss, and by the code that runs on a GPU."""


def test_radii_and_medians_are_those_of_each_cluster() -> None:
    rng = np.random.default_rng(0)
    rows, labels = rng.normal(size=(60, 4)), rng.permutation(np.arange(60) % 5)
    for cluster in range(5):
        own = rows[labels == cluster]
        expected = np.sqrt(((own - own.mean(axis=0)) ** 2).sum(axis=1).mean())
        assert radii(rows, labels)[cluster] == pytest.approx(expected)
        assert medians(rows[:, 0], labels)[cluster] == np.median(own[:, 0])


@pytest.mark.parametrize("tile", [7, 2048])
@pytest.mark.parametrize("device", DEVICES)
def test_spacing_is_the_distance_to_the_neighbour_of_that_rank(
    monkeypatch: pytest.MonkeyPatch, device: str | torch.device, tile: int
) -> None:
    monkeypatch.setattr(by_tiles, "TILE", tile)
    rows = np.random.default_rng(1).normal(size=(40, 3)).astype(np.float32)
    apart = np.sort(np.linalg.norm(rows[:, None] - rows[None], axis=2), axis=1)  # the first is the row itself
    for rank in (1, 7):
        assert spacing(rows, neighbours=rank, device=device) == pytest.approx(apart[:, rank], rel=1e-5)
    assert spacing(rows, neighbours=500, device=device) == pytest.approx(apart[:, -1], rel=1e-5)
    assert spacing(rows[:1], neighbours=3, device=device).tolist() == [0.0]


@pytest.mark.parametrize("device", DEVICES)
def test_rows_that_repeat_have_no_spacing(device: str | torch.device) -> None:
    assert spacing([[1.0, 2.0]] * 3 + [[4.0, 6.0]], neighbours=2, device=device).tolist() == [0.0, 0.0, 0.0, 5.0]


def test_variation_is_the_standard_deviation_over_the_mean() -> None:
    values = np.random.default_rng(2).gamma(2.0, size=300)
    found = variation(values, draws=300, rng=np.random.default_rng(0))
    assert found.value == pytest.approx(values.std() / values.mean()) and found.low < found.value < found.high
    equal = variation([7.0] * 9, draws=100, rng=np.random.default_rng(0))
    assert (equal.value, equal.low, equal.high) == (0, 0, 0)
