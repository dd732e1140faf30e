"""The rule of the fourth answer, on both sides of its borders: one metric or several, the margin, what is missing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.run.pipeline import PIPELINE
from lib.sections.evaluation.parameters import Evaluation
from lib.sections.evaluation.verdict import answer
from lib.site import answers
from tests.unit.sections.recorded import measure, number, part

TWO = {"h3d": {"label": "HumanML3D"}, "dm": {"label": "DM"}}
ONE = {"h3d": {"label": "HumanML3D"}}


MOVING = {
    f"{clips}{regime}_over_frozen_{metric}": measure(*ends)
    for clips in ("", "leak_free_")
    for regime in ("adding", "both")
    for metric, ends in {"r3": (0.1, 0.2), "fid": (-2, -1)}.items()
}
"""Regimes that beat frozen bodies by both metrics, so that both may decide."""


def bounds(corpora: dict[str, Any] = TWO, **sections: Any) -> Bounds:
    return Bounds.of({"corpora": corpora, **sections})


def recorded(
    r3: tuple[float, float], fid: tuple[float, float], weighting: tuple[float, float] = (0.1, 0.2), **more: Any
) -> Recorded:
    """Against scores of 0.5 and 2, so that 5 % are 0.025 and 0.1."""
    values = {"both_r3": measure(*r3), "both_fid": measure(*fid), "weighting_r3": measure(*weighting)}
    values |= {"both_r3_rival": number(0.5), "both_fid_rival": number(2.0), "weighting_r3_rival": number(0.5)}
    return Recorded({"06_evaluation": MOVING | values | more})


def generator(r3: tuple[float, float], fid: tuple[float, float], weighting: tuple[float, float] = (0.1, 0.2)) -> Answer:
    return answer(recorded(r3, fid, weighting), bounds(), Evaluation())


@pytest.mark.parametrize(
    ("r3", "fid", "said"),
    [
        ((0.01, 0.2), (-1, 1), "yes"),
        ((0.0, 0.2), (-1, 1), "not shown"),
        ((-0.1, 0.2), (-1, -0.2), "yes"),  # a lower FID is better
        ((0.01, 0.2), (0.2, 1), "mixed"),  # better by one, worse by the other
        ((-0.1, 0.2), (0.2, 1), "no"),
        ((-0.02, 0.02), (-0.09, 0.09), "no"),  # both within 5 % of 0.5 and of 2
        ((-0.02, 0.02), (-0.09, 0.1), "not shown"),
        ((0.001, 0.02), (-0.09, -0.01), "no"),  # sure and too small to matter, by both
        ((0.001, 0.04), (-1, 1), "not shown"),  # beyond zero, and the estimate within the margin
        ((0.001, 0.06), (-1, 1), "yes"),  # the estimate beyond it
        ((0.01, 0.2), (0.01, 0.09), "yes"),  # a loss within the margin is none
    ],
)
def test_a_generator_is_better_by_one_metric_and_worse_by_none(
    r3: tuple[float, float], fid: tuple[float, float], said: str
) -> None:
    assert part(generator(r3, fid), "Than the benchmark alone").outcome == said


def test_the_measure_that_decides_stands_first() -> None:
    found = part(generator((-0.1, 0.2), (-1, -0.2)), "Than the benchmark alone").measures
    assert [(reason.name, reason.said) for reason in found] == [("in FID", "better"), ("in R@3", "not shown")]


def test_the_margin_and_the_metrics_are_parameters() -> None:
    values = recorded((0.001, 0.04), (-1, 1))
    strict = answer(values, bounds(findings={"no_difference": 0.01}), Evaluation())
    assert part(strict, "Than the benchmark alone").outcome == "yes"
    by_fid = answer(values, bounds(), Evaluation(judged_by=["FID"]))
    assert [reason.name for reason in part(by_fid, "Than the benchmark alone").measures] == ["in FID"]
    assert part(by_fid, "Than the same data unweighted").lacking == "no such regime was trained"


def test_weighting_is_a_part_of_the_claim_and_the_data_alone_is_not() -> None:
    assert generator((0.1, 0.2), (-1, 1)).verdict == "yes"
    assert generator((0.1, 0.2), (-1, 1), weighting=(-0.2, 0.2)).verdict == "in part"
    assert generator((0.1, 0.2), (0.2, 1), weighting=(-0.2, 0.2)).verdict == "mixed"
    worse = {"adding_r3": measure(-0.4, -0.2), "adding_r3_rival": number(0.5)}
    found = answer(recorded((0.1, 0.2), (-1, 1), **worse), bounds(), Evaluation())
    assert found.verdict == "yes" and [part.outcome for part in found.beside] == ["no"]
    assert found.related.startswith("The data without weights, than the benchmark alone: no")


def left(clips: int, r3: tuple[float, float], *, fid: bool = True) -> Answer:
    """Worse on all test clips by both parts, and what is said on leak-free ones, of which some are left."""
    clean = {"leak_free_both_r3": measure(*r3, n=clips), "leak_free_weighting_r3": measure(0.1, 0.2, n=clips)}
    clean |= {"leak_free_both_fid": measure(-1, 1, n=clips)} if fid else {}
    levels = {"leak_free_both_r3": 0.5, "leak_free_both_fid": 2.0, "leak_free_weighting_r3": 0.5}
    clean |= {f"{name}_rival": number(rival) for name, rival in levels.items()}
    clean |= {"leak_free_base_clips": number(clips), "leak_free_of": number(71)}
    return answer(recorded((-0.2, -0.1), (-1, 1), (-0.2, -0.1), **clean), bounds(), Evaluation())


def test_leak_free_clips_decide_where_they_fill_a_pool_and_all_stand_beside() -> None:
    made = left(32, (0.1, 0.2))
    assert made.verdict == "yes" and made.parts[0].measures[0].name == "in R@3 on leak-free test clips"
    assert {part.name: part.outcome for part in made.beside} == {
        "Than the benchmark alone, on all test clips": "no", "Than the same data unweighted, on all test clips": "no",
    }  # fmt: skip
    assert made.note.startswith(
        "The leak-free test clips decide: 32 of 71 test clips without mirrors are leak-free for every regime."
    )
    assert "where they fill a pool of 32" in made.parts[0].rule
    assert left(32, (-0.2, 0.3)).verdict == "in part"  # too wide to be shown, by one part


def test_too_few_leak_free_clips_leave_it_to_all_and_the_reason_is_said() -> None:
    made = left(31, (0.1, 0.2))
    assert made.verdict == "no" and made.parts[0].measures[0].name == "in R@3"
    assert {part.name: part.outcome for part in made.beside} == {
        "Than the benchmark alone, on leak-free test clips": "yes",
        "Than the same data unweighted, on leak-free test clips": "yes",
    }  # fmt: skip
    assert made.note.startswith(
        "All test clips decide, since only 31 of 71 test clips without mirrors are leak-free for every regime, fewer "
        "than a pool of 32 needs."
    )


def test_a_metric_without_an_interval_on_leak_free_clips_is_not_dropped_in_silence() -> None:
    made = left(40, (0.1, 0.2), fid=False)
    assert made.verdict == "no" and "on which FID has no interval" in made.note
    assert "leak-free" not in answer(recorded((0.1, 0.2), (-1, 1)), bounds(), Evaluation()).note


def test_elsewhere_is_judged_by_the_same_rule_and_decides_nothing() -> None:
    sure, level_there = measure(0.1, 0.2), number(0.1)
    more = {f"elsewhere_dm_{where}": sure for where in ("adding_r3", "new_adding_r3", "both_r3")}
    more |= {f"{name}_rival": level_there for name in more}
    found = answer(recorded((-0.1, 0.2), (-1, 1), **more), bounds(), Evaluation())
    assert {part.name: part.outcome for part in found.beside} == dict.fromkeys(
        ["On the test clips of DM, without weights", "On the new actions of DM, without weights",
         "On the test clips of DM, with weights"], "yes"
    )  # fmt: skip
    assert found.verdict == "in part" and found.beside[0].measures[0].link == "06_evaluation.html"


def test_the_note_says_whether_the_clips_were_filtered() -> None:
    unknown = generator((0.1, 0.2), (-1, 1)).note
    assert (
        unknown.startswith("The generators train on all clips with consent, which no filter") and "N counts" in unknown
    )
    prepared = Recorded({"00_data_preparation": {"candidate_clean": measure(0.6, 0.8)}, "06_evaluation": {}})
    filtered = answer(prepared, bounds(), Evaluation()).note
    assert filtered.startswith("The generators train on the clips that pass the filter") and "%" not in filtered
    unfiltered = answer(prepared, bounds(), Evaluation(clips="all")).note
    assert "also train on clips that fail the filter" in unfiltered and "30.0 % of those of DM" in unfiltered
    assert answer(prepared, bounds(ONE), Evaluation()).note == ""


def test_what_the_filter_does_stands_beside_the_claim_and_decides_nothing() -> None:
    better = {"filtering_r3": measure(0.1, 0.2), "filtering_r3_rival": number(0.5)}
    found = answer(recorded((-0.1, 0.2), (-1, 1), (-0.1, 0.1), **better), bounds(), Evaluation())
    assert {part.name: part.outcome for part in found.beside} == {
        "The clips that the filter keeps, than all clips": "yes"
    }
    assert found.verdict == "not shown"


def test_what_was_not_measured_is_not_answered() -> None:
    nothing = answer(Recorded({}), bounds(), Evaluation())
    assert nothing.verdict == "not answered" and nothing.beside == []
    assert {part.lacking for part in nothing.parts} == {"not answered in this run: needs 06"}
    alone = answer(Recorded({notebook.stem: {} for notebook in PIPELINE}), bounds(ONE), Evaluation())
    assert alone.verdict == "not answered" and alone.parts[0].lacking == "this run has one dataset"


DRAWN = {"training_clips": number(2100), "alpha": number(0.5)}
FILE = "sampling_weights.parquet of 05 (2,100 clips, exponent 0.5)"


def acted(*given: Any, weights: dict[str, Any] = DRAWN, **more: Any) -> str:
    values = {**recorded(*given, **more).values, "05_clustering": weights}
    return answer(Recorded(values), bounds(), Evaluation()).action


def test_the_action_names_the_weights_or_what_to_train_on() -> None:
    assert acted((0.1, 0.2), (-1, 1)) == f"Train on HumanML3D and DM with {FILE}."
    assert acted((0.1, 0.2), (-1, 1), weights={}) == "Train on HumanML3D and DM with its weights."
    assert acted((0.1, 0.2), (-1, 1), (-0.2, -0.1)) == "Train on HumanML3D and DM without weights."
    assert acted((-0.2, -0.1), (0.2, 1)) == "Train on HumanML3D alone."
    adding = {"adding_r3": measure(0.1, 0.2), "adding_r3_rival": number(0.5)}
    assert acted((-0.2, -0.1), (0.2, 1), **adding) == "Train on HumanML3D and DM without weights."
    assert answer(Recorded({}), bounds(), Evaluation()).action == "Run notebook 06: it is not part of this run."


def test_the_action_says_how_many_clips_or_seeds_would_decide_with_intervals() -> None:
    """Half of the interval is 0.2 at 1,000 clips, the estimate 0.1: four times the data make half of it 0.1."""
    open_ = acted((-0.1, 0.3), (-9, 9))
    assert open_.startswith(
        "Train on HumanML3D alone for now; that it is better than the benchmark alone is not shown: by R@3 some 4,000 "
        "test clips (95 % CI 1,000"
    )
    assert "with 12 training seeds a regime would decide it" in open_ and "present clips" not in open_
    alone = acted((-0.1, 0.3), (-9, 9), both_r3_over_clips=measure(0.02, 0.18))
    # what the clips leave is 0.08: seeds must bring the rest of 0.2 to that of 0.1, (0.04 - 0.0064) / (0.01 - 0.0064)
    assert "would decide it, or 28 training seeds a regime (95 % CI 3" in alone
    fixed = acted((-0.1, 0.3), (-9, 9), both_r3_over_clips=measure(-0.05, 0.25))
    assert "present clips" not in fixed  # no number of seeds would do
    plain = acted((0.1, 0.2), (-1, 1), (-0.1, 0.3), adding_r3=measure(0.1, 0.2), adding_r3_rival=number(0.5))
    assert plain.startswith(
        "Train on HumanML3D and DM without weights; that the weights help is not shown: by R@3 some"
    )
    weights = acted((0.1, 0.2), (-1, 1), (-0.1, 0.3))
    assert weights.startswith(f"Train on HumanML3D and DM with {FILE}; that the weights help is not shown: by R@3 some")


def reference(r3: tuple[float, float], fid: tuple[float, float]) -> str:
    """The rule in words: margins 0.025 and 0.1, a lower FID is better."""
    gains = [r3, (-fid[1], -fid[0])]
    within = [max(abs(low), abs(high)) < margin for (low, high), margin in zip(gains, (0.025, 0.1), strict=True)]
    large = [abs(low + high) / 2 > margin for (low, high), margin in zip(gains, (0.025, 0.1), strict=True)]
    better = any(low > 0 and big and not none for (low, _), big, none in zip(gains, large, within, strict=True))
    worse = any(high < 0 and big and not none for (_, high), big, none in zip(gains, large, within, strict=True))
    return "mixed" if better and worse else "yes" if better else "no" if worse or all(within) else "not shown"


interval = st.tuples(st.floats(-0.3, 0.3), st.floats(0, 0.3)).map(lambda at: (at[0], at[0] + at[1]))


@given(interval, interval)
def test_page_overview_and_json_say_the_same_of_any_interval(r3: tuple[float, float], fid: tuple[float, float]) -> None:
    values = {"06_evaluation": {**recorded(r3, fid).values["06_evaluation"], "finding": "x"}}
    facts = {"run.profile": "p", "run.date": "2026-01-31", "run.parameters": "ab"}
    asked = {"files": (), "parameters": {"corpora": TWO}, "chosen": [], "stale": [], "synthetic": False}
    told = answers.record(values, {}, facts, **asked)
    content = json.loads(told.text())
    (own,) = [each for each in content["answers"] if each["key"] == "generator"]
    assert own["parts"][0]["outcome"] == reference(r3, fid)
    assert told.verdicts()["evaluation.verdict"] == content["further"][0]["verdict"]
    assert content["further"][0]["verdict"].startswith(f"{own['verdict'].capitalize()}. Than the benchmark alone: ")
    cards = "".join(answers.pieces(told).values())
    assert f'data-verdict="{own["verdict"]}" aria-labelledby="answer-generator"' in cards


@pytest.mark.parametrize(
    ("r3", "fid", "decided_by"),
    [
        ((0.01, 0.2), (-2, -0.01), ["in FID", "in R@3"]),
        ((0.0, 0.2), (-2, -0.01), ["in FID"]),  # not surely above the frozen bodies
        ((-0.2, -0.1), (-2, -0.01), ["in FID"]),
        ((0.01, 0.2), (-0.1, 0.0), ["in R@3"]),
        ((0.01, 0.2), (1, 2), ["in R@3"]),  # a higher FID is worse
        ((-0.2, 0.1), (-1, 1), []),
    ],
)
def test_a_metric_decides_only_where_the_regime_surely_beats_frozen_bodies(
    r3: tuple[float, float], fid: tuple[float, float], decided_by: list[str]
) -> None:
    frozen = {"both_over_frozen_r3": measure(*r3), "both_over_frozen_fid": measure(*fid)}
    made = answer(recorded((0.1, 0.2), (-1, -0.2), **frozen), bounds(), Evaluation())
    first, second = made.parts
    assert sorted(reason.name for reason in first.measures) == decided_by
    assert first.outcome == ("yes" if decided_by else "not answered")
    assert (second.outcome == "not answered") == ("in R@3" not in decided_by)  # weighting was measured in R@3 alone
    if not decided_by:
        assert made.verdict == "not answered" and made.action.startswith("Train generators that move")
        assert first.lacking.startswith("the regime does not beat bodies frozen at their mean pose (R@3 -0.2 to 0.1;")


def test_where_nothing_says_what_a_frozen_body_scores_nothing_decides() -> None:
    values = {name: value for name, value in recorded((0.1, 0.2), (-1, 1)).values["06_evaluation"].items()}
    known = {name: value for name, value in values.items() if "frozen" not in name}
    made = answer(Recorded({"06_evaluation": known}), bounds(), Evaluation())
    assert made.verdict == "not answered" and "R@3 not known; FID not known" in made.parts[0].lacking
