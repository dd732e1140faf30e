"""Exports read, checked and joined: what counts, and the one line for everything that does not."""

import csv
import json
import os
import zipfile

import pandas as pd
import pytest

from lib.sections.captioners.preferences import ballots
from lib.survey.items import choose
from lib.survey.key import Key, SurveyError, read, write
from lib.survey.merging import COLUMNS, files_in, join
from lib.survey.responses import CSV_COLUMNS

CLIPS = [f"clip{n}" for n in range(4)]


def reasons(merged) -> list[str]:
    return [problem.reason for problem in merged.problems]


def as_csv(export: dict, path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(CSV_COLUMNS)
        for item in export["items"]:
            for vote in item["captions"]:
                rows.writerow(
                    [
                        export["respondent"],
                        item["item"],
                        vote["caption"],
                        vote["rank"],
                        vote["position"],
                        item["seconds"],
                        export["survey"],
                        export["seed"],
                    ]
                )


def test_what_was_ranked_is_what_is_joined(respondent, survey, key):
    files = [
        respondent.save(f"{name}.json", respondent.export(name, seed)) for name, seed in (("r1", "abc"), ("r2", "xyz"))
    ]
    merged = join(files, key)
    assert list(merged.votes.columns) == COLUMNS and len(merged.votes) == 2 * 4 * 3 and not merged.problems
    assert merged.votes.groupby("captioner")["rank"].unique().map(list).to_dict() == {
        "alpha": [1],
        "beta": [2],
        "gamma": [3],
    }
    for item in survey.items:
        for name, seed in (("r1", "abc"), ("r2", "xyz")):
            rows = merged.votes[(merged.votes.respondent == name) & (merged.votes.clip_id == item.clip_id)]
            assert dict(zip(rows.captioner, rows.position, strict=True)) == {
                c.captioner: n for n, c in enumerate(item.shown_to(seed), start=1)
            }
    assert (
        merged.votes.seconds.eq(12.5).all() and merged.summary() == "2 respondents, 8 of 8 rankings, 2 files, 0 remarks"
    )


def test_csv_and_json_tell_the_same(respondent, key, tmp_path):
    export = respondent.export()
    as_csv(export, tmp_path / "a.csv")
    pd.testing.assert_frame_equal(
        join([tmp_path / "a.csv"], key).votes, join([respondent.save("b.json", export)], key).votes
    )


def test_a_respondent_counts_once_by_the_fullest_then_the_earliest_file(respondent, key):
    partial = respondent.export()
    partial["items"] = partial["items"][:2]
    later = respondent.export(seed="other", started="2026-02-01T00:00:00.000Z")
    files = [
        respondent.save("a.json", partial),
        respondent.save("b.json", later),
        respondent.save("c.json", respondent.export()),
    ]
    files.append(respondent.save("d.json", respondent.export()))
    merged = join(files, key)
    assert len(merged.votes) == 12 and {problem.file.name for problem in merged.problems} == {
        "a.json",
        "b.json",
        "d.json",
    }
    assert reasons(merged) == [
        "respondent r1 again, other answers than in c.json; left out",
        "respondent r1 again, other answers than in c.json; left out",
        "respondent r1 again, the same answers as in c.json; left out",
    ]


def test_unfinished_responses_count_unless_only_complete_ones_shall(respondent, key):
    partial = respondent.export("r2")
    partial["items"] = partial["items"][:3]
    files = [respondent.save("a.json", respondent.export()), respondent.save("b.json", partial)]
    assert reasons(join(files, key)) == ["unfinished: 3 of 4 items ranked; they count"]
    assert join(files, key).votes.respondent.value_counts().to_dict() == {"r1": 12, "r2": 9}
    merged = join(files, key, complete=True)
    assert set(merged.votes.respondent) == {"r1"} and reasons(merged) == ["unfinished: 3 of 4 items ranked; left out"]


def test_an_item_ranked_twice_counts_as_ranked_first(respondent, key):
    export = respondent.export()
    second = json.loads(json.dumps(export["items"][0]))
    for vote in second["captions"]:
        vote["rank"] = 4 - vote["rank"]
    merged = join([respondent.save("a.json", export | {"items": [*export["items"], second]})], key)
    assert merged.votes.groupby("captioner")["rank"].unique().map(list).to_dict() == {
        "alpha": [1],
        "beta": [2],
        "gamma": [3],
    }
    assert len(merged.problems) == 1 and "item 5" in reasons(merged)[0] and "ranked a second time" in reasons(merged)[0]


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lambda item: item.update(item="zzzz"), "item 1: not an item of this survey"),
        (lambda item: item["captions"][0].update(caption="zzzz"), "unknown caption 'zzzz'"),
        (lambda item: item["captions"].pop(), "2 of its 3 captions ranked, 2 ranks"),
        (lambda item: item["captions"].append(item["captions"][0]), "3 of its 3 captions ranked, 4 ranks"),
        (lambda item: item["captions"][0].update(rank=item["captions"][1]["rank"]), "are not the ranks from 1"),
        (lambda item: [vote.update(rank=vote["rank"] + 1) for vote in item["captions"]], "ranks 2, 3, 4 are not"),
        (
            lambda item: [vote.update(position=4 - vote["position"]) for vote in item["captions"]],
            "positions are not those",
        ),
        (
            lambda item: [vote.update(position=vote["position"] + 1) for vote in item["captions"]],
            "positions are not those",
        ),
    ],
)
def test_a_tampered_item_is_left_out_and_the_others_count(respondent, key, tamper, said):
    export = respondent.export()
    tamper(export["items"][0])
    merged = join([respondent.save("a.json", export)], key)
    assert len(merged.votes) == 9 and said in reasons(merged)[0] and reasons(merged)[1].startswith("unfinished: 3 of 4")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a readable response"),
        (b"\xff\xfe\x00", "not a readable response"),
        (b"[" * 100_000, "not a readable response"),
        (b"[1, 2]", "not an export of the survey page"),
        (b'{"format": "other/1"}', "not an export of the survey page"),
        (b'{"format": "survey-response/1"}', "survey: field required"),
    ],
)
def test_a_file_that_is_no_response_is_told_in_one_line(respondent, key, tmp_path, content, said):
    (tmp_path / "bad.json").write_bytes(content)
    merged = join([tmp_path / "bad.json", respondent.save("good.json", respondent.export())], key)
    assert len(merged.votes) == 12 and said in reasons(merged)[0] and "\n" not in str(merged.problems[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"respondent": "=HYPERLINK(1)"},
        {"respondent": "a\nb"},
        {"seed": "../x"},
        {"items": [{"item": "abc", "seconds": -1, "captions": []}]},
        {"items": [{"item": "abc", "seconds": 1e999, "captions": []}]},
        {"items": [{"item": "abc", "seconds": 1, "captions": [{"caption": "a", "rank": "first", "position": 1}]}]},
        {"items": "none"},
    ],
)
def test_values_of_another_kind_keep_a_file_out(respondent, key, changes):
    files = [
        respondent.save("a.json", respondent.export(**changes)),
        respondent.save("b.json", respondent.export("r2")),
    ]
    merged = join(files, key)
    assert (
        set(merged.votes.respondent) == {"r2"}
        and len(merged.problems) == 1
        and merged.problems[0].file.name == "a.json"
    )


