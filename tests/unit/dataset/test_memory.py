"""Motions are held one at a time, whatever the size of the set."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lib.corpus.feature_statistics import moments_of, statistics_of
from lib.corpus.motions import Motions
from tests.unit.dataset import small


class Counting:
    """Features from nowhere, whose living arrays are counted."""

    def __init__(self) -> None:
        self.alive: list[weakref.ref[np.ndarray]] = []
        self.most = 0

    def features(self, clip_id: str) -> np.ndarray:
        gc.collect()
        motion = np.full((50, 263), len(self.alive) % 7, dtype=np.float32)
        self.alive.append(weakref.ref(motion))
        self.most = max(self.most, sum(one() is not None for one in self.alive))
        return motion


def test_no_second_motion_is_read_before_the_first_is_let_go(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting()
    monkeypatch.setattr(Motions, "features", lambda _, clip_id: counting.features(clip_id))
    small.make(inputs, tmp_path / "out", keys=("h3d",), webdataset=True)
    assert len(counting.alive) == 14 and counting.most <= 2


def test_statistics_take_motions_from_a_stream_and_agree_with_numpy() -> None:
    counting, rng = Counting(), np.random.default_rng(0)

    def stream() -> Iterator[np.ndarray]:
        for number in range(40):
            yield (1e4 + rng.normal(size=(1 + number, 263))).astype(np.float32) + counting.features("")[0]

    made = statistics_of(map(moments_of, stream()))
    rng = np.random.default_rng(0)
    rows = np.concatenate(
        [
            (1e4 + rng.normal(size=(1 + n, 263))).astype(np.float32) + np.float32(n % 7) for n in range(40)
        ]
    ).astype(float)  # fmt: skip
    np.testing.assert_allclose(made.mean, rows.mean(axis=0), rtol=1e-7)
    np.testing.assert_allclose(made.std[4:67], rows.std(axis=0)[4:67].mean(), rtol=1e-5)
    assert counting.most <= 2
