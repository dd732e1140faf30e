"""What is said of a judge that notices everything, something, nothing, or was asked nothing."""

import pandas as pd
import pytest

from lib.sections.captioners.sentences.captioner_probes import judge

SEEN, BLIND, FOOLED, NONE = (0.9, 0.7, 1.0, 20), (0.8, 0.4, 1.0, 5), (0.2, 0.1, 0.3, 50), (None, None, None, 0)
RANKS = "; so its ranking is not shown to reward captions that get this right."


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([SEEN, SEEN], "TMR is shown to notice a caption made false by a (90.0 %, 70.0–100.0, N = 20) or b ("),
        (
            [SEEN, BLIND],
            "notice a caption made false by a (90.0 %, 70.0–100.0, N = 20) but is not shown to notice one ",
        ),
        ([BLIND, FOOLED], "TMR is not shown to notice a caption made false by a (80.0 %, 40.0–100.0, N = 5) or b ("),
        ([NONE, SEEN], "TMR is shown to notice a caption made false by b ("),
    ],
)
def test_only_an_interval_above_blindness_is_noticing(rows, said):
    table = pd.DataFrame(rows, columns=["noticed", "low", "high", "n"]).assign(probe=[*"ab"], chance=0.5)
    told = judge(table, "TMR")
    assert said in told and "where a blind model scores 50 %" in told
    assert told.endswith(RANKS) == any(row in rows for row in (BLIND, FOOLED))


def test_a_judge_that_was_asked_nothing_is_not_spoken_of():
    empty = pd.DataFrame([NONE], columns=["noticed", "low", "high", "n"]).assign(probe="a", chance=0.5)
    assert judge(None, "TMR") == judge(empty, "TMR") == ""
