"""04's rule: a gap above chance, and classes that gain or lose by the full space."""

from typing import Any

import pytest

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.sections.embedding.parameters import Embedding
from lib.sections.embedding.verdict import answer
from tests.unit.sections.recorded import measure, number


def decided(**values: Any) -> Answer:
    given = {"h3d_centroid_gap": measure(0.1, 0.2), "h3d_gap_floor": number(0.05), **values}
    bounds = Bounds.of({"corpora": {"h3d": {"label": "HumanML3D"}, "dm": {"label": "DM"}}})
    return answer(Recorded({"04_embedding_gap": given}), bounds, Embedding())


def classes(*differences: tuple[float, float, float], measured: str = "probe") -> dict[str, Any]:
    found = {}
    places = [f"{corpus}_{space}" for corpus in ("h3d", "dm") for space in ("text", "motion")]
    for place, (low, high, p) in zip(places, differences, strict=False):
        name = f"{place}_{measured}_difference"
        found |= {name: measure(low, high), f"{name}_p": number(p)}
    return found


@pytest.mark.parametrize(("floor", "outcome"), [(0.0999, "yes"), (0.1, "not shown"), (0.3, "not shown")])
def test_the_gap_must_lie_above_chance(floor: float, outcome: str) -> None:
    assert decided(h3d_gap_floor=number(floor)).parts[0].outcome == outcome


def test_every_corpus_must_have_a_gap() -> None:
    both = decided(dm_centroid_gap=measure(0.0, 0.2), dm_gap_floor=number(0.05))
    assert both.parts[0].outcome == "in part" and "of DM" in both.parts[0].measures[1].name


@pytest.mark.parametrize(
    ("differences", "outcome"),
    [
        ([(0.1, 0.3, 0.004), (0.1, 0.3, 0.06), (-0.1, 0.3, 0.01)], "yes"),
        ([(0.1, 0.3, 0.05)], "not shown"),  # not below the significance
        ([(-0.3, -0.1, 0.004), (-0.2, 0.1, 0.01)], "no"),
        ([(-0.3, -0.1, 0.004), (0.1, 0.2, 0.01)], "mixed"),
    ],
)
def test_gains_and_losses_must_survive_the_correction(
    differences: list[tuple[float, float, float]], outcome: str
) -> None:
    made = decided(**classes(*differences), **classes(*differences, measured="silhouette"))
    assert [part.outcome for part in made.parts[2:]] == [outcome, outcome]


def test_without_classes_or_clips_a_part_says_what_is_lacking() -> None:
    assert decided().parts[2].lacking == "too few clips of two classes"
    assert decided().parts[1].lacking == "too few test clips for a gallery"
    nothing = answer(Recorded({"04_embedding_gap": {}}), Bounds.of({}), Embedding())
    assert nothing.parts[0].lacking == "too few test clips" and nothing.verdict == "not answered"


@pytest.mark.parametrize(
    ("floor", "difference", "action"),
    [
        (
            0.05,
            (0.1, 0.3, 0.004),
            "Centre each modality before comparing texts with motions; judge classes in the full",
        ),
        (0.15, (0.1, 0.3, 0.004), "no gap beyond chance is shown; judge classes in the full"),
        (
            0.05,
            (-0.3, -0.1, 0.004),
            "Centre each modality before comparing texts with motions; judge classes in the plane.",
        ),
        (0.05, (-0.1, 0.3, 0.5), "judge classes in both spaces."),
    ],
)
def test_the_action_says_how_to_compare(floor: float, difference: tuple[float, float, float], action: str) -> None:
    made = decided(h3d_gap_floor=number(floor), **classes(difference))
    assert action in made.action


def test_the_action_of_what_was_not_measured() -> None:
    assert "classes" not in decided().action and "Centre each" in decided().action
    nothing = answer(Recorded({"04_embedding_gap": {}}), Bounds.of({}), Embedding())
    assert nothing.action == (
        "Supply what is lacking: too few test clips; too few test clips for a gallery; too few clips of two classes."
    )
    assert answer(Recorded({}), Bounds.of({}), Embedding()).action.startswith("Run notebook 04")