def test_another_survey_or_an_altered_page_is_left_out(respondent, key):
    files = [
        respondent.save("a.json", respondent.export(survey="s0")),
        respondent.save("b.json", respondent.export("r2")),
    ]
    assert reasons(join(files, key)) == ["answers another survey or an altered page (s0); left out"]


def test_nothing_that_counts_is_an_error_that_gives_the_first_reason(respondent, key):
    with pytest.raises(SurveyError, match="no ranking counts of 1 file.*another survey"):
        join([respondent.save("a.json", respondent.export(survey="s0"))], key)


def test_ties_count_where_they_are_allowed_and_as_in_sport(respondent, survey, said, key):
    tied = choose(said(4), CLIPS, n=4, seed=3, ties=True)
    respondent.survey = tied
    export = respondent.export()
    for vote, rank in zip(export["items"][0]["captions"], (1, 1, 3), strict=True):
        vote["rank"] = rank
    file = respondent.save("a.json", export)
    merged = join([file], Key.of(tied, "made-up"))
    assert len(merged.votes) == 12 and not merged.problems
    strict = Key.of(tied, "made-up").model_copy(update={"ties": False})
    assert "1, 1, 3 are not the ranks from 1, each given once" in reasons(join([file], strict))[0]
    for vote, rank in zip(export["items"][0]["captions"], (1, 1, 2), strict=True):
        vote["rank"] = rank
    assert "ties counted as 1, 1, 3" in reasons(join([respondent.save("b.json", export)], Key.of(tied, "made-up")))[0]


