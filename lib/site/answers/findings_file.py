"""``findings.json``: the answers of a run for machines, and the schema that it keeps."""

import json
from collections.abc import Collection, Mapping
from typing import Any, Literal

from pydantic import Field

from lib.answers.answer import Answer, Stated
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.run import declared
from lib.run.pipeline import BY_STEM
from lib.sections.evaluation.parameters import Evaluation
from lib.site.answers.reservations import Reservation, reservations
from lib.site.answers.rooms import QUESTIONS, answered

FILE, SCHEMA = "findings.json", "findings.schema.json"


class Further(Stated):
    """What one notebook found, in a sentence."""

    notebook: str
    question: str
    verdict: str = Field(description="empty where the notebook gives none")
    related: str = Field(default="", description="what the same rule says of related claims")
    said: str = Field(default="", description="the answer in one plain sentence")
    finding: str
    action: str = Field(default="", description="what to do next")
    link: str


class Commit(Stated):
    """The code that made a result."""

    sha: str = Field(description="empty outside a git checkout")
    dirty: bool = Field(description="whether it had changes that no commit holds")


class Record(Stated):
    """The content of ``findings.json``, version 1."""

    version: Literal[1] = 1
    profile: str
    synthetic: bool
    date: str
    commits: list[Commit] = Field(description="one entry where all results come from one state of the code")
    parameters: str = Field(description="fingerprint of the resolved parameters")
    flags: list[Reservation]
    answers: list[Answer] = Field(description="of the questions on the overview")
    sections: dict[str, Answer] = Field(description="that pages open with, by section that ran and has a rule")
    further: list[Further]

    def verdicts(self) -> dict[str, str]:
        """What each section's page says of its verdict, by the dotted name that prose quotes."""
        texts: dict[str, str] = {}
        for one in self.further:
            section = BY_STEM[one.notebook].section
            texts |= {
                f"{section}.verdict": one.verdict,
                f"{section}.related": one.related,
                f"{section}.action": one.action,
            }
        return {name: text for name, text in texts.items() if text}

    def text(self) -> str:
        """The file."""
        content = {"$schema": SCHEMA, **self.model_dump()}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def schema() -> str:
    """The JSON schema of ``findings.json``, as the file beside it."""
    stated = Record.model_json_schema()
    stated["properties"]["$schema"] = {"type": "string"}
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **stated}, indent=1) + "\n"


def record(
    values: Mapping[str, Mapping[str, Any]],
    records: Mapping[str, Mapping[str, Any]],
    facts: Mapping[str, str],
    *,
    files: Collection[str],
    parameters: Mapping[str, Any],
    chosen: Collection[str],
    stale: Collection[str],
    synthetic: bool,
) -> Record:
    """Answers the questions of the report from what the notebooks measured.

    Args:
        values: content of ``values.json`` by stem, of the notebooks that ran.
        records: their provenance.
        facts: ``run.…`` values of :func:`lib.site.provenance.variables`.
        files: addresses of figures and tables.
        parameters: the resolved parameters of the run.
        chosen: stems that the profile asks for.
        stale: stems whose result was made from other inputs than the present ones.
        synthetic: whether the corpora were generated.
    """
    bounds = Bounds.of(parameters)
    by_section = answered(Recorded(values, files, _declared), bounds, parameters)
    answers = [by_section[section] for section in QUESTIONS]
    ran = [BY_STEM[stem].section for stem in values]
    seeds = len(Evaluation(**parameters.get("evaluation", {})).seeds)
    states = {(str(r.get("git", {}).get("sha", "")), bool(r.get("git", {}).get("dirty"))) for r in records.values()}
    ways = {"synthetic": synthetic, "stand_in": facts.get("run.stand_in") == "yes"}
    flags = reservations(answers, bounds, records, seeds=seeds, chosen=chosen, stale=stale, **ways)
    return Record(
        profile=facts["run.profile"],
        synthetic=synthetic,
        date=facts["run.date"],
        commits=[Commit(sha=sha, dirty=dirty) for sha, dirty in sorted(states)],
        parameters=facts["run.parameters"],
        flags=flags,
        answers=answers,
        sections={section: by_section[section] for section in ran if section in by_section},
        further=[_further(stem, found, by_section) for stem, found in values.items() if "finding" in found],
    )


def _further(stem: str, found: Mapping[str, Any], by_section: Mapping[str, Answer]) -> Further:
    notebook = BY_STEM[stem]
    answer = by_section.get(notebook.section)
    verdict = answer.summary if answer else str(found.get("verdict", ""))
    about = {"notebook": stem, "question": notebook.question, "link": f"{stem}.html"}
    told = {"related": answer.related, "said": answer.said, "action": answer.action} if answer else {}
    return Further(**about, verdict=verdict, finding=str(found["finding"]), **told)


def _declared(stem: str, name: str) -> None:
    declared.check(BY_STEM[stem].section, name)
