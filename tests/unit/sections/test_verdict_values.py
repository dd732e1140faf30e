"""Values that the overview's verdicts read: shares by recording and by clip, pairs of captioners, weighting."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.sections.actions import sentences as actions
from lib.sections.captioners.captioner_retrieval import Contest
from lib.sections.captioners.metrics.captioners import Retrieved
from lib.sections.captioners.sentences import captioner_pairs
from lib.sections.captioners.votes import Votes
from lib.sections.evaluation import sentences as evaluation
from lib.site.variables import NAME

RECALLS = pd.DataFrame(
    {
        "first": ["a b", "a b"],
        "second": ["c", "c"],
        "direction": ["video to text", "text to video"],
        "measure": "R@1",
        "difference": [5.0, 9.0],
        "low": [1.0, 8.0],
        "high": [9.0, 10.0],
    }
)


def contest(different: bool) -> Contest:
    tests = pd.DataFrame({"first": ["a b"], "second": ["c"], "different": [different]})
    nothing = Retrieved({}, np.array([], dtype=str), "average")
    return Contest(None, nothing, ["1", "2", "3"], pd.DataFrame(), RECALLS, tests, None)


@pytest.mark.parametrize("different", [True, False])
def test_pairs_of_captioners_are_told_with_what_the_tests_say(different):
    pairs = pd.DataFrame(
        {"first": ["a b"], "second": ["c"], "share": 0.6, "low": 0.5, "high": 0.7, "respondents": 17}
    ).assign(different=not different)
    found = captioner_pairs.values(contest(different), Votes(pairs=pairs))
    assert (found["captioner_1"], found["captioner_2"]) == ("a b", "c")
    recall, liked = found["recall_a_b_less_c"], found["preferred_a_b_to_c"]
    assert (recall.value, recall.low, recall.high, recall.n, recall.unit) == (5.0, 1.0, 9.0, 3, "points")
    assert (liked.value, liked.n) == (0.6, 17)
    assert found["recall_a_b_less_c_sure"] is different and found["preferred_a_b_to_c_sure"] is not different


def test_names_of_values_say_no_more_than_the_report_may_and_can_be_quoted():
    rows = pd.DataFrame({"first": ["通义 VL", "VL"], "second": ["VL", "Secret-9"], "measure": "R@1"})
    rows = rows.assign(direction="video to text", difference=[1.0, 2.0], low=0.0, high=3.0)
    tests = pd.DataFrame({"first": [], "second": [], "different": []})
    one = replace(contest(True), differences=rows, tests=tests)
    assert captioner_pairs.names(one, Votes()) == ["Secret-9", "VL", "通义 VL"]
    found = captioner_pairs.values(one, Votes(), {"Secret-9": "captioner 1", "VL": "VL", "通义 VL": "通义 VL"}.get)
    assert found["recall_vl_2_less_vl"].value == 1.0 and found["recall_vl_less_captioner_1"].value == 2.0
    assert not any("secret" in name for name in found) and all(NAME.fullmatch(name) for name in found)


def test_models_of_others_have_values_of_their_own_that_a_page_can_quote():
    models = ["h3d+dm", "4D (external)", "Modèle (external)", "modele (external)"]
    table = pd.DataFrame({"model": models, "metric": "FID", "expected": range(4), "clip_low": 0.0, "clip_high": 9.0})
    found = evaluation.values(table.assign(base_clips=10), pd.DataFrame({"model": models[:0]}))
    assert {name: one.value for name, one in found.items()} == {
        "h3d_dm_fid": 0, "x_4d_external_fid": 1, "modele_external_fid": 2, "modele_external_2_fid": 3
    }  # fmt: skip


def test_without_a_survey_pairs_are_those_of_retrieval():
    assert not [name for name in captioner_pairs.values(contest(True), Votes()) if name.startswith("preferred")]


def test_weighting_is_named_by_the_regime_without_weights():
    row = {
        "metric": "R@3",
        "subset": "all",
        "difference": 0.1,
        "low": 0.0,
        "high": 0.2,
        "base_clips": 75,
        "better": "higher",
    }
    table = pd.DataFrame([{"model": "h3d+dm weighted", **row}])
    found = evaluation.weighting(table)
    assert list(found) == ["h3d_dm_weighting_r3_difference"] and found["h3d_dm_weighting_r3_difference"].value == 0.1


def test_a_planted_share_that_is_missed_is_told_with_what_the_tags_say():
    recovered = pd.DataFrame(
        {"corpus": "c", "verb": ["walk", "dance"], "planted": [0.1, 0.2], "recovered": [0.1, 0.15], "low": 0.09}
    ).assign(high=0.16, within=[True, False])
    claims = pd.DataFrame({"corpus": "c", "verb": ["walk", "dance"], "clips_as_verb": 0.3, "clips_as_any_word": 0.4})
    told = actions.missed(recovered, claims)["missed"]
    assert told == (
        "The interval of “dance” in c, 15.0 % (95 % CI 9.0–16.0), misses the planted 20.0 %; as a verb the word is in "
        "30.0 % of the clips, under any tag in 40.0 %."
    )
    assert "under any tag" not in actions.missed(recovered, claims.assign(clips_as_any_word=0.3))["missed"]
    assert actions.missed(recovered.head(1), claims) == {} and actions.missed(None, claims) == {}
