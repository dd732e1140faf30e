"""Models against a test set: better models come out better, missing motions are counted, pairs are pairs."""

import numpy as np
import pytest
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist
from scipy.stats import hypergeom

from lib.models.generated_latents import GeneratedLatents, TestSet
from lib.sections.evaluation.differences import by_subset, paired
from lib.sections.evaluation.generation import by_size, halves, table
from lib.sections.evaluation.generation_scores import scores

N, D = 96, 12


def made(noise, seed, seeds=3, repeats=4, n=N):
    rng = np.random.default_rng(seed)
    own = noise * rng.normal(size=(seeds, repeats, n, D)) + 0.05 * rng.normal(size=(seeds, 1, 1, D))
    jerk = rng.uniform(10, 20, size=(seeds, repeats, n))
    return GeneratedLatents((motions() + own).astype(np.float32), {"jerk": jerk})


def motions():
    return np.random.default_rng(0).normal(size=(N, D))


@pytest.fixture(scope="module")
def test_set():
    text = motions() + np.random.default_rng(1).normal(size=(N, D))
    return TestSet(text, motions(), np.arange(N) // 2, {"jerk": np.full(N, 12.0)})


@pytest.fixture(scope="module")
def models():
    return {"h3d": made(1.0, 2), "good": made(0.5, 3), "bad": made(2.0, 4)}


def cell(frame, column="value", **where):
    for name, value in where.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return frame[column].iloc[0]


def precision(text, z, k, pool=32):
    """Chance that a motion is among the k nearest of 31 others that are drawn and itself, over all texts."""
    far = cdist(text, z)
    closer = (far < np.diag(far)[:, None]).sum(axis=1)
    return hypergeom.cdf(k - 1, len(z) - 1, closer, pool - 1).mean()


def frechet(x, z):
    one, other = np.cov(x, rowvar=False), np.cov(z, rowvar=False)
    return ((x.mean(0) - z.mean(0)) ** 2).sum() + np.trace(one + other - 2 * sqrtm(one @ other).real)


def kernel_distance(x, z):
    """The unbiased estimate under the cubic kernel; a motion and the clip it was made for are no pair."""
    others = ~np.eye(len(x), dtype=bool)
    within_x, within_z, across = (((a @ b.T / D + 1) ** 3)[others].mean() for a, b in ((x, x), (z, z), (x, z)))
    return within_x + within_z - 2 * across


def test_scores_are_means_over_repeats_of_the_measures_by_hand(test_set, models):
    found = scores(test_set, models["bad"], pool=32)
    for seed in range(3):
        each = models["bad"].latents[seed].astype(float)
        mean = {f"R@{k}": np.mean([precision(test_set.text, z, k) for z in each]) for k in (1, 2, 3)}
        mean["MM-dist"] = np.mean([np.linalg.norm(test_set.text - z, axis=1).mean() for z in each])
        mean["FID"] = np.mean([frechet(test_set.motion, z) for z in each])
        mean["diversity"] = np.mean([cdist(z, z).mean() for z in each])
        mean["KID"] = np.mean([kernel_distance(test_set.motion, z) for z in each])
        mean["jerk"] = models["bad"].physical["jerk"][seed].mean()
        assert {name: found.of_seeds(name)[seed] for name in mean} == pytest.approx(mean)


def test_the_table_orders_models_and_has_three_intervals(test_set, models):
    found = table(test_set, models, seed=0, draws=200, pool=32)
    for metric, sign in {"R@1": -1, "R@3": -1, "FID": 1, "KID": 1, "MM-dist": 1}.items():
        values = [sign * cell(found, model=name, metric=metric) for name in ("good", "h3d", "bad")]
        assert values == sorted(values)
    for name in models:
        for metric in ("R@1", "FID", "KID", "MM-dist", "diversity", "multimodality"):
            row = found[(found.model == name) & (found.metric == metric)].iloc[0]
            assert row.replication_low <= row.value <= row.replication_high
            assert row.clip_low < row.expected < row.clip_high and row.seed_low < row.expected < row.seed_high
            assert abs(row.value - row.expected) < 0.05 * abs(row.expected) + 0.01
    real = found[found.model == "real"]
    assert np.isnan(real["seed_low"]).all() and "multimodality" not in set(real.metric)
    assert not {"FID", "KID"} & set(real.metric)  # it would be of halves, and every row has as many motions
    assert set(found["n"]) == {N}
    assert table(test_set, models, seed=0, draws=200, pool=32).equals(found)


def test_the_floor_is_below_every_model_at_equal_n(test_set, models):
    found = halves(test_set, models, seed=0)
    assert found["n"].nunique() == 1
    assert found.set_index("model")["FID"].idxmin() in ("real", "good")
    assert cell(found, model="real", column="FID") < cell(found, model="bad", column="FID")
    assert cell(found, model="real", column="KID_low") < 0 < cell(found, model="real", column="KID_high")


def test_missing_motions_are_counted_and_leave_the_others_as_they_are(test_set, models):
    latents = models["h3d"].latents.copy()
    latents[1, 2, :10] = np.nan
    holey = GeneratedLatents(latents, models["h3d"].physical)
    found = table(test_set, {"holey": holey}, seed=0, draws=100, pool=32)
    rows = found[found.model == "holey"]
    assert set(rows["n"]) == {N - 10} and set(rows["missing"]) == {10}
    pair = paired(test_set, {"h3d": models["h3d"], "holey": holey}, baseline="h3d", seed=0, draws=100, pool=32)
    assert set(pair["n"]) == {N - 10}
    assert np.allclose(pair["difference"], 0)  # the same motions on the same clips
    assert (
        not table(test_set, {"none": GeneratedLatents(np.full((1, 1, N, D), np.nan))}, seed=0, draws=100, pool=32)[
            "model"
        ]
        .eq("none")
        .any()
    )


def test_differences_have_the_right_sign_and_say_what_they_cover(test_set, models):
    found = paired(test_set, models, baseline="h3d", seed=0, draws=400, pool=32)
    assert set(found["model"]) == {"good", "bad"} and set(found["subset"]) == {"all"}
    for metric in ("FID", "KID", "MM-dist"):
        assert (
            cell(found, model="good", metric=metric, column="high")
            < 0
            < cell(found, model="bad", metric=metric, column="low")
        )
    assert cell(found, model="bad", metric="R@1", column="high") < 0
    widest = np.maximum(found["clip_high"] - found["clip_low"], 0)
    assert (found["high"] - found["low"] > 0.8 * widest).all()
    np.testing.assert_allclose(found["difference"], found["value"] - found["baseline"])


def test_a_smaller_pool_is_easier_and_leaves_what_knows_no_pool(test_set, models):
    for measure in (table, by_subset, paired):
        of_measure = {"seed": 0, "draws": 20} | ({"baseline": "h3d"} if measure is paired else {})
        given = (test_set, models, {}) if measure is by_subset else (test_set, models)
        small, large = (measure(*given, pool=pool, **of_measure) for pool in (4, 32))
        for metric, easier in (("R@1", True), ("FID", False)):
            a, b = (cell(frame, model="bad", metric=metric) for frame in (small, large))
            assert a > b + 0.05 if easier else a == b


def test_one_seed_leaves_only_the_clips_in_the_interval(test_set):
    pair = {"h3d": made(1.0, 5, seeds=1), "x": made(1.0, 6, seeds=1)}
    found = paired(test_set, pair, baseline="h3d", seed=0, draws=100, pool=32)
    assert np.isnan(found["seed_low"]).all() and np.isfinite(found["low"]).all()


def test_subsets_are_judged_against_all_motions(test_set, models):
    masks = {"few": np.arange(N) < 8, "half": np.arange(N) < N // 2, "none": np.zeros(N, dtype=bool)}
    found = by_subset(test_set, models, masks, seed=0, draws=100, pool=32)
    assert set(found["subset"]) == {"all", "few", "half"} and set(found["model"]) == {"real", *models}
    assert not {"FID", "KID"} & set(found[found.subset == "few"].metric)
    assert {"FID", "KID"} < set(found[found.subset == "half"].metric)
    whole = scores(test_set, models["good"], pool=32)
    assert cell(found, subset="few", model="good", metric="R@1") == pytest.approx(whole.clips["R@1"][:, :8].mean())
    pairs = paired(test_set, models, baseline="h3d", seed=0, subsets=masks, draws=100, pool=32)
    assert set(pairs["subset"]) == {"all", "few", "half"}
    assert cell(pairs, subset="few", model="bad", metric="R@1", column="base_clips") == 4


def test_fewer_than_five_base_clips_have_no_interval(test_set, models):
    masks = {"one": np.arange(N) < 2, "four": np.arange(N) < 8, "five": np.arange(N) < 10}
    pairs = paired(test_set, models, baseline="h3d", seed=0, subsets=masks, draws=100, pool=32)
    found = by_subset(test_set, models, masks, seed=0, draws=100, pool=32)
    for subset, known in (("one", False), ("four", False), ("five", True)):
        rows, own = pairs[pairs.subset == subset], found[found.subset == subset]
        assert np.isfinite(rows["difference"]).all() and set(rows["base_clips"]) == set(own["base_clips"])
        assert set(own["n"] - 2 * own["base_clips"]) == {0}
        assert (np.isfinite(rows[["low", "high", "clip_low", "clip_high"]]) == known).all(axis=None)
        assert (np.isfinite(own[["clip_low", "clip_high"]]) == known).all(axis=None)


def test_intervals_end_where_the_quantity_does(test_set, models):
    share = np.zeros((3, 4, N))
    share[0] = 0.3
    far = GeneratedLatents(models["good"].latents, {"skating steps": share, "floor penetration": share})
    found = table(test_set, {"m": far}, seed=0, draws=100, pool=32)
    # Student's interval of 0.3, 0 and 0 reaches from -0.33 to 0.53.
    for metric in ("skating steps", "floor penetration"):
        assert cell(found, model="m", metric=metric, column="seed_low") == 0.0
        assert cell(found, model="m", metric=metric, column="seed_high") == pytest.approx(0.1 + 4.302653 * 0.1)


def test_replications_converge_to_what_is_expected(test_set, models):
    found = table(test_set, {"good": models["good"]}, seed=0, draws=50, pool=32, replications=400)
    for metric in ("R@3", "diversity", "multimodality"):
        row = found[(found.model == "good") & (found.metric == metric)].iloc[0]
        assert abs(row.value - row.expected) < 2 * (row.replication_high - row.value), "four standard errors"


def test_the_curve_ends_at_the_halves_of_every_model(test_set, models):
    curves, last = by_size(test_set, models, smallest=10, sizes=3, seed=0), halves(test_set, models, seed=0)
    assert [*curves] == ["real", *models]
    for name, curve in curves.items():
        assert curve["FID"].iloc[-1] == pytest.approx(cell(last, model=name, column="FID"))
    assert by_size(test_set, models, smallest=N // 2, sizes=3, seed=0) == {}


def test_few_clips_do_not_stop_it():
    x = np.random.default_rng(0).normal(size=(5, 3))
    found = table(TestSet(x, x, np.arange(5)), {"m": GeneratedLatents(x[None, None])}, seed=0, draws=50, pool=32)
    assert cell(found, model="m", metric="R@1") == 1.0 and cell(found, model="m", metric="R@1", column="pool") == 5
    assert "FID" not in set(found[found.model == "m"].metric)
