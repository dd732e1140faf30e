"""make and merge on a small manifest: what is written where, and what is said."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from lib.base import paths
from lib.commands import survey as commands
from lib.motion.skeleton import OFFSETS
from lib.survey import key
from lib.survey.key import SurveyError

FRAMES = 8


@pytest.fixture
def profile(said, tmp_path, monkeypatch):
    """A profile of ten clips; the last has no consent, the one before is the mirror of the first."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    ids = [f"clip{n}" for n in range(10)]
    pose = np.repeat(OFFSETS.cumsum(axis=0)[None], FRAMES * len(ids), axis=0)
    np.save(folder / "joints.npy", (pose * 1000).astype(np.int16))
    clips = {
        "clip_id": ids,
        "split": ["train", "val", *["test"] * 8],
        "fps": 20.0,
        "n_frames": FRAMES,
        "offset": [FRAMES * n for n in range(len(ids))],
        "source": "video",
        "body_mode": "full",
        "person_count": 1,
        "consent": [True] * 9 + [False],
        "mirror_of": [None] * 8 + ["clip0", None],
    }
    pd.DataFrame(clips).to_parquet(folder / "clips.parquet")
    captions = said(10).assign(tokens=None, start_s=0.0, end_s=0.0).astype({"tokens": "str"})
    captions.to_parquet(folder / "captions.parquet")
    for name, place in (("ROOT", tmp_path), ("BUILD", tmp_path / "build")):
        monkeypatch.setattr(paths, name, place)

    def write(**survey: object) -> str:
        corpora = {"dm": {"label": "DM", "kind": "manifest", "root": str(folder), "private": True}}
        file = tmp_path / "made.yml"
        file.write_text(yaml.safe_dump({"profile": "made", "corpora": corpora, "survey": survey}))
        return str(file)

    return write


def called(*arguments: str):
    return CliRunner().invoke(commands.app, list(arguments), catch_exceptions=False)


def test_make_writes_the_page_and_the_key_and_says_where(profile, tmp_path):
    done = called("make", "--params", profile(items=6))
    assert done.exit_code == 0 and done.stdout.startswith("build/survey/made.html: 6 items, 3 captioners, ")
    assert "private corpus" in done.stderr
    kept = key.read(tmp_path / "build" / "survey" / "made.key.json")
    html = (tmp_path / "build" / "survey" / "made.html").read_text(encoding="utf-8")
    assert kept.survey in html and len(kept.items) == 6 and all(code in html for code in kept.items)


def test_no_clip_without_consent_and_no_mirror_beside_its_clip(profile, tmp_path):
    done = called("make", "--params", profile(items=50))
    kept = key.read(tmp_path / "build" / "survey" / "made.key.json")
    assert sorted(item.clip_id for item in kept.items.values()) == [f"clip{n}" for n in range(8)]
    assert "8 of the 50 items asked for" in done.stderr
    called("make", "--params", profile(items=50, split="val"))
    assert [i.clip_id for i in key.read(tmp_path / "build" / "survey" / "made.key.json").items.values()] == ["clip1"]


def test_making_another_survey_keeps_the_key_of_the_first(profile, tmp_path):
    called("make", "--params", profile(items=6))
    first = key.read(tmp_path / "build" / "survey" / "made.key.json")
    done = called("make", "--params", profile(items=6, seed=1))
    assert f"build/survey/made.{first.survey}.key.json" in done.stderr
    assert key.read(tmp_path / "build" / "survey" / f"made.{first.survey}.key.json") == first


