"""Second question: the rule on both sides of its borders, and what happens where nothing was measured."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.sections.preparation.parameters import Preparation
from lib.sections.preparation.verdict import STEM, answer
from tests.unit.sections.recorded import measure, number, part

TWO = {"h3d": {"label": "HumanML3D"}, "dm": {"label": "DM"}}
ONE = {"h3d": {"label": "HumanML3D"}}
INTERVALS = st.tuples(st.floats(-200, 200), st.floats(-200, 200)).map(sorted)


def judged(corpora: dict[str, Any] = TWO, findings: dict[str, Any] | None = None, **values: Any) -> Answer:
    recorded = {"benchmark_clips": 100, "candidate_clips": 150, "benchmark_words": 1000.0} | values
    plain = {name: number(value) if isinstance(value, int | float) else value for name, value in recorded.items()}
    bounds = Bounds.of({"corpora": corpora, "findings": findings or {}})
    return answer(Recorded({STEM: plain}), bounds, Preparation())


def varied(captions: tuple[float, float], words: tuple[float, float]) -> dict[str, Any]:
    return {
        "more_words_by_captions": measure(*captions, unit="words"),
        "more_words_by_running_words": measure(*words, unit="words"),
    }


@pytest.mark.parametrize(("candidate", "outcome"), [(101, "yes"), (100, "no"), (99, "no")])
def test_larger_counts_clips_that_pass_the_funnel_where_there_is_one(candidate: int, outcome: str) -> None:
    assert part(judged(candidate_clips=candidate), "Larger").outcome == outcome
    kept = part(judged(benchmark_kept=100, candidate_kept=candidate, candidate_clips=1), "Larger")
    assert kept.outcome == outcome and kept.measures[0].low is None
    assert kept.measures[0].text == f"{candidate / 100:.1f} times ({candidate} against 100, counted in full)"


def test_how_many_times_larger_is_a_parameter() -> None:
    assert part(judged(findings={"larger": 1.5}), "Larger").outcome == "no"
    assert part(judged(findings={"larger": 1.4}), "Larger").rule.startswith("More than 1.4 times clips")


@pytest.mark.parametrize(
    ("interval", "outcome"),
    [
        ((1, 60), "not shown"),  # above zero, but an estimate of 30.5 where 50 words are 5 %
        ((0.1, 100.1), "yes"),
        ((0.1, 99.9), "not shown"),
        ((0, 120), "not shown"),
        ((-120, -1), "no"),
        ((-10, 49.9), "no"),  # wholly within 5 % of 1,000 words
        ((1, 49.9), "no"),
        ((-10, 50), "not shown"),
    ],
)
def test_more_varied_needs_an_interval_above_zero_and_a_difference_that_matters(
    interval: tuple[float, float], outcome: str
) -> None:
    assert part(judged(**varied(interval, interval)), "More varied in words").outcome == outcome


@pytest.mark.parametrize(("words", "outcome"), [((40, 70), "yes"), ((-5, 60), "not shown"), ((-120, -1), "no")])
def test_longer_captions_alone_do_not_make_a_dataset_more_varied(words: tuple[float, float], outcome: str) -> None:
    words_part = part(judged(**varied((90, 150), words)), "More varied in words")
    assert words_part.outcome == outcome
    assert [reason.counted for reason in words_part.measures] == ["running words", "captions"]
    assert words_part.measures[0].link == "00_data_preparation.html#more-words"


@given(INTERVALS, INTERVALS)
def test_more_varied_by_both_amounts_of_text_or_refuted_by_one(captions: list[float], words: list[float]) -> None:
    margin = 50  # 5 % of the benchmark's 1,000 words
    more = [low > 0 and (low + high) / 2 > margin and high >= margin for low, high in (captions, words)]
    alike = [-margin < low and high < margin for low, high in (captions, words)]
    fewer = [high < 0 and (low + high) / 2 < -margin for low, high in (captions, words)]
    outcome = "no" if any(alike + fewer) else "yes" if all(more) else "not shown"
    assert part(judged(**varied(tuple(captions), tuple(words))), "More varied in words").outcome == outcome


@pytest.mark.parametrize(
    ("interval", "outcome"), [((0.5, 0.6), "yes"), ((0.49, 0.6), "not shown"), ((0.4, 0.49), "no")]
)
def test_clean_enough_reaches_its_bound(interval: tuple[float, float], outcome: str) -> None:
    assert part(judged(candidate_clean=measure(*interval)), "Clean enough").outcome == outcome


def test_a_claim_of_three_parts_holds_in_part() -> None:
    parts = varied((100, 200), (100, 200)) | {"candidate_clean": measure(0.6, 0.7)}
    assert judged(**parts).verdict == "yes"
    assert judged(**parts | {"candidate_clean": measure(0.1, 0.2)}).verdict == "in part"


def test_numbers_lead_to_the_sentence_that_says_them_where_the_page_has_it() -> None:
    kept = judged(candidate_clean=measure(0.6, 0.7), benchmark_kept=50, candidate_kept=90, kept="x", larger="y")
    links = {name: part(kept, name).measures[0].link for name in ("Larger", "Clean enough")}
    assert set(links.values()) == {"00_data_preparation.html#kept-clips"}
    assert part(judged(larger="y"), "Larger").measures[0].link == "00_data_preparation.html#more-clips"
    assert part(judged(), "Larger").measures[0].link == "00_data_preparation.html"


def test_what_was_not_measured_is_named() -> None:
    nothing = answer(Recorded({}), Bounds.of({"corpora": TWO}), Preparation())
    assert nothing.verdict == "not answered"
    assert {part.lacking for part in nothing.parts} == {"not answered in this run: needs 00"}
    assert part(judged(), "More varied in words").lacking == "too few captions to compare"
    assert part(judged(), "Clean enough").lacking == "no motions to judge"


def test_a_page_reads_the_verdict_and_the_first_number_of_every_part() -> None:
    assert judged(candidate_clean=measure(0.6, 0.7)).summary == (
        "In part. Larger: yes, 1.5 times (150 against 100, counted in full) as many clips, mirrors left out; there is "
        "no funnel; More varied in words: not answered (too few captions to compare); Clean enough: yes, 0.6 to 0.7 of "
        "its clips with consent pass the funnel."
    )


def test_the_action_says_what_to_drop_and_which_bound_to_look_at() -> None:
    values = varied((100, 200), (100, 200)) | {"candidate_clean": measure(0.6, 0.7)}
    values |= {"benchmark_kept": 100, "candidate_kept": 120, "candidate_costliest_clips": 30}
    stage = {"candidate_costliest": "high-pass movement"}
    assert judged(**values, **stage).action == (
        "Keep the 120 clips of DM that pass the funnel, and drop the others; most are dropped by high-pass "
        "movement, 30 clips."
    )
    dirty = judged(**values | {"candidate_clean": measure(0.1, 0.2)}, **stage)
    assert "the bound to look at first is that of high-pass movement, 30 clips" in dirty.action
    assert "high-pass" not in judged(**values).action  # the stage was not recorded


def test_the_action_says_what_each_part_lacks() -> None:
    smaller = judged(benchmark_kept=100, candidate_kept=90, **varied((-120, -1), (-120, -1)))
    assert smaller.action.endswith("gather 11 more clips for it to be larger; do not claim more words of it.")
    open_ = judged(findings={"larger": 1.5}, benchmark_kept=100, candidate_kept=150, **varied((0, 120), (0, 120)))
    assert "gather 1 more clips" in open_.action and "more captions may show" in open_.action
    nothing = answer(Recorded({}), Bounds.of({"corpora": TWO}), Preparation())
    assert nothing.action == "Run notebook 00: it is not part of this run."


@pytest.mark.parametrize(
    ("values", "verdict", "said"),
    [
        (
            varied((100, 200), (100, 200)) | {"candidate_clean": measure(0.6, 0.7)},
            "yes",
            "DM is larger than HumanML3D, more varied in words and clean enough.",
        ),
        (
            varied((-120, -1), (-120, -1)) | {"candidate_clean": measure(0.6, 0.7)},
            "in part",
            "DM is larger than HumanML3D and clean enough but is not more varied in words.",
        ),
        (
            varied((-120, -1), (-120, -1)) | {"candidate_clean": measure(0.4, 0.7)},
            "in part",
            "DM is larger than HumanML3D, is not more varied in words and is not shown to be clean enough.",
        ),
        (
            varied((-120, -1), (-120, -1)) | {"candidate_clean": measure(0.1, 0.2), "candidate_clips": 99},
            "no",
            "DM is not larger than HumanML3D, more varied in words or clean enough.",
        ),
        (
            varied((0, 120), (0, 120)) | {"candidate_clean": measure(0.4, 0.7), "candidate_clips": 99},
            "no",
            "DM is not larger than HumanML3D and is not shown to be more varied in words or clean enough.",
        ),
        ({}, "in part", "DM is larger than HumanML3D but has no measure of words or cleanliness."),
    ],
)
def test_every_outcome_is_said_in_one_sentence(values: dict[str, Any], verdict: str, said: str) -> None:
    made = judged(**values)
    assert (made.verdict, made.said) == (verdict, said) and len(said.split()) <= 25


def test_nothing_measured_is_said_as_well() -> None:
    two, one = (answer(Recorded({}), Bounds.of({"corpora": corpora}), Preparation()) for corpora in (TWO, ONE))
    assert two.said == "Nothing about DM was measured in this run."
    assert one.said == "Nothing about HumanML3D was measured in this run." and one.verdict == "not answered"
    assert one.action == "Run notebook 00: it is not part of this run."


@pytest.mark.parametrize(
    ("interval", "verdict", "said"),
    [
        ((0.6, 0.7), "yes", "HumanML3D is clean enough, by bounds that come from its own clips."),
        ((0.1, 0.2), "no", "HumanML3D is not clean enough, by bounds that come from its own clips."),
        ((0.4, 0.6), "not shown", "HumanML3D is not shown to be clean enough, by bounds that come from its own clips."),
        (None, "not answered", "HumanML3D was counted, but nothing here says how clean its motions are."),
    ],
)
def test_one_dataset_is_judged_by_its_cleanliness_and_counted(
    interval: tuple[float, float] | None, verdict: str, said: str
) -> None:
    clean = {"benchmark_clean": measure(*interval), "benchmark_kept": 60} if interval else {}
    made = judged(ONE, h3d_captions=300, **clean)
    assert (made.question, made.verdict, made.said) == ("Is HumanML3D clean enough?", verdict, said)
    told = {part.name: (part.outcome, part.measures[0].text, part.measures[0].n) for part in made.parts[1:]}
    assert told == {"Size": ("not judged", "100", 100), "Words": ("not judged", "1,000", 300)}
    if interval:
        assert made.action.startswith("Keep the 60 clips of HumanML3D that pass the funnel, and drop the others;")
        assert made.action.endswith("add a second dataset to the profile to compare size and words.")
    else:
        assert made.action.startswith("Supply what is lacking: no motions to judge")


def test_what_the_benchmark_keeps_stands_beside_what_the_candidate_keeps() -> None:
    both = part(judged(candidate_clean=measure(0.6, 0.7), benchmark_clean=measure(0.98, 1)), "Clean enough")
    assert both.outcome == "yes" and [reason.text for reason in both.measures] == ["0.6 to 0.7", "0.98 to 1"]


@pytest.mark.parametrize(
    ("interval", "outcome"),
    [((0.02, 0.2), "no"), ((-0.2, -0.02), "yes"), ((-0.04, 0.04), "yes"), ((-0.05, 0.04), "not shown")],
)
@pytest.mark.parametrize("corpora", [TWO, ONE])
def test_rare_words_are_spared_where_they_lose_no_more(
    corpora: dict[str, Any], interval: tuple[float, float], outcome: str
) -> None:
    role = "candidate" if corpora == TWO else "benchmark"
    made = judged(corpora, **{f"{role}_rare_loss": measure(*interval)})
    assert [part.outcome for part in made.beside] == [outcome] and made.verdict == judged(corpora).verdict
    assert judged(corpora).beside == []
