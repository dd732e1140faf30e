"""Planted near-duplicates and shared recordings against those found."""

import pandas as pd

from lib.sections.similarity import planted


def test_planted_sources_leave_clips_without_consent_out() -> None:
    truth = {"c": {"sources": {"shared": 2, "shared_ids": ["a", "b"]}, "defects": {"no consent": ["b"]}}}
    assert planted.sources(truth, {"c": {"shared": 1}})["exact"].tolist() == [True]
    assert planted.sources(truth, {"c": {"shared": 2}})["exact"].tolist() == [False]


def test_nothing_is_compared_without_planted_truths() -> None:
    assert planted.near_duplicates(None, pd.DataFrame(), pd.DataFrame(), name="c") is None
    assert planted.sources(None, {"c": {"shared": 1}}) is None
