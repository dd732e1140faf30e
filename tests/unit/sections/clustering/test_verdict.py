"""05's rule: the votes that took the space are counted, and none is cast again."""

from typing import Any

import pytest

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.sections.clustering.parameters import Clustering
from lib.sections.clustering.verdict import answer
from tests.unit.sections.recorded import number


def decided(space: str, **votes: str) -> Answer:
    values: dict[str, Any] = {"space": space, "clips": number(2900)}
    for measure, vote in votes.items():
        values |= {f"{measure}_vote": vote, f"{measure}_less": number(0.1)}
    return answer(Recorded({"05_clustering": values}), Bounds.of({}), Clustering(judged_by=[*votes]))


@pytest.mark.parametrize(
    ("space", "votes", "verdict"),
    [
        ("text", ("text", "text", "motion"), "yes"),
        ("motion", ("motion", "neither", "neither"), "yes"),
        ("text", ("text", "neither", "motion"), "not shown"),
        ("motion", ("neither", "neither", "neither"), "not shown"),
    ],
)
def test_the_space_is_favoured_by_more_votes_than_the_other(
    space: str, votes: tuple[str, str, str], verdict: str
) -> None:
    made = decided(space, **dict(zip(("coherence", "silhouette", "stability"), votes, strict=True)))
    assert made.verdict == verdict and f"by {space} latents" in made.question
    assert ("Votes tie" in made.note) == (verdict == "not shown")
    outcomes = {"neither": "not shown", space: "yes"}
    assert [part.outcome for part in made.parts] == [outcomes.get(vote, "no") for vote in votes]
    assert made.parts[0].measures[0].n == 2900


def test_a_measure_that_was_not_asked_has_no_part() -> None:
    assert [part.name for part in decided("text", silhouette="text").parts] == ["By silhouette"]
    assert answer(Recorded({"05_clustering": {}}), Bounds.of({}), Clustering()).verdict == "not answered"


def test_the_action_names_the_file_of_weights_and_what_would_turn_a_tie() -> None:
    assert decided("motion", silhouette="motion").action == (
        "Draw training clips by sampling_weights.parquet of 05 (motion clusters)."
    )
    values = {"space": "text", "silhouette_vote": "neither", "silhouette_less": number(0.0), "alpha": number(0.5)}
    values |= {"training_clips": number(2100), "effective_share": number(0.81)}
    tied = answer(Recorded({"05_clustering": values}), Bounds.of({}), Clustering(judged_by=["silhouette"]))
    assert tied.action == (
        "Draw training clips by sampling_weights.parquet of 05 (text clusters), 2,100 clips with exponent 0.5, of "
        "which an epoch is worth 81 %. The votes tie: clustering.otherwise = motion would take motion latents."
    )
    assert answer(Recorded({}), Bounds.of({}), Clustering()).action == "Run notebook 05: it is not part of this run."
