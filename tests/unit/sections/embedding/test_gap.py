"""The modality gap against closed forms, enumeration and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from lib.metrics.probe import area_under_roc, deal, held_out
from lib.sections.embedding import gap
from lib.sections.embedding.gap_table import gap_table


def normal(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def rng():
    return np.random.default_rng(0)


def test_an_offset_is_the_gap_and_centring_removes_it():
    text, motion = normal(0, 2000, 64), normal(1, 2000, 64)
    offset = np.zeros(64)
    offset[0] = 8.0
    before = gap.centroid_gap(text + offset, motion - offset)
    # |x| is close to 8 * sqrt(2) for x of 64 unit normals and an offset of 8: the mean direction is close to 1/sqrt(2).
    assert before == pytest.approx(2 / np.sqrt(2), rel=0.02)
    after = gap.centroid_gap(gap.centred(text + offset), gap.centred(motion - offset))
    assert after < 2 * gap.gap_floor(gap.centred(text + offset), gap.centred(motion - offset), np.arange(2000))


def test_the_floor_is_the_root_mean_square_over_every_swap():
    text, motion = normal(0, 8, 3), normal(1, 8, 3)
    groups = np.array([0, 0, 1, 1, 1, 2, 3, 3])
    squares = []
    for swap in range(16):
        other = np.array([swap >> g & 1 for g in groups], bool)[:, None]
        squares.append(gap.centroid_gap(np.where(other, motion, text), np.where(other, text, motion)) ** 2)
    assert gap.gap_floor(text, motion, groups) == pytest.approx(np.sqrt(np.mean(squares)))


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=9).filter(lambda g: len(set(g)) > 1), st.integers(0, 99))
def test_mismatched_cosines_are_drawn_evenly_from_pairs_of_other_groups(groups, seed):
    text, motion = normal(seed, len(groups), 3), normal(seed + 1, len(groups), 3)
    unit = lambda x: x / np.linalg.norm(x, axis=1, keepdims=True)
    matrix = unit(text) @ unit(motion).T
    apart = np.not_equal.outer(groups, groups)
    drawn = gap.mismatched_cosines(text, motion, groups, sample=4000, rng=np.random.default_rng(seed))
    allowed = np.sort(matrix[apart])
    assert np.abs(drawn[:, None] - allowed).min(axis=1).max() < 1e-12
    assert drawn.mean() == pytest.approx(allowed.mean(), abs=0.1)


def test_the_cosines_of_a_pair_and_their_alignment():
    text, motion = normal(0, 50, 4), normal(1, 50, 4)
    cosine = [float(a @ b / np.sqrt((a @ a) * (b @ b))) for a, b in zip(text, motion, strict=True)]
    assert gap.matched_cosines(text, motion) == pytest.approx(cosine)
    assert gap.alignment(text, motion) == pytest.approx(2 - 2 * np.mean(cosine))


def test_uniformity_on_the_circle_is_a_bessel_function():
    angle = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    for sample, within in ((3000, 5e-3), (800, 5e-2)):
        table = gap_table(circle, circle, np.arange(3000), draws=2, rng=rng(), sample=sample).set_index("measure")
        found = table["value"][~table["centred"]]["uniformity of texts"]
        assert found == pytest.approx(np.log(np.exp(-4) * np.i0(4)), abs=within)


def test_a_probe_between_two_normal_laws_has_the_area_of_the_closed_form():
    text, motion = normal(0, 4000, 8), normal(1, 4000, 8)
    motion[:, 0] += 1.0
    scores = held_out(
        np.r_[text, motion], np.repeat([[0.0], [1.0]], 4000, 0), np.tile(deal(np.arange(4000), 5, rng=rng()), 2)
    )
    area = area_under_roc(scores[:, 0], np.arange(8000) >= 4000, np.ones((1, 8000)))[0]
    assert area == pytest.approx(norm.cdf(1 / np.sqrt(2)), abs=0.015)
    assert modality_auc(normal(2, 2000, 8), normal(3, 2000, 8)) == pytest.approx(0.5, abs=0.03)


def modality_auc(text: np.ndarray, motion: np.ndarray, *, centre: bool = False) -> float:
    scores = gap.modality_scores(text, motion, np.arange(len(text)), folds=5, rng=rng(), centre=centre)
    return float(roc_auc_score(np.arange(len(scores)) >= len(text), scores))


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_the_weighted_area_is_that_of_repeated_rows(seed):
    random = np.random.default_rng(seed)
    scores, positive = random.integers(0, 4, 12).astype(float), np.arange(12) < 5
    weights = random.integers(1, 4, (3, 12)).astype(float)
    expected = [roc_auc_score(positive, scores, sample_weight=w) for w in weights]
    assert area_under_roc(scores, positive, weights) == pytest.approx(expected)


def test_centring_for_the_probe_does_not_push_it_below_chance():
    """Centred on the mean of all rows, or of the training rows, the same data give .35 to .42."""
    pairs = [(normal(s, 300, 64), normal(s + 500, 300, 64)) for s in range(40)]
    areas = [modality_auc(a, b, centre=True) for a, b in pairs]
    assert np.mean(areas) == pytest.approx(0.5, abs=4 * np.std(areas) / np.sqrt(40)) and np.std(areas) < 0.06


def test_folds_keep_groups_whole_and_predictions_come_from_other_folds():
    groups = np.repeat(np.arange(10), 3)
    fold_of = deal(groups, 5, rng=rng())
    assert all(len(set(fold_of[groups == g])) == 1 for g in range(10)) and np.bincount(fold_of).tolist() == [6] * 5
    x, y = normal(0, 30, 4), normal(1, 30, 2)
    found = held_out(x, y, fold_of, ridge=0)
    for fold in range(5):
        train, test = fold_of != fold, fold_of == fold
        design = np.c_[np.ones(train.sum()), x[train]]
        coefficients = np.linalg.lstsq(design, y[train], rcond=None)[0]
        assert found[test] == pytest.approx(np.c_[np.ones(test.sum()), x[test]] @ coefficients)


def test_the_table_holds_the_measures_and_intervals_around_them():
    text = normal(0, 300, 16)
    motion = text + normal(1, 300, 16) + 1.0
    groups = np.arange(300) // 2
    table = gap_table(text, motion, groups, draws=200, rng=rng(), sample=300).set_index(["centred", "measure"])
    assert (table["low"] <= table["value"]).all() and (table["value"] <= table["high"]).all()
    value = table["value"][False]
    unit = lambda x: x / np.linalg.norm(x, axis=1, keepdims=True)
    assert value["centroid gap"] == pytest.approx(np.linalg.norm(unit(text).mean(axis=0) - unit(motion).mean(axis=0)))
    assert value["alignment"] == pytest.approx(((unit(text) - unit(motion)) ** 2).sum(axis=1).mean())
    every = (unit(text) @ unit(motion).T)[np.not_equal.outer(groups, groups)]
    assert value["mismatched cosine"] == pytest.approx(every.mean())
    assert value["probe AUC"] > 0.9 and abs(table["value"][True]["probe AUC"] - 0.5) < 0.1
    assert table["value"][True]["centroid gap"] < value["centroid gap"] / 5
    assert table["value"][True]["matched cosine"] > table["value"][True]["mismatched cosine"] + 0.5


def test_replicates_of_the_table_are_those_of_repeated_rows():
    """A bootstrap replicate must be the statistic of the rows it repeats."""
    from lib.sections.embedding.gap_table import _statistics

    text, motion, groups = normal(0, 6, 3), normal(1, 6, 3), np.array([0, 0, 1, 2, 3, 4])
    times = np.array([[2, 0, 1, 3, 1.0]])
    rows = np.repeat(np.arange(6), times[0][groups].astype(int))
    unit = lambda x: x / np.linalg.norm(x, axis=1, keepdims=True)
    a, b = unit(text), unit(motion)
    found = {name: f(times)[0] for name, _, f in _statistics(a, b, groups, np.arange(12.0), 9, rng())}
    direction = (a - b).mean(axis=0) / np.linalg.norm((a - b).mean(axis=0))
    assert found["centroid gap"] == pytest.approx((a - b)[rows].mean(axis=0) @ direction)
    assert found["matched cosine"] == pytest.approx((a * b).sum(axis=1)[rows].mean())
    apart = np.not_equal.outer(groups[rows], groups[rows])
    assert found["mismatched cosine"] == pytest.approx((a[rows] @ b[rows].T)[apart].mean())
    kernel = np.exp(-4 + 4 * a[rows] @ a[rows].T)[np.not_equal.outer(rows, rows)]
    assert found["uniformity of texts"] == pytest.approx(np.log(kernel.mean()))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gap.centroid_gap(np.ones((2, 2)), np.ones((2, 3))), "2 dimensions, motion 3"),
        (lambda: gap.mismatched_cosines(np.ones((2, 2)), np.ones((2, 2)), [0, 0], sample=1, rng=rng()), "two groups"),
        (lambda: deal([0, 1], 3, rng=rng()), "3 folds cannot be dealt from 2 groups"),
    ],
)
def test_wrong_input_is_refused_in_one_clear_line(call, words):
    with pytest.raises(ValueError, match=words):
        call()
