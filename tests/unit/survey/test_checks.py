"""Repeated and gold items: what is drawn, what the page does not tell, and what their answers say of a respondent."""

import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from markupsafe import Markup

from lib.sections.captioners.preferences import ballots
from lib.survey import page
from lib.survey.checks import FALSE, respondents
from lib.survey.items import Survey, choose
from lib.survey.key import Key
from lib.survey.merging import join
from lib.survey.order import shown_order
from lib.survey.parameters import SurveyParameters
from lib.survey.responses import FORMAT

CLIPS = [f"clip{n}" for n in range(20)]
WORTH = {"alpha": 3, "beta": 2, "gamma": 1}


@pytest.fixture
def checked(said) -> Survey:
    return choose(said(20), CLIPS, n=6, seed=3, repeats=2, gold=2)


def answers(survey: Survey, seed: str, *, first: list[str] | None = None, liar: bool = False) -> list[dict[str, Any]]:
    """Ranks by worth, the false caption last; a liar turns repeated and gold items round."""
    order = shown_order(seed, "items", [item.code for item in survey.items])
    items = sorted(survey.items, key=lambda item: (item.code not in (first or []), order.index(item.code)))
    made = []
    for at, item in enumerate(items):
        worth = {c.code: 0 if c.code == item.false else WORTH[c.captioner] for c in item.captions}
        again = any(one.clip_id == item.clip_id for one in items[:at])
        turned = liar and (again or item.false)
        best = sorted(worth, key=lambda code: worth[code] if turned else -worth[code])
        votes = [
            {"caption": c.code, "rank": best.index(c.code) + 1, "position": place}
            for place, c in enumerate(item.shown_to(seed), 1)
        ]
        made.append({"item": item.code, "seconds": float(10 + at), "captions": votes})
    return made


def saved(folder, survey: Survey, name: str, items: list[dict[str, Any]]):
    export = {"format": FORMAT, "survey": survey.id, "respondent": name, "seed": "kzq", "items": items}
    path = folder / f"{name}.json"
    path.write_text(json.dumps(export))
    return path


def test_repeats_and_gold_are_drawn_beside_the_items_that_would_be_asked_anyway(said, checked):
    plain = choose(said(20), CLIPS, n=6, seed=3)
    assert sorted(checked.asked, key=lambda i: i.code) == sorted(plain.items, key=lambda i: i.code)
    repeated = [item for item in checked.items if item.repeats]
    gold = [item for item in checked.items if item.false]
    assert len(repeated) == len(gold) == 2 and len(checked.items) == 10
    by_code = {item.code: item for item in checked.items}
    for item in repeated:
        first = by_code[item.repeats]
        assert first.clip_id == item.clip_id
        assert {(c.captioner, c.text) for c in first.captions} == {(c.captioner, c.text) for c in item.captions}
        assert not {c.code for c in first.captions} & {c.code for c in item.captions}
    shown = {item.clip_id for item in checked.items}
    for item in gold:
        assert item.clip_id not in {other.clip_id for other in checked.items if other is not item}
        assert item.false_from in CLIPS and item.false_from not in shown
        for caption in item.captions:
            said_of = item.false_from if caption.code == item.false else item.clip_id
            assert caption.text == f"{caption.captioner} says {said_of.removeprefix('clip')}"
    assert len({item.false_from for item in gold}) == 2


def test_a_gold_caption_is_of_the_clip_with_the_fewest_words_in_common():
    texts = ["a man walks on", "a man walks off", "somebody leaps", "a man runs on"]
    rows = [(f"c{n}", f"c{n}#{who}", who, text) for n, text in enumerate(texts) for who in ("a", "b")]
    table = pd.DataFrame(rows, columns=["clip_id", "caption_id", "captioner", "text"])
    for seed in range(12):
        survey = choose(table, ["c0", "c1", "c2", "c3"], n=1, seed=seed, gold=1)
        gold = next(item for item in survey.items if item.false)
        if "c2" not in {item.clip_id for item in survey.items}:
            assert gold.false_from == "c2"


def test_the_page_does_not_tell_which_items_are_which(checked):
    html = page.render(checked, {i.code: Markup("<p>motion</p>") for i in checked.items}, SurveyParameters())
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)[1])
    assert {key for item in data["items"] for key in item} == {"code", "captions"}
    assert {key for item in data["items"] for caption in item["captions"] for key in caption} == {"code", "text"}
    codes = [item["code"] for item in data["items"]]
    assert codes == sorted(codes) and len({len(item["captions"]) for item in data["items"]}) == 1
    assert re.findall(r'id="media-([a-z]+)"', html) == codes
    assert not re.search(r"\bgold\b|repeat|false_", html.partition("<body>")[2].partition("<script>")[0])


