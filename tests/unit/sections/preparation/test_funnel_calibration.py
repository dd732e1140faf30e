"""What the funnel does with planted defects, on clips few enough to count by hand."""

from types import SimpleNamespace

import pandas as pd
import pytest

from lib.sections.preparation import funnel_calibration, kept_clips

DEFECTS = {
    "jitter": ["j1", "j2", "seated"],
    "foot skate": ["f1", "f2"],
    "impossible pose": ["i1"],
    "upper body": ["seated"],
    "multi-person": ["crowd"],
    "no consent": ["f2"],
}
ACTIONS = {"ok1": ["walk"], "ok2": ["dance", "clap"], "ok3": ["dance"], "ok4": ["dance"], "crowd": ["dance"]}
FUNNEL = SimpleNamespace(
    flags=pd.DataFrame(
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
    summary=pd.DataFrame({"corpus": ["c"]}),
)
TRUTH = {"c": {"defects": DEFECTS, "actions": ACTIONS}}


def test_only_clips_that_reach_a_score_are_held_against_it():
    found = funnel_calibration.scores(TRUTH, [FUNNEL]).set_index("planted")
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
    found = funnel_calibration.lost_actions(TRUTH, [FUNNEL])
    assert found[["action", "dropped", "entering"]].values.tolist() == [["dance", 2, 3], ["clap", 1, 1]]


def test_the_sentence_says_what_is_lost_and_what_nothing_looks_for():
    tables = funnel_calibration.scores(TRUTH, [FUNNEL]), funnel_calibration.lost_actions(TRUTH, [FUNNEL])
    told = kept_clips.values(pd.DataFrame({"corpus": ["c"], "clips": [4]}), [], *tables)
    assert list(told) == ["lost"]
    assert (
        "2 of 4 without a planted defect (50.0 %, 95 % CI 15.0–85.0; most often dance 2 of 3, clap 1 of 1)"
        in (told["lost"])
    )
    assert "0 of 1 with foot skate, which no score looks for; 1 of 1 with impossible pose." in told["lost"]


def test_two_datasets_are_compared_by_clips_there_are_and_by_clips_kept():
    sizes = pd.DataFrame({"corpus": ["b", "c"], "clips": [4, 10]})
    first = SimpleNamespace(flags=pd.DataFrame({"kept": [True, True]}), summary=pd.DataFrame({"corpus": ["b"]}))
    told = kept_clips.values(sizes, [first, FUNNEL], None, None)
    assert told["larger"] == "Mirrors left out, c has 2.5 times as many clips as b (10 against 4)."
    assert told["kept"].startswith("Of the clips with consent, 100.0 % (95 % CI ")
    assert told["kept"].endswith(", N = 10) pass in c; the 4 of c are 2.0 times the 2 of b.")
    assert kept_clips.values(sizes.head(1), [], None, None) == {}
