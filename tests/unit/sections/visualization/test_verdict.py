"""The rule on copying: on both sides of the share that chance has near training, and what blurred motion can show."""

from typing import Any

import pytest

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.sections.visualization.parameters import Visualization
from lib.sections.visualization.verdict import answer
from tests.unit.sections.recorded import measure, number


def judged(*models: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]) -> Answer:
    """Models by the shares near training, nearer than real by shape, and nearer than real by meaning."""
    values: dict[str, Any] = {"near_quantile": number(0.05)}
    for place, (near, shape, meaning) in enumerate(models, 1):
        values |= {f"model_{place}": f"model {place}", f"near_{place}": measure(*near)}
        values |= {f"closer_by_shape_{place}": measure(*shape), f"closer_by_meaning_{place}": measure(*meaning)}
    return answer(Recorded({"07_visualization": values}), Bounds.of({}), Visualization())


SHARP, BLURRED = ((0.4, 0.6), (0.4, 0.6)), ((0.51, 0.7), (0.2, 0.49))


@pytest.mark.parametrize(
    ("near", "closer", "said"),
    [
        ((0.051, 0.1), SHARP, "yes"),
        ((0.05, 0.1), SHARP, "not shown"),
        ((0.0, 0.05), SHARP, "no"),
        ((0.0, 0.051), SHARP, "not shown"),
        ((0.0, 0.05), BLURRED, "not shown"),  # an average could hardly be a copy
        ((0.0, 0.05), ((0.5, 0.7), (0.2, 0.49)), "no"),  # one half is not beyond one half
        ((0.0, 0.05), ((0.51, 0.7), (0.2, 0.5)), "no"),
        ((0.051, 0.1), BLURRED, "yes"),
    ],
)
def test_more_motions_near_training_than_chance_has_are_signs_of_copying(near, closer, said) -> None:
    found = judged((near, *closer))
    assert found.parts[0].outcome == found.verdict == said


def test_one_model_that_copies_is_enough_and_blurred_ones_leave_it_open() -> None:
    clear, copies, soft = ((0.0, 0.01), *SHARP), ((0.2, 0.3), *SHARP), ((0.0, 0.01), *BLURRED)
    assert judged(clear, copies).verdict == "yes" and judged(clear, clear).verdict == "no"
    open_ = judged(clear, soft)
    assert open_.verdict == "not shown" and open_.summary.startswith(
        "Not shown. model 1: no, 0.0 to 0.01 of its motions"
    )
    assert "and they are blurred" in open_.summary


def test_the_share_is_that_of_the_measurement_and_not_of_the_parameters() -> None:
    values = {"near_quantile": number(0.2), "model_1": "x", "near_1": measure(0.1, 0.15)}
    found = answer(Recorded({"07_visualization": values}), Bounds.of({}), Visualization(near_quantile=0.05))
    assert found.verdict == "no" and "20 %" in found.parts[0].rule and len(found.parts[0].measures) == 1


def test_without_a_measurement_there_is_no_answer() -> None:
    for values, lacking in (({}, "not answered in this run: needs 07"), ({"07_visualization": {}}, "no generator has")):
        found = answer(Recorded(values), Bounds.of({}), Visualization())
        assert found.verdict == "not answered" and found.parts[0].lacking.startswith(lacking)


def test_the_action_says_of_every_model_what_to_do_with_its_motions() -> None:
    clear, copies, soft = ((0.0, 0.01), *SHARP), ((0.2, 0.3), *SHARP), ((0.0, 0.01), *BLURRED)
    found = judged(clear, copies, soft, clear).action
    assert found.startswith("Drop the motions near training of model 2, or train it on ")
    assert "; judge model 3 again" in found
    assert found.endswith("nothing keeps the motions of model 1 and model 4 from being used.")
    absent = answer(Recorded({}), Bounds.of({}), Visualization()).action
    assert absent == "Run notebook 07: it is not part of this run."
