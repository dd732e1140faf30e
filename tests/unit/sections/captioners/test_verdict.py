"""The third answer: both sides of every border, and what happens where nothing was measured."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.withheld import WITHHELD
from lib.sections.captioners.parameters import Captioners
from lib.sections.captioners.verdict import answer
from lib.site.redaction_counts import called
from tests.unit.sections.recorded import measure, number, part

STEM = "03_captioner_comparison"
NAMES = ("best", "Other one", "third")


Against = dict[tuple[str, str], tuple[float, float]]
UNITS = {"precision": "points", "preferred": "share", "recall": "points", "true_claims": "claims"}


def judged(
    chosen: str | None = "best",
    *,
    recall: Against | None = None,
    preferred: Against | None = None,
    claims: Against | None = None,
    told: Against | None = None,
    unsure: tuple[str, ...] = (),
    p: float = 0.0001,
    **values: Any,
) -> Answer:
    """The answer on three captioners; of a pair in `recall` and so on the interval, sure but for those named."""
    given_values: dict[str, Any] = {"captioners": number(3), "preferred": "best", "leader": "best"}
    given_values |= {f"captioner_{place}": name for place, name in enumerate(NAMES, 1)}
    measured = {
        "precision": claims or {},
        "preferred": preferred or {},
        "recall": recall or {},
        "true_claims": told or {},
    }
    pairs = list(dict.fromkeys(pair for intervals in measured.values() for pair in intervals))
    given_values["pairs"] = number(len(pairs))
    for place, (first, second) in enumerate(pairs, 1):
        given_values |= {f"pair_{place}_first": first, f"pair_{place}_second": second}
        for kind, intervals in measured.items():
            if interval := intervals.get((first, second)):
                given_values[f"pair_{place}_{kind}"] = measure(*interval, UNITS[kind])
                given_values[f"pair_{place}_{kind}_p"] = number(0.9 if {first, second} & {*unsure} else p)
    bounds = Bounds.of({"findings": {"captioner": chosen}})
    return answer(Recorded({STEM: given_values | values}), bounds, Captioners())


WON = {("best", "Other one"): (6, 12), ("best", "third"): (8, 20)}
LIKED = {("best", "Other one"): (0.6, 0.7), ("best", "third"): (0.7, 0.8)}


def test_the_chosen_captioner_must_beat_every_other_one() -> None:
    assert part(judged(recall=WON), "On retrieval").outcome == "yes"
    unsure = judged(recall=WON | {("best", "third"): (-1, 20)}, unsure=("third",))
    assert part(unsure, "On retrieval").outcome == "in part"  # better than one, worse than none
    found = part(judged(recall=WON | {("best", "third"): (-20, -8)}), "On retrieval")
    assert found.outcome == "mixed" and found.measures[0].name.endswith(
        "“third”"
    )  # the rival that decides stands first


def test_pairs_recorded_the_other_way_round_are_turned() -> None:
    turned = judged(recall={("Other one", "best"): (-12, -6), ("third", "best"): (-20, -8)})
    found = part(turned, "On retrieval")
    assert found.outcome == "yes" and (found.measures[0].low, found.measures[0].high) == (6, 12)
    assert found.measures[0].text == "9.0 points (95 % CI 6.0–12.0, N = 1,000)"
    liked = judged(preferred={("Other one", "best"): (0.1, 0.3), ("third", "best"): (0.2, 0.4)})
    survey = part(liked, "With people")
    assert survey.outcome == "yes" and survey.measures[0].low == pytest.approx(0.6)


def test_pairs_of_others_do_not_matter() -> None:
    others = {("Other one", "third"): (-50, -40)}
    assert part(judged(recall=WON | others), "On retrieval").outcome == "yes"


def test_people_are_distinguished_from_their_ballots() -> None:
    found = judged(preferred=LIKED, ballots=number(1340), items=number(20))
    assert found.note == "N of ballots are respondents, who filled in 1,340 on 20 clips."
    assert part(found, "With people").measures[0].counted == "respondents"
    assert judged(preferred=LIKED).note == ""


def test_the_note_says_what_the_stand_in_sees_and_which_measure_does_not_decide() -> None:
    assert judged(stand_in=True).note == "TMR stands in for a video-text model and sees no video."
    silent = judged(recall=WON, preferred=LIKED, recall_blind="TMR is blind to sides")
    assert silent.note == ("Nothing is decided on retrieval: true captions are not shown to rank above false ones.")
    assert judged(recall_blind="TMR is blind to sides").note == ""  # there is no recall


@pytest.mark.parametrize(
    ("interval", "sure", "outcome"),
    [
        ((0.51, 0.7), True, "yes"),
        ((0.56, 0.7), False, "in part"),  # the test decides
        ((0.49, 0.7), True, "in part"),  # the interval holds one half
        ((0.51, 0.58), True, "in part"),  # sure, but no larger than the margin
        ((0.46, 0.54), True, "in part"),  # within the margin: as good
        ((0.46, 0.54), False, "in part"),
        ((0.44, 0.54), False, "in part"),
        ((0.3, 0.4), True, "mixed"),
        ((0.3, 0.4), False, "in part"),
    ],
)
def test_people_decide_by_the_test_and_by_the_margin(interval: tuple[float, float], sure: bool, outcome: str) -> None:
    unsure = () if sure else ("Other one",)
    found = judged(preferred={**LIKED, ("best", "Other one"): interval}, unsure=unsure)
    assert part(found, "With people").outcome == outcome


@pytest.mark.parametrize(
    ("interval", "outcome"),
    [
        ((0.5, 11), "yes"),
        ((0.0, 11), "in part"),
        ((0.5, 9), "in part"),
        ((-4.9, 4.9), "in part"),
        ((-20, -8), "mixed"),
    ],
)
def test_retrieval_has_a_margin_in_points(interval: tuple[float, float], outcome: str) -> None:
    assert part(judged(recall=WON | {("best", "third"): interval}), "On retrieval").outcome == outcome


TRUER = {("best", "Other one"): (6.0, 12.0), ("best", "third"): (8.0, 20.0)}
OPEN = {("best", "Other one"): (-9.0, 12.0), ("best", "third"): (-8.0, 20.0)}


def test_a_part_says_what_its_measure_says_of_all_others() -> None:
    assert part(judged(recall=OPEN), "On retrieval").outcome == "not shown"
    alike = {("best", "Other one"): (-2.0, 3.0), ("best", "third"): (-3.0, 2.0)}
    assert part(judged(recall=alike), "On retrieval").outcome == "no"
    assert part(judged(recall=OPEN | {("best", "third"): (-20, -8)}), "On retrieval").outcome == "no"


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"claims": TRUER, "preferred": LIKED, "recall": WON}, "yes"),
        ({"claims": TRUER}, "yes"),
        ({"claims": OPEN, "preferred": LIKED, "recall": OPEN}, "yes"),  # one measure is enough where none is against it
        ({"claims": OPEN, "preferred": OPEN}, "not shown"),
        ({"claims": OPEN | {("best", "third"): (8, 20)}}, "not shown"),  # not against every other one
        ({"claims": TRUER, "preferred": LIKED | {("best", "third"): (0.2, 0.3)}}, "mixed"),
        ({"claims": TRUER | {("best", "third"): (-20, -8)}, "preferred": LIKED}, "mixed"),
        ({"claims": TRUER | {("best", "third"): (-20, -8)}}, "no"),  # another one is better, by nothing worse
        ({"claims": OPEN, "preferred": LIKED | {("best", "third"): (0.2, 0.3)}}, "no"),
        ({"claims": TRUER | {("best", "third"): (-2, 3)}}, "no"),  # as good
        ({"claims": TRUER | {("best", "third"): (-2, 3)}, "preferred": LIKED}, "yes"),
        ({}, "not answered"),
    ],
)
def test_the_rule_over_the_three(given: dict[str, Against], verdict: str) -> None:
    assert judged(**given).verdict == verdict  # type: ignore[arg-type]


def test_a_measure_that_does_not_tell_true_from_false_decides_nothing() -> None:
    lost = {("best", "Other one"): (-40, -30), ("best", "third"): (-40, -30)}
    assert judged(recall=lost, preferred=LIKED).verdict == "mixed"
    blind = judged(recall=lost, preferred=LIKED, recall_blind="TMR is blind to sides")
    assert blind.verdict == "yes" and part(blind, "On retrieval").outcome == "not judged"
    assert {reason.said for reason in part(blind, "On retrieval").measures} == {"does not decide"}
    by_chance = judged(claims=lost, preferred=LIKED, claims_above_chance=measure(-1, 5, "points"))
    assert by_chance.verdict == "yes" and "Nothing is decided on claims" in by_chance.note
    assert judged(claims=lost, preferred=LIKED, claims_above_chance=measure(1, 5, "points")).verdict == "mixed"
    dice = judged(claims=TRUER, preferred={pair: (0.1, 0.2) for pair in LIKED}, alpha=measure(-0.1, 0.1, ""))
    assert dice.verdict == "yes" and part(dice, "With people").outcome == "not judged"


def test_no_measure_that_decides_is_no_judgement() -> None:
    found = judged(recall=WON, recall_blind="TMR is blind to sides")
    assert found.verdict == "not judged"
    assert found.action == "No measure decides; TMR is blind to sides; ask people (make survey)."


def test_who_says_less_is_not_better_for_it() -> None:
    truer = {("best", "Other one"): (-20.0, -8.0), ("best", "third"): (8.0, 20.0)}
    less = {("best", "Other one"): (0.2, 0.6), ("best", "third"): (0.2, 0.6)}
    assert judged(claims=truer, preferred=LIKED).verdict == "mixed"
    assert judged(claims=truer, preferred=LIKED, told=less).verdict == "yes"  # “Other one” errs less and says less
    unsure = {("best", "Other one"): (-0.2, 0.6)}
    assert judged(claims=truer, preferred=LIKED, told=less | unsure).verdict == "mixed"
    wordy = {("best", "Other one"): (-0.6, -0.2), ("best", "third"): (-0.6, -0.2)}
    assert judged(claims=TRUER, told=wordy).verdict == "not shown"  # nor is the chosen one


def test_the_tests_of_all_pairs_and_deciding_measures_are_corrected_together() -> None:
    others = {("Other one", "third"): (1.0, 9.0)}
    three = {"claims": TRUER | others}
    assert judged(**three, p=0.016).verdict == "yes"  # 3 p = 0.048
    more = three | {"preferred": LIKED}
    assert judged(**more, p=0.016).verdict == "not shown"  # type: ignore[arg-type]  # 5 p = 0.08
    blind = {"recall": WON, "recall_blind": "TMR is blind to sides"}
    assert judged(**three, **blind, p=0.016).verdict == "yes"  # what decides nothing costs nothing


def test_the_best_by_the_rule_is_named_where_it_is_another_one() -> None:
    third = {
        ("best", "third"): (-20.0, -8.0),
        ("Other one", "third"): (-20.0, -8.0),
        ("best", "Other one"): (-1.0, 9.0),
    }
    found = judged(claims=third)
    assert found.verdict == "no" and "By this rule the best one is “third”." in found.note
    assert found.action == "Caption with “third”, which is better on claims than “best”."


def test_a_conflict_is_named() -> None:
    found = judged(claims=TRUER | {("best", "third"): (-20, -8)}, preferred=LIKED)
    assert "against “third”, “best” is better with people and worse on claims" in found.action


def test_without_a_name_the_preferred_then_the_most_precise_then_the_leader_is_judged() -> None:
    assert judged(None, claims=TRUER, precise="third").subject == "best"
    values = {"captioners": number(2), "captioner_1": "x", "captioner_2": "y", "leader": "y"}
    for recorded, subject in ((values, "y"), (values | {"precise": "x"}, "x")):
        assert answer(Recorded({STEM: recorded}), Bounds.of({}), Captioners()).subject == subject


def test_no_captioner_to_choose_is_no_answer() -> None:
    assert judged("nobody", recall=WON).verdict == "not answered"
    assert "there are best, Other one, third" in judged("nobody").parts[0].lacking
    by_position = judged(None, recall=WON, by_position=True)
    assert "position" in by_position.parts[0].lacking and by_position.question.startswith("Is the chosen captioner")
    assert "“best”" in judged(None, recall=WON).question


def test_what_is_lacking_is_said_in_the_words_of_the_notebook() -> None:
    found = judged(
        no_comparison="dm has one captioner, only",
        no_survey="no survey lies beside the captions",
        no_claims="no motions",
    )
    assert [part.lacking for part in found.parts] == [
        "no motions",
        "no survey lies beside the captions",
        "dm has one captioner, only",
    ]
    alone = Recorded({STEM: {"captioners": number(1), "captioner_1": "x", "no_comparison": "dm has one captioner"}})
    assert {part.lacking for part in answer(alone, Bounds.of({}), Captioners()).parts} == {"dm has one captioner"}
    absent = answer(Recorded({}), Bounds.of({}), Captioners())
    assert {part.lacking for part in absent.parts} == {"not answered in this run: needs 03"}


@given(st.lists(st.tuples(st.floats(-30, 30), st.floats(0, 30), st.booleans()), min_size=2, max_size=2))
def test_the_summary_of_the_page_says_what_the_answer_says(rows: list[tuple[float, float, bool]]) -> None:
    pairs = {("best", name): (low, low + width) for name, (low, width, _) in zip(NAMES[1:], rows, strict=True)}
    unsure = tuple(name for name, (*_, sure) in zip(NAMES[1:], rows, strict=True) if not sure)
    found = judged(recall=pairs, unsure=unsure)
    alone = part(found, "On retrieval").outcome  # nobody was asked, and nothing claimed
    assert found.summary.startswith(f"{found.verdict.capitalize()} for “best”. On claims: not answered")
    assert f"On retrieval: {alone}, " in found.summary and (alone == "yes") == (found.verdict == "yes")


@pytest.mark.parametrize("redacted", [True, False])
def test_under_redaction_the_chosen_captioner_goes_by_the_name_that_the_result_gives_it(
    tmp_path: Path, redacted: bool
) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "captioner_names.txt").write_text("Open-1\nSecret-9\n", encoding="utf-8")
    named: dict[str, Any] = {"captioner_1": "captioner 2", "captioner_2": "captioner 1", "leader": "captioner 1"}
    (tmp_path / "values.json").write_text(json.dumps(named), encoding="utf-8")
    (tmp_path / "provenance.json").write_text(json.dumps({"params": {"redact": redacted}}), encoding="utf-8")
    assert called(tmp_path, "nobody") == called(tmp_path / "nowhere", "Secret-9") == WITHHELD
    assert called(tmp_path, "Secret-9") == ("captioner 1" if redacted else WITHHELD)
    pair: dict[str, Any] = {
        "pair_1_first": "captioner 1",
        "pair_1_second": "captioner 2",
        "pair_1_recall_p": number(0.001),
    }
    pair |= {"pair_1_recall": measure(6, 12, "points")}
    values = named | pair | {"captioners": number(2), "pairs": number(1)}
    found = answer(Recorded({STEM: values}), Bounds.of({"findings": {"captioner": "captioner 1"}}), Captioners())
    assert part(found, "On retrieval").outcome == "yes" and "“captioner 1”" in found.question


def test_the_action_names_the_captioner_to_use() -> None:
    assert judged(recall=WON, preferred=LIKED).action == "Caption with “best”."
    assert judged(recall=WON).action == "Caption with “best”; ask people as well (make survey)."
    lost = judged(recall=WON | {("best", "third"): (-20, -8)}, preferred=LIKED)
    assert lost.action == ("Caption with “best”; against “third”, “best” is better with people and worse on retrieval.")
    worse = judged(recall=WON | {("best", "third"): (-20, -8)}, preferred=LIKED | {("best", "third"): (0.2, 0.3)})
    assert worse.action == "Caption with “third”, which is better with people and on retrieval than “best”."
    alike = judged(recall=WON | {("best", "third"): (-1, 1)}, preferred=LIKED | {("best", "third"): (0.49, 0.51)})
    assert alike.action == "Caption with “best” or “third”, which does as well."


def test_the_action_says_how_many_would_decide_with_an_interval() -> None:
    needed = {"pair_1_clips_needed": measure(400, 9000, "clips") | {"text": "1,906 clips (95 % CI 400–9,000, N = 240)"}}
    needed |= {"pair_2_clips_needed": measure(10, 20, "clips"), "pair_1_respondents_needed": measure(20, 60, "people")}
    open_ = judged(recall=WON, preferred=LIKED, unsure=("Other one",), **needed)
    assert open_.action == (
        "Caption with “best”; some 20 to 60 would decide against “Other one” with people; some 1,906 clips (95 % CI "
        "400–9,000, N = 240) would decide against “Other one” on retrieval."
    )
    assert judged(recall=WON, preferred=LIKED, unsure=("Other one",)).action == "Caption with “best”."  # not recorded


def test_the_action_of_no_comparison_says_what_is_lacking_and_no_other_name() -> None:
    assert answer(Recorded({}), Bounds.of({}), Captioners()).action == "Run notebook 03: it is not part of this run."
    found = judged("nobody", recall=WON).action
    assert found.startswith("Supply what is lacking: no captions by it were compared") and "nobody" not in found
    numbered = {"captioner_1": "captioner 2", "captioner_2": "captioner 1", "captioners": number(2), "pairs": number(1)}
    pair = {"pair_1_first": "captioner 1", "pair_1_second": "captioner 2", "pair_1_recall": measure(6, 12, "points")}
    recorded = Recorded({STEM: numbered | pair | {"pair_1_recall_p": number(0.001)}})
    chosen = answer(recorded, Bounds.of({"findings": {"captioner": "captioner 1"}}), Captioners())
    assert chosen.action == "Caption with “captioner 1”; ask people as well (make survey)."


LOST = {("best", "third"): (-20.0, -8.0)}
ALIKE = {("best", "Other one"): (-2.0, 3.0), ("best", "third"): (-3.0, 2.0)}


PEOPLE_ALONE = {"claims": OPEN, "preferred": LIKED}
EITHER = {"claims": OPEN | {("best", "third"): (8.0, 20.0)}, "recall": OPEN | {("best", "Other one"): (6.0, 12.0)}}
BLIND = {"recall": WON, "recall_blind": "TMR is blind"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (PEOPLE_ALONE, "“best” is best: it beats every other captioner by people’s rankings, and loses to none."),
        (EITHER, "“best” is best: it beats each other one by true claims or retrieval, and loses to none."),
        (
            {"claims": TRUER | LOST},
            "“best” is not best: it loses to “third” by true claims, and beats it by no measure.",
        ),
        (
            {"claims": ALIKE},
            "“best” is not the only best captioner: “Other one” does as well by every deciding measure.",
        ),
        ({"claims": OPEN}, "“best” may be best, but this run does not separate it from “Other one” and “third”."),
        (BLIND, "No captioner can be called best: no measure of this run ranks true captions above false ones."),
        ({}, "This run does not compare captioners, so it cannot say which one is best."),
    ],
)
def test_the_answer_says_which_captioner_on_what_ground(given: dict[str, Any], said: str) -> None:
    assert judged(**given).said == said


def test_the_answer_names_every_ground_and_every_rival_that_matters() -> None:
    both = judged(claims=TRUER, preferred=LIKED).said
    assert "beats every other captioner by true claims and people’s rankings, and" in both
    mixed = judged(claims=TRUER | LOST, preferred=LIKED).said
    assert mixed.endswith("“best” beats “third” by people’s rankings and loses by true claims.")
    assert judged(claims=TRUER | {("best", "third"): (-8.0, 20.0)}).said.endswith("separate it from “third”.")


def test_many_rivals_are_counted_and_not_listed() -> None:
    names = {f"captioner_{place}": f"model {place}" for place in range(1, 6)}
    pairs: dict[str, Any] = {"captioners": number(5), "pairs": number(4), **names}
    for place in range(1, 5):
        pairs |= {f"pair_{place}_first": "model 1", f"pair_{place}_second": f"model {place + 1}"}
        pairs |= {f"pair_{place}_preferred": measure(0.4, 0.7, "share"), f"pair_{place}_preferred_p": number(0.4)}
    found = answer(Recorded({STEM: pairs}), Bounds.of({"findings": {"captioner": "model 1"}}), Captioners())
    assert found.said == "“model 1” may be best, but this run does not separate it from 4 others."


Range = st.tuples(st.floats(-30, 30), st.floats(0, 30)).map(lambda ends: (ends[0], sum(ends)))


@given(st.lists(Range, min_size=4, max_size=4), st.booleans())
def test_every_outcome_is_said_in_one_sentence_of_at_most_25_words(ends: list[tuple[float, float]], sure: bool) -> None:
    rivals = [("best", name) for name in NAMES[1:]]
    claims, recall = dict(zip(rivals, ends[:2], strict=True)), dict(zip(rivals, ends[2:], strict=True))
    found = judged(claims=claims, recall=recall, unsure=() if sure else ("third",))
    assert len(found.said.split()) <= 25 and found.said.endswith(".") and found.said.count(". ") == 0
    assert ("is best:" in found.said) == (found.verdict == "yes")
    assert found.said.startswith("The measures disagree") == (found.verdict == "mixed")
