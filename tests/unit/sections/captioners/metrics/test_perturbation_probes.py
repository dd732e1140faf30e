"""Models that notice, that are blind, and that are fooled."""

from collections.abc import Sequence

import numpy as np
import pytest

from lib.sections.captioners.metrics.perturbation_probes import perturbation_probes, true_preferred
from lib.text.probes import PROBES, sides_swapped


def one_hot(at: Sequence[int]) -> np.ndarray:
    return np.eye(3)[list(at)]


def test_a_seeing_a_blind_and_a_fooled_model() -> None:
    n, rng = 40, np.random.default_rng(0)
    videos, groups = one_hot([0] * n), [str(at) for at in range(n)]
    for true, false, value in ((0, 1, 1.0), (1, 1, 0.5), (1, 0, 0.0)):
        found = true_preferred(3 * videos, one_hot([true] * n), one_hot([false] * n), groups, draws=200, rng=rng)
        assert found.value == value and found.low <= value <= found.high and found.n == n
        assert found.high - found.low > 0.05, "n agreeing clips leave something open"


def test_a_guessing_model_is_at_chance() -> None:
    rng = np.random.default_rng(1)
    sides = [rng.normal(size=(400, 8)) for _ in range(3)]
    found = true_preferred(*sides, [str(at) for at in range(400)], draws=500, rng=rng)
    assert found.low < 0.5 < found.high and found.high - found.low == pytest.approx(0.098, abs=0.01)


def test_only_captions_that_a_probe_applies_to_count() -> None:
    captions = ["a man raises the left hand", "a man jumps", "a man turns right then sits", "he waves"]
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return one_hot([0 if text in captions else 1 for text in texts])

    table = perturbation_probes(
        one_hot([0] * 4), captions, list("abcd"), encode, {**PROBES, "never": lambda text: None}, draws=50,
        rng=np.random.default_rng(0),
    ).set_index("probe")  # fmt: skip
    assert table.n.to_dict() == {
        "left and right swapped": 2, "order of events reversed": 1, "subject replaced": 4, "never": 0,
    }  # fmt: skip
    assert (
        (table.true_preferred.dropna() == 1).all()
        and np.isnan(table.true_preferred["never"])
        and (table.captions == 4).all()
    )
    assert sides_swapped(captions[0]) in asked
