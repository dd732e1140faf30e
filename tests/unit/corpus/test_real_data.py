"""Counts on the real data laid beside a checkout, as its README states them."""

from pathlib import Path

import numpy as np

from lib.corpus import load


def test_humanml3d_loads_with_what_is_there(shared_data: Path) -> None:
    corpus = load("humanml3d", shared_data / "humanml3d", check_motions=True)
    clips = corpus.clips
    assert {split: len(ids) for split, ids in corpus.splits.items()} == {"train": 23384, "val": 1460, "test": 4384}
    assert clips.base_id.nunique() == 14614 and len(clips) == 29228
    assert len(corpus.captions) == 7243 and clips.has_captions.sum() == 2427 and clips.has_motion.sum() == 3
    assert clips[clips.has_captions].split.value_counts().to_dict() == {"train": 1948, "test": 349, "val": 130}
    assert corpus.provenance.missing == {"clips without captions": 26801, "clips without motion": 29225}
    assert corpus.provenance.dropped.clip_id.tolist() == ["009707", "011059"]
    reasons = corpus.provenance.reported.groupby("reason").clip_id.agg(set)
    assert reasons["known: NaN in the released motion"] == {"007975", "M007975"}
    assert reasons["known: wrong caption"] == {"007406", "M007406"}
    assert corpus.captions.tokens.notna().all()
    assert corpus.index is not None and len(corpus.index) == 14616
    np.testing.assert_allclose(
        corpus.joints("012314"), np.load(shared_data / "humanml3d/new_joints/012314.npy"), atol=1e-5
    )


def test_bandai_namco_loads_whole(shared_data: Path) -> None:
    corpus = load("manifest", shared_data / "bandai_namco", check_motions=True)
    assert len(corpus.clips) == 3076 and len(corpus.captions) == 3076
    assert {split: len(ids) for split, ids in corpus.splits.items()} == {"train": 2441, "val": 152, "test": 483}
    assert corpus.clips.content.nunique() == 24 and corpus.clips["style"].nunique() == 19
    assert round(corpus.clips.n_frames.sum() / 20 / 3600, 2) == 3.85
    clip = corpus.clips.iloc[1234]
    packed = np.load(shared_data / "bandai_namco/joints.npy", mmap_mode="r")
    offset = int(corpus.clips.n_frames[:1234].sum())
    np.testing.assert_allclose(corpus.joints(clip.clip_id), packed[offset : offset + clip.n_frames] / 1000, atol=1e-6)
