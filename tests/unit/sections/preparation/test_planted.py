"""What scores and funnel do with planted defects, on clips few enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from lib.sections.preparation import loss_sentences, planted
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
    assert found["of_kept"].tolist() == [1 / 4, 1 / 4, 0, 2 / 4]  # of the four kept clips that reach a score
    assert found[["entering", "dropped", "kept"]].to_dict("index") == {
        "jitter": {"entering": 2, "dropped": 1, "kept": 1},
        "foot skate": {"entering": 1, "dropped": 0, "kept": 1},
        "impossible pose": {"entering": 1, "dropped": 1, "kept": 0},
        "none": {"entering": 4, "dropped": 2, "kept": 2},
    }
    assert found.index[found["score"].isna()].tolist() == ["none"]
    z2 = 1.959964**2  # Wilson's interval of one half of four
    reach = (z2 * 4 / 4 + z2 * z2 / 4) ** 0.5 / (4 + z2)
    assert found.loc["none", ["low", "high"]].tolist() == pytest.approx([0.5 - reach, 0.5 + reach], abs=1e-6)


def test_actions_are_those_of_sound_clips_that_are_lost():
    found = planted.lost_actions(TRUTH, [FUNNEL])
    assert found[["action", "dropped", "entering"]].values.tolist() == [["clap", 1, 1], ["dance", 2, 3]]  # by rate
    assert found["share"].tolist() == [1.0, 2 / 3] and (found["low"] < found["share"]).all()


def test_labels_are_counted_of_consented_clips_and_agree_or_not() -> None:
    table = planted.labels(TRUTH, [FUNNEL])
    assert table.drop(columns="corpus").to_numpy().tolist() == [
        ["consent", 1, 1, True],
        ["body mode", 1, 1, True],
        ["persons", 1, 2, False],
    ]


def test_the_sentence_says_what_is_lost_and_what_is_left():
    sentence = loss_sentences.lost(planted.dropped(TRUTH, [FUNNEL]), planted.lost_actions(TRUTH, [FUNNEL]))["lost"]
    assert sentence.startswith("In c the scores drop 2 of 4 sound clips (50.0 %, 95 % CI 15.0–85.0). ")
    assert "Of the clips of c with a planted defect they drop 1 of 2 with jitter" in sentence
    assert sentence.endswith("What is kept still holds jitter 1 (25.0 %) and foot skate 1 (25.0 %).")
    clean = planted.dropped(TRUTH, [FUNNEL]).assign(kept=0)
    assert loss_sentences.lost(clean, None)["lost"].endswith("None of these is kept.")
    assert "dance" not in sentence  # three clips are too few for a rate
    assert loss_sentences.lost(None, None) == {}


def test_actions_that_lose_too_much_come_first():
    dropped = planted.dropped(TRUTH, [FUNNEL])
    rows = [
        ("c", "look", 20, 4, 0.2, 0.08, 0.42),
        ("c", "dance", 100, 3, 0.03, 0.01, 0.08),
        ("c", "sit", 5, 5, 1, 0.6, 1),
    ]
    actions = pd.DataFrame(rows, columns=["corpus", "action", "entering", "dropped", "share", "low", "high"])
    sentence = loss_sentences.lost(dropped, actions)["lost"]
    first = "Look first at “look”: c loses 4 of 20 sound clips (20.0 %, 95 % CI 8.0–42.0). In c the scores drop"
    assert sentence.startswith(first) and "sit" not in sentence
    last = "After these, the actions that lose most are “dance” 3 of 100 (actions with 15 sound clips or more)."
    assert sentence.endswith(last)


def test_defects_are_ranked_against_clips_without_any():
    truth = {"c": {"defects": {"jitter": ["a", "b"], "impossible pose": ["d"], "foot skate": ["e"], "upper body": []}}}
    table = pd.DataFrame(
        {"clip_id": list("abcdef"), "high_pass": [3, 1, 2, 9, 9, 0], "realism": [0.5, 0.5, 0.9, 0.1, 0.0, 0.8]}
    ).assign(foot_skate=[0.1, 0.1, 0.3, 0.1, 0.2, 0.1])
    areas = planted.defects(truth, {"c": table}, draws=20, rng=np.random.default_rng(0)).set_index("defect")
    assert areas["auc"].to_dict() == {"jitter": 0.75, "impossible pose": 1.0, "foot skate": 0.5}
    assert areas[["defective", "clean"]].values.tolist() == [[1, 2], [2, 2], [1, 2]]
    points = planted.curves(truth, {"c": table})["high-pass against jitter, planted"]
    area = np.trapezoid(points["true_positive_rate"], points["false_positive_rate"])
    assert area == pytest.approx(0.75)


def test_nothing_is_compared_without_planted_truths():
    table = pd.DataFrame({"clip_id": ["a"], "high_pass": [1.0], "realism": [0.5]})
    assert planted.defects(None, {"c": table}, draws=5, rng=np.random.default_rng(0)) is None
    assert planted.curves(None, {"c": table}) == {} and planted.labels(None, [FUNNEL]) is None
    assert planted.dropped(None, [FUNNEL]) is None and planted.lost_actions(None, [FUNNEL]) is None
