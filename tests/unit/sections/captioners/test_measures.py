"""Pairs of captioners under numbers: every pair once, in the order of names, with what the tests say."""

import numpy as np
import pandas as pd
import pytest

from lib.metrics.intervals import Measure
from lib.metrics.ranks import Ranks
from lib.run import declared
from lib.sections.captioners import measures
from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval
from lib.sections.captioners.claim_precision import ClaimPrecision
from lib.sections.captioners.metrics.paired_retrieval import Retrieved
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.votes import Votes


def retrieval(*pairs: tuple[str, str, float, bool]) -> CaptionerRetrieval:
    """Three clips; of every pair the difference of R@1, 4 points either way, and what the test says."""
    names = list(dict.fromkeys(name for first, second, *_ in pairs for name in (first, second)))
    ranks = Ranks(*np.array([[0, 0, 0], [1, 1, 1], [1, 1, 1]]), gallery=3)
    rows = pd.DataFrame(pairs, columns=["first", "second", "difference", "different"]).assign(p=0.03)
    rows = rows.assign(clips=3, clips_needed=pd.array([90] * len(rows), dtype="Int64"))
    rows = rows.assign(clips_needed_low=20.0, clips_needed_high=900.0)
    ways = [("video to text", 0.0), ("text to video", 90.0)]
    differences = pd.concat(
        rows.assign(
            direction=way,
            measure="R@1",
            difference=rows["difference"] + more,
            low=rows["difference"] - 4 + more,
            high=rows["difference"] + 4 + more,
        )
        for way, more in ways
    )
    recalls = pd.DataFrame({"captioner": names, "direction": "video to text", "measure": "R@1", "value": 40.0})
    recalls = recalls.assign(low=30.0, high=50.0, chance=1.0, clips=3)
    retrieved = Retrieved({name: {"v2t": ranks} for name in names}, np.array([*"123"]))
    return CaptionerRetrieval(None, retrieved, ["1", "2", "3"], recalls, differences, rows)


def survey(*pairs: tuple[str, str, float, bool]) -> Votes:
    rows = pd.DataFrame(pairs, columns=["first", "second", "share", "different"]).assign(p=0.004)
    rows = rows.assign(low=rows["share"] - 0.1, high=rows["share"] + 0.1, respondents=17)
    rows = rows.assign(needed=40.2, needed_low=19.0, needed_high=400.0)
    names = tuple(sorted({*rows["first"], *rows["second"]}))
    nobody = np.array([], dtype=object)
    return Votes(Ballots(names, nobody, nobody, np.empty((0, len(names)))), pairs=rows)


@pytest.mark.parametrize("different", [True, False])
def test_pairs_of_captioners_are_recorded_with_what_the_tests_say(different: bool) -> None:
    values = measures.of_captioners(retrieval(("a b", "c", 5.0, different)), survey(("a b", "c", 0.6, not different)))
    assert (values["captioners"], values["captioner_1"], values["captioner_2"]) == (2, "a b", "c")
    assert (values["pairs"], values["pair_1_first"], values["pair_1_second"]) == (1, "a b", "c")
    recall, preferred = values["pair_1_recall"], values["pair_1_preferred"]
    assert (recall.value, recall.low, recall.high, recall.n, recall.unit) == (5.0, 1.0, 9.0, 3, "points")
    assert (preferred.value, preferred.n, preferred.unit) == (0.6, 17, "share")
    assert (values["pair_1_recall_p"], values["pair_1_preferred_p"]) == (0.03, 0.004)  # as they are: the rule corrects
    needed = {name: value.text for name, value in values.items() if name.endswith("_needed")}
    assert needed == (
        {"pair_1_respondents_needed": "41 respondents (95 % CI 19–400, N = 17)"}
        if different
        else {"pair_1_clips_needed": "90 clips (95 % CI 20–900, N = 3)"}
    )  # of what the test does not distinguish