def test_files_are_found_in_folders_once_and_what_is_passed_over_is_told(tmp_path):
    for name in ("b.json", "a.csv", "x.key.json", "notes.txt", "c.JSON.txt", "mail/d.json", "mail/deep/e.csv.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    for name in (".hidden.json", "__MACOSX/b.json", "mail/._d.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("f.json", "{}")
    os.mkfifo(tmp_path / "pipe.json")
    files, passed = files_in([tmp_path, tmp_path / "b.json"])
    assert [path.relative_to(tmp_path).as_posix() for path in files] == [
        "a.csv", "b.json", "c.JSON.txt", "mail/d.json", "mail/deep/e.csv.txt"]  # fmt: skip
    assert {problem.file.name: problem.reason for problem in passed} == {
        "all.zip": "an archive; unpack it there; not read",
        "notes.txt": "no .json or .csv; not read",
        "pipe.json": "no regular file; not read",
        "x.key.json": "the key of a survey, no answers; not read",
    }
    with pytest.raises(SurveyError, match="no such file or folder"):
        files_in([tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(SurveyError, match="no responses"):
        files_in([tmp_path / "empty"])
    with pytest.raises(SurveyError, match="no responses.*an archive; unpack it there"):
        files_in([tmp_path / "all.zip"])


def test_remarks_on_what_was_passed_over_come_with_the_others(respondent, key, tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    saved = respondent.save("a.json.txt", respondent.export())
    files, passed = files_in([tmp_path])
    merged = join(files, key, passed=passed)
    assert files == [saved] and set(merged.votes.respondent) == {"r1"} and reasons(merged) == [passed[0].reason]
    assert merged.summary() == "1 respondent, 4 of 4 rankings, 1 file, 1 remark"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.json", b'{"format": "survey-response/1", "x": ' + b"[" * 100_000),
        ("digits.json", b'{"format": "survey-response/1", "survey": ' + b"9" * 5_000 + b"}"),
        ("surrogate.json", b'{"format": "survey-response/1", "survey": "\\ud800", "respondent": "r", "seed": "a"}'),
        ("key.json", b'{"format": "survey-response/1", "\\ud800": 1, "items": [{"\\udfff\\n": 1}]}'),
        ("wide.csv", b"respondent,clip_id\n" + b"x" * 140_000 + b",y\n"),
        ("nul.csv", b"respondent,clip_id\n\x00,\x00\n"),
    ],
)
def test_absurd_files_are_told_in_one_line(respondent, key, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    merged = join([tmp_path / name, respondent.save("good.json", respondent.export())], key)
    (line,) = map(str, merged.problems)
    assert len(merged.votes) == 12 and name in line and len(line) < 400 and "\n" not in line


@pytest.mark.parametrize("number", [10**400, 10**4000, float("inf"), -(10**30)])
def test_absurd_numbers_keep_a_file_out(respondent, key, number):
    changed = respondent.export()
    changed["items"][0]["seconds"] = number
    ranked = respondent.export("r3")
    ranked["items"][0]["captions"][0]["rank"] = number
    files = [respondent.save("a.json", changed), respondent.save("c.json", ranked)]
    merged = join([*files, respondent.save("b.json", respondent.export("r2"))], key)
    assert set(merged.votes.respondent) == {"r2"} and len(merged.problems) == 2
    assert all(len(str(problem)) < 400 for problem in merged.problems)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(respondent, key, tmp_path):
    os.mkfifo(tmp_path / "a.json")
    merged = join([tmp_path / "a.json", respondent.save("good.json", respondent.export())], key)
    assert reasons(merged) == ["no regular file; left out"]
    os.mkfifo(tmp_path / "survey.csv")
    with pytest.raises(SurveyError, match="no regular file"):
        ballots.read(tmp_path / "survey.csv")


def test_a_key_is_kept_when_another_survey_takes_its_name(key, said, tmp_path):
    path = tmp_path / "made-up.key.json"
    assert write(key, path) is None and write(key, path) is None and read(path) == key
    other = Key.of(choose(said(3), CLIPS, n=3, seed=0), "made-up")
    aside = write(other, path)
    assert aside is not None and read(aside) == key and read(path) == other
    path.write_text("{}")
    with pytest.raises(SurveyError, match="not the key of a survey"):
        read(path)
    with pytest.raises(SurveyError, match="no such key"):
        read(tmp_path / "gone.key.json")