def test_merge_writes_the_table_and_one_line_for_each_remark(survey, respondent, tmp_path):
    key.write(key.Key.of(survey, "made-up"), tmp_path / "made-up.key.json")
    answers = tmp_path / "responses"
    answers.mkdir()
    respondent.folder = answers
    respondent.save("one.json", respondent.export("r1"))
    respondent.save("two.json", respondent.export("r2", survey="s0"))
    (answers / "three.json").write_text("no json")
    out = tmp_path / "survey.csv"
    done = called("merge", str(answers), "--key", str(tmp_path / "made-up.key.json"), "-o", str(out))
    assert done.exit_code == 0 and done.stdout == f"{out}: 1 respondent, 4 of 4 rankings, 3 files, 2 remarks\n"
    assert len(done.stderr.splitlines()) == 2 and all(str(answers) in line for line in done.stderr.splitlines())
    table = pd.read_csv(out)
    assert list(table) == ["respondent", "clip_id", "captioner", "rank", "position", "seconds"] and len(table) == 12


def test_what_cannot_be_asked_is_refused_in_one_line(profile, tmp_path):
    with pytest.raises(SurveyError, match="survey.corpus is 'h3d'; name one of dm"):
        called("make", "--params", profile(corpus="h3d"))
    with pytest.raises(SurveyError, match="no such folder; set survey.videos"):
        called("make", "--params", profile(videos="nowhere"))
    with pytest.raises(SurveyError, match="no such key; make survey writes it"):
        called("merge", str(tmp_path), "--params", profile())


def test_make_says_how_many_items_are_repeated_and_gold_and_what_lacks(profile, tmp_path):
    done = called("make", "--params", profile(items=5, repeats=2, gold=5))
    assert done.stdout.startswith("build/survey/made.html: 10 items (2 repeated, 3 gold), 3 captioners, ")
    assert "note: 3 of the 5 gold items asked for" in done.stderr
    kept = key.read(tmp_path / "build" / "survey" / "made.key.json")
    html = (tmp_path / "build" / "survey" / "made.html").read_text(encoding="utf-8")
    assert kept.survey in html and sum(bool(item.false) for item in kept.items.values()) == 3


def test_tasks_go_to_label_studio_and_labels_come_back_as_files_that_merge(profile, tmp_path):
    videos = tmp_path / "films"
    videos.mkdir()
    for n in range(9):
        (videos / f"clip{n}.mp4").write_bytes(b"moving")
    file = profile(items=4, mode="pairwise", ties=True, videos=str(videos))
    done = called("to-label-studio", "/data/local-files/?d=", "--params", file)
    folder = tmp_path / "build" / "survey"
    assert done.stdout == "build/survey/made.tasks.json: 4 tasks; videos in made_videos\n"
    assert done.stderr.count("note:") == 1 and "of a private corpus; load them into a Label Studio" in done.stderr
    tasks = json.loads((folder / "made.tasks.json").read_text())
    for task in tasks:
        name = task["data"]["video"].removeprefix("/data/local-files/?d=")
        assert (folder / "made_videos" / name).read_bytes() == b"moving"
        label = {"type": "pairwise", "from_name": "pairwise", "to_name": "pairwise", "value": {"selected": "left"}}
        task["annotations"] = [{"completed_by": 3, "lead_time": 4.0, "result": [label]}]
    (tmp_path / "export.json").write_text(json.dumps(tasks))
    done = called("from-label-studio", str(tmp_path / "export.json"), str(tmp_path / "in"), "--params", file)
    assert done.stdout.endswith(": 1 respondents, 4 answers\n") and not done.stderr
    called("merge", str(tmp_path / "in"), "--params", file, "-o", str(tmp_path / "survey.csv"))
    table = pd.read_csv(tmp_path / "survey.csv")
    assert len(table) == 8 and (table["rank"] == table["position"]).all()
    done = called("to-label-studio", "/x/", "--params", profile(items=50, mode="pairwise", videos=str(videos)))
    assert "another survey's key is now" in done.stderr and "8 of the 50 items asked for" in done.stderr
    with pytest.raises(SurveyError, match="set survey.mode to pairwise"):
        called("to-label-studio", "/x/", "--params", profile(items=4, videos=str(videos)))
    with pytest.raises(SurveyError, match="shows videos only"):
        called("to-label-studio", "/x/", "--params", profile(items=4, mode="pairwise"))
