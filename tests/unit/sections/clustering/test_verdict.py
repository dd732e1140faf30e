"""05's rule: the votes that took the space are counted, and none is cast again."""

from typing import Any

import pytest

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.sections.clustering.parameters import Clustering
from lib.sections.clustering.verdict import answer
from tests.unit.sections.recorded import measure, number


def decided(space: str, **votes: str) -> Answer:
    values: dict[str, Any] = {"space": space, "clips": number(2900)}
    for name, vote in votes.items():
        values |= {f"{name}_vote": vote, f"{name}_less": measure(0.05, 0.15, "", 2900)}
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
        "To draw training clips by cluster, take sampling_weights.parquet of 05 (motion clusters)."
    )
    values = {
        "space": "text",
        "silhouette_vote": "neither",
        "silhouette_less": measure(-0.01, 0.01),
        "alpha": number(0.5),
    }
    values |= {"training_clips": number(2100), "effective_share": number(0.81)}
    tied = answer(Recorded({"05_clustering": values}), Bounds.of({}), Clustering(judged_by=["silhouette"]))
    assert tied.action == (
        "To draw training clips by cluster, take sampling_weights.parquet of 05 (text clusters), 2,100 clips with "
        "exponent 0.5, with an effective sample size of 81 %. The votes tie: clustering.otherwise = motion would take "
        "motion latents."
    )
    assert answer(Recorded({}), Bounds.of({}), Clustering()).action == "Run notebook 05: it is not part of this run."


def compared(space: str, **more: tuple[float, float, float]) -> Answer:
    """A space that words favour, with each measure of K-means less DBSCAN: its interval, and what is over chance."""
    values: dict[str, Any] = {"space": space, "words_vote": space, "words_less": measure(0.05, 0.15, "")}
    for name, (low, high, over) in more.items():
        values[f"{space}_{name}_more"] = measure(low, high, "")
        values[f"{space}_{name}_over_chance"] = number(over)
    return answer(Recorded({"05_clustering": values}), Bounds.of({}), Clustering(judged_by=["words"]))


@pytest.mark.parametrize(
    ("more", "outcome", "said"),
    [
        ({"words": (0.1, 0.2, 0.3), "placed": (0.1, 0.2, 0.5)}, "yes", "K-means with a tree beats DBSCAN"),
        ({"words": (-0.2, -0.1, 0.3)}, "no", "DBSCAN beats K-means with a tree"),
        ({"words": (0.1, 0.2, 0.3), "dbcv": (-0.2, -0.1, 0.3)}, "not shown", "neither K-means nor DBSCAN is shown"),
        ({"words": (0.1, 0.2, -0.01)}, "not shown", "neither K-means nor DBSCAN is shown"),
        ({"silhouette": (0.005, 0.015, 0.3)}, "not shown", "neither K-means nor DBSCAN is shown"),
        ({"silhouette": (-0.1, 0.3, 0.3)}, "not shown", "neither K-means nor DBSCAN is shown"),
        ({}, "not answered", "DBSCAN was not compared"),
    ],
    ids=["more for", "more against", "tie", "no better than chance", "within the margin", "holds zero", "not compared"],
)
def test_the_method_is_decided_by_votes_of_measures_that_can_tell(more: dict, outcome: str, said: str) -> None:
    made = compared("motion", **more)
    (method,) = made.beside
    assert method.outcome == outcome and said in made.said
    assert len(method.measures) == len(more) and made.verdict == "yes"


@pytest.mark.parametrize("space", ["text", "motion"])
@pytest.mark.parametrize("vote", ["text", "motion", "neither"])
@pytest.mark.parametrize(
    "more", [{}, {"words": (0.1, 0.2, 0.3)}, {"words": (-0.2, -0.1, 0.3)}, {"words": (0.1, 0.2, 0.0)}]
)
def test_every_outcome_is_said_in_one_plain_sentence(space: str, vote: str, more: dict) -> None:
    made = compared(space, **more)
    values = {"space": space, "words_vote": vote, "words_less": measure(0.05, 0.15, "")}
    for said in (made.said, answer(Recorded({"05_clustering": values}), Bounds.of({}), Clustering()).said):
        assert said.endswith(".") and said.count(". ") == 0 and 5 < len(said.split()) <= 25
    assert answer(Recorded({}), Bounds.of({}), Clustering()).said.startswith("This run does not say")
