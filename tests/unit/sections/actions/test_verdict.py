"""The rule of 02: whether the verb that is claimed to lead a dataset leads it, on both sides of its borders."""

from typing import Any

import pandas as pd
import pytest

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.metrics.actions import count
from lib.sections.actions import sentences
from lib.sections.actions.parameters import Actions
from lib.sections.actions.verdict import STEM, answer
from tests.unit.sections.recorded import measure, number

TWO = Bounds.of({"corpora": {"h3d": {"label": "HumanML3D"}, "dm": {"label": "DM"}}})
SHARE = measure(0.14, 0.18)


def claim(place: int, verb: str, leads: float) -> dict[str, Any]:
    leading = number(leads) | {"unit": "share", "text": f"{100 * leads:.1f} %"}
    return {f"claim_{place}_verb": verb, f"claim_{place}_leads": leading, f"claim_{place}_share": SHARE}


def judged(first: float, second: float, bounds: Bounds = TWO, **parameters: Any) -> Answer:
    recorded = Recorded({STEM: claim(1, "walk", first) | claim(2, "dance", second)})
    return answer(recorded, bounds, Actions(**parameters))


@pytest.mark.parametrize(
    ("leads", "level", "outcome"),
    [
        (0.95, 0.95, "yes"),
        (0.949, 0.95, "not shown"),
        (0.051, 0.95, "not shown"),
        (0.05, 0.95, "no"),
        (0.1, 0.9, "no"),  # 1 - 0.9 is a hair less than 0.1
        (0.0, 1.0, "no"),
        (1.0, 1.0, "yes"),
    ],
)
def test_a_verb_leads_in_enough_resamples_or_others_do(leads: float, level: float, outcome: str) -> None:
    assert [part.outcome for part in judged(leads, 1.0, lead_share=level).parts] == [outcome, "yes"]


def test_every_claim_must_hold() -> None:
    assert judged(1.0, 0.96).verdict == "yes"
    assert judged(1.0, 0.5).verdict == "in part"
    assert judged(0.0, 0.5).verdict == "no"
    assert judged(0.5, 0.5).verdict == "not shown"


def test_the_page_says_verb_dataset_outcome_and_measure() -> None:
    assert judged(1.0, 0.25).summary == (
        "In part. “walk” leads HumanML3D: yes, in 100.0 % of resamples it is the most frequent action; "
        "“dance” leads DM: not shown, in 25.0 % of resamples it is the most frequent action."
    )
    assert judged(1.0, 0.25).parts[0].measures[1].text == "0.14 to 0.18"


def test_the_verbs_are_those_that_were_measured_and_further_ones_are_claimed_of_no_dataset() -> None:
    later = judged(1.0, 1.0, claimed=["jump", "sit", "wave"])
    assert [part.name for part in later.parts] == ["“walk” leads HumanML3D", "“dance” leads DM"]
    alone = judged(1.0, 1.0, Bounds.of({"corpora": {"h3d": {"label": "HumanML3D"}}}))
    assert [part.name for part in alone.parts] == ["“walk” leads HumanML3D"] and alone.verdict == "yes"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (1.0, 1.0, "“walk” leads HumanML3D and “dance” leads DM."),
        (1.0, 0.0, "“walk” leads HumanML3D; “dance” does not lead DM."),
        (0.5, 1.0, "“dance” leads DM; whether “walk” leads HumanML3D is open."),
        (0.0, 0.0, "“walk” does not lead HumanML3D and “dance” does not lead DM."),
    ],
)
def test_the_answer_says_which_claims_hold(first: float, second: float, said: str) -> None:
    assert judged(first, second).said == said


def test_the_answer_of_many_claims_gives_their_number_and_of_none_says_so() -> None:
    verbs = ["walk", "dance", "jump", "sit"]
    values = {k: v for at, verb in enumerate(verbs, 1) for k, v in claim(at, verb, float(at < 3)).items()}
    four = Bounds.of({"corpora": {verb: {"label": f"of {verb}"} for verb in verbs}})
    made = answer(Recorded({STEM: values}), four, Actions(claimed=verbs))
    assert made.said == "2 of 4 datasets are led by the action claimed for them, and 2 by another one."
    assert answer(Recorded({}), TWO, Actions()).said == "No claim about a leading action could be checked."


def test_what_was_not_measured_is_named() -> None:
    parts = answer(Recorded({}), TWO, Actions()).parts
    assert {part.lacking for part in parts} == {"not answered in this run: needs 02"}
    silent = answer(Recorded({STEM: claim(1, "walk", 1.0) | {"claim_2_verb": "dance"}}), TWO, Actions())
    assert silent.verdict == "in part" and silent.parts[1].lacking == "no caption of it has a verb to count"
    none = answer(Recorded({STEM: {}}), TWO, Actions(claimed=[]))
    assert none.verdict == "not answered" and none.parts[0].lacking == "no verb is claimed to"


def test_a_dataset_without_verbs_keeps_its_place_among_the_claims() -> None:
    class Named:
        def __init__(self, name: str) -> None:
            self.name = name

    corpora: Any = {"h3d": Named("mute"), "dm": Named("DM")}
    columns = ["corpus", "verb", "share", "low", "high", "leads"]
    table = pd.DataFrame([("DM", "walk", 0.1, 0, 0.2, 0.0), ("DM", "dance", 0.9, 0.8, 1, 1.0)], columns=columns)
    counts = {"DM": count([["dance"]] * 9 + [["walk"]], list("abcdefghij"))}
    recorded = sentences.claims(corpora, counts, table, ["walk", "dance", "jump"])
    assert list(recorded) == ["claim_1_verb", "claim_2_verb", "claim_2_leads", "claim_2_share"]
    assert (recorded["claim_2_share"].value, recorded["claim_2_share"].n) == (0.9, 10)
    assert recorded["claim_2_leads"].text == "100.0 %"


@pytest.mark.parametrize(
    ("leads", "top", "action"),
    [
        (1.0, "dance", "keep the claim that “dance” leads DM."),
        (0.0, "walk", "say that “walk” leads DM."),
        (0.0, "[withheld]", "say that another verb leads DM."),
        (0.0, "", "say that another verb leads DM."),
        (0.5, "walk", "do not say that “dance” leads DM before “walk” until more captions are counted."),
        (0.5, "dance", "do not say that “dance” leads DM until more captions are counted."),
    ],
)
def test_the_action_says_what_to_claim(leads: float, top: str, action: str) -> None:
    values = claim(1, "walk", 1.0) | claim(2, "dance", leads) | ({"dm_top_verb": top} if top else {})
    found = answer(Recorded({STEM: values}), TWO, Actions()).action
    assert found == f"Keep the claim that “walk” leads HumanML3D; {action}"


def test_without_a_claim_or_a_notebook_the_action_says_what_is_lacking() -> None:
    assert answer(Recorded({}), TWO, Actions()).action == "Run notebook 02: it is not part of this run."
    none = answer(Recorded({STEM: {}}), TWO, Actions(claimed=[]))
    assert none.action == "Supply what is lacking: no verb is claimed to."
