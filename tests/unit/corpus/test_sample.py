"""The sample that models are trained on: how many of each split, mirrors with their bases, the same by the seed."""

from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.corpus import Corpus, Provenance
from lib.corpus.sample import LEAST, sampled


def corpus(name: str, sizes: dict[str, int], *, mirrors: bool) -> Corpus:
    """Clips of each split, one of ten without a motion."""
    rows = [(f"{name}{split}{n}", None, split, n % 10 != 9) for split, size in sizes.items() for n in range(size)]
    rows += [(f"M{clip}", clip, split, has) for clip, _, split, has in rows] if mirrors else []
    clips = pd.DataFrame(rows, columns=["clip_id", "mirror_of", "split", "has_motion"])
    clips["base_id"] = clips["mirror_of"].fillna(clips["clip_id"])
    captions = pd.DataFrame({"clip_id": clips["clip_id"], "caption_id": clips["clip_id"] + "#0", "text": "x"})
    splits = {split: clips.loc[clips["split"] == split, "clip_id"].tolist() for split in ("train", "val", "test")}
    return Corpus(name, clips, captions, splits, None, Provenance(Path("x"), {}))  # type: ignore[arg-type]


TWO = {
    "h": corpus("h", {"train": 100, "val": 20, "test": 30}, mirrors=True),
    "d": corpus("d", {"train": 900, "val": 180, "test": 270}, mirrors=False),
}


def drawn(corpora: dict[str, Corpus], split: str) -> set[str]:
    return {
        row.clip_id
        for one in corpora.values()
        for row in one.clips[
            (one.clips.split == split) & one.clips.mirror_of.isna() & one.clips.has_motion
        ].itertuples()
    }


@settings(deadline=None, max_examples=30)
@given(count=st.integers(1, 899), seed=st.integers(0, 5))
def test_so_many_training_clips_are_left_and_of_the_others_the_same_share(count: int, seed: int) -> None:
    made = sampled(TWO, count, seed)
    assert len(drawn(made, "train")) == count
    assert len(drawn(made, "val")) == max(round(180 * count / 900), LEAST)
    for key, one in made.items():
        before, after = TWO[key].clips, one.clips
        pd.testing.assert_frame_equal(before[before.split == "test"].reset_index(drop=True),
                                      after[after.split == "test"].reset_index(drop=True))  # fmt: skip
        mirrors = after[after.mirror_of.notna() & after.split.ne("test")]
        assert {*mirrors.mirror_of} == {*after.clip_id[after.split.ne("test") & after.mirror_of.isna()]} or key == "d"
        assert {*one.captions.clip_id} == {*after.clip_id} == {clip for ids in one.splits.values() for clip in ids}
    assert drawn(sampled(TWO, count, seed), "train") == drawn(made, "train")


def test_every_clip_is_as_likely_whichever_corpus_it_is_of() -> None:
    shares = [len(drawn({"h": sampled(TWO, 300, seed)["h"]}, "train")) for seed in range(60)]
    assert 27 < sum(shares) / len(shares) < 33  # 90 of 900 have a chance of a third: 30, of standard error 0.6


def test_corpora_that_are_no_larger_stay_as_they_are() -> None:
    for count in (None, 900, 10_000):
        assert all(made is TWO[key] for key, made in sampled(TWO, count, 0).items())
    assert drawn(sampled(TWO, 100, 0), "train") != drawn(sampled(TWO, 100, 1), "train")