def test_answers_to_checks_count_no_votes_and_say_who_can_be_relied_on(checked, tmp_path):
    key = Key.of(checked, "made-up")
    good = saved(tmp_path, checked, "careful", answers(checked, "kzq"))
    bad = saved(tmp_path, checked, "careless", answers(checked, "kzq", liar=True))
    merged = join([good, bad], key)
    assert merged.summary() == "2 respondents, 20 of 20 rankings, 2 files, 1 remark"
    (remark,) = merged.problems
    wanted = "respondent careless missed 2 of 2 gold items and contradicts their own answers (0 of 6 pairs alike)"
    assert remark.file == bad and remark.reason == f"{wanted}; their answers count"
    votes = merged.votes[merged.votes.check == ""]
    assert len(votes) == 2 * 6 * 3 and set(votes.captioner) == set(WORTH)
    assert votes.groupby("captioner")["rank"].unique().map(list).to_dict() == {"alpha": [1], "beta": [2], "gamma": [3]}
    assert (merged.votes.captioner == FALSE).sum() == 4
    table = respondents(merged.votes).set_index("respondent")
    assert table.loc["careful", ["answers", "repeats", "agreement", "gold", "passed", "note"]].tolist() == [
        10, 2, 1.0, 2, 2, ""]  # fmt: skip
    assert table.loc["careless", ["repeats", "agreement", "passed"]].tolist() == [2, 0.0, 0.0]
    assert table.seconds.tolist() == [14.5, 14.5]
    merged.votes.to_csv(tmp_path / "survey.csv", index=False)
    read = ballots.read(tmp_path / "survey.csv")
    assert len(read) == 12 and read.captioners == ("alpha", "beta", "gamma")
    assert read.set_aside.values.tolist() == [["to a repeated or gold item", 24]]
    pd.testing.assert_frame_equal(read.checks.set_index("respondent"), table)
    renamed = ballots.read(tmp_path / "survey.csv", called={"alpha": "captioner 1", FALSE: "captioner 2"})
    assert renamed.checks.passed.tolist() == [2, 0] and "captioner 1" in renamed.captioners


def test_of_a_repeated_item_the_answer_given_first_counts(checked, tmp_path):
    again = [item.code for item in checked.items if item.repeats]
    given = answers(checked, "kzq", first=again, liar=True)
    votes = join([saved(tmp_path, checked, "r", given)], Key.of(checked, "made-up")).votes
    clips = {item.clip_id for item in checked.items if item.repeats}
    counted = votes[votes.clip_id.isin(clips) & (votes.check == "")]
    assert counted.groupby("captioner")["rank"].unique().map(list).to_dict() == {
        "alpha": [1], "beta": [2], "gamma": [3]}  # fmt: skip
    assert set(counted.seconds) == {10.0, 11.0}


def made(ranks: dict[str, list[int]], check: str = "gold") -> pd.DataFrame:
    rows = [
        ("r", clip, name, rank, check)
        for clip, all_ in ranks.items()
        for name, rank in zip(("x", "y", FALSE), all_, strict=True)
    ]
    return pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank", "check"])


@pytest.mark.parametrize(
    ("ranks", "passed"),
    [([1, 2, 3], 1), ([1, 3, 2], 0), ([2, 3, 1], 0), ([1, 1, 1], 0), ([1, 2, 2], 1), ([1, 1, 3], 1)],
)
def test_gold_is_passed_by_the_false_caption_in_the_last_place(ranks, passed):
    assert respondents(made({"c": ranks})).passed.tolist() == [passed]


def test_an_old_table_has_nothing_to_check():
    rows = [("r1", "c", "x", 1), ("r1", "c", "y", 2), ("r2", "c", "x", 2), ("r2", "c", "y", 1)]
    table = respondents(pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank"]))
    assert table.answers.tolist() == [1, 1] and table.note.tolist() == ["", ""]
    assert table[["seconds", "agreement"]].isna().all(axis=None)
    assert (table[["repeats", "gold", "passed"]] == 0).all(axis=None)


def test_a_key_of_an_older_survey_is_read(tmp_path):
    from lib.survey.key import read

    item = {"clip_id": "c", "captioners": {"aaa": "x", "bbb": "y"}}
    (tmp_path / "old.key.json").write_text(json.dumps({"survey": "s1", "profile": "p", "items": {"qqq": item}}))
    key = read(tmp_path / "old.key.json")
    assert not key.checked and key.mode == "ranking" and key.items["qqq"].false == ""


def test_pairwise_every_pair_gets_equally_many_clips(said):
    survey = choose(said(20), CLIPS, n=13, seed=1, mode="pairwise", ties=True, repeats=1, gold=1)
    pairs = [tuple(sorted(c.captioner for c in item.captions)) for item in survey.asked]
    counts = np.unique(pairs, axis=0, return_counts=True)[1]
    assert sorted(counts) == [4, 4, 5] and survey.captioners == ["alpha", "beta", "gamma"]
    assert all(len(item.captions) == 2 for item in survey.items) and len(survey.items) == 15
    assert len({item.clip_id for item in survey.asked}) == 13
    two = said(4, ["alpha", "beta"])
    assert choose(two, CLIPS, n=4, seed=1).id != choose(two, CLIPS, n=4, seed=1, mode="pairwise").id


def test_a_caption_that_the_clip_has_itself_is_never_the_false_one(said):
    alike = said(9).assign(text="a person walks")
    assert not any(item.false for item in choose(alike, CLIPS, n=4, seed=0, gold=3).items)
