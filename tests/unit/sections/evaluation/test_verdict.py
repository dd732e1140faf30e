"""The rule of the fourth answer, on both sides of its borders: one metric or several, the margin, what is missing."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.answers.answer import Answer, Part
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.metrics.decision import Outcome
from lib.run.pipeline import PIPELINE
from lib.sections.evaluation.parameters import Evaluation
from lib.sections.evaluation.short_answer import short_answer
from lib.sections.evaluation.verdict import answer
from lib.site import answers
from tests.unit.sections.recorded import measure, number, part

TWO = {"h3d": {"label": "HumanML3D"}, "dm": {"label": "DM"}}
ONE = {"h3d": {"label": "HumanML3D"}}


MOVING = {
    f"{clips}{regime}_over_frozen_{metric}": measure(*ends)
    for clips in ("", "leak_free_")
    for regime in ("adding", "both", "real")
    for metric, ends in {"r3": (0.1, 0.2), "fid": (-2, -1)}.items()
} | {f"{regime}_energy": measure(0.8, 1.0) for regime in ("baseline", "adding", "both")}
"""Regimes that move, and real motion, which beat frozen bodies by both metrics, so that both may decide."""
SURE = 0.001


def bounds(corpora: dict[str, Any] = TWO, **sections: Any) -> Bounds:
    return Bounds.of({"corpora": corpora, **sections})


def recorded(
    r3: tuple[float, float], fid: tuple[float, float], weighting: tuple[float, float] = (0.1, 0.2), **more: Any
) -> Recorded:
    """Against scores of 0.5 and 2, so that 5 % are 0.025 and 0.1."""
    values = {"both_r3": measure(*r3), "both_fid": measure(*fid), "weighting_r3": measure(*weighting)}
    values |= {"both_r3_rival": number(0.5), "both_fid_rival": number(2.0), "weighting_r3_rival": number(0.5)}
    values |= {f"{name}_p": number(SURE) for name in ("both_r3", "both_fid", "weighting_r3")}
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
    assert [(reason.name, reason.said) for reason in found] == [
        ("in FID (better below 0), corrected p 0.003", "better"), ("in R@3, corrected p 0.003", "not shown")
    ]  # fmt: skip


def test_the_margin_and_the_metrics_are_parameters() -> None:
    values = recorded((0.001, 0.04), (-1, 1))
    strict = answer(values, bounds(findings={"no_difference": 0.01}), Evaluation())
    assert part(strict, "Than the benchmark alone").outcome == "yes"
    by_fid = answer(values, bounds(), Evaluation(judged_by=["FID"]))
    assert [one.name for one in part(by_fid, "Than the benchmark alone").measures] == [
        "in FID (better below 0), corrected p 0.001"
    ]
    assert part(by_fid, "Than the same data unweighted").lacking == "no such generator was trained"


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
    clean |= {f"{name}_p": number(SURE) for name in levels}
    clean |= {"leak_free_base_clips": number(clips), "leak_free_of": number(71)}
    return answer(recorded((-0.2, -0.1), (-1, 1), (-0.2, -0.1), **clean), bounds(), Evaluation())


def test_leak_free_clips_decide_where_they_fill_a_pool_and_all_stand_beside() -> None:
    made = left(32, (0.1, 0.2))
    assert made.verdict == "yes" and made.parts[0].measures[0].name.endswith("0.003 on leak-free test clips")
    assert {part.name: part.outcome for part in made.beside} == {
        "Than the benchmark alone, on all test clips": "no", "Than the same data unweighted, on all test clips": "no",
    }  # fmt: skip
    assert made.note.startswith(
        "The leak-free test clips decide: 32 of 71 test clips without mirrors are leak-free for every training set."
    )
    assert "where they fill a pool of 32" in made.parts[0].rule
    assert left(32, (-0.2, 0.3)).verdict == "in part"  # too wide to be shown, by one part


def test_too_few_leak_free_clips_leave_it_to_all_and_the_reason_is_said() -> None:
    made = left(31, (0.1, 0.2))
    assert made.verdict == "no" and made.parts[0].measures[0].name == "in R@3, corrected p 0.003"
    assert {part.name: part.outcome for part in made.beside} == {
        "Than the benchmark alone, on leak-free test clips": "yes",
        "Than the same data unweighted, on leak-free test clips": "yes",
    }  # fmt: skip
    assert made.note.startswith(
        "All test clips decide, since only 31 of 71 test clips without mirrors are leak-free for every training set, "
        "fewer than a pool of 32 needs."
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
    assert "The generators train on all clips with consent, which no filter" in unknown and "N counts" in unknown
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
    return answer(Recorded(values), bounds(), Evaluation(seeds=[0, 1, 2])).action


def test_the_action_names_the_weights_or_what_to_train_on() -> None:
    assert acted((0.1, 0.2), (-1, 1)) == f"Train on HumanML3D and DM with {FILE}."
    assert acted((0.1, 0.2), (-1, 1), weights={}) == "Train on HumanML3D and DM with its weights."
    assert acted((0.1, 0.2), (-1, 1), (-0.2, -0.1)) == "Train on HumanML3D and DM without weights."
    assert acted((-0.2, -0.1), (0.2, 1)) == "Train on HumanML3D alone."
    adding = {"adding_r3": measure(0.1, 0.2), "adding_r3_rival": number(0.5)}
    assert acted((-0.2, -0.1), (0.2, 1), **adding) == "Train on HumanML3D and DM without weights."
    there = {"elsewhere_dm_both_r3": measure(0.1, 0.2), "elsewhere_dm_both_r3_rival": number(0.1)}
    assert acted((-0.2, -0.1), (0.2, 1), **there) == (
        "Train on HumanML3D alone. For motions like those of DM, train on both: better on DM’s own test clips, "
        "+0.1 to 0.2 in R@3."
    )
    assert acted((0.1, 0.2), (-1, 1), **there) == f"Train on HumanML3D and DM with {FILE}."
    assert answer(Recorded({}), bounds(), Evaluation()).action == "Run notebook 06: it is not part of this run."


def test_the_action_says_how_many_clips_or_seeds_would_decide_with_intervals() -> None:
    """Half of the interval is 0.2 at 1,000 clips, the estimate 0.1: four times the data make half of it 0.1."""
    open_ = acted((-0.1, 0.3), (-9, 9))
    assert open_.startswith(
        "Train on HumanML3D alone for now. To decide whether DM helps, judge about 4,000 test clips,"
    )
    assert open_.endswith(" perhaps far more, with 12 training seeds, by R@3.")
    alone = acted((-0.1, 0.3), (-9, 9), both_r3_over_clips=measure(0.02, 0.18))
    # what the clips leave is 0.08: seeds must bring the rest of 0.2 to that of 0.1, (0.04 - 0.0064) / (0.01 - 0.0064)
    assert "12 training seeds, by R@3; or train about 28 seeds" in alone and alone.endswith(", on the present clips.")
    fixed = acted((-0.1, 0.3), (-9, 9), both_r3_over_clips=measure(-0.05, 0.25))
    assert "present clips" not in fixed  # no number of seeds would do
    plain = acted((0.1, 0.2), (-1, 1), (-0.1, 0.3), adding_r3=measure(0.1, 0.2), adding_r3_rival=number(0.5))
    assert plain.startswith(
        "Train on HumanML3D and DM without weights. To decide whether the weights help, judge about 4,000 test clips"
    )
    weights = acted((0.1, 0.2), (-1, 1), (-0.1, 0.3))
    assert weights.startswith(f"Train on HumanML3D and DM with {FILE}. To decide whether the weights help, judge")


OUTCOMES: tuple[Outcome, ...] = ("yes", "mixed", "no", "not shown", "not judged", "not answered")


@pytest.mark.parametrize("alone", OUTCOMES)
@pytest.mark.parametrize("weights", OUTCOMES)
@pytest.mark.parametrize("why", ["it hardly moves: its", "it moves too much: its", "R@3 does not", "is not known"])
def test_every_outcome_is_said_in_one_plain_sentence(alone: Outcome, weights: Outcome, why: str) -> None:
    parts = [Part(name="", rule="", outcome=one, measures=[], lacking=why) for one in (alone, weights)]
    text = short_answer(bounds(), parts)
    assert len(text.split()) <= 25 and text.endswith(".") and text.count(".") == 1 and text[0].isupper()
    assert {"DM"} & {*re.findall(r"\w+", text)} or alone == weights == "not answered"


def test_what_the_page_says_follows_from_both_parts() -> None:
    assert generator((0.1, 0.2), (-1, 1)).said == (
        "Adding DM by cluster weight makes a better generator than HumanML3D alone; the weights help."
    )
    assert generator((-0.1, 0.2), (-1, 1), weighting=(-0.2, -0.1)).said == (
        "Adding DM by cluster weight is not shown to beat HumanML3D alone; the weights do not help."
    )
    assert answer(Recorded({}), bounds(ONE), Evaluation()).said == (
        "This run compares no generators, since it has one dataset."
    )
    still = recorded((0.1, 0.2), (-1, 1), both_energy=measure(0.1, 0.2))
    assert answer(still, bounds(), Evaluation()).said == (
        "The generator that adds DM by cluster weight hardly moves, so no score says whether DM helps."
    )
    blind = recorded((0.1, 0.2), (-1, 1), real_over_frozen_r3=measure(-1, 1), real_over_frozen_fid=measure(-1, 1))
    assert answer(blind, bounds(), Evaluation()).said.startswith("No metric ranks both real motion and the generator")


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
        ((0.01, 0.2), (-2, -0.01), ["in FID (better below 0)", "in R@3"]),
        ((0.0, 0.2), (-2, -0.01), ["in FID (better below 0)"]),  # not surely above the frozen bodies
        ((-0.2, -0.1), (-2, -0.01), ["in FID (better below 0)"]),
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
    assert sorted(reason.name.partition(",")[0] for reason in first.measures) == decided_by
    assert first.outcome == ("yes" if decided_by else "not judged")
    assert (second.outcome == "not judged") == ("in R@3" not in decided_by)  # weighting was measured in R@3 alone
    if not decided_by:
        assert made.verdict == "not judged" and made.action.startswith("Train generators that move")
        no = "the generator does not beat frozen bodies"
        assert first.lacking == f"by R@3 {no} (-0.2 to 0.1); by FID {no} (-1 to 1)"


def test_where_nothing_says_what_a_frozen_body_scores_nothing_decides() -> None:
    values = recorded((0.1, 0.2), (-1, 1)).values["06_evaluation"]
    known = {name: value for name, value in values.items() if "frozen" not in name}
    made = answer(Recorded({"06_evaluation": known}), bounds(), Evaluation())
    assert made.verdict == "not judged" and made.parts[0].lacking == (
        "R@3 does not rank real motion above frozen bodies; FID does not rank real motion above frozen bodies"
    )


@pytest.mark.parametrize(
    ("metric", "real", "decided_by"),
    [
        ("r3", (-0.1, 0.1), ["in FID (better below 0)"]),
        ("r3", (-0.2, -0.1), ["in FID (better below 0)"]),
        ("fid", (-0.1, 0.1), ["in R@3"]),
        ("fid", (1, 2), ["in R@3"]),  # frozen bodies are nearer than real ones
    ],
)
def test_a_metric_that_does_not_rank_real_motion_above_frozen_bodies_decides_nothing(
    metric: str, real: tuple[float, float], decided_by: list[str]
) -> None:
    blind = {f"real_over_frozen_{metric}": measure(*real)}
    made = answer(recorded((0.1, 0.2), (-1, -0.2), **blind), bounds(), Evaluation()).parts[0]
    assert [reason.name.partition(",")[0] for reason in made.measures] == decided_by and made.outcome == "yes"
    worse = answer(recorded((-0.2, -0.1), (0.2, 1), **blind), bounds(), Evaluation()).parts[0]
    assert worse.outcome == "no" and len(worse.measures) == 1


@pytest.mark.parametrize(
    ("energy", "why"),
    [
        ((0.1, 0.2), "hardly moves"),
        ((0.45, 0.55), "hardly moves"),
        ((0.49, 1.2), "hardly moves"),
        ((0.5, 1.5), ""),
        ((0.9, 1.51), "moves too much"),
        ((2.0, 3.0), "moves too much"),
    ],
)
def test_a_regime_is_judged_only_where_its_energy_lies_within_half_and_one_and_a_half_by_its_interval(
    energy: tuple[float, float], why: str
) -> None:
    made = answer(recorded((0.1, 0.2), (-1, -0.2), both_energy=measure(*energy)), bounds(), Evaluation())
    if not why:
        assert made.verdict == "yes"
        return
    assert made.verdict == "not judged" and {part.outcome for part in made.parts} == {"not judged"}
    lacking = f"it {why}: its motion energy is {energy[0]} to {energy[1]} of real motion's"
    assert all(part.lacking == lacking and part.measures == [] for part in made.parts)
    assert "not answered" not in made.model_dump_json()
    assert made.action.startswith("Train generators that move") and lacking in made.summary
    assert "0.5 to 1.5 of real motion’s" in made.parts[0].rule


def test_a_regime_of_unknown_energy_is_not_judged_and_anothers_energy_is_none_of_its_concern() -> None:
    values = recorded((0.1, 0.2), (-1, -0.2), adding_energy=measure(0.1, 0.2)).values["06_evaluation"]
    assert answer(Recorded({"06_evaluation": values}), bounds(), Evaluation()).verdict == "yes"
    unknown = {name: value for name, value in values.items() if name != "both_energy"}
    made = answer(Recorded({"06_evaluation": unknown}), bounds(), Evaluation())
    assert made.verdict == "not judged" and made.parts[1].lacking == "its motion energy is not known"


FAMILY = ("both_r3", "both_fid", "weighting_r3", "weighting_fid")


def corrected(*p: float | None, **more: Any) -> Answer:
    """Better by every interval, with these p values alone."""
    values = recorded((0.1, 0.2), (-1, -0.2)).values["06_evaluation"]
    values = {**values, "weighting_fid": measure(-1, -0.2), "weighting_fid_rival": number(2.0), **more}
    known = {f"{name}_p": number(one) for name, one in zip(FAMILY, p, strict=True) if one is not None}
    kept = {name: value for name, value in values.items() if not name.endswith("_p")}
    return answer(Recorded({"06_evaluation": kept | known}), bounds(), Evaluation())


def said(made: Answer) -> dict[str, str]:
    return {f"{part.name}: {reason.name}": reason.said for part in made.parts for reason in part.measures}


def test_p_values_of_both_parts_and_all_metrics_are_corrected_together() -> None:
    """Holm by hand: 0.01 four times, 0.02 three times, 0.03 twice, and 0.4 once."""
    made = corrected(0.03, 0.01, 0.4, 0.02)
    assert said(made) == {
        "Than the benchmark alone: in FID (better below 0), corrected p 0.04": "better",
        "Than the benchmark alone: in R@3, corrected p 0.06": "not shown",
        "Than the same data unweighted: in R@3, corrected p 0.4": "not shown",
        "Than the same data unweighted: in FID (better below 0), corrected p 0.06": "not shown",
    }
    assert [part.outcome for part in made.parts] == ["yes", "not shown"]
    alone = "The 4 p values are corrected together; uncorrected they are 0.03, 0.01, 0.4 and 0.02, part by part."
    assert alone in made.note


def test_a_p_that_would_do_alone_does_not_do_in_a_family_of_four() -> None:
    made = corrected(0.03, 0.5, 0.5, 0.5)
    assert said(made)["Than the benchmark alone: in R@3, corrected p 0.12"] == "not shown"
    assert made.verdict == "not shown"


def test_a_metric_that_decides_nothing_is_not_in_the_family() -> None:
    """Without FID there are two comparisons, so that 0.02 is 0.04."""
    made = corrected(0.02, 0.001, 0.5, 0.001, real_over_frozen_fid=measure(-0.1, 0.1))
    assert said(made) == {
        "Than the benchmark alone: in R@3, corrected p 0.04": "better",
        "Than the same data unweighted: in R@3, corrected p 0.5": "not shown",
    }


def test_without_a_p_nothing_is_better_or_worse() -> None:
    made = corrected(None, None, 0.001, None)
    assert said(made)["Than the benchmark alone: in R@3, p not known"] == "not shown"
    assert [part.outcome for part in made.parts] == ["not shown", "yes"]
    worse = answer(recorded((-0.2, -0.1), (0.2, 1), both_r3_p=None, both_fid_p=None), bounds(), Evaluation())
    assert worse.parts[0].outcome == "not shown"


def by_other(r3: tuple[float, float], **more: Any) -> Answer:
    """The first part decided as better by TMR, and by the other evaluator as given."""
    other = {"both_r3": measure(*r3), "both_r3_rival": number(0.5), "both_r3_p": number(0.02)}
    other |= {name: value for name, value in MOVING.items() if "over_frozen" in name} | more
    beside = {f"beside_{name}": value for name, value in other.items()} | {"beside_name": "small T2M evaluator"}
    return answer(recorded((0.1, 0.2), (-1, 1), **beside), bounds(), Evaluation())


NAMED = "Than the benchmark alone, by the small T2M evaluator"


def test_the_other_evaluator_stands_beside_and_only_contradiction_changes_what_is_decided() -> None:
    agrees, open_, against = by_other((0.1, 0.2)), by_other((-0.1, 0.2)), by_other((-0.2, -0.1))
    assert [[part.outcome for part in made.parts] for made in (agrees, open_)] == [["yes", "yes"]] * 2
    assert [made.beside[0].name for made in (agrees, open_, against)] == [NAMED] * 3
    assert [made.beside[0].outcome for made in (agrees, open_, against)] == ["yes", "not shown", "no"]
    assert against.parts[0].outcome == "mixed" and against.verdict == "in part"
    assert [(reason.name, reason.said) for reason in against.parts[0].measures] == [
        ("in R@3, corrected p 0.003", "better"), ("in FID (better below 0), corrected p 0.003", "not shown"),
        ("in R@3, corrected p 0.02", "worse"),  # in a family of its own
    ]  # fmt: skip


def test_an_evaluator_that_ranks_real_motion_below_frozen_bodies_contradicts_nothing() -> None:
    blind = by_other((-0.2, -0.1), real_over_frozen_r3=measure(-0.2, 0.1))
    assert blind.beside[0].outcome == "not judged" and blind.parts[0].outcome == "yes"


def test_kid_is_told_with_the_verdict_and_decides_nothing() -> None:
    worse = {"both_kid": measure(1, 2), "both_kid_rival": number(1.0), "both_kid_p": number(SURE)}
    made = answer(recorded((0.1, 0.2), (-1, 1), **worse), bounds(), Evaluation()).parts[0]
    assert made.outcome == "yes" and made.measures[-1].name == "in KID (better below 0), which decides nothing"
    assert made.measures[-1].said == "worse" and made.measures[0].name == "in R@3, corrected p 0.003"
    alone = answer(recorded((-0.1, 0.2), (-9, 9), both_kid=measure(-2, -1)), bounds(), Evaluation()).parts[0]
    assert alone.outcome == "not shown" and alone.measures[-1].said == "better"
    asked = Evaluation(judged_by=["R@3", "KID"])
    both = answer(recorded((0.1, 0.2), (-1, 1), **worse), bounds(), asked).parts[0]
    assert "decides nothing" not in "".join(reason.name for reason in both.measures)


def test_what_stands_beside_is_not_corrected() -> None:
    adding = {"adding_r3": measure(0.1, 0.2), "adding_r3_rival": number(0.5), "adding_r3_p": number(0.04)}
    made = answer(recorded((0.1, 0.2), (-1, 1), **adding), bounds(), Evaluation())
    assert [(part.outcome, part.measures[0].name) for part in made.beside] == [("yes", "in R@3")]
    assert "adding" not in made.note


def test_parts_that_are_not_judged_and_not_answered_make_a_verdict_that_is_not_judged() -> None:
    low = {"both_energy": measure(0.1, 0.2)}
    values = recorded((0.1, 0.2), (-1, 1), **low).values["06_evaluation"]
    alone = {name: value for name, value in values.items() if not name.startswith("weighting")}
    made = answer(Recorded({"06_evaluation": alone}), bounds(), Evaluation())
    assert [part.outcome for part in made.parts] == ["not judged", "not answered"] and made.verdict == "not judged"
    assert made.action.startswith("Train generators that move")


def test_a_metric_that_is_silent_beside_one_that_decides_is_named_with_its_reason() -> None:
    values = recorded((0.1, 0.2), (-1, -0.2), both_over_frozen_r3=measure(-0.2, 0.1))
    made = answer(values, bounds(), Evaluation())
    why = "R@3 decides nothing, since by R@3 the generator does not beat frozen bodies"
    assert made.note.count("does not beat") == 1 and why in made.note
    assert "decides nothing" not in generator((0.1, 0.2), (-1, -0.2)).note
