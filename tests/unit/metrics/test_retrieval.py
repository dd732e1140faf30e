"""Retrieval against brute force in rational numbers, the toy of the protocol, and enumeration of tie orders."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.metrics.ranking import rank_pairs
from lib.metrics.ranks import Ranks
from lib.metrics.retrieval import batches, dissimilar, intervals, rank_in_batches, retrieval_metrics, small_batches

TOY = np.array([[0.5, 0.5, 0.1], [0.2, 0.9, 0.9], [0.3, 0.3, 0.3]])
TIES = ["average", "optimistic", "expected"]
BLOCKS = st.integers(1, 12)
ON_TORCH = torch.device("cpu")
DEVICES = st.sampled_from(["cpu", ON_TORCH])
"""By numpy, and by the code that runs on a GPU."""


def cosine_key(a, b):
    """Orders cosines exactly: the signed square of the cosine of two integer vectors."""
    dot, size = int(np.dot(a, b)), int(np.dot(a, a)) * int(np.dot(b, b))
    return Fraction(0) if size == 0 else Fraction(dot * abs(dot), size)


def exact(queries, items, positive):
    """For each query: items above the best positive, tied with it, positives among these."""
    rows = []
    for i, query in enumerate(queries):
        keys = [cosine_key(query, item) for item in items]
        best = max(keys[j] for j in positive[i])
        level = [j for j, key in enumerate(keys) if key == best]
        rows.append((sum(key > best for key in keys), len(level), len(set(level) & set(positive[i]))))
    return rows


def alike(sentences, threshold):
    """Who is a positive of whom, by exact comparison of the cosine with a rational threshold."""
    bound = threshold * abs(threshold)
    return [
        [j for j, other in enumerate(sentences) if j == i or cosine_key(s, other) > bound]
        for i, s in enumerate(sentences)
    ]


def integer_rows(draw, n, d):
    return np.array(draw(st.lists(st.lists(st.integers(-2, 2), min_size=d, max_size=d), min_size=n, max_size=n)))


@st.composite
def tied_pairs(draw):
    n, d = draw(st.integers(1, 12)), draw(st.integers(1, 3))
    return integer_rows(draw, n, d), integer_rows(draw, n, d), integer_rows(draw, n, 2)


def triples(ranks):
    return list(zip(ranks.above.tolist(), ranks.tied.tolist(), ranks.hits.tolist(), strict=True))


def test_the_toy_of_the_protocol():
    there, _ = rank_pairs(TOY, np.eye(3))
    assert there.position("average").tolist() == [0.5, 0.5, 1.0]
    found = retrieval_metrics(TOY, np.eye(3))
    assert round(found["t2m/R@1"], 2) == 66.67 and found["t2m/MedR"] == 1.5
    assert list(found) == [
        f"{way}/{name}" for way in ("t2m", "m2t") for name in ("R@1", "R@2", "R@3", "R@5", "R@10", "MedR")
    ]
    assert retrieval_metrics(TOY, np.eye(3), ties="optimistic")["t2m/R@1"] == 100
    assert retrieval_metrics(TOY, np.eye(3), ties="expected")["t2m/R@1"] == pytest.approx(
        100 * (1 / 2 + 1 / 2 + 1 / 3) / 3
    )


@settings(deadline=None)
@given(tied_pairs(), BLOCKS, DEVICES)
def test_streamed_ranks_are_those_of_exact_arithmetic(pairs, block, device):
    text, motion, _ = pairs
    there, back = rank_pairs(text, motion, block=block, device=device)
    own = [[i] for i in range(len(text))]
    assert triples(there) == exact(text, motion, own)
    assert triples(back) == exact(motion, text, own)


@settings(deadline=None)
@given(tied_pairs(), BLOCKS, st.sampled_from([-1.0, -0.6, 0.0, 0.5, 0.6, 0.8, 0.9, 1.0]), DEVICES)
def test_with_a_threshold_the_best_positive_gives_the_rank(pairs, block, threshold, device):
    text, motion, sentence = pairs
    there, back = rank_pairs(text, motion, sentence=sentence, threshold=threshold, block=block, device=device)
    positive = alike(sentence, Fraction(str(threshold)))
    assert triples(there) == exact(text, motion, positive)
    assert triples(back) == exact(motion, text, positive)


def test_the_threshold_is_strict_also_for_single_precision_sentences():
    sentence = np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float32)
    text, motion = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    assert retrieval_metrics(text, motion, sentence=sentence, threshold=0.6)["t2m/R@1"] == 0
    assert retrieval_metrics(text, motion, sentence=sentence, threshold=0.59)["t2m/R@1"] == 100


@settings(deadline=None)
@given(st.integers(0, 3), st.integers(1, 5), st.data())
def test_expected_ties_average_over_every_order_of_the_tied(above, tied, data):
    hits = data.draw(st.integers(1, tied))
    ranks = Ranks(np.array([above]), np.array([tied]), np.array([hits]), 20, False)
    places = [above + min(order.index(p) for p in range(hits)) for order in permutations(range(tied))]
    assert ranks.position("expected")[0] == pytest.approx(np.mean(places))
    for k in range(1, 10):
        assert ranks.found(k, "expected")[0] == pytest.approx(np.mean([place < k for place in places]))
    assert ranks.position("average")[0] == above + np.mean(range(tied))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 70), st.sampled_from(TIES), st.sampled_from([np.float32, np.float64]))
def test_no_block_changes_a_metric_and_scaling_changes_nothing(seed, block, ties, kind):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    text, motion, sentence = (rng.normal(size=(n, 5)).astype(kind) for _ in range(3))
    text[rng.random(n) < 0.3] = text[0]
    options = {"sentence": sentence, "threshold": 0.5, "ties": ties}
    whole = retrieval_metrics(text, motion, block=1000, **options)
    assert retrieval_metrics(text * rng.uniform(0.1, 9, (n, 1)), motion, block=block, **options) == whole


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(1, 70), st.booleans(), st.sampled_from([np.float32, np.float64]))
def test_no_device_moves_a_rank(seed, block, bounded, kind):
    rng = np.random.default_rng(seed)
    text, motion, sentence = (rng.normal(size=(50, 9)).astype(kind) for _ in range(3))
    text[25:], sentence[10:20] = text[:25], sentence[0]
    options = {"sentence": sentence, "threshold": 0.5} if bounded else {}
    plain, torched = (rank_pairs(text, motion, block=block, device=way, **options) for way in ("cpu", ON_TORCH))
    for way, other in zip(plain, torched, strict=True):
        assert triples(way) == triples(other)


def test_copies_of_a_caption_tie_only_from_motion_to_text():
    rng = np.random.default_rng(0)
    text, motion = rng.normal(size=(2, 300, 64))
    text[100:200] = text[0:100]
    there, back = rank_pairs(text, motion, block=64)
    assert there.tied.max() == 1 and (back.tied[:200] == 2).all() and back.tied[200:].max() == 1


def test_the_matrix_way_agrees_on_real_valued_latents():
    """An independent reading of the protocol: sort the whole matrix, average the places of equal values."""
    rng = np.random.default_rng(1)
    text = rng.normal(size=(400, 16))
    motion = text + 1.5 * rng.normal(size=text.shape)
    cosine = (text / np.linalg.norm(text, axis=1)[:, None]) @ (motion / np.linalg.norm(motion, axis=1)[:, None]).T
    found = retrieval_metrics(text, motion, block=99)
    for way, matrix in (("t2m", cosine), ("m2t", cosine.T)):
        rank = np.array([(row > row[i]).sum() for i, row in enumerate(matrix)])
        assert [found[f"{way}/R@{k}"] for k in (1, 2, 3, 5, 10)] == [100 * np.mean(rank < k) for k in (1, 2, 3, 5, 10)]
        assert found[f"{way}/MedR"] == np.median(rank) + 1


def test_the_order_of_the_released_test_ids(shared_data):
    ids = (shared_data / "humanml3d" / "test.txt").read_text().split()
    rows = batches(ids)
    place = {name: at for at, name in enumerate(sorted(ids))}
    assert len(ids) == 4384 and rows.shape == (137, 32)
    assert [place[ids[row]] for row in rows[0, :5]] == [2724, 3920, 1646, 775, 4283]


def plainly(text, motion):
    """The measures of pairs without ties, from the whole matrix of cosines."""
    unit = lambda x: x / np.linalg.norm(x, axis=1, keepdims=True)
    cosines, measures = unit(text) @ unit(motion).T, {}
    for way, rows in (("t2m", cosines), ("m2t", cosines.T)):
        above = (rows > np.diag(rows)[:, None]).sum(axis=1)
        measures |= {f"{way}/R@{k}": 100 * (above < k).mean() for k in (1, 2, 3, 5, 10)}
        measures[f"{way}/MedR"] = np.median(above) + 1
    return measures


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(0, 10**6), st.sampled_from(TIES))
def test_small_batches_are_the_mean_over_batches_and_ignore_the_order_of_rows(size, seed, ties):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(size, 40))
    text, motion = rng.normal(size=(2, n, 3))
    ids = [f"{i:03d}" for i in range(n)]
    order = np.arange(n)
    np.random.RandomState(0).shuffle(order)
    parts = [plainly(text[b], motion[b]) for b in order[: n // size * size].reshape(-1, size)]  # without a tie
    expected = {name: np.mean([part[name] for part in parts]) for name in parts[0]}
    mixed = rng.permutation(n)
    found = small_batches(text[mixed], motion[mixed], [ids[i] for i in mixed], size, ties=ties)
    assert found == pytest.approx(expected)


def test_ranks_of_batches_belong_to_the_rows_they_name():
    rng = np.random.default_rng(0)
    text = rng.normal(size=(70, 8))
    motion = text.copy()
    motion[5] = -motion[5]
    ranks = rank_in_batches(text, motion, [str(i) for i in range(70)], 32)
    assert ranks.rows[ranks.text_to_motion.above > 0].tolist() in ([], [5])
    assert len(ranks.rows) == 64 and ranks.text_to_motion.gallery == 32


def test_the_dissimilar_subset_names_what_is_missing():
    rng = np.random.default_rng(0)
    text, motion = rng.normal(size=(2, 6, 4))
    (there, back), found, missing = dissimilar(text, motion, list("abcdef"), ["e", "zz", "b", "e", "yy"])
    assert found == ["e", "b"] and missing == ["yy", "zz"] and there.gallery == 2
    plain, _ = rank_pairs(text[[4, 1]], motion[[4, 1]])
    assert there.above.tolist() == plain.above.tolist() and len(back) == 2


def test_intervals_agree_with_the_binomial_and_with_a_plain_resampling_of_medians():
    rng = np.random.default_rng(0)
    text = rng.normal(size=(1000, 8))
    there, _ = rank_pairs(text, text + 0.9 * rng.normal(size=text.shape))
    found = intervals(there, np.arange(1000), draws=2000, rng=np.random.default_rng(1))
    p = there.found(1).mean()
    half = 196 * np.sqrt(p * (1 - p) / 1000)
    assert (found["R@1"].low, found["R@1"].high) == pytest.approx((100 * p - half, 100 * p + half), abs=0.5)
    place = there.position()
    medians = [np.median(rng.choice(place, 1000)) + 1 for _ in range(2000)]
    assert (found["MedR"].low, found["MedR"].high) == pytest.approx(np.quantile(medians, [0.025, 0.975]), abs=1)
    assert found["MedR"].value == np.median(place) + 1 and found["R@1"].n == 1000


def test_intervals_of_repeated_clips_are_those_of_the_clips():
    rng = np.random.default_rng(0)
    there, _ = rank_pairs(*rng.normal(size=(2, 100, 3)))
    four = there.rows(np.repeat(np.arange(100), 4))
    once = intervals(there, np.arange(100), draws=500, rng=np.random.default_rng(2), ks=(5,))
    many = intervals(four, np.repeat(np.arange(100), 4), draws=500, rng=np.random.default_rng(2), ks=(5,))
    assert (many["R@5"].low, many["R@5"].high) == pytest.approx((once["R@5"].low, once["R@5"].high))
    assert (many["MedR"].low, many["MedR"].high) == pytest.approx((once["MedR"].low, once["MedR"].high), abs=0.6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: retrieval_metrics(np.ones((3, 2)), np.ones((2, 2))), "2 rows, 3 are needed"),
        (lambda: retrieval_metrics(np.ones((3, 2)), np.ones((3, 4))), "4"),
        (lambda: retrieval_metrics(np.array([[np.nan, 1.0]]), np.ones((1, 2))), "NaN or infinity in 1 of 1 rows"),
        (lambda: retrieval_metrics(np.ones((1, 2)), np.ones((1, 2)), threshold=0.9), "sentence"),
        (lambda: retrieval_metrics(np.ones((1, 2)), np.ones((1, 2)), ties="best"), "average, optimistic, expected"),
        (lambda: retrieval_metrics(np.ones((1, 2)), np.ones((1, 2)), block=0), "block"),
        (lambda: small_batches(np.ones((3, 2)), np.ones((3, 2)), list("abc")), "batches of 32"),
        (lambda: small_batches(np.ones((2, 2)), np.ones((2, 2)), ["a", "a"], 2), "twice"),
        (lambda: dissimilar(np.ones((1, 2)), np.ones((1, 2)), ["a"], ["b"]), "none of the 1 listed"),
    ],
)
def test_wrong_input_is_refused_in_one_clear_line(call, words):
    with pytest.raises(ValueError, match=words):
        call()
