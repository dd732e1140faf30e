"""Leak by text: shares by caption and clip, both scales, mirrors, and the level without a leak."""

import numpy as np
import pandas as pd
import pytest

from lib.audit.text_leak import redundancy, text_leak


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


def test_the_level_without_a_leak_compares_clips_with_other_clips_only():
    train = table(*((f"c{i}", f"c{i}", False, text) for i, text in enumerate(["walk"] * 5 + ["jump"])))
    held = redundancy(train, 2, VECTORS, block=4, rng=np.random.default_rng(1))
    assert held["clip_id"].nunique() == 2
    alone = held["caption"] == "jump"
    assert (held.loc[~alone, "cosine"] == 1).all() and (held.loc[alone, "cosine"] < 0.1).all()


def test_a_held_out_clip_never_meets_its_own_captions():
    train = table(
        ("a", "a", False, "walk"), ("a", "a", False, "stroll"), ("b", "b", False, "jump"), ("c", "c", False, "jump")
    )
    for seed in range(6):
        held = redundancy(train, 1, VECTORS, block=4, rng=np.random.default_rng(seed))
        assert not (held["clip_id"] == held["nearest_clip_id"]).any()
