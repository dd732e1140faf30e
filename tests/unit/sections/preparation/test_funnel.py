"""The funnel and the audits of text, on corpora small enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from lib.corpus import Corpus, Provenance
from lib.sections.preparation import funnel


def corpus(clips: pd.DataFrame, withheld: int = 0) -> Corpus:
    return Corpus(
        name="c",
        clips=clips,
        captions=pd.DataFrame(columns=["clip_id", "caption_id", "text"]),
        splits={},
        motions=None,
        provenance=Provenance(root=None, files={}, withheld={"consent": withheld}),
    )


@pytest.fixture
def clips() -> pd.DataFrame:
    rows = [
        ("clean", "full", 1, None, True),
        ("upper", "upper", 3, None, True),
        ("crowd", "full", 2, None, True),
        ("bent", "full", 1, None, True),
        ("shaky", "full", 1, None, True),
        ("unscored", "full", 1, None, True),
        ("Mclean", "full", 1, "clean", True),
        ("still", "full", 1, None, False),
    ]
    return pd.DataFrame(rows, columns=["clip_id", "body_mode", "person_count", "mirror_of", "has_motion"])


QUALITY = pd.DataFrame(
    {
        "clip_id": ["clean", "upper", "crowd", "bent", "shaky", "unscored"],
        "realism": [0.9, 0.1, 0.9, 0.2, 0.9, 0.9],
        "high_pass": [0.1, 0.1, 0.1, 0.9, 0.5, np.nan],
    }
)


def test_a_clip_leaves_for_the_first_reason_that_applies(clips):
    found = funnel.funnel(corpus(clips, withheld=2), QUALITY, funnel.Thresholds(0.5, 0.3))
    reasons = found.flags.set_index("clip_id")["reason"].to_dict()
    assert {k: v for k, v in reasons.items() if isinstance(v, str)} == {
        "upper": "body mode",
        "crowd": "persons",
        "bent": "pose realism",
        "shaky": "high-pass movement",
        "unscored": "high-pass movement",
    }
    assert found.flags.loc[found.flags["kept"], "clip_id"].tolist() == ["clean"]
    assert found.summary["entering"].tolist() == [8, 6, 5, 4, 3]
    assert found.summary["dropped"].tolist() == [2, 1, 1, 1, 2]
    assert found.summary["kept"].tolist() == [6, 5, 4, 3, 1]
    assert found.summary["failing"].tolist() == [2, 1, 2, 2, 3]


def test_bounds_come_from_the_benchmark_s_quantiles_or_are_taken_as_given():
    benchmark = pd.DataFrame({"realism": np.linspace(0, 1, 101), "high_pass": np.linspace(0, 10, 101)})
    quantiles = {"realism_quantile": 0.05, "high_pass_quantile": 0.9}
    bounds = funnel.thresholds(benchmark, **quantiles, realism_min=None, high_pass_max=None)
    assert (bounds.realism_min, bounds.high_pass_max) == pytest.approx((0.05, 9.0))
    given = {"realism_min": 0.3, "high_pass_max": 2.0}
    assert funnel.thresholds(benchmark, **quantiles, **given) == funnel.Thresholds(0.3, 2.0)
    assert funnel.thresholds(None, **quantiles, **given) is None


def test_a_bound_is_kept_not_dropped(clips):
    at = QUALITY.assign(realism=0.5, high_pass=0.3)
    found = funnel.funnel(corpus(clips), at, funnel.Thresholds(0.5, 0.3))
    assert found.summary["dropped"].tolist()[-2:] == [0, 0]


def test_corpora_without_scores_have_no_funnel(clips):
    assert funnel.funnels([corpus(clips)], {}, None) == []
    assert funnel.summaries([]) is None and funnel.last_scored([corpus(clips)], {}) is None


def test_without_the_worst_clips_rare_words_and_wide_motions_are_lost_as_counted():
    class Moving:
        name = "c"

        def joints(self, clip_id):
            still = np.zeros((4, 22, 3), dtype=np.float32)
            still[:, 1, 0] = {"a": 0, "b": 0, "wide": 3}[clip_id]
            return still

    scores = pd.DataFrame({"clip_id": ["a", "b", "wide"], "realism": [0.9, 0.8, 0.1], "high_pass": [2.0, 1.0, 3.0]})
    captions = pd.DataFrame({"clip_id": ["a", "b", "wide"], "words": [["walk"], ["walk"], ["cartwheel"]]})
    table = funnel.sensitivity(Moving(), {"c": scores}, {"c": captions}, shares=[2 / 3, 1.0])
    assert table["score"].tolist() == ["realism", "realism", "high_pass", "high_pass"]
    assert table["bound"].tolist() == [0.8, 0.1, 2.0, 3.0] and table["distinct_words"].tolist() == [1, 2, 1, 2]
    pairs = np.mean([1, 2, 2])  # distinct words of the three pairs of captions
    assert table["word_ratio"].tolist() == pytest.approx([1 / pairs, 1, 1 / pairs, 1])
    assert table["motion_ratio"].tolist() == pytest.approx([0, 1, 0, 1])
    assert funnel.sensitivity(None, {}, {}) is None
