"""Which clips are asked about, and what the codes give away."""

import math

import pandas as pd
import pytest

from lib.base.errors import CorpusError
from lib.survey.items import choose, of_captioners

CLIPS = [f"clip{n}" for n in range(12)]


def test_only_clips_that_every_captioner_described_are_asked_about(said):
    table = said(12)
    table = table[~((table.clip_id == "clip3") & (table.captioner == "beta"))]
    survey = choose(table, CLIPS[:8], n=99, seed=0)
    assert {item.clip_id for item in survey.items} == {f"clip{n}" for n in (0, 1, 2, 4, 5, 6, 7)}
    assert all(
        [c.captioner for c in item.captions].count(name) == 1
        for item in survey.items
        for name in ("alpha", "beta", "gamma")
    )


def test_the_draw_depends_on_the_seed_alone_and_grows_with_n(said):
    table = said(12)
    few, many = (choose(table, CLIPS, n=n, seed=5) for n in (4, 9))
    shuffled = choose(table.sample(frac=1, random_state=1), CLIPS[::-1], n=4, seed=5)
    assert [i.clip_id for i in many.items][:4] == [i.clip_id for i in few.items]
    assert few == shuffled and few.id == shuffled.id
    assert [i.clip_id for i in choose(table, CLIPS, n=4, seed=6).items] != [i.clip_id for i in few.items]


def test_codes_are_letters_unique_and_linked_to_no_captioner(said):
    survey = choose(said(12), CLIPS, n=12, seed=0)
    codes = [c.code for item in survey.items for c in item.captions] + [item.code for item in survey.items]
    assert len(set(codes)) == len(codes) and all(code.isalpha() and code.islower() for code in codes)
    first = [choose(said(12), CLIPS, n=12, seed=s).items[0].captions[0].captioner for s in range(60)]
    assert all(9 <= first.count(name) <= 33 for name in ("alpha", "beta", "gamma"))
    again = choose(said(12), CLIPS, n=12, seed=1)
    assert not {c.code for item in again.items for c in item.captions} & set(codes)


def test_the_checksum_follows_texts_items_and_rules(said):
    table = said(5)
    base = choose(table, CLIPS, n=5, seed=0)
    other = table.assign(text=table.text.where(table.index != 2, "something else"))
    variants = [
        base,
        choose(other, CLIPS, n=5, seed=0),
        choose(table, CLIPS, n=4, seed=0),
        choose(table, CLIPS, n=5, seed=0, ties=True),
    ]
    assert len({survey.id for survey in variants}) == len(variants)


def test_of_several_captions_by_one_captioner_each_is_drawn_at_times(said):
    table = pd.concat([said(1), said(1).assign(caption_id=lambda t: t.caption_id + "-b", text="another")])
    texts = [
        next(c.text for c in choose(table, CLIPS, n=1, seed=s).items[0].captions if c.captioner == "beta")
        for s in range(40)
    ]
    assert 8 <= texts.count("another") <= 32


def test_one_captioner_or_no_common_clip_is_refused_in_words(said):
    with pytest.raises(CorpusError, match="only 'alpha'"):
        choose(said(3, ["alpha"]), CLIPS, n=2, seed=0)
    with pytest.raises(CorpusError, match="compares two captioners or more"):
        choose(said(0), CLIPS, n=2, seed=0)
    table = said(2)
    apart = table[(table.clip_id == "clip0") == (table.captioner == "alpha")]
    with pytest.raises(CorpusError, match="no clip .* alpha, beta, gamma"):
        choose(apart, CLIPS, n=2, seed=0)


def test_captions_are_taken_in_the_setting_asked_for(said):
    table = said(2).assign(start_s=0.0, end_s=0.0, prompt=None, temperature=math.nan)
    hot = table[table.captioner == "beta"].assign(
        prompt="detail", temperature=1.0, caption_id=lambda t: t.caption_id + "h"
    )
    piece = table.head(1).assign(end_s=2.0, caption_id="piece")
    whole = pd.concat([table, hot, piece])
    kept = of_captioners(whole, ["alpha", "beta"], {"beta": {"prompt": "detail", "temperature": 1.0}})
    assert sorted(kept.caption_id) == ["clip0#alpha", "clip0#betah", "clip1#alpha", "clip1#betah"]
    assert set(of_captioners(whole).captioner) == {"alpha", "beta", "gamma"} and "piece" not in set(
        of_captioners(whole).caption_id
    )
    with pytest.raises(CorpusError, match="no captions by 'delta'; there are alpha, beta, gamma"):
        of_captioners(whole, ["delta"])
    with pytest.raises(CorpusError, match="no captions by 'beta' with"):
        of_captioners(whole, [], {"beta": {"temperature": 0.5}})
