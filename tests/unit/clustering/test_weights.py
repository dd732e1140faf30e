"""Sampling weights: shares by closed form, and what the sampler draws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader

from lib.base.errors import ParamsError
from lib.clustering.sampler import sampler
from lib.clustering.weights import sampling_weights

SIZES = (500, 300, 150, 40, 10)


def labels() -> np.ndarray:
    return np.random.default_rng(0).permutation(np.repeat(np.arange(5), SIZES))


def ids(n: int = 1000) -> list[str]:
    return [f"c{i}" for i in range(n)]


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0, 1.5])
def test_the_sampler_draws_clusters_by_their_chance(alpha):
    found = labels()
    made = sampling_weights(ids(), found, alpha=alpha)
    draws = np.fromiter(sampler(made.table, ids(), seed=1, draws=200_000), dtype=int)
    chance = np.array(SIZES, dtype=float) ** alpha
    chance /= chance.sum()
    seen = np.bincount(found[draws], minlength=5) / 200_000
    error = np.sqrt(chance * (1 - chance) / 200_000)
    assert (np.abs(seen - chance) < 4 * error).all()
    np.testing.assert_allclose(made.clusters["draw_share"], chance)


def test_alpha_one_is_the_data_as_it_is():
    made = sampling_weights(ids(), labels(), alpha=1.0)
    np.testing.assert_allclose(made.table["weight"], 1 / 1000)
    np.testing.assert_allclose(made.clusters["draw_share"], made.clusters["data_share"])
    assert (made.effective, made.largest) == (pytest.approx(1000), pytest.approx(1))


def test_alpha_zero_draws_every_cluster_equally_often():
    made = sampling_weights(ids(), labels(), alpha=0.0, draws=5000)
    np.testing.assert_allclose(made.table.groupby("cluster")["expected_draws"].sum(), 1000)
    assert made.largest == pytest.approx(100)
    weights = made.table["weight"].to_numpy()
    assert made.effective == pytest.approx(weights.sum() ** 2 / (weights**2).sum())


@settings(max_examples=50)
@given(
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=8),
    alpha=st.floats(-2, 3),
    seed=st.integers(0, 100),
)
def test_weights_are_chances_equal_within_a_cluster_and_blind_to_names(sizes, alpha, seed):
    rng = np.random.default_rng(seed)
    found = np.repeat(np.arange(len(sizes)), sizes)
    kept = rng.random(len(found)) < 0.7
    kept[0] = True
    made = sampling_weights(ids(len(found)), found, alpha=alpha, kept=kept)
    weights = made.table["weight"].to_numpy()
    assert weights.sum() == pytest.approx(1) and (weights[~kept] == 0).all() and (weights[kept] > 0).all()
    assert made.table["expected_draws"].sum() == pytest.approx(kept.sum())
    assert made.clusters["dropped"].sum() == (~kept).sum()
    assert 1 - 1e-9 <= made.effective <= kept.sum() + 1e-9
    renamed = sampling_weights(ids(len(found)), 7 - found, alpha=alpha, kept=kept)
    np.testing.assert_allclose(renamed.table["weight"], weights)


def test_the_largest_count_is_what_an_epoch_can_show():
    made = sampling_weights(ids(), labels(), alpha=0.0)
    count = made.largest_count(epochs=20, rng=np.random.default_rng(0))
    assert made.largest < count < 6 * made.largest


def test_a_loader_takes_the_sampler_and_epochs_differ():
    made = sampling_weights(ids(), labels(), alpha=0.0)
    loader = DataLoader(list(range(1000)), batch_size=100, sampler=sampler(made.table, ids(), seed=0))
    first, second = ([int(i) for batch in loader for i in batch] for _ in range(2))
    assert len(first) == 1000 and first != second
    again = sampler(made.table, ids(), seed=0)
    assert list(again) == first


def test_a_dataset_may_be_in_another_order_and_a_part_of_the_clips():
    table = pd.DataFrame({"clip_id": ["a", "b", "c"], "weight": [0.5, 0.25, 0.25]})
    draws = np.fromiter(sampler(table, ["c", "a", "a"], seed=0, draws=50_000), dtype=int)
    np.testing.assert_allclose(np.bincount(draws) / 50_000, [0.2, 0.4, 0.4], atol=0.01)


def test_what_cannot_be_is_told_in_one_line():
    with pytest.raises(ParamsError, match="clip a is listed twice"):
        sampling_weights(["a", "a"], [0, 1], alpha=1.0)
    with pytest.raises(ParamsError, match="0 clips to draw from"):
        sampling_weights(["a"], [0], alpha=1.0, kept=[False])
    with pytest.raises(ParamsError, match="2 ids, 1 labels"):
        sampling_weights(["a", "b"], [0], alpha=1.0)
    table = pd.DataFrame({"clip_id": ["a"], "weight": [0.0]})
    with pytest.raises(ParamsError, match="1 of 2 clips have no sampling weight, the first is z"):
        sampler(table, ["a", "z"], seed=0)
    with pytest.raises(ParamsError, match="no clip has a positive sampling weight"):
        sampler(table, ["a"], seed=0)
