"""What is stated of a model that ranks all false captions lower, some of them, none, or was not probed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.metrics.paired_retrieval import Gallery
from lib.sections.captioners.sentences import probed, recall_blind

SPACE = Space(Gallery(np.array(["a"]), {}, {}), pd.DataFrame(), "TMR", True)
SEEN, BLIND, FOOLED, NONE = (0.9, 0.7, 1.0, 20), (0.8, 0.4, 1.0, 5), (0.2, 0.1, 0.3, 50), (None, None, None, 0)
REWARD = ". So its recall is not shown to reward captions that get this right."


@pytest.mark.parametrize(
    ("rows", "stated"),
    [
        ([SEEN, SEEN], "TMR ranks true captions above those made false by a (90.0 %, 70.0–100.0, N = 20) or b ("),
        (
            [SEEN, BLIND],
            "by a (90.0 %, 70.0–100.0, N = 20) but is not shown to rank true captions above those made false by b",
        ),
        (
            [BLIND, FOOLED],
            "TMR is not shown to rank true captions above those made false by a (80.0 %, 40.0–100.0, N = 5) or b (",
        ),
        ([NONE, SEEN], "TMR ranks true captions above those made false by b ("),
    ],
)
def test_only_an_interval_above_a_random_ranking_is_shown(rows, stated):
    table = pd.DataFrame(rows, columns=["true_preferred", "low", "high", "n"]).assign(probe=[*"ab"], chance=0.5)
    text, unseen = probed(table, "TMR"), any(row in rows for row in (BLIND, FOOLED))
    assert stated in text and "where a random ranking gives 50 %" in text
    assert text.endswith(REWARD) == unseen
    blind = recall_blind(table, SPACE)
    assert ("recall_blind" in blind) == unseen
    if unseen:  # by those of the kinds whose interval holds a random ranking, and by no other
        fooled = [kind for kind, row in zip("ab", rows, strict=True) if row in (BLIND, FOOLED)]
        assert blind["recall_blind"].endswith(f"above those made false by {' or '.join(fooled)}")


def test_a_model_that_was_not_probed_is_not_spoken_of():
    empty = pd.DataFrame([NONE], columns=["true_preferred", "low", "high", "n"]).assign(probe="a", chance=0.5)
    assert probed(None, "TMR") == probed(empty, "TMR") == ""
    assert recall_blind(None, replace(SPACE, gallery=None)) == {}  # there is no recall


def test_recall_that_cannot_be_tried_on_false_captions_is_not_taken_to_tell_them():
    empty = pd.DataFrame([NONE], columns=["true_preferred", "low", "high", "n"]).assign(probe="a", chance=0.5)
    untried = {"recall_blind": "TMR could not be tried on captions made false"}
    assert recall_blind(None, SPACE) == recall_blind(empty, SPACE) == untried
