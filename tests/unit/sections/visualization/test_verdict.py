"""The rule on copying: on both sides of the share that chance has near training, and only of bodies that move."""

from typing import Any

import pytest

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.sections.visualization.parameters import Visualization
from lib.sections.visualization.verdict import answer
from tests.unit.sections.recorded import measure, number

Ends = tuple[float, float]


def judged(*models: tuple[Ends, Ends], trivial: tuple[tuple[Ends, Ends], ...] = ()) -> Answer:
    """Models, and answers that need none, by the shares near training and by their ratios of motion energy."""
    values: dict[str, Any] = {"near_quantile": number(0.05)}
    for before, some in (("", models), ("trivial_", trivial)):
        for place, (near, energy) in enumerate(some, 1):
            name = f"{before or 'model_'}{place}"
            values |= {name: name.replace("_", " "), f"{before}near_{place}": measure(*near)}
            values[f"{before}energy_{place}"] = measure(*energy, unit="× real")
    return answer(Recorded({"07_visualization": values}), Bounds.of({}), Visualization())


MOVES, STANDS, WILD = (0.8, 1.2), (0.08, 0.12), (1.6, 1.8)


@pytest.mark.parametrize(
    ("near", "energy", "outcome"),
    [
        ((0.051, 0.1), MOVES, "yes"),
        ((0.05, 0.1), MOVES, "not shown"),
        ((0.0, 0.05), MOVES, "no"),
        ((0.0, 0.051), MOVES, "not shown"),
        ((0.0, 0.05), STANDS, "not judged"),
        ((0.9, 1.0), STANDS, "not judged"),  # what stands is near much, and a copy of nothing
        ((0.0, 0.05), (0.5, 0.9), "not judged"),  # one half is not above one half
        ((0.0, 0.05), (0.51, 0.9), "no"),
        ((0.0, 0.05), (0.4, 1.2), "not judged"),
        ((0.0, 0.05), WILD, "no"),
        ((0.051, 0.1), WILD, "yes"),
    ],
)
def test_more_motions_near_training_than_chance_has_are_signs_of_copying_where_bodies_move(near, energy, outcome):
    answered = judged((near, energy))
    assert answered.parts[0].outcome == answered.verdict == outcome


def test_what_hardly_moves_is_told_with_its_energy_and_what_moves_too_much_beside_its_verdict() -> None:
    still, wild, plain = judged(((0.0, 0.01), STANDS), ((0.0, 0.01), WILD), ((0.0, 0.01), MOVES)).parts
    assert still.lacking == "hardly moves, motion energy 0.08 to 0.12" and not still.measures
    assert [reason.said for reason in wild.measures] == ["no", "moves too much"]
    assert wild.measures[1].name == "in motion energy: it moves too much"
    assert [reason.said for reason in plain.measures] == ["no", "moves"] and plain.measures[1].low == 0.8


def test_one_model_that_copies_is_enough_and_what_hardly_moves_leaves_it_open() -> None:
    clear, copies, still = ((0.0, 0.01), MOVES), ((0.2, 0.3), MOVES), ((0.0, 0.01), STANDS)
    assert judged(clear, copies).verdict == "yes" and judged(clear, clear).verdict == "no"
    open_ = judged(clear, still)
    assert open_.verdict == "not shown" and open_.summary == (
        "Not shown. model 1: no, 0.0 to 0.01 of its motions lie near training; "
        "model 2: not judged (hardly moves, motion energy 0.08 to 0.12)."
    )
    assert judged(still, still).verdict == "not judged"


def test_answers_that_need_no_generator_stand_beside_and_decide_nothing() -> None:
    clear, copies, still = ((0.0, 0.01), MOVES), ((0.9, 1.0), MOVES), ((0.9, 1.0), STANDS)
    answered = judged(clear, trivial=(still, copies))
    assert answered.verdict == "no" and [part.name for part in answered.parts] == ["model 1"]
    assert [(part.name, part.outcome) for part in answered.beside] == [
        ("trivial 1", "not judged"),
        ("trivial 2", "yes"),
    ]
    assert "trivial 1: not judged (hardly moves" in answered.related


def test_the_share_is_that_of_the_measurement_and_not_of_the_parameters() -> None:
    values = {"near_quantile": number(0.2), "model_1": "x", "near_1": measure(0.1, 0.15), "energy_1": measure(*MOVES)}
    found = answer(Recorded({"07_visualization": values}), Bounds.of({}), Visualization(near_quantile=0.05))
    assert found.verdict == "no" and "20 %" in found.parts[0].rule and "0.5" in found.parts[0].rule


def test_without_a_measurement_there_is_no_answer() -> None:
    for values, lacking in (({}, "not answered in this run: needs 07"), ({"07_visualization": {}}, "no generator has")):
        found = answer(Recorded(values), Bounds.of({}), Visualization())
        assert found.verdict == "not answered" and found.parts[0].lacking.startswith(lacking)
    values = {"near_quantile": number(0.05), "model_1": "x", "near_1": measure(0.1, 0.15)}
    part = answer(Recorded({"07_visualization": values}), Bounds.of({}), Visualization()).parts[0]
    assert (part.outcome, part.lacking) == ("not answered", "its motion energy was not measured")


def test_the_action_says_of_every_model_what_to_do_with_its_motions() -> None:
    clear, copies, still, open_ = ((0.0, 0.01), MOVES), ((0.2, 0.3), MOVES), ((0.0, 0.01), STANDS), ((0.0, 0.1), MOVES)
    assert judged(clear, copies, still, clear, open_).action == (
        "Motions of model 1 and model 4 may be shown as new ones; page 06 says which are better. Show no motion of "
        "model 2 that near_training.parquet lists, or train on fewer repeats of the same clips. Measure model 5 on "
        "more captions before showing the motions as new. Train model 3 longer before using the motions, which "
        "hardly move."
    )
    absent = answer(Recorded({}), Bounds.of({}), Visualization()).action
    assert absent == "Run notebook 07: it is not part of this run."


CLEAR, COPIES, STILL, OPEN = ((0.0, 0.01), MOVES), ((0.2, 0.3), MOVES), ((0.0, 0.01), STANDS), ((0.0, 0.1), MOVES)


@pytest.mark.parametrize(
    ("models", "said", "news"),
    [
        ([CLEAR], "No generator shows signs of copying, and all of them move enough to be judged.", "good"),
        ([CLEAR, COPIES], "Signs of copying in 1 of 2 generators: too many motions lie near training.", "bad"),
        ([CLEAR, STILL], "No generator shows signs of copying; too still to judge: 1 of 2.", "neither"),
        (
            [CLEAR, STILL, OPEN],
            "No generator shows signs of copying; too still to judge: 1 of 3; undecided: 1 of 3.",
            "neither",
        ),
        ([STILL], "No generator moves enough to be judged, so nothing is known of copying.", "neither"),
        ([], "No generator was measured, so nothing is known of copying.", "neither"),
    ],
)
def test_every_outcome_is_said_in_one_plain_sentence(models: list[tuple[Ends, Ends]], said: str, news: str) -> None:
    answered = judged(*models)
    assert (answered.said, answered.news) == (said, news) and len(said.split()) <= 25
