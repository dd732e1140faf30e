"""The answers of the overview: each rule on both sides of its border, and what happens where nothing was measured."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from lib.run.pipeline import PIPELINE
from lib.site import answers, site
from lib.site.answers.answer import Answer, Part
from lib.site.answers.bounds import Bounds
from lib.sections.preparation.verdict import candidate
from lib.sections.captioners.verdict import answer as captioner
from lib.sections.evaluation.verdict import generator
from lib.sections.similarity.verdict import leak
from lib.site.answers.sources import Sources

TWO = {"h3d": {"label": "HumanML3D"}, "dm": {"label": "DM"}}
ONE = {"h3d": {"label": "HumanML3D"}}
EVERY = {notebook.stem: {} for notebook in PIPELINE}


def estimate(low: float, high: float, *, n: int = 1000, unit: str = "share") -> dict[str, Any]:
    return {"value": (low + high) / 2, "low": low, "high": high, "n": n, "unit": unit, "text": f"{low} to {high}"}


def bounds(corpora: dict[str, Any] = TWO, **sections: dict[str, Any]) -> Bounds:
    return Bounds.of({"corpora": corpora, **sections})


def part(answer: Answer, name: str) -> Part:
    return next(one for one in answer.parts if one.name == name)


def leaking(recording: Any = None, text: Any = None, beside: float = 0.2, held: Any = None) -> Answer:
    values = {"source_share": recording, "clip_cosine_095": text}
    values |= {"beside_held_out_clip_cosine_095": beside, "held_out_clip_cosine_095": held or estimate(0.05, 0.1, n=10)}
    given = {name: value for name, value in values.items() if value is not None}
    return leak(Sources({"01_similarity_test": given}), bounds())


@pytest.mark.parametrize(
    ("interval", "said"),
    [((0.0501, 0.2), "yes"), ((0.05, 0.2), "not shown"), ((0.01, 0.0501), "not shown"), ((0.01, 0.05), "no")],
)
def test_the_whole_interval_decides_whether_recordings_leak(interval: tuple[float, float], said: str) -> None:
    answer = leaking(estimate(*interval), estimate(0, 0.01))
    assert part(answer, "By recording").outcome == said
    assert answer.verdict == ("no" if said == "no" else said)


@pytest.mark.parametrize(
    ("interval", "beside", "said"),
    [
        ((0.06, 0.2), 0.11, "yes"),
        ((0.06, 0.2), 0.1, "not shown"),  # no more than the most that held-out recordings give
        ((0.05, 0.2), 0.11, "not shown"),
        ((0.0, 0.05), 0.11, "no"),
    ],
)
def test_captions_leak_when_they_repeat_more_than_training_repeats_itself(
    interval: tuple[float, float], beside: float, said: str
) -> None:
    answer = leaking(estimate(0, 0.01), estimate(*interval), beside=beside)
    assert part(answer, "By text").outcome == answer.verdict == said


def test_one_way_to_leak_is_enough_and_an_unknown_one_keeps_it_open() -> None:
    assert leaking(estimate(0.2, 0.4), estimate(0, 0.01)).verdict == "yes"
    unknown = leaking(None, estimate(0, 0.01))
    assert unknown.verdict == "not shown"
    assert part(unknown, "By recording").lacking == "nothing says which recordings the clips were cut from"


def test_the_bound_and_the_cosine_are_parameters() -> None:
    found = {"source_share": estimate(0.06, 0.2), "clip_cosine_080": estimate(0.3, 0.5)}
    made = leak(Sources({"01_similarity_test": found}), bounds(similarity={"leak_share": 0.1, "thresholds": [0.8]}))
    assert part(made, "By recording").outcome == "not shown" and "10 %" in part(made, "By recording").rule
    assert "cosine 0.8" in part(made, "By text").measures[0].name


def judged(**values: Any) -> Answer:
    given = {"h3d_clips": 100, "dm_clips": 150, "h3d_rarefied_words": 1000.0} | values
    return candidate(Sources({"00_data_preparation": given}), bounds())


def varied(captions: tuple[float, float], words: tuple[float, float]) -> dict[str, Any]:
    return {
        "more_words_by_captions": estimate(*captions, unit="words"),
        "more_words_by_running_words": estimate(*words, unit="words"),
    }


@pytest.mark.parametrize(("ours", "said"), [(101, "yes"), (100, "no"), (99, "no")])
def test_larger_counts_clips_that_pass_the_funnel_where_there_is_one(ours: int, said: str) -> None:
    assert part(judged(dm_clips=ours), "Larger").outcome == said
    kept = part(judged(h3d_funnel_kept=100, dm_funnel_kept=ours, dm_clips=1), "Larger")
    assert kept.outcome == said and kept.measures[0].low is None and "counted in full" in kept.measures[0].text


@pytest.mark.parametrize(
    ("interval", "said"),
    [((1, 60), "yes"), ((0, 60), "not shown"), ((-60, -1), "no"), ((-10, 49), "no"), ((-10, 50), "not shown")],
)
def test_more_varied_needs_an_interval_above_zero_that_matters(interval: tuple[float, float], said: str) -> None:
    assert part(judged(**varied(interval, interval)), "More varied in words").outcome == said


@pytest.mark.parametrize(("words", "said"), [((40, 70), "yes"), ((-5, 60), "not shown"), ((-60, -1), "no")])
def test_longer_captions_alone_do_not_make_a_dataset_more_varied(words: tuple[float, float], said: str) -> None:
    found = part(judged(**varied((90, 150), words)), "More varied in words")
    assert found.outcome == said
    assert found.measures[0].counted == "running words" and found.measures[1].counted == "captions"
    assert found.measures[0].link == "00_data_preparation.html#more-words"


@pytest.mark.parametrize(("interval", "said"), [((0.5, 0.6), "yes"), ((0.49, 0.6), "not shown"), ((0.4, 0.49), "no")])
def test_clean_enough_reaches_its_bound(interval: tuple[float, float], said: str) -> None:
    assert part(judged(dm_clean=estimate(*interval)), "Clean enough").outcome == said


def test_a_claim_of_three_parts_holds_in_part() -> None:
    parts = varied((100, 200), (100, 200)) | {"dm_clean": estimate(0.6, 0.7)}
    assert judged(**parts).verdict == "yes"
    assert judged(**parts | {"dm_clean": estimate(0.1, 0.2)}).verdict == "in part"


def made(r3: tuple[float, float], fid: tuple[float, float], weighting: tuple[float, float] = (0.1, 0.2)) -> Answer:
    found = {"h3d_r3": estimate(0.4, 0.6), "h3d_fid": estimate(1.8, 2.2)}
    found |= {"h3d_dm_r3": estimate(0.4, 0.6), "h3d_dm_fid": estimate(1.8, 2.2)}
    found |= {"h3d_dm_weighted_all_r3_difference": estimate(*r3), "h3d_dm_weighted_all_fid_difference": estimate(*fid)}
    found |= {"h3d_dm_weighting_r3_difference": estimate(*weighting)}
    return generator(Sources({"06_evaluation": found}), bounds())


@pytest.mark.parametrize(
    ("r3", "fid", "said"),
    [
        ((0.01, 0.2), (-1, 1), "yes"),
        ((0.0, 0.2), (-1, 1), "not shown"),
        ((-0.1, 0.2), (-1, -0.2), "yes"),  # a lower FID is better
        ((0.01, 0.2), (0.2, 1), "not shown"),  # better by one, worse by the other
        ((-0.1, 0.2), (0.2, 1), "no"),
        ((-0.02, 0.02), (-0.09, 0.09), "no"),  # both within 5 % of 0.5 and of 2
        ((-0.02, 0.02), (-0.09, 0.1), "not shown"),
    ],
)
def test_a_generator_is_better_by_one_metric_and_worse_by_none(
    r3: tuple[float, float], fid: tuple[float, float], said: str
) -> None:
    assert part(made(r3, fid), "Than the benchmark alone").outcome == said


def test_the_generators_note_tells_what_was_not_filtered() -> None:
    assert "clean" not in made((0.1, 0.2), (-1, 1)).note and "N counts" in made((0.1, 0.2), (-1, 1)).note
    sources = Sources({"00_data_preparation": {"dm_clean": estimate(0.6, 0.8)}, "06_evaluation": {}})
    assert "30.0 % of those of" in generator(sources, bounds()).note
    assert generator(sources, bounds(ONE)).note == ""


def test_weighting_is_a_part_of_the_claim() -> None:
    assert made((0.1, 0.2), (-1, 1)).verdict == "yes"
    assert made((0.1, 0.2), (-1, 1), weighting=(-0.2, 0.2)).verdict == "in part"


def test_notebooks_that_did_not_run_are_named() -> None:
    for answer, needed in ((leak, "01"), (candidate, "00"), (captioner, "03"), (generator, "06")):
        found = answer(Sources({}), bounds())
        assert found.verdict == "not answered"
        assert {part.lacking for part in found.parts} == {f"not answered in this run: needs {needed}"}


def test_numbers_lead_to_the_sentence_that_says_them_where_the_page_has_it() -> None:
    found = judged(dm_clean=estimate(0.6, 0.7), h3d_funnel_kept=50, dm_funnel_kept=90, kept="x", larger="y")
    links = {name: part(found, name).measures[0].link for name in ("Larger", "Clean enough")}
    assert set(links.values()) == {"00_data_preparation.html#kept-clips"}
    assert part(judged(larger="y"), "Larger").measures[0].link == "00_data_preparation.html#more-clips"
    assert part(judged(), "Larger").measures[0].link == "00_data_preparation.html"


def test_one_dataset_answers_what_it_can() -> None:
    for answer in (candidate, generator):
        found = answer(Sources(EVERY), bounds(ONE))
        assert found.verdict == "not answered" and found.parts[0].lacking == "this run has one dataset"


def record(values: dict[str, Any], provenance: dict[str, Any], **options: Any) -> answers.Record:
    facts = {"run.profile": "p", "run.date": "2026-01-31", "run.parameters": "ab"}
    asked = {"files": (), "parameters": {"corpora": TWO}, "chosen": [], "stale": [], "synthetic": False, **options}
    return answers.record(values, provenance, facts, **asked)


CLEAN = {stem: {"git": {"sha": "0123", "dirty": False}} for stem in EVERY}


def test_reservations_are_told_and_only_those_that_apply() -> None:
    seeds = {"seeds": [0, 1, 2, 3, 4]}
    large = record(EVERY, CLEAN, parameters={"corpora": TWO, "evaluation": seeds})
    assert large.flags == []
    dirty = CLEAN | {"01_similarity_test": {"git": {"sha": "0123", "dirty": True}}, "03_captioner_comparison": {}}
    del dirty["00_data_preparation"], dirty["02_action_distribution"]
    small = {"01_similarity_test": {"source_share": estimate(0.1, 0.2, n=499)}}
    found = record(small, dirty, chosen=["00_data_preparation"], stale=["06_evaluation"], synthetic=True)
    told = {flag.flag: flag.text for flag in found.flags}
    assert list(told) == ["synthetic", "small", "partial", "stale", "dirty"]
    assert told["small"] == (
        "Answers rest on 499 test clips where 500 are asked for and 3 training seeds where 5 are asked for."
    )
    assert told["partial"] == "Notebooks are missing: 00 without a result; 02 not part of this profile."
    assert told["stale"].startswith("The results of 06 were made")
    assert told["dirty"] == "01 ran code with changes that no commit holds; 03 ran outside a git checkout."


def test_the_record_keeps_the_schema_it_states() -> None:
    values = {"01_similarity_test": {"source_share": estimate(0.1, 0.2), "finding": "x", "verdict": "y"}}
    made = json.loads(record(values, CLEAN).text())
    stated = json.loads(answers.schema())
    jsonschema.Draft202012Validator.check_schema(stated)
    jsonschema.validate(made, stated)
    assert made["answers"][0]["parts"][0]["measures"][0]["link"] == "01_similarity_test.html#shared-share"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(made | {"profile": 1}, stated)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({name: value for name, value in made.items() if name != "answers"}, stated)


def test_text_of_a_run_cannot_break_out_of_the_cards() -> None:
    hostile = {"captioner_1": "<script>", "captioner_2": "{{< x >}}", "preferred": "<script>"}
    hostile |= {"captioners": {"value": 2, "text": "2"}}
    markup = "".join(answers.pieces(record({"03_captioner_comparison": hostile}, CLEAN)).values())
    assert "<script>" not in markup and "{{" not in markup and "&lt;script&gt;" in markup


def test_the_site_holds_the_answers_for_people_and_machines(run: ModuleType, results: Path, tmp_path: Path) -> None:
    values = results / "fixture" / "01_similarity_test" / "values.json"
    before = values.read_text(encoding="utf-8")
    try:
        values.write_text(json.dumps(json.loads(before) | {"source_share": estimate(0.2, 0.4, n=75)}), encoding="utf-8")
        facts = {"profile": "fixture", "notebooks": run.STEMS, "synthetic": True, "stale": ["01_similarity_test"]}
        parameters = {"corpora": TWO}
        out = tmp_path / "site"
        site.build(results, out, renderer="preview", folder=tmp_path / "pages", parameters=parameters, **facts)
    finally:
        values.write_text(before, encoding="utf-8")
    told = json.loads((out / "findings.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, json.loads((out / told["$schema"]).read_text(encoding="utf-8")))
    assert [answer["key"] for answer in told["answers"]] == ["leak", "candidate", "captioner", "generator"]
    assert told["answers"][0]["parts"][0]["measures"][0]["link"] == "01_similarity_test.html#shared-share"
    for name in ("index.html", "findings.html"):
        page = (out / name).read_text(encoding="utf-8")
        assert 'href="01_similarity_test.html#shared-share">0.2 to 0.4</a>' in page
        assert page.index("reservations") < page.index('id="answer-leak"')
        assert "The results of 01 were made with other" in page and "needs 03" in page
