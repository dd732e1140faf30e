"""The difference of two vocabularies: its value by hand, its interval against the spread of samples of a known law."""

from collections import Counter
from math import comb

import numpy as np
import pytest

from lib.metrics.vocabulary_difference import more_words


def captions(rng, clips, words, each=3):
    """Clips with captions that share half of their words, words drawn by Zipf's law; groups by clip."""
    chances = 1 / np.arange(1, words + 1)
    chances /= chances.sum()
    lists, groups = [], []
    for clip in range(clips):
        shared = rng.choice(words, 4, p=chances)
        for _ in range(each):
            lists.append([f"w{n}" for n in [*shared, *rng.choice(words, 4, p=chances)]])
            groups.append(clip)
    return lists, groups


def expected_words(lists, size):
    """Mean over all samples of so many captions: a word is missing from those of the captions without it."""
    holding = Counter(word for words in lists for word in set(words))
    return sum(1 - comb(len(lists) - n, size) / comb(len(lists), size) for n in holding.values())


def test_value_is_the_difference_of_the_expected_words_at_one_size():
    rng = np.random.default_rng(1)
    (one, of_one), (other, of_other) = captions(rng, 60, 300), captions(rng, 90, 600)
    found = more_words(one, other, (of_one, of_other), rng=rng, blocks=20)
    size = len(one) - 9  # the largest block of 60 clips in 20 holds 3 of them
    assert found.n == size
    assert found.value == pytest.approx(expected_words(other, size) - expected_words(one, size))


def test_in_equally_many_running_words_longer_captions_of_the_same_law_are_no_richer():
    rng = np.random.default_rng(2)
    words, chances = 400, 1 / np.arange(1, 401)
    drawn = [f"w{n}" for n in rng.choice(words, 9600, p=chances / chances.sum())]
    short = [drawn[at : at + 6] for at in range(0, 4800, 6)]
    long = [drawn[at : at + 12] for at in range(4800, 9600, 12)]
    groups = (range(800), range(400))
    by_captions = more_words(short, long, groups, equal="captions", rng=rng)
    by_words = more_words(short, long, groups, equal="running words", rng=rng)
    assert by_captions.low > 0 and by_words.low < 0 < by_words.high
    assert by_words.n == 4680  # of 40 equal blocks one is left out


def test_in_captions_of_one_length_running_words_are_captions():
    rng = np.random.default_rng(3)
    one, other = ([[f"w{n}" for n in rng.integers(0, top, 5)] for _ in range(60)] for top in (90, 120))
    by_captions, by_words = (
        more_words(one, other, (range(60), range(60)), equal=equal, rng=np.random.default_rng(4))
        for equal in ("captions", "running words")
    )
    assert by_words.n == 5 * by_captions.n
    assert (by_words.value, by_words.low) == pytest.approx((by_captions.value, by_captions.low))


def test_interval_is_as_wide_as_the_spread_of_samples_of_the_law():
    values, reaches = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        (one, of_one), (other, of_other) = captions(rng, 80, 400), captions(rng, 80, 400)
        found = more_words(one, other, (of_one, of_other), rng=rng)
        values.append(found.value)
        reaches.append(found.high - found.value)
    assert np.mean(np.abs(values) <= np.array(reaches)) >= 0.88  # the truth is 0
    assert np.median(reaches) / (2.02 * np.std(values)) == pytest.approx(1, abs=0.35)


def test_too_few_clips_have_no_interval():
    assert more_words([["a"]] * 2, [["b"]] * 9, (range(2), range(9)), rng=np.random.default_rng(0)) is None
