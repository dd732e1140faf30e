"""Label Studio's pairwise JSON, written here by hand as its server exports it."""

import json
from xml.etree import ElementTree

import pytest

from lib.survey.items import choose
from lib.survey.key import Key, SurveyError
from lib.survey.label_studio import export, labelling, read, tasks
from lib.survey.merging import join

CLIPS = [f"clip{n}" for n in range(4)]


@pytest.fixture
def pairwise(said):
    return choose(said(4), CLIPS, n=4, seed=3, mode="pairwise", ties=True)


def made(survey):
    return tasks(survey, {item.code: f"/data/{item.code}.mp4" for item in survey.items})


def label(selected=None, choices=None, by=7, **more):
    """An annotation with the fields of Label Studio 1.x."""
    result = []
    if selected:
        value = {"value": {"selected": selected}, "id": "Xk2", "from_name": "pairwise", "to_name": "pairwise"}
        result.append({**value, "type": "pairwise", "origin": "manual"})
    if choices:
        value = {"value": {"choices": choices}, "id": "Qa1", "from_name": "tie", "to_name": "left"}
        result.append({**value, "type": "choices", "origin": "manual"})
    around = {"id": 1, "created_at": "2026-01-01T00:00:00Z", "ground_truth": False, "lead_time": 6.5}
    return {**around, "completed_by": by, "result": result, "was_cancelled": False, **more}


def exported(folder, survey, labels):
    around = {"file_upload": "x.json", "drafts": [], "predictions": [], "meta": {}, "project": 3}
    written = [{"id": n, **task, "annotations": labels[n], **around} for n, task in enumerate(made(survey))]
    path = folder / "project-3.json"
    path.write_text(json.dumps(written))
    return path


def test_tasks_hold_texts_and_codes_and_neither_captioners_nor_clips(pairwise):
    for task, item in zip(made(pairwise), pairwise.items, strict=True):
        texts = {c.code: c.text for c in item.captions}
        data = task["data"]
        assert data["left"] == texts[data["left_code"]] and data["right"] == texts[data["right_code"]]
        assert data["left_code"] != data["right_code"] and data["video"] == f"/data/{item.code}.mp4"
        assert item.clip_id not in json.dumps(task)
        assert set(data) == {"survey", "item", "video", "left", "right", "left_code", "right_code"}


def test_the_interface_names_what_the_tasks_hold(pairwise, said):
    view = ElementTree.fromstring(labelling(pairwise))
    names = [part.get("name") for part in view.iter() if part.get("name")]
    assert view.find("Pairwise").get("toName").split(",") == ["left", "right"] and {"left", "right"} <= set(names)
    values = {part.get("value")[1:] for part in view.iter() if (part.get("value") or "").startswith("$")}
    assert values <= set(made(pairwise)[0]["data"]) and view.find("Choices") is not None
    strict = choose(said(4), CLIPS, n=4, seed=3, mode="pairwise")
    assert ElementTree.fromstring(labelling(strict)).find("Choices") is None


def test_labels_become_votes_and_the_rest_is_told(pairwise, tmp_path):
    labels = [
        [label("left"), label("right", by={"id": 9, "email": "a@b.c"})],
        [label("right"), label("left", by=9, was_cancelled=True)],
        [label(choices=["Equally good"]), label("left")],
        [label(), label("left", choices=["Equally good"], by=9)],
    ]
    key = Key.of(pairwise, "made-up")
    responses, problems = read(exported(tmp_path, pairwise, labels), key)
    assert [problem.reason for problem in problems] == [
        "task 2, labelstudio-9: skipped; left out",
        "task 3, labelstudio-7: labelled a second time; the first label counts; left out",
        "task 4, labelstudio-7: no side chosen; left out",
        "task 4, labelstudio-9: both a side and a tie; left out",
    ]
    files = []
    for response in responses:
        files.append(tmp_path / f"{response.respondent}.json")
        files[-1].write_text(export(response))
    votes = join(files, key).votes
    found = {(row.respondent, row.clip_id, row.captioner): (row.rank, row.position) for row in votes.itertuples()}
    wanted = {}
    given = [
        ("labelstudio-7", 0, (1, 2)),
        ("labelstudio-9", 0, (2, 1)),
        ("labelstudio-7", 1, (2, 1)),
        ("labelstudio-7", 2, (1, 1)),
    ]
    for who, at, ranks in given:
        item, data = pairwise.items[at], made(pairwise)[at]["data"]
        names = {c.code: c.captioner for c in item.captions}
        for place, side in enumerate(("left_code", "right_code")):
            wanted[who, item.clip_id, names[data[side]]] = (ranks[place], place + 1)
    assert found == wanted and set(votes.seconds) == {6.5}


def test_what_is_no_export_of_these_tasks_is_refused_in_one_line(pairwise, said, tmp_path):
    key = Key.of(pairwise, "made-up")
    for name, text in (("min.json", '[{"left": "x", "pairwise": "left"}]'), ("bad.json", "{"), ("other.json", "{}")):
        (tmp_path / name).write_text(text)
        with pytest.raises(SurveyError, match="no export of these tasks") as error:
            read(tmp_path / name, key)
        assert "\n" not in str(error.value)
    with pytest.raises(SurveyError, match="not readable"):
        read(tmp_path / "gone.json", key)
    other = choose(said(4), CLIPS, n=4, seed=8, mode="pairwise", ties=True)
    responses, problems = read(exported(tmp_path, other, [[label("left")]] * 4), key)
    assert not responses and len(problems) == 4 and "of another survey" in problems[0].reason
    with pytest.raises(SurveyError, match="set survey.mode to pairwise"):
        tasks(choose(said(4), CLIPS, n=4, seed=3), {})
