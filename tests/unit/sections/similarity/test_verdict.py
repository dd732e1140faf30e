"""First question: the rule on both sides of its border, and what happens where nothing was measured."""

from typing import Any

import pytest

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.sections.similarity.parameters import Similarity
from lib.sections.similarity.verdict import answer
from tests.unit.sections.recorded import measure, number, part

BOUNDS = Bounds.of({"corpora": {"h3d": {"label": "HumanML3D"}}})


def leaking(
    recording: Any = None, text: Any = None, beside: float = 0.2, either: Any = None, **parameters: Any
) -> Answer:
    """Both ways together are no more than the one of them unless they are given."""
    both = [way for way in (recording, text) if way]
    values = {
        "either_share": either or (max(both, key=lambda way: way["low"]) if len(both) == 2 else None),
        "either_cosine": number(0.95),
        "either_clips": number(5),
        "overlap": "3 by recording and 2 by text",
        "source_share": recording,
        "text_share": text,
        "text_cosine": number(0.95),
        "held_out_share": measure(0.05, 0.1, n=10),
        "beside_held_out_share": number(beside),
    }
    recorded = Recorded({"01_similarity_test": {name: value for name, value in values.items() if value is not None}})
    return answer(recorded, BOUNDS, Similarity(**parameters))


@pytest.mark.parametrize(
    ("interval", "outcome"),
    [((0.0501, 0.2), "yes"), ((0.05, 0.2), "not shown"), ((0.01, 0.0501), "not shown"), ((0.01, 0.05), "no")],
)
def test_the_whole_interval_decides_whether_recordings_leak(interval: tuple[float, float], outcome: str) -> None:
    made = leaking(measure(*interval), measure(0, 0.01))
    assert part(made, "By recording").outcome == outcome
    assert made.verdict == ("no" if outcome == "no" else outcome)


@pytest.mark.parametrize(
    ("interval", "beside", "outcome"),
    [
        ((0.06, 0.2), 0.11, "yes"),
        ((0.06, 0.2), 0.1, "not shown"),  # no more than the most that held-out recordings give
        ((0.05, 0.2), 0.11, "not shown"),
        ((0.0, 0.05), 0.11, "no"),
    ],
)
def test_captions_leak_when_they_repeat_more_than_training_repeats_itself(
    interval: tuple[float, float], beside: float, outcome: str
) -> None:
    made = leaking(measure(0, 0.01), measure(*interval), beside=beside)
    assert part(made, "By text").outcome == made.verdict == outcome


def test_one_way_to_leak_is_enough_and_an_unknown_one_keeps_it_open() -> None:
    assert leaking(measure(0.2, 0.4), measure(0, 0.01)).verdict == "yes"
    unknown = leaking(None, measure(0, 0.01))
    assert unknown.verdict == "not shown"
    assert part(unknown, "By recording").lacking == "nothing says which recordings the clips were cut from"


@pytest.mark.parametrize(
    ("either", "beside", "outcome"),
    [
        ((0.06, 0.12), 0.2, "yes"),  # neither way shows it, and both together do
        ((0.06, 0.12), 0.1, "not shown"),  # the captions repeat no more than training repeats itself
        ((0.05, 0.12), 0.2, "not shown"),
    ],
)
def test_both_ways_together_can_show_what_neither_shows(
    either: tuple[float, float], beside: float, outcome: str
) -> None:
    made = leaking(measure(0.01, 0.06), measure(0.01, 0.06), beside=beside, either=measure(*either))
    assert {part(made, name).outcome for name in ("By recording", "By text")} == {"not shown"}
    assert made.parts[0].name == "By either" and made.parts[0].outcome == made.verdict == outcome


def test_where_a_way_is_shown_so_is_the_union_whatever_captions_repeat() -> None:
    made = leaking(measure(0.2, 0.4), measure(0, 0.01), beside=0.05, either=measure(0.2, 0.42))
    assert (
        part(made, "By either").outcome == "yes"
        and made.note == "5 of 1,000 test clips leak: 3 by recording and 2 by text."
    )


def test_the_bound_is_a_parameter_and_the_cosine_is_the_recorded_one() -> None:
    made = leaking(measure(0.06, 0.2), measure(0.3, 0.5), leak_share=0.1)
    assert part(made, "By recording").outcome == "not shown" and "10 %" in part(made, "By recording").rule
    assert "cosine 0.95" in part(made, "By text").measures[0].name


