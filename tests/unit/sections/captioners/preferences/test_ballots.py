"""Reading answers: what cannot be counted is said, and nothing is lost in silence."""

import pandas as pd
import pytest

from lib.sections.captioners.preferences.ballots import SurveyError, from_table, read

COLUMNS = ["respondent", "clip_id", "captioner", "rank"]


def answers(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def test_a_clip_ranked_twice_counts_once_with_the_first_answer():
    ballots = from_table(
        answers(
            ("r", "c", "x", 1),
            ("r", "c", "y", 2),
            ("r", "c", "x", 2),
            ("r", "c", "y", 1),
            ("s", "c", "x", 1),
            ("s", "c", "y", 2),
        )
    )
    assert ballots.ranks.tolist() == [[1, 2], [1, 2]]
    assert ballots.set_aside.values.tolist() == [["answered again: the first answer counts", 2]]


def test_ties_share_the_mean_of_their_places_however_they_were_written():
    for third in (2, 3):
        ballots = from_table(answers(("r", "c", "x", 1), ("r", "c", "y", 1), ("r", "c", "z", third)))
        assert ballots.ranks.tolist() == [[1.5, 1.5, 3.0]]
        assert ballots.wins[0].tolist() == [[0, 0.5, 1], [0.5, 0, 1], [0, 0, 0]]


def test_scores_rank_the_other_way():
    table = answers(("r", "c", "x", 10), ("r", "c", "y", 70), ("r", "c", "z", 40)).rename(columns={"rank": "score"})
    assert from_table(table).ranks.tolist() == [[3, 1, 2]]


def test_clips_that_may_not_be_seen_and_answers_left_out_are_counted():
    table = answers(
        ("r", "c", "x", 1), ("r", "c", "y", 2), ("r", "d", "x", 1), ("r", "d", "y", 2), ("r", "c", "z", None)
    )
    ballots = from_table(table, clips=["c"])
    assert ballots.captioners == ("x", "y") and len(ballots) == 1
    assert dict(ballots.set_aside.values) == {"clip not among those that are used": 2, "no rank": 1}


def test_captioners_not_shown_are_missing_not_last():
    ballots = from_table(answers(("r", "c", "x", 1), ("r", "c", "y", 2), ("r", "d", "y", 1), ("r", "d", "z", 2)))
    assert ballots.complete.tolist() == [False, False]
    assert pd.isna(ballots.ranks[0, 2]) and ballots.wins[0, :, 2].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("r", "c", "x", 1), ("s", "c", "x", 1)], "no respondent ranked two captioners"),
        ([("r", "c", "x", "best")], "rank 'best' in row 2 is no number"),
        ([], "no respondent ranked two captioners"),
    ],
)
def test_answers_that_compare_nothing_are_refused_in_one_line(rows, told):
    with pytest.raises(SurveyError, match=told) as caught:
        from_table(answers(*rows), where="survey.csv")
    assert str(caught.value).startswith("survey.csv: ") and ";" in str(caught.value)


def test_missing_columns_and_files_are_named(tmp_path):
    with pytest.raises(SurveyError, match="column captioner is missing"):
        from_table(answers(("r", "c", "x", 1)).drop(columns="captioner"))
    with pytest.raises(SurveyError, match="column score is missing"):
        from_table(answers(("r", "c", "x", 1)).drop(columns="rank"))
    with pytest.raises(SurveyError, match="no such file"):
        read(tmp_path / "survey.csv")


def test_ids_that_look_like_numbers_stay_text(tmp_path):
    answers(("01", "000123", "x", 1), ("01", "000123", "y", 2)).to_csv(tmp_path / "survey.csv", index=False)
    ballots = read(tmp_path / "survey.csv", clips=["000123"])
    assert ballots.clips.tolist() == ["000123"] and ballots.respondents.tolist() == ["01"]
