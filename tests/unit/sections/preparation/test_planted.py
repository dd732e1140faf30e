"""What scores and funnel do with planted defects, on clips few enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from lib.sections.preparation import planted, sentences
from lib.sections.preparation.funnel import Funnel

DEFECTS = {
    "jitter": ["j1", "j2", "seated"],
    "foot skate": ["f1", "f2"],
    "impossible pose": ["i1"],
    "upper body": ["seated"],
    "multi-person": ["crowd"],
    "no consent": ["f2"],
}
ACTIONS = {"ok1": ["walk"], "ok2": ["dance", "clap"], "ok3": ["dance"], "ok4": ["dance"], "crowd": ["dance"]}
FUNNEL = Funnel(
    "c",
    pd.DataFrame(
        [
            ("j1", False, False, False),
            ("j2", False, False, True),
            ("seated", True, False, False),
            ("crowd", False, True, False),
            ("f1", False, False, True),
            ("i1", False, False, False),
            ("ok1", False, False, True),
            ("ok2", False, False, False),
            ("ok3", False, False, False),
            ("ok4", False, False, True),
        ],
        columns=["clip_id", "body mode", "persons", "kept"],
    ),
    pd.DataFrame({"stage": ["consent", "body mode", "persons"], "failing": [1, 1, 2]}),
)
TRUTH = {"c": {"defects": DEFECTS, "actions": ACTIONS}}


def test_only_clips_that_reach_a_score_are_held_against_it():
    found = planted.dropped(TRUTH, [FUNNEL]).set_index("planted")
    assert found[["entering", "dropped", "kept"]].to_dict("index") == {
        "jitter": {"entering": 2, "dropped": 1, "kept": 1},
        "foot skate": {"entering": 1, "dropped": 0, "kept": 1},
        "impossible pose": {"entering": 1, "dropped": 1, "kept": 0},
        "none": {"entering": 4, "dropped": 2, "kept": 2},
    }
    assert found.index[found["score"].isna()].tolist() == ["foot skate", "none"]
    z2 = 1.959964**2  # Wilson's interval of one half of four
    reach = (z2 * 4 / 4 + z2 * z2 / 4) ** 0.5 / (4 + z2)
    assert found.loc["none", ["low", "high"]].tolist() == pytest.approx([0.5 - reach, 0.5 + reach], abs=1e-6)


def test_actions_are_those_of_sound_clips_that_are_lost():
    found = planted.lost_actions(TRUTH, [FUNNEL])
    assert found[["action", "dropped", "entering"]].values.tolist() == [["dance", 2, 3], ["clap", 1, 1]]


def test_labels_are_counted_of_consented_clips_and_agree_or_not() -> None:
    table = planted.labels(TRUTH, [FUNNEL])
    assert table.drop(columns="corpus").to_numpy().tolist() == [
        ["consent", 1, 1, True],
        ["body mode", 1, 1, True],
        ["persons", 1, 2, False],
    ]


def test_the_sentence_says_what_is_lost_and_what_nothing_looks_for():
    tables = planted.dropped(TRUTH, [FUNNEL]), planted.lost_actions(TRUTH, [FUNNEL])
    sentence = sentences.lost(*tables)["lost"]
    assert (
        "2 of 4 without a planted defect (50.0 %, 95 % CI 15.0–85.0; most often dance 2 of 3, clap 1 of 1)" in sentence
    )
    assert "0 of 1 with foot skate, which no score looks for; 1 of 1 with impossible pose." in sentence
    assert sentences.lost(None, None) == {}


def test_defects_are_ranked_against_clips_without_any():
    truth = {"c": {"defects": {"jitter": ["a", "b"], "impossible pose": ["d"], "foot skate": ["e"], "upper body": []}}}
    table = pd.DataFrame(
        {"clip_id": list("abcdef"), "high_pass": [3, 1, 2, 9, 9, 0], "realism": [0.5, 0.5, 0.9, 0.1, 0.0, 0.8]}
    )
    areas = planted.defects(truth, {"c": table}, draws=20, rng=np.random.default_rng(0)).set_index("defect")
    assert areas["auc"].to_dict() == {"jitter": 0.75, "impossible pose": 1.0}
    assert areas[["defective", "clean"]].values.tolist() == [[2, 2], [1, 2]]
    points = planted.curves(truth, {"c": table})["high-pass against jitter"]
    area = np.trapezoid(points["true_positive_rate"], points["false_positive_rate"])
    assert area == pytest.approx(0.75)


def test_nothing_is_compared_without_planted_truths():
    table = pd.DataFrame({"clip_id": ["a"], "high_pass": [1.0], "realism": [0.5]})
    assert planted.defects(None, {"c": table}, draws=5, rng=np.random.default_rng(0)) is None
    assert planted.curves(None, {"c": table}) == {} and planted.labels(None, [FUNNEL]) is None
    assert planted.dropped(None, [FUNNEL]) is None and planted.lost_actions(None, [FUNNEL]) is None
