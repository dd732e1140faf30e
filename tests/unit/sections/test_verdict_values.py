"""Values that the overview's verdicts read: shares by recording and by clip, pairs of captioners, weighting."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lib.metrics.duplicates import groups
from lib.metrics.intervals import Measure
from lib.sections.actions import sentences as actions
from lib.sections.captioners.captioner_retrieval import Contest
from lib.sections.captioners.metrics.captioners import Retrieved
from lib.sections.captioners.sentences import captioner_pairs
from lib.sections.captioners.votes import Votes
from lib.sections.evaluation import sentences as evaluation
from lib.sections.similarity import contamination
from lib.sections.similarity import sentences as similarity
from lib.sections.similarity.leakage import shared_sources
from lib.sections.similarity.parameters import Similarity
from lib.sections.similarity.text_leak import SCALES
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


def test_the_interval_of_shared_recordings_resamples_recordings():
    test = [(f"t{n}", "test", f"tape {n // 20}") for n in range(200)]  # ten tapes of 20 clips, two of them shared
    train = [("a", "train", "tape 0"), ("b", "train", "tape 1")]
    clips = pd.DataFrame([*test, *train], columns=["clip_id", "split", "source"]).assign(mirror_of=None)
    rng = np.random.default_rng(0)
    found = contamination.shared_share({"x": shared_sources(clips)}, "x", draws=4000, rng=rng)["source_share"]
    assert found.value == 0.2 and found.n == 200
    by_tape = 1.96 * (0.2 * 0.8 / 10) ** 0.5  # ten independent tapes, not 200 clips
    assert (found.high - found.low) / 2 == pytest.approx(by_tape, rel=0.2)
    assert contamination.shared_share({}, "x", draws=10, rng=rng) == {}


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
    nothing = pd.DataFrame({"model": models[:0]})
    found = evaluation.values(table.assign(base_clips=10), nothing, nothing)
    assert {name: one.value for name, one in found.items()} == {
        "h3d_dm_fid": 0, "x_4d_external_fid": 1, "modele_external_fid": 2, "modele_external_2_fid": 3
    }  # fmt: skip


def test_a_threshold_whose_cosine_is_negative_has_a_name_that_a_page_can_quote():
    held = {"unit": ["clip"], "cosine": [2 * 0.4 - 1], "draws": 5, "held_out_share": 0.2, "low": 0.1, "high": 0.3}
    leak = {"unit": ["clip"], "scale": [SCALES[0]], "threshold": [-0.05], "mirrors": "without", "share": 0.2, "n": 9}
    found = similarity.values(
        SimpleNamespace(summary=pd.DataFrame(leak).assign(low=0.1, high=0.3), info={"test": "x"}),
        SimpleNamespace(summary=pd.DataFrame(held).assign(test_share=0.1)),
        pd.DataFrame(),
        {},
        {"x": SimpleNamespace(summary=pd.DataFrame())},
        SimpleNamespace(clip_ids=[], flags=[], info={"rule": ""}),
        dict.fromkeys(("test", "train", "test_captioned", "train_captioned"), 1),
    )
    assert {"held_out_clip_cosine_m20", "beside_held_out_clip_cosine_m20", "clip_cosine_m05"} <= found.keys()
    assert all(NAME.fullmatch(name) for name in found)


def test_without_a_survey_pairs_are_those_of_retrieval():
    assert not [name for name in captioner_pairs.values(contest(True), Votes()) if name.startswith("preferred")]


@pytest.mark.parametrize(
    ("recordings", "text", "seen", "said"),
    [
        ((0.051, 0.2), (0.06, 0.2), 0.11, "By recording: yes. By text: yes."),
        ((0.05, 0.2), (0.06, 0.2), 0.10, "By recording: not shown. By text: not shown."),
        ((0.0, 0.05), (0.0, 0.05), 0.11, "By recording: no. By text: no."),
        (None, (0.05, 0.2), 0.11, "By recording: not known here. By text: not shown."),
    ],
)
def test_the_verdict_of_the_page_is_that_of_the_overview(recordings, text, seen, said):
    row = pd.Series({"share": 0.1, "low": text[0], "high": text[1]})
    leak = SimpleNamespace(summary=pd.DataFrame({"threshold": [0.9, 0.95]}), at=lambda **asked: row)
    levels = {"unit": ["clip", "clip"], "cosine": [0.8, 0.95], "test_share": [0.0, seen], "high": [0.9, 0.1]}
    shared = {} if recordings is None else {"source_share": Measure(0.1, *recordings, 75, "share")}
    assert similarity.verdict(leak, SimpleNamespace(summary=pd.DataFrame(levels)), shared, Similarity()) == said


def test_a_test_set_below_held_out_recordings_is_told_with_its_cosine():
    rows = [
        ("clip", 0.8, 0.35, 0.55, 0.47, 0.6),
        ("clip", 0.9, 0.47, 0.5, 0.47, 0.6),
        ("caption", 0.7, 0.1, 0.5, 0.4, 0.6),
    ]
    columns = ["unit", "cosine", "test_share", "held_out_share", "low", "high"]
    told = similarity.less_alike(SimpleNamespace(summary=pd.DataFrame(rows, columns=columns).assign(draws=10)))
    assert (
        "35.0 % of test clips have a caption at cosine 0.8 or above" in told
        and "55.0 % of the held-out ones (47.0–60.0 over 10 draws)" in told
    )
    assert "0.9" not in told and "0.7" not in told  # within the draws; not by clip
    above = pd.DataFrame(rows[1:2], columns=columns).assign(draws=10)
    assert similarity.less_alike(SimpleNamespace(summary=above)) == ""


def test_the_figure_of_groups_counts_a_clip_once_as_the_table_does():
    captions = pd.DataFrame({"clip_id": ["a", "a", "b", "c"], "text": ["walk", "jump", "Walk", "Jump"]})
    vectors = {text: np.float32([text.lower() == "walk", text.lower() == "jump"]) for text in captions["text"]}
    found = groups(captions, vectors, threshold=0.9)
    near = found.summary.set_index("kind").loc["near"]
    assert (near["groups"], near["clips"], sum(found.info["sizes"])) == (2, 3, 4)
    assert "c has 2 groups over 3 clips, the largest of 2" in similarity.groups({"c": found})


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
