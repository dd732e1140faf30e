"""A pairwise survey as tasks of Label Studio, and its JSON export as answers that merge like those of the page.

A label that Label Studio gives says left or right; which caption stood there is in the task. The order of the two is
drawn once for a task, not for each person as on the page. A tie has a tag of its own, since `Pairwise` knows none.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from lib.survey.items import WHICH, Survey
from lib.survey.key import Key, SurveyError
from lib.survey.responses import FORMAT, Answer, Code, Problem, Response, Vote, fault

SEED = "labelstudio"
"""Draws which caption of a task stands on the left."""
LARGEST = 200_000_000
TIE = "Equally good"
RANKS = {"left": (1, 2), "right": (2, 1), "tie": (1, 1)}


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Value(_Part):
    selected: str | None = None
    choices: list[str] = []


class _Result(_Part):
    type: str
    value: _Value = _Value()


class _Annotation(_Part):
    result: list[_Result]
    completed_by: int | dict[str, Any] | None = None
    lead_time: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    was_cancelled: bool = False


class _Data(_Part):
    survey: str
    item: Code
    left_code: Code
    right_code: Code


class _Task(_Part):
    data: _Data
    annotations: list[_Annotation] = []


def tasks(survey: Survey, videos: Mapping[str, str]) -> list[dict[str, Any]]:
    """The items of a pairwise survey as Label Studio imports them.

    Args:
        survey: in the mode "pairwise".
        videos: by item code, the address under which Label Studio finds the video.

    Raises:
        SurveyError: the survey ranks more than two captions.
    """
    if survey.mode != "pairwise":
        raise SurveyError("Label Studio compares two captions", fix="set survey.mode to pairwise")
    made = []
    for item in survey.items:
        left, right = item.shown_to(SEED)
        texts = {"left": left.text, "right": right.text, "left_code": left.code, "right_code": right.code}
        made.append({"data": {"survey": survey.id, "item": item.code, "video": videos[item.code], **texts}})
    return made


def labelling(survey: Survey) -> str:
    """The labelling interface to paste into the project's settings."""
    tie = f'\n  <Choices name="tie" toName="left" choice="single">\n    <Choice value="{TIE}"/>\n  </Choices>'
    return f"""<View>
  <Header value="{WHICH}"/>
  <Video name="video" value="$video"/>
  <Pairwise name="pairwise" toName="left,right"/>
  <Text name="left" value="$left"/>
  <Text name="right" value="$right"/>{tie if survey.ties else ""}
</View>
"""


def read(path: Path, key: Key) -> tuple[list[Response], list[Problem]]:
    """What people answered, of Label Studio's JSON export (not JSON-MIN).

    Each person is called by the number that Label Studio gave them. A label given twice by one person to one task
    counts once, the first; skipped tasks do not count.

    Args:
        path: the export.
        key: of the survey whose tasks were labelled.

    Returns:
        A response for each person, and a line for everything that was left out.

    Raises:
        SurveyError: no such file, or no export of Label Studio.
    """
    fix = "export the project as JSON"
    try:
        if path.stat().st_size > LARGEST:
            raise SurveyError(f"larger than {LARGEST // 1_000_000} MB", where=path, fix=fix)
        found = TypeAdapter(list[_Task]).validate_json(path.read_bytes())
    except OSError as error:
        raise SurveyError(f"not readable ({error.strerror})", where=path, fix=fix) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise SurveyError(f"no export of these tasks: {place}: {first['msg']}", where=path, fix=fix) from None
    given: dict[str, dict[str, Answer]] = {}
    problems = []
    for number, task in enumerate(found, 1):
        for annotation in task.annotations:
            reason, answer = _answer(task.data, annotation, key)
            who = _person(annotation)
            if answer is not None and answer.item in given.get(who, {}):
                reason, answer = "labelled a second time; the first label counts", None
            if answer is None:
                problems.append(Problem(path, f"task {number}, {who}: {reason}; left out"))
            else:
                given.setdefault(who, {})[answer.item] = answer
    responses = [
        Response(survey=key.survey, respondent=who, seed=SEED, items=[*answers.values()])
        for who, answers in sorted(given.items())
    ]
    return responses, problems


def export(response: Response) -> str:
    """A response as the page would have saved it."""
    return Response.model_dump_json(response, indent=1).replace("{", f'{{\n "format": "{FORMAT}",', 1) + "\n"


def _answer(data: _Data, annotation: _Annotation, key: Key) -> tuple[str, Answer | None]:
    if annotation.was_cancelled:
        return "skipped", None
    if data.survey != key.survey:
        return f"of another survey ({data.survey})", None
    sides = {one.value.selected for one in annotation.result if one.type == "pairwise"} - {None}
    tied = any(TIE in one.value.choices for one in annotation.result if one.type == "choices")
    side = "tie" if tied and not sides else next(iter(sides), None) if len(sides) == 1 and not tied else None
    if side not in RANKS:
        return "both a side and a tie" if sides and tied else "no side chosen", None
    first, second = RANKS[side]
    votes = [
        Vote(caption=data.left_code, rank=first, position=1),
        Vote(caption=data.right_code, rank=second, position=2),
    ]
    answer = Answer(item=data.item, seconds=annotation.lead_time or 0.0, captions=votes)
    wrong = fault(answer, SEED, key)
    return wrong or "", None if wrong else answer


def _person(annotation: _Annotation) -> str:
    by = annotation.completed_by
    number = by.get("id") if isinstance(by, dict) else by
    return f"labelstudio-{number if isinstance(number, int) else 'unknown'}"
