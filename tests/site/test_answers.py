"""The answers of the overview: what it says of a run, for people and for machines."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.run.pipeline import PIPELINE
from lib.site import answers, site
from lib.site.answers.rooms import QUESTIONS, RULES, answered
from lib.site.stage import REPORT, stage
from tests.unit.sections.recorded import measure

TWO = {"h3d": {"label": "HumanML3D"}, "dm": {"label": "DM"}}
EVERY = {notebook.stem: {} for notebook in PIPELINE}


def test_every_section_has_a_rule_and_those_that_did_not_run_are_named() -> None:
    made = answered(Recorded({}), Bounds.of({"corpora": TWO}), {})
    assert {*made} == {*RULES} == {notebook.section for notebook in PIPELINE} and {*QUESTIONS} <= {*made}
    for notebook in PIPELINE:
        answer = made[notebook.section]
        assert answer.verdict == "not answered"
        assert {part.lacking for part in answer.parts} == {f"not answered in this run: needs {notebook.stem[:2]}"}
        assert answer.action == f"Run notebook {notebook.stem[:2]}: it is not part of this run."


def test_a_rule_that_reads_what_no_notebook_declares_is_refused() -> None:
    def nothing(stem: str, name: str) -> None:
        raise LookupError(f"{stem}: {name}")

    for rule, block in RULES.values():
        with pytest.raises(LookupError):
            rule(Recorded(EVERY, (), nothing), Bounds.of({"corpora": TWO}), block())


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
    small = {"01_similarity_test": {"source_share": measure(0.1, 0.2, n=499)}}
    few = {"corpora": TWO, "evaluation": {"seeds": [0, 1, 2]}}
    asked = {"chosen": ["00_data_preparation"], "stale": ["06_evaluation"], "synthetic": True}
    found = record(small, dirty, parameters=few, **asked)
    told = {flag.flag: flag.text for flag in found.flags}
    assert list(told) == ["synthetic", "small", "partial", "stale", "dirty"]
    assert told["small"] == (
        "Some answers rest on 499 test clips where 500 are asked for and 3 training seeds where 5 are asked for."
    )
    assert told["partial"] == "Notebooks are missing: 00 without a result; 02 not part of this profile."
    assert told["stale"].startswith("The results of 06 were made")
    assert told["dirty"] == "01 ran code with changes that no commit holds; 03 ran outside a git checkout."


def test_the_record_keeps_the_schema_it_states() -> None:
    values = {"01_similarity_test": {"source_share": measure(0.1, 0.2), "finding": "x", "verdict": "y"}}
    made = json.loads(record(values, CLEAN).text())
    stated = json.loads(answers.schema())
    jsonschema.Draft202012Validator.check_schema(stated)
    jsonschema.validate(made, stated)
    recording = {part["name"]: part for part in made["answers"][0]["parts"]}["By recording"]
    assert recording["measures"][0]["link"] == "01_similarity_test.html#shared-share"
    assert made["further"][0]["action"] == made["answers"][0]["action"] != ""
    assert stated["$defs"]["Answer"]["properties"]["action"]["type"] == "string"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(made | {"profile": 1}, stated)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({name: value for name, value in made.items() if name != "answers"}, stated)


def test_every_answer_ends_with_what_to_do_on_its_card_and_the_others_among_the_findings() -> None:
    values = {"01_similarity_test": {"finding": "x"}, "05_clustering": {"finding": "y", "space": "text"}}
    made = record(values, CLEAN)
    pieces = answers.pieces(made)
    cards, further = pieces["assets/run/answers.html"], pieces["assets/run/further.html"]
    assert 'class="action"' not in cards and cards.count("Run notebook 03: it is not part of this run.") == 1
    assert further.count("Next:") == 1 and "sampling_weights.parquet" in further
    assert further.count('class="finding"') == 1, "01 has its card, and its numbers stand on its page"
    assert made.verdicts()["clustering.action"] == made.further[1].action
    assert "sampling_weights.parquet" in pieces["assets/run/answer_clustering.html"]


def test_questions_that_a_run_answers_have_cards_and_the_others_a_line() -> None:
    leak = {"01_similarity_test": {"source_share": measure(0.2, 0.4, n=75), "finding": "x"}}
    cards = answers.pieces(record(leak, CLEAN))["assets/run/answers.html"]
    assert cards.count('class="answer"') == cards.count('class="unanswered"') == 1
    assert cards.index('id="answer-leak"') < cards.index("Not answered in this run.")


def test_a_leak_that_is_shown_does_not_look_like_good_news() -> None:
    leak = {"01_similarity_test": {"source_share": measure(0.2, 0.4, n=75), "finding": "x"}}
    made = answers.pieces(record(leak, CLEAN))
    opening, card = made["assets/run/answer_similarity.html"], made["assets/run/answers.html"]
    assert 'data-verdict="yes" data-news="bad"' in opening and "! yes" in opening and "N counts test clips" in opening
    assert 'data-news="bad"' in card and "✓" not in card


def test_text_of_a_run_cannot_break_out_of_the_cards() -> None:
    hostile = {"captioner_1": "<script>", "captioner_2": "{{< x >}}", "preferred": "<script>"}
    hostile |= {"captioners": {"value": 2, "text": "2"}}
    markup = "".join(answers.pieces(record({"03_captioner_comparison": hostile}, CLEAN)).values())
    assert "<script>" not in markup and "{{" not in markup and "&lt;script&gt;" in markup


def test_the_site_holds_the_answers_for_people_and_machines(run: ModuleType, tmp_path: Path) -> None:
    results = run.write(tmp_path / "results", REPORT, stems=run.EVERY)
    values = results / "fixture" / "01_similarity_test" / "values.json"
    shared = {"source_share": measure(0.2, 0.4, n=75)}
    values.write_text(json.dumps(json.loads(values.read_text(encoding="utf-8")) | shared), encoding="utf-8")
    facts = {"profile": "fixture", "notebooks": run.STEMS, "synthetic": True, "stale": ["01_similarity_test"]}
    parameters = {"corpora": TWO}
    out = tmp_path / "site"
    site.build(stage(results, folder=tmp_path / "pages", parameters=parameters, **facts), out, renderer="preview")
    told = json.loads((out / "findings.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, json.loads((out / told["$schema"]).read_text(encoding="utf-8")))
    assert [answer["key"] for answer in told["answers"]] == ["leak", "candidate", "captioner", "generator"]
    recording = {part["name"]: part for part in told["answers"][0]["parts"]}["By recording"]
    assert recording["measures"][0]["link"] == "01_similarity_test.html#shared-share"
    for name in ("index.html", "findings.html"):
        page = (out / name).read_text(encoding="utf-8")
        assert 'href="01_similarity_test.html#shared-share">0.2 to 0.4</a>' in page
        assert page.index("reservations") < page.index('id="answer-leak"')
        assert "The results of 01 were made with other" in page and "needs 03" in page
