"""Leak by text: shares by caption and clip, both scales, mirrors, and the level without a leak."""

import numpy as np
import pandas as pd
import pytest

from lib.sections.similarity.text_leak import HeldOut, TextLeak, beside_held_out, held_out, text_leak


def table(*rows: tuple[str, str, bool, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [(clip, f"{clip}#{i}", base, mirrored, text) for i, (clip, base, mirrored, text) in enumerate(rows)],
        columns=["clip_id", "caption_id", "base_id", "mirrored", "caption"],
    )


def at(degrees: float) -> np.ndarray:
    return np.float32([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


VECTORS = {"walk": at(0), "stroll": at(20), "amble": at(30), "jump": at(90), "mirrored walk": at(180)}
TRAIN = table(("t1", "t1", False, "walk"), ("Mt1", "t1", True, "mirrored walk"))
TEST = table(
    ("a", "a", False, "stroll"),
    ("a", "a", False, "jump"),
    ("b", "b", False, "amble"),
    ("Ma", "a", True, "mirrored walk"),
)


@pytest.fixture(scope="module")
def leak():
    rng = np.random.default_rng(0)
    return text_leak(TEST, TRAIN, VECTORS, names=("x", "y"), thresholds=[0.9, 0.95], block=2, draws=200, rng=rng)


@pytest.mark.parametrize(
    ("unit", "scale", "threshold", "mirrors", "share"),
    [
        ("caption", "cosine", 0.9, "without", 1 / 3),  # cos 20 = .940, cos 30 = .866
        ("clip", "cosine", 0.9, "without", 1 / 2),
        ("clip", "cosine", 0.95, "without", 0.0),
        ("caption", "(cosine+1)/2", 0.9, "without", 2 / 3),  # raw .80
        ("caption", "(cosine+1)/2", 0.95, "without", 1 / 3),  # raw .90
        ("clip", "(cosine+1)/2", 0.9, "without", 1.0),
        ("caption", "cosine", 0.95, "with", 1 / 4),  # the mirrored caption repeats a mirrored training caption
        ("clip", "cosine", 0.95, "with", 1 / 3),
    ],
)
def test_shares_are_those_counted_by_hand(leak, unit, scale, threshold, mirrors, share):
    row = leak.at(unit=unit, scale=scale, threshold=threshold, mirrors=mirrors)
    assert row["share"] == pytest.approx(share) and row["low"] <= row["share"] <= row["high"]


def test_flags_name_the_nearest_training_caption_of_unmirrored_test_captions(leak):
    assert leak.flags["nearest_caption"].tolist() == ["walk"] * 3
    assert leak.flags["cosine"].tolist() == pytest.approx([np.cos(np.radians(d)) for d in (20, 90, 30)], abs=1e-6)


def test_equal_bounds_on_both_scales_have_equal_intervals(leak):
    one = leak.at(unit="caption", scale="cosine", threshold=0.9)
    other = leak.at(unit="caption", scale="(cosine+1)/2", threshold=0.95)
    assert one[["share", "low", "high"]].tolist() == other[["share", "low", "high"]].tolist()


def test_word_for_word_repeats_are_flagged_after_normalisation():
    rng = np.random.default_rng(0)
    train, test = (
        table(("t", "t", False, "a man walks.")),
        table(("a", "a", False, "A man walks"), ("b", "b", False, "jump")),
    )
    vectors = {"a man walks.": at(0), "A man walks": at(1), "jump": at(90)}
    found = text_leak(test, train, vectors, names=("x", "y"), thresholds=[0.9], block=2, draws=50, rng=rng)
    assert found.flags["exact"].tolist() == [True, False]


RECORDINGS = {"a": "tape 1", "b": "tape 1", "c": "tape 2"}
SPLIT = table(*((i, i, False, text) for i, text in (("a", "walk"), ("b", "walk"), ("c", "jump"), ("d", "amble"))))


@pytest.mark.parametrize("seed", range(5))
def test_recordings_are_held_out_whole(seed):
    found = held_out(TEST, SPLIT, RECORDINGS, VECTORS, bounds=[0.9], draws=6, block=4, rng=np.random.default_rng(seed))
    for _, draw in found.flags.groupby("draw"):
        out = set(draw["clip_id"])
        assert ("a" in out) == ("b" in out) and not out & set(draw["nearest_clip_id"])
        assert 1 <= len(out) <= 3


def test_held_out_clips_and_the_test_set_meet_the_same_references():
    """Two recordings of one clip each: the one held out meets the other, and so does the test set."""
    split = table(("a", "a", False, "walk"), ("b", "b", False, "jump"))
    test = table(("x", "x", False, "stroll"), ("y", "y", False, "jump"))
    found = held_out(test, split, {}, VECTORS, bounds=[0.9], draws=40, block=4, rng=np.random.default_rng(0))
    row = found.summary.set_index(["unit", "cosine"]).loc[("clip", 0.9)]
    assert row["held_out_share"] == 0 and row["test_share"] == 0.5
    assert (row["low"], row["high"], row["draws"]) == (0, 0, 40)


def test_the_test_set_stands_beside_held_out_recordings_at_every_cosine_of_either_scale() -> None:
    rows = [
        ("with", "clip", "cosine", 0.95, 0.5),
        ("without", "caption", "cosine", 0.95, 0.1),
        ("without", "clip", "cosine", 0.9, 0.3),
        ("without", "clip", "cosine", 0.95, 0.2),
        ("without", "clip", "(cosine+1)/2", 0.9, 0.4),
        ("without", "clip", "(cosine+1)/2", 0.95, 0.3),
    ]
    summary = pd.DataFrame(rows, columns=["mirrors", "unit", "scale", "threshold", "share"]).assign(low=0, high=1, n=75)
    level = [("caption", 0.95, 0.11), ("clip", 0.8, 0.41), ("clip", 0.9, 0.31), ("clip", 0.95, 0.21)]
    held = pd.DataFrame(level, columns=["unit", "cosine", "test_share"])
    held = held.assign(held_out_share=0.05, low=0.01, high=0.09, draws=10)
    leak = TextLeak(pd.DataFrame(), summary, "a", "b")
    table = beside_held_out(leak, HeldOut(pd.DataFrame(), held))
    shown = table[["unit", "cosine", "(cosine+1)/2", "test_share", "test_share_in_the_rest", "least", "most"]]
    assert shown.round(6).values.tolist() == [
        ["clip", 0.8, 0.9, 0.4, 0.41, 0.01, 0.09],
        ["clip", 0.9, 0.95, 0.3, 0.31, 0.01, 0.09],
        ["clip", 0.95, 0.975, 0.2, 0.21, 0.01, 0.09],
        ["caption", 0.95, 0.975, 0.1, 0.11, 0.01, 0.09],
    ]
