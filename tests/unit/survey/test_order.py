"""The arithmetic shared with the page: known vectors, fair orders."""

from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from lib.survey.order import checksum, hash32, shown_order

FNV_1A = {"": 0x811C9DC5, "a": 0xE40C292C, "foobar": 0xBF9CF968}


def fmix32(h: np.uint32) -> int:
    with np.errstate(over="ignore"):
        h ^= h >> np.uint32(16)
        h *= np.uint32(0x85EBCA6B)
        h ^= h >> np.uint32(13)
        h *= np.uint32(0xC2B2AE35)
        return int(h ^ (h >> np.uint32(16)))


@pytest.mark.parametrize(("text", "fnv"), FNV_1A.items())
def test_the_hash_is_fnv_1a_mixed_by_murmur(text, fnv):
    assert hash32(text) == fmix32(np.uint32(fnv))


def test_every_order_is_equally_likely():
    codes = ["qa", "qb", "qc", "qd"]
    seen = Counter(tuple(shown_order(f"seed{n}", "item", codes)) for n in range(4800))
    assert chisquare([seen[order] for order in permutations(codes)]).pvalue > 0.001


def test_the_orders_of_two_items_are_independent():
    codes = ["qa", "qb", "qc"]
    pairs = Counter((shown_order(f"s{n}", "one", codes)[0], shown_order(f"s{n}", "two", codes)[0]) for n in range(3600))
    assert chisquare([pairs[a, b] for a in codes for b in codes]).pvalue > 0.001


@given(st.text(), st.lists(st.text(st.characters(codec="utf-8")), unique=True, max_size=6))
def test_an_order_is_a_permutation_whatever_order_the_codes_come_in(seed, codes):
    order = shown_order(seed, "item", codes)
    assert sorted(order) == sorted(codes) and order == shown_order(seed, "item", codes[::-1])


def test_a_checksum_tells_any_two_lists_of_texts_apart():
    lists = [("a", "b"), ("b", "a"), ("ab",), ("a", "b", ""), ("a", "c"), ("a", "bb")]
    assert len({checksum(parts) for parts in lists}) == len(lists)