def claimed(*pairs: tuple[str, str, float, float]) -> ClaimPrecision:
    """Of every pair the differences of precision, in points, and of true claims a caption."""
    table = pd.DataFrame(pairs, columns=["first", "second", "precision", "true_claims"]).assign(clips=3)
    for name, p in (("precision", 0.001), ("true_claims", 0.2)):
        ends = {f"{name}_low": table[name] - 1, f"{name}_high": table[name] + 2, f"{name}_p": p}
        table = table.assign(**ends)
    names = sorted({*table["first"], *table["second"]})
    rows = {"captioner": names, "precision": 0.8, "low": 0.7, "high": 0.9, "decided": 40}
    return ClaimPrecision(pd.DataFrame(rows), table, above_chance=Measure(30.0, 20.0, 40.0, 3, "points"), clips=3)


def test_claims_of_a_pair_are_recorded_and_turned_with_it() -> None:
    values = measures.of_captioners(retrieval(), Votes(), claimed(("z", "a", 5.0, -0.5)))
    precision, told = values["pair_1_precision"], values["pair_1_true_claims"]
    assert (values["pair_1_first"], precision.value, precision.low, precision.high) == ("a", -5.0, -7.0, -4.0)
    assert (told.value, told.low, told.high, told.unit) == (0.5, -1.5, 1.5, "claims")
    assert (values["pair_1_precision_p"], values["pair_1_true_claims_p"]) == (0.001, 0.2)
    assert values["captioner_2_precision"].text == "80.0 % (95 % CI 70.0–90.0, N = 40)"
    recorded = measures.of_claims(claimed(("z", "a", 5.0, -0.5)))
    assert recorded["claims_above_chance"].low == 20 and recorded["precise"] == "a"
    assert measures.of_claims(ClaimPrecision(why_not="no motions")) == {"no_claims": "no motions"}
    assert all(declared.is_value("captioners", name) for name in values | recorded)


def test_a_pair_that_retrieval_has_the_other_way_round_is_turned() -> None:
    values = measures.of_captioners(retrieval(("z", "a", 5.0, True)), Votes())
    turned = values["pair_1_recall"]
    assert (values["pair_1_first"], turned.value, turned.low, turned.high) == ("a", -5.0, -9.0, -1.0)
    assert "pair_1_preferred" not in values


def test_captioners_of_the_survey_alone_are_compared_with_people_alone() -> None:
    values = measures.of_captioners(retrieval(("a", "b", 5.0, True)), survey(("a", "human", 0.4, True)))
    assert [values[f"captioner_{number}"] for number in (1, 2, 3)] == ["a", "b", "human"] and values["pairs"] == 3
    assert {"captioner_1_recall", "captioner_2_recall"} <= {*values} and "captioner_3_recall" not in values
    pairs = {(values[f"pair_{n}_first"], values[f"pair_{n}_second"]): n for n in (1, 2, 3)}
    assert f"pair_{pairs['a', 'b']}_recall" in values and f"pair_{pairs['a', 'b']}_preferred" not in values
    assert f"pair_{pairs['a', 'human']}_preferred" in values and f"pair_{pairs['a', 'human']}_recall" not in values
    assert not any(name.startswith(f"pair_{pairs['b', 'human']}_recall") for name in values)


def test_no_name_of_a_captioner_is_part_of_the_name_of_a_value() -> None:
    pairs = retrieval(
        ("Secret-9", "通义 VL", 1.0, False), ("Secret-9", "VL", 2.0, False), ("通义 VL", "VL", 3.0, False)
    )
    values = measures.of_captioners(pairs, Votes())
    assert measures.names(pairs, Votes()) == ["Secret-9", "VL", "通义 VL"]
    assert values["pair_1_recall"].value == 2.0 and values["pair_3_recall"].value == -3.0
    assert not any("secret" in name.lower() or "vl" in name for name in values)
    assert all(declared.is_value("captioners", name) for name in values)
