"""The one table of captioners, the lengths of their captions, and the axis of the gallery."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from lib.metrics.names import TEXT_TO_VIDEO, VIDEO_TO_TEXT
from lib.sections.captioners import figures
from lib.sections.captioners.at_a_glance import at_a_glance
from lib.sections.captioners.caption_lengths import at_equal_length, cut_captions
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval
from lib.sections.captioners.claim_precision import ClaimPrecision
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.metrics.paired_retrieval import Retrieved
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.votes import Votes

ENDS = {"low": 0.1, "high": 0.9}
NOTHING = CaptionerRetrieval(
    None, Retrieved({}, np.array([], dtype=str)), [], pd.DataFrame(), pd.DataFrame(), pd.DataFrame()
)


def named(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"captioner": ["x", "y"], **columns, **ENDS})


def recalls() -> pd.DataFrame:
    ways = [(VIDEO_TO_TEXT, "R@1", 20.0, 2.0), (TEXT_TO_VIDEO, "R@1", 30.0, 2.0), (VIDEO_TO_TEXT, "MedR", 4.0, 25.5)]
    rows = [(name, *way[:2], way[2] + add, way[3]) for name, add in (("x", 0.0), ("y", 1.0)) for way in ways]
    return pd.DataFrame(rows, columns=["captioner", "direction", "measure", "value", "chance"]).assign(**ENDS)


def test_every_captioner_has_one_column_by_all_measures_and_chance_has_the_last() -> None:
    votes = Votes(shares=named(share=[0.4, 0.6], chance=0.25), abilities=named(ability=[-0.1, 0.1]))
    claims = ClaimPrecision(named(precision=[0.9, 0.5], by_chance=[0.2, 0.4]))
    table = at_a_glance(recalls(), votes, claims)
    assert table is not None
    assert table.columns.tolist() == ["measure", "y", "x", "by chance"]  # the most preferred first
    ends = dict.fromkeys(["claims supported, %", "ranked first, %"], "(10–90)")
    ends |= dict.fromkeys(["R@1 video to text, %", "R@1 text to video, %"], "(0–1)") | {"median rank": "(0.1–0.9)"}
    values = {"claims supported, %": "50", "ranked first, %": "60", "R@1 video to text, %": "21"}
    values |= {"R@1 text to video, %": "31", "median rank": "5.0"}
    shown = table.set_index("measure")
    assert {name: shown.loc[name, "y"] for name in values} == {name: f"{x} {ends[name]}" for name, x in values.items()}
    assert shown.loc["ability, log odds", "y"] == "0.1 (0.1–0.9)"
    assert shown["by chance"].tolist() == ["30.0", "25.0", "0.0", "2.0", "2.0", "25.5"]


def test_what_is_lacking_has_no_row_and_the_most_precise_comes_first() -> None:
    claims = ClaimPrecision(named(precision=[0.5, 0.9], by_chance=0.2))
    table = at_a_glance(pd.DataFrame(), Votes(), claims)
    assert table is not None and table.columns.tolist() == ["measure", "y", "x", "by chance"]
    assert table["measure"].tolist() == ["claims supported, %"]
    assert at_a_glance(pd.DataFrame(), Votes(), ClaimPrecision()) is None


def text_model(folder: Path, limit: int) -> Path:
    """A tokenizer that makes every word a token, in the folder of a model that reads so many."""
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "a": 1}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()  # type: ignore[assignment]
    tokenizer.save(str(folder / "tokenizer.json"))
    kind = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "[UNK]"}
    (folder / "tokenizer_config.json").write_text(json.dumps(kind))
    (folder / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": limit}))
    return folder


def told(lengths: dict[str, list[int]]) -> ComparedCaptions:
    rows = [(f"c{n}", name, "a " * words) for name, all_ in lengths.items() for n, words in enumerate(all_)]
    table = pd.DataFrame(rows, columns=["clip_id", "captioner", "text"]).assign(setting="one")
    return ComparedCaptions(None, table.assign(setting=table["captioner"]))


def test_captions_that_the_judge_cuts_are_counted_by_its_own_tokenizer(tmp_path: Path) -> None:
    compared = told({"short": [3, 4, 40], "long": [33, 78, 90]})
    space = Space(None, pd.DataFrame(), "a judge", False, text_model=text_model(tmp_path, 80))
    table = cut_captions(compared, NOTHING, space, mpnet=None).set_index("captioner")
    assert table.loc["short", ["tokens", "most_tokens", "beyond_32", "beyond_77", "limit", "cut"]].tolist() == [
        4, 40, 1, 0, 80, 0
    ]  # fmt: skip
    assert table.loc["long", ["beyond_32", "beyond_77", "cut"]].tolist() == [3, 2, 1]
    unknown = cut_captions(compared, NOTHING, Space(None, pd.DataFrame(), "vectors", False), mpnet=tmp_path)
    assert unknown["cut"].isna().all() and unknown["beyond_32"].tolist() == [1, 3]


class Surveyed:
    """A corpus, as far as lengths read it: captions of two captioners, one of them in two settings."""

    candidates = None

    def __init__(self) -> None:
        self.called: dict[str, str] = {}
        rows = [(f"c{n}", "x", "a " * (5 + n), "one") for n in range(4)]
        rows += [(f"c{n}", "y", "a " * (20 - n), prompt) for prompt in ("one", "two") for n in range(4)]
        table = pd.DataFrame(rows, columns=["clip_id", "captioner", "text", "prompt"])
        table.loc[table["prompt"] == "two", "text"] += "a a a"
        self.captions = table.assign(start_s=0.0, end_s=0.0, temperature=0.2, caption_id=range(len(table)))


def test_lengths_are_of_the_setting_that_the_survey_showed() -> None:
    rng = np.random.default_rng(0)
    ranks = np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0], [1.0, 2.0]] * 3)
    people = np.repeat(["p", "q", "r"], 4).astype(object)
    ballots = Ballots(("x", "y"), people, np.array([f"c{n}" for n in range(4)] * 3, dtype=object), ranks)
    corpus: Any = Surveyed()
    for settings, words in (({}, 18.5), ({"y": {"prompt": "two"}}, 21.5)):
        found = at_equal_length(corpus, Votes(ballots), settings, draws=20, rng=rng)
        assert found.table.set_index("captioner")["words"].to_dict() == {"x": 6.5, "y": words}
    assert at_equal_length(corpus, Votes(), {}, draws=20, rng=rng).table.empty


@pytest.mark.parametrize("sizes", [[2, 3, 6, 9, 15, 25, 42, 69], list(range(2, 60, 3)), [2, 3]])
def test_no_two_labels_of_the_gallery_collide(sizes: list[int]) -> None:
    curve = pd.DataFrame({"captioner": "x", "size": sizes, "recall": 50.0, "low": 40.0, "high": 60.0, "chance": 1.0})
    figure = figures.by_gallery(curve).figure
    assert figure is not None
    axes = figure.axes[0]
    figure.draw_without_rendering()
    labels = [*axes.get_xticklabels(which="major"), *axes.get_xticklabels(which="minor")]
    boxes = sorted((label.get_window_extent() for label in labels if label.get_text()), key=lambda box: box.x0)
    assert len(boxes) >= 2 and all(one.x1 < other.x0 for one, other in pairwise(boxes))
