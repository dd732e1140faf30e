"""Caption measures against closed forms, hand counts and the sampling theory of means."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.metrics.diversity import vendi
from lib.sections.captioners.metrics.caption_quality import Captions, agreement, quality
from lib.sections.captioners.metrics.wording import distinct, growth, templated


def test_distinct_by_hand() -> None:
    lists = [["a", "man", "walks", "and", "a", "man", "sits"], ["a", "man", "sits"]]
    assert distinct(lists, 1) == 5 / 10
    assert distinct(lists, 2) == 5 / 8  # a man, man walks, walks and, and a, man sits
    assert distinct(lists, 3) == 5 / 6
    assert np.isnan(distinct([["a"]], 2)) and np.isnan(distinct([], 1))


@pytest.mark.parametrize("cosine", [0.0, 0.3, 0.999])
def test_vendi_of_two_is_known(cosine: float) -> None:
    vectors = np.array([[1.0, 0.0], [cosine, np.sqrt(1 - cosine**2)]])
    p, q = (1 + cosine) / 2, (1 - cosine) / 2
    assert vendi(vectors) == pytest.approx(np.exp(-p * np.log(p) - q * np.log(q)))


@pytest.mark.parametrize(("kinds", "copies"), [(3, 1), (3, 4), (1, 5), (5, 2)])
def test_vendi_counts_kinds_that_are_equally_common(kinds: int, copies: int) -> None:
    assert vendi(np.repeat(np.eye(7)[:kinds], copies, axis=0)) == pytest.approx(kinds)


def test_vendi_of_equally_similar_items_and_of_unequal_kinds() -> None:
    n, cosine = 6, 0.4
    vectors = np.linalg.cholesky(np.full((n, n), cosine) + (1 - cosine) * np.eye(n))
    eigenvalues = np.array([(1 + (n - 1) * cosine) / n] + [(1 - cosine) / n] * (n - 1))
    assert vendi(vectors) == pytest.approx(np.exp(-(eigenvalues * np.log(eigenvalues)).sum()))
    shares = np.array([0.5, 0.3, 0.2])
    assert vendi(np.repeat(np.eye(3), [5, 3, 2], axis=0)) == pytest.approx(np.exp(-(shares * np.log(shares)).sum()))


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 9))
def test_vendi_lies_between_one_and_n_and_knows_no_order(n: int, d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n, d))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    score = vendi(vectors)
    assert 1 - 1e-9 <= score <= min(n, d) + 1e-9
    assert vendi(rng.permutation(vectors)) == pytest.approx(score)


def test_vendi_refuses_what_is_not_normalised() -> None:
    with pytest.raises(ValueError, match="length 1"):
        vendi(2 * np.eye(3))


def test_templated_openings_by_hand() -> None:
    lists = [["the", "person", "is", str(at)] for at in range(3)] + [[str(at), "x", "y"] for at in range(57)]
    assert templated(lists) == 3 / 60
    assert templated([*lists, ["z"]]) == 0  # 3 of 61 is below one in twenty
    assert templated(lists, length=1, common=0.5) == 0 and np.isnan(templated([]))


def test_growth_equals_the_mean_over_all_subsets() -> None:
    lists = [["a", "b"], ["a"], ["c", "a", "d"], ["b"]]
    table = growth({"one": lists, "two": [["x"]] * 6})
    for row in table[table.captioner == "one"].itertuples():
        subsets = list(combinations(lists, row.captions))
        assert row.words == pytest.approx(np.mean([len({w for words in s for w in words}) for s in subsets]))
    assert table.captions.max() == 4 and (table[table.captioner == "two"].words - 1).abs().max() < 1e-9
    assert growth({"one": lists, "none": []}).empty


def test_captioners_are_measured_at_one_size_on_the_same_clips() -> None:
    rng = np.random.default_rng(0)
    words = [[f"w{at}" for at in rng.integers(200, size=n)] for n in rng.integers(3, 9, 80)]
    clips = [f"{at:02d}" for at in range(80)]
    said = {"all": Captions(words, clips), "half": Captions(words[:40], clips[:40]), "same": Captions(words, clips)}
    found = quality(said, draws=200, rng=rng)
    assert found.size == 20 and found.captions == {"all": 80, "half": 40, "same": 80}
    assert (found.draws["all"]["distinct_2"] == found.draws["same"]["distinct_2"]).all(), "the halves are the same"
    every, some = found.estimate("all", "vocabulary"), found.estimate("half", "vocabulary")
    assert every.low <= some.value <= every.high
    table = found.table()
    measures = ["length, words", "vocabulary, words", "distinct-1", "distinct-2", "distinct-3", "templated, share"]
    assert table["measure"].tolist() == measures and table.columns.tolist() == ["measure", "all", "half", "same"]
    length = found.estimate("half", "length")
    assert table["half"].iloc[0] == f"{length.value:.1f} ({length.low:.1f}–{length.high:.1f})"


def test_the_spread_of_halves_is_the_standard_error_of_a_mean() -> None:
    rng = np.random.default_rng(1)
    lengths = rng.integers(1, 30, 200)
    words = [["w"] * int(n) for n in lengths]
    found = quality({"one": Captions(words, [f"{at:03d}" for at in range(200)])}, draws=4000, rng=rng)
    spread = found.draws["one"]["length"].std()
    assert spread == pytest.approx(lengths.std(ddof=1) / np.sqrt(200), rel=0.05)
    assert found.estimate("one", "length").value == pytest.approx(lengths.mean(), rel=0.01)


def test_a_clip_and_its_mirror_are_drawn_together() -> None:
    words = [[f"{at // 2}"] for at in range(40)]
    found = quality(
        {"one": Captions(words, [f"{at // 2:02d}" for at in range(40)])}, draws=50, rng=np.random.default_rng(0)
    )
    assert set(found.draws["one"]["vocabulary"]) == {10.0}


def test_agreement_is_the_mean_over_people_and_leaves_out_what_nobody_described() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    human = np.array([[1.0, 0.0], [0.6, 0.8]])
    known = agreement(["a", "a", "b"], vectors, ["a", "a"], human)
    np.testing.assert_allclose(known, [0.8, 0.4, np.nan])
    said = Captions([["w"]] * 3, ["a", "a", "b"], vectors, known)
    found = quality({"one": said}, draws=60, rng=np.random.default_rng(0))
    assert found.size == 1 and found.estimate("one", "agreement").value == pytest.approx(0.8)
    nobody = quality(
        {"one": Captions([["w"]], ["a"], vectors[:1], np.array([np.nan]))}, draws=5, rng=np.random.default_rng(0)
    )
    assert "agreement" not in nobody.draws["one"] and nobody.estimate("one", "vendi").value == pytest.approx(1)


def test_nothing_to_measure_is_no_error() -> None:
    assert quality({}, draws=5, rng=np.random.default_rng(0)).table().empty
    assert quality({"none": Captions([], [])}, draws=5, rng=np.random.default_rng(0)).table().empty