def test_what_decides_stands_first() -> None:
    made = decided(**classes((-0.1, 0.3, 0.5), (0.1, 0.3, 0.004)))
    assert [one.said for one in made.parts[2].measures] == ["better", "not shown"]
    low = decided(**(recall(20.0, 40.0) | recall(10.0, 20.0, way="m2t"))).parts[1]
    assert low.outcome == "no" and [one.said for one in low.measures] == ["no", "not shown"]


def recall(low: float, high: float, ceiling: float = 100.0, way: str = "t2m") -> dict[str, Any]:
    """R@1 with an interval among 150 clips, where the published range is 30 to 60 %."""
    ends = {f"h3d_published_{way}_low": number(30.0), f"h3d_published_{way}_high": number(60.0)}
    about = {"h3d_equal_gallery": number(150), "h3d_equal_ceiling": number(ceiling)}
    return {f"h3d_equal_{way}_r1": measure(low, high, "%"), **ends, **about}


@pytest.mark.parametrize(
    ("low", "high", "ceiling", "outcome"),
    [
        (30.0, 40.0, 100.0, "yes"),
        (29.9, 40.0, 100.0, "not shown"),
        (20.0, 29.9, 100.0, "no"),
        (20.0, 29.9, 29.9, "not judged"),
        (20.0, 29.9, 30.0, "no"),
        (70.0, 80.0, 100.0, "yes"),
    ],
)
def test_recall_is_held_against_the_published_range(low: float, high: float, ceiling: float, outcome: str) -> None:
    judged = decided(**recall(low, high, ceiling)).parts[1]
    assert judged.outcome == outcome
    if judged.measures:
        assert "among 150, published 30.0–60.0 %" in judged.measures[0].name
        assert ("above it" in judged.measures[0].name) == (low > 60)


def test_both_directions_must_reach_it_and_low_recall_says_what_to_do() -> None:
    made = decided(**(recall(40.0, 50.0) | recall(10.0, 20.0, way="m2t")))
    assert made.parts[1].outcome == "in part" and "motion to text" in made.parts[1].measures[1].name
    assert decided(**recall(10.0, 20.0)).action.startswith("Train TMR longer, since")
    assert "Train TMR" not in decided(**recall(40.0, 50.0)).action


GAIN, LOSS, OPEN = (0.1, 0.3, 0.004), (-0.3, -0.1, 0.004), (-0.1, 0.3, 0.5)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {**recall(40.0, 50.0), **classes(GAIN)},
            "Text and motion lie apart; TMR's recall reaches the published range; "
            "actions separate better in the full space.",
        ),
        (
            {"h3d_gap_floor": number(0.3), **recall(10.0, 20.0), **classes(LOSS)},
            "No gap between text and motion is shown; TMR's recall is below the published range; "
            "actions separate better in the plane.",
        ),
        (
            {"dm_centroid_gap": measure(0.0, 0.2), "dm_gap_floor": number(0.05), **recall(20.0, 40.0), **classes(OPEN)},
            "Text and motion lie apart in some datasets; whether TMR's recall reaches the published range is open; "
            "neither full space nor plane separates actions better.",
        ),
        ({}, "Text and motion lie apart."),
    ],
)
def test_the_answer_is_one_sentence(values: dict[str, Any], said: str) -> None:
    assert decided(**values).said == said


def test_whatever_the_outcomes_the_sentence_has_at_most_25_words() -> None:
    gaps = [{}, {"h3d_gap_floor": number(0.3)}, {"dm_centroid_gap": measure(0.0, 0.2), "dm_gap_floor": number(0.05)}]
    for gap in gaps:
        for found in (recall(40.0, 50.0), recall(10.0, 20.0), recall(20.0, 40.0), {}):
            for kind in (GAIN, LOSS, OPEN):
                said = decided(**gap, **found, **classes(kind)).said
                assert len(said.split()) <= 25, said
    assert answer(Recorded({}), Bounds.of({}), Embedding()).said == (
        "Nothing about the space of text and motion was measured."
    )