def test_a_page_reads_the_verdict_and_the_first_number_of_every_part() -> None:
    made = leaking(measure(0.2, 0.4), measure(0, 0.01))
    assert made.summary == (
        "Yes. By either: yes, 0.2 to 0.4 of test clips leak by recording or, at cosine 0.95 or above, by text; "
        "By recording: yes, 0.2 to 0.4 of test clips are cut from a recording that feeds training; "
        "By text: no, 0 to 0.01 of test clips have a training caption at cosine 0.95 or above."
    )


LISTED = {"leak_free_clips": number(33), "leak_free_of": number(75), "test_clips": number(40)}


@pytest.mark.parametrize(
    ("interval", "values", "action"),
    [
        (
            (0.2, 0.4),
            LISTED,
            "Evaluate on the 33 of 75 test clips (mirrors counted) in leak_free_test.txt first, and on all test clips "
            "second.",
        ),
        ((0.2, 0.4), LISTED | {"leak_free_clips": number(0)}, "Evaluate on another test set: no clip of this one is"),
        ((0.2, 0.4), {}, "Rely on no score of this test set: no list"),
        ((0.01, 0.2), LISTED, "Report both, all test clips and the 33 of 75 test clips"),
        ((0.0, 0.01), LISTED, "Evaluate on the whole test set, 40 clips without mirrors."),
        ((0.0, 0.01), {}, "Evaluate on the whole test set."),
    ],
)
def test_the_action_names_the_list_to_evaluate_on(
    interval: tuple[float, float], values: dict[str, Any], action: str
) -> None:
    told = {"source_share": measure(*interval), "text_share": measure(0, 0.01), "text_cosine": number(0.95)}
    told |= {"either_share": measure(*interval), "either_cosine": number(0.95)}
    assert answer(Recorded({"01_similarity_test": told | values}), BOUNDS, Similarity()).action.startswith(action)


def test_without_the_notebook_the_action_is_to_run_it() -> None:
    assert answer(Recorded({}), BOUNDS, Similarity()).action == "Run notebook 01: it is not part of this run."
    empty = answer(Recorded({"01_similarity_test": LISTED}), BOUNDS, Similarity())
    assert empty.action.startswith("Supply what is lacking: nothing says which recordings") and "33" not in empty.action


@pytest.mark.parametrize(
    ("ways", "verdict", "said"),
    [
        (
            {"recording": measure(0.2, 0.4), "text": measure(0.2, 0.4)},
            "yes",
            "HumanML3D’s test set shares recordings with training and repeats its captions, so its scores reward memory.",
        ),
        (
            {"recording": measure(0.2, 0.4), "text": measure(0, 0.01)},
            "yes",
            "HumanML3D’s test set shares recordings with training, so its scores reward memory.",
        ),
        (
            {"recording": measure(0, 0.01), "text": measure(0.2, 0.4)},
            "yes",
            "HumanML3D’s test set repeats captions of training, so its scores reward memory.",
        ),
        (
            {"recording": measure(0.01, 0.06), "text": measure(0.01, 0.06), "either": measure(0.06, 0.12)},
            "yes",
            "HumanML3D’s test set leaks by recordings and captions together, though neither shows it alone.",
        ),
        (
            {"recording": measure(0, 0.01), "text": measure(0, 0.01)},
            "no",
            "HumanML3D’s test set shares too few recordings and captions with training to matter.",
        ),
        (
            {"recording": measure(0.01, 0.2), "text": measure(0, 0.01)},
            "not shown",
            "HumanML3D’s test set is not shown to leak, and a leak is not ruled out either.",
        ),
        (
            {"text": measure(0, 0.01)},
            "not shown",
            "HumanML3D’s test set is not shown to leak, but only captions were looked at.",
        ),
        (
            {"recording": measure(0, 0.01)},
            "not shown",
            "HumanML3D’s test set is not shown to leak, but only recordings were looked at.",
        ),
        (
            {},
            "not answered",
            "Nothing says whether HumanML3D’s test set leaks: this run looked at neither recordings nor captions.",
        ),
    ],
)
def test_every_outcome_is_said_in_one_sentence(ways: dict[str, Any], verdict: str, said: str) -> None:
    made = leaking(**ways)
    assert (made.verdict, made.said) == (verdict, said) and len(said.split()) <= 25


def test_both_numbers_by_text_lead_to_the_table_that_has_them_side_by_side() -> None:
    values = {"text_share": measure(0.2, 0.4), "text_cosine": number(0.95), "held_out_share": measure(0.05, 0.1)}
    shown = Recorded({"01_similarity_test": values}, {"assets/01_similarity_test/text_leak.html"})
    links = {reason.link for reason in part(answer(shown, BOUNDS, Similarity()), "By text").measures}
    assert links == {"01_similarity_test.html#tbl-text"}
