"""Bounds against the fence written out by hand, and the scores they belong to."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from lib.sections.preparation.bounds import Bounds, bounds, fence
from lib.sections.preparation.motion_quality import MotionQuality
from lib.sections.preparation.parameters import Preparation
from lib.sections.preparation.scores import SCORES

BY_COLUMN = {score.column: score for score in SCORES}
FREE: Mapping[str, float | None] = {score.bound: None for score in SCORES}
BENCHMARK = pd.DataFrame(
    {
        "clip_id": [f"b{n}" for n in range(101)],
        "realism": np.linspace(-5, 5, 101),
        "high_pass": np.linspace(0, 10, 101),
        "foot_skate": np.linspace(0, 1, 101) ** 2,
        "movement": np.exp(np.linspace(-3, 3, 101)),
        "off_floor": np.linspace(0, 0.01, 101),
    }
)


def found(given: Mapping[str, float | None] = FREE, reach: float = 1.0) -> Bounds:
    return bounds(BENCHMARK, reach=reach, given=given, draws=40, rng=np.random.default_rng(0))


@pytest.mark.parametrize("reach", [0.0, 1.0, 2.5])
def test_a_fence_lies_beyond_the_worst_twentieth_by_its_distance_from_the_median(reach: float) -> None:
    at = found(reach=reach).at
    assert at["realism"] == pytest.approx(-4.5 - reach * 4.5)
    assert at["high_pass"] == pytest.approx(9.5 + reach * 4.5)
    assert at["foot_skate"] == pytest.approx(0.95**2 + reach * (0.95**2 - 0.25))
    assert at["movement"] == pytest.approx(min(np.exp(-2.7 - reach * 2.7), 0.02))  # by factors
    assert at["off_floor"] == 0.15  # no stricter than what nobody minds


def test_a_given_bound_stands_and_does_not_vary() -> None:
    limits = found(FREE | {"realism_min": -1.0, "off_floor_max": 0.05})
    assert limits.at["realism"] == -1.0 and limits.at["off_floor"] == 0.05
    assert limits.given == {"realism", "off_floor"} and set(limits.replicates["off_floor"]) == {0.05}
    table = limits.table().set_index("score")
    assert table["rule"].tolist() == ["given", "fence", "fence", "fence", "given"]
    assert np.isnan(table.loc["realism", "low"]) and table.loc["realism", "odds"] == "1 to 3"
    assert table.loc["high-pass", "low"] < table.loc["high-pass", "bound"] < table.loc["high-pass", "high"]


def test_replicates_are_fences_of_clips_drawn_with_replacement() -> None:
    values = np.random.default_rng(1).gamma(2.0, size=80)
    frame = pd.DataFrame(dict.fromkeys(BY_COLUMN, values))
    limits = bounds(frame, reach=2.0, given=FREE, draws=2000, rng=np.random.default_rng(0))
    rng = np.random.default_rng(7)
    plain = []
    for _ in range(2000):
        drawn = rng.choice(values, len(values))
        middle, tail = np.quantile(drawn, [0.5, 0.95])
        plain.append(tail + 2 * (tail - middle))
    quantiles = [0.1, 0.5, 0.9]
    assert np.quantile(limits.replicates["high_pass"], quantiles) == pytest.approx(
        np.quantile(plain, quantiles), rel=0.05
    )


def test_one_odd_clip_hardly_moves_a_fence() -> None:
    values = np.linspace(0, 1, 500)[None]
    odd = np.append(values[0, :-1], 1e6)[None]
    score = BY_COLUMN["high_pass"]
    assert fence(score, odd, 3.0)[0] == pytest.approx(fence(score, values, 3.0)[0], rel=1e-6)


def test_a_benchmark_without_a_score_drops_nothing_by_it() -> None:
    limits = bounds(BENCHMARK.assign(high_pass=np.nan), reach=1.0, given=FREE, draws=20, rng=np.random.default_rng(0))
    assert limits.at["high_pass"] == np.inf


def test_every_score_has_a_parameter_and_an_end() -> None:
    assert {score.bound for score in SCORES} <= set(Preparation.model_fields)
    values = pd.Series([1.0, 2.0, np.nan])
    for score in SCORES:
        assert score.beyond(values, 2.0).tolist() == ([True, False, True] if score.low_is_bad else [False, False, True])
        assert score.badness(values[:2]).idxmax() == (0 if score.low_is_bad else 1)


def test_spoiled_clips_are_told_from_the_benchmark_s_and_counted_beyond_the_bound() -> None:
    spoiled = BENCHMARK.head(4).assign(defect="jitter", high_pass=[20.0, 30.0, 5.05, 0.0])
    quality = MotionQuality({"b": BENCHMARK}, None, spoiled)
    row = quality.found(found()).set_index("score").loc["high-pass"]
    assert row["clips"] == 4 and row["beyond"] == 0.5 and row["bound"] == pytest.approx(14.0)
    wins = np.mean(
        [np.mean((v > BENCHMARK["high_pass"]) + 0.5 * (v == BENCHMARK["high_pass"])) for v in (20, 30, 5.05, 0)]
    )
    assert row["auc"] == pytest.approx(wins)
    assert list(quality.curves()) == ["high-pass against jitter"]
    assert MotionQuality().found(None) is None and MotionQuality().curves() == {}
