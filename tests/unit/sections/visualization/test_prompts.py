"""Prompts are what the parameters name, in that order, or one line says why not."""

from types import SimpleNamespace

import pandas as pd
import pytest

from lib.base.errors import ParamsError
from lib.sections.visualization.chosen_prompts import chosen

CLIPS = pd.DataFrame(
    {
        "clip_id": ["a", "b", "c", "d", "e"],
        "split": ["test", "test", "train", "test", "test"],
        "has_motion": [True, True, True, False, True],
        "has_captions": [True, True, True, True, False],
    }
)
CAPTIONS = pd.DataFrame(
    [("a", "a#0", "A man walks."), ("a", "a#1", "someone  strolls"), ("b", "b#0", "a kick"), ("c", "c#0", "a dance"),
     ("d", "d#0", "a fall")],
    columns=["clip_id", "caption_id", "text"],
)  # fmt: skip
CORPUS = SimpleNamespace(
    name="demo", clips=CLIPS, captions=CAPTIONS, splits={"test": ["a", "b", "d", "e"], "train": ["c"]}
)


def test_clips_and_captions_are_found_in_the_order_asked() -> None:
    found = chosen(CORPUS, ["b", "Someone strolls ", "a"])
    assert found.to_dict("list") == {
        "prompt": ["b", "Someone strolls ", "a"],
        "clip_id": ["b", "a", "a"],
        "caption_id": ["b#0", "a#1", "a#0"],
        "text": ["a kick", "someone  strolls", "A man walks."],
    }
    assert chosen(CORPUS, []).empty
    assert chosen(CORPUS, ["a dance"], split="train")["clip_id"].tolist() == ["c"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["a man jumps"], "no clip and no caption 'a man jumps' in test"),
        (["a dance"], "no clip and no caption"),
        (["c"], "clip c of demo is of the train split"),
        (["d"], "has no motion"),
        (["e"], "has no captions"),
        (["a", "a man walks."], "asked for twice"),
    ],
)
def test_what_is_absent_is_told_in_one_line(asked: list[str], said: str) -> None:
    with pytest.raises(ParamsError) as refused:
        chosen(CORPUS, asked)
    assert said in str(refused.value) and "visualization.prompts" in str(refused.value)
