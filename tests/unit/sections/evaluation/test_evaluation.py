"""What 06 asks and decides: subsets by list, by cluster and by action, and the rule of the verdict."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.corpus import Corpus, Provenance
from lib.models.latents import Latents
from lib.sections.evaluation import sentences as findings
from lib.sections.evaluation.evaluation import (
    HELPS,
    HURTS,
    MIXED,
    OPEN,
    clusters,
    decided,
    estimate,
    leak_free,
    new_actions,
    wide,
)
from lib.sections.evaluation.generation_made import Asked
from lib.sections.evaluation.generation_sets import TestSet


def what(clips: pd.DataFrame, text: np.ndarray) -> Asked:
    return Asked("made-up", clips, TestSet(text, text, clips["clip_id"].to_numpy()), False, {})


def corpus(name: str, rows: list[tuple[str, str, str, str]]) -> Corpus:
    """Rows (clip, base, split, tokens)."""
    table = pd.DataFrame(rows, columns=["clip_id", "base_id", "split", "tokens"])
    clips = table.assign(mirror_of=table["base_id"].where(table["base_id"] != table["clip_id"]), has_motion=True)
    captions = table.assign(caption_id=table["clip_id"] + "#0", text=table["tokens"], start_s=0.0, end_s=0.0)
    return Corpus(name, clips, captions, {}, None, Provenance(Path("x"), {}))  # type: ignore[arg-type]


def test_the_leak_free_clips_are_those_of_the_list(tmp_path: Path) -> None:
    asked = what(pd.DataFrame({"clip_id": ["a", "b", "c"]}), np.eye(3))
    assert leak_free(asked, tmp_path) == {}
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "leak_free_test.txt").write_text("# the rule, with a\nb\nc\n")
    assert leak_free(asked, tmp_path)["leak-free"].tolist() == [False, True, True]


def test_a_clip_is_of_the_cluster_whose_training_captions_are_nearest() -> None:
    one = corpus(
        "one", [("t1", "t1", "train", "walk/VERB"), ("Mt1", "t1", "train", "walk/VERB"), ("x", "x", "test", "")]
    )
    two = corpus("two", [("t2", "t2", "train", "jump/VERB"), ("t3", "t3", "train", "jump/VERB")])
    text = {"one": np.float32([[9, 0.1], [9, 0.3], [0, 1]]), "two": np.float32([[0, 1], [0.1, 2]])}
    latents = {
        key: Latents(c.clips["clip_id"].tolist(), text[key], c.captions[["clip_id", "caption_id"]], text[key], "")
        for key, c in (("one", one), ("two", two))
    }
    weights = pd.DataFrame({"clip_id": ["t1", "t2", "t3"], "cluster": [4, 11, 11]})
    asked = what(pd.DataFrame({"clip_id": ["x", "y"]}), np.float32([[0.2, 1], [5, 1]]))
    found = clusters(asked, weights, {"one": one, "two": two}, latents, {"11": "jump"})
    assert {name: mask.tolist() for name, mask in found.items()} == {"cluster 4": [False, True], "jump": [True, False]}
    assert clusters(asked, None, {}, {}, {}) == {}


def test_new_actions_are_those_of_few_unmirrored_training_clips() -> None:
    rows = [(f"t{i}", f"t{i}", "train", "a/DET man/NOUN walk/VERB") for i in range(3)]
    rows += [
        ("t9", "t9", "train", "crawl/VERB"),
        ("Mt9", "t9", "train", "crawl/VERB"),
        ("v", "v", "test", "crawl/VERB"),
    ]
    tokens = ["begin/VERB walk/VERB", "begin/VERB crawl/VERB", "crawl/VERB walk/VERB", "begin/VERB", "fly/VERB"]
    asked = what(pd.DataFrame({"clip_id": list("abcde"), "text": tokens, "tokens": tokens}), np.eye(5))
    found = new_actions(asked, corpus("one", rows), rare=2, not_actions=["begin"])
    assert found["new actions"].tolist() == [False, True, False, False, True]


@pytest.mark.parametrize(
    ("precision", "distance", "expected"),
    [
        ((0.1, 0.3), (-0.1, 0.1), HELPS),
        ((-0.1, 0.3), (0.1, 0.2), HURTS),
        ((-0.1, 0.3), (-0.2, -0.1), HELPS),
        ((-0.3, -0.1), (-0.2, -0.1), MIXED),
        ((-0.3, 0.1), (-0.2, 0.1), OPEN),
    ],
)
def test_an_interval_that_excludes_zero_decides(precision, distance, expected) -> None:
    rows = [("R@3", "higher", *precision), ("FID", "lower", *distance), ("KID", "lower", 1.0, 2.0)]
    table = pd.DataFrame(rows, columns=["metric", "better", "low", "high"])
    table = table.assign(model="one+two", subset="all", difference=(table["low"] + table["high"]) / 2, base_clips=9)
    assert decided(table, "one+two", "all", ["R@3", "FID"]) == expected
    assert decided(table, "one+two", "elsewhere", ["R@3", "FID"]) == OPEN
    told = findings.verdict(table, table.iloc[:0], ["R@3", "FID"])
    assert told == f"Adding the data {expected}."
    assert "R@3" in findings.finding(table, table.iloc[:0], ["R@3", "FID"], 3, "one")


def test_one_dataset_has_nothing_to_compare() -> None:
    empty = pd.DataFrame(columns=["model", "metric", "subset"])
    assert findings.verdict(empty, empty, ["R@3"]) == "One dataset: nothing to compare."


def test_the_main_table_puts_both_intervals_in_a_cell() -> None:
    row = {"model": "one", "metric": "R@3", "expected": 0.5, "replication_low": 0.50, "replication_high": 0.52}
    table = pd.DataFrame(
        [{**row, "seed_low": 0.4, "seed_high": 0.6}, {**row, "model": "two", "seed_low": -0.4, "seed_high": 1}]
    )
    assert wide(table, ["R@3"]).values.tolist() == [
        ["one", "0.500 ± 0.010 [0.400–0.600]"],
        ["two", "0.500 ± 0.010 [−0.400 to 1.000]"],
    ]


def test_metrics_that_miss_a_step_of_noise_are_named() -> None:
    table = pd.DataFrame({"noise_m": [0.0, 0.002, 0.02], "FID": 0.0, "KID": 0.0, "R@3": 0.0, "jerk": 0.0})
    # KID is worse at the smaller noise alone, which is not "from there on".
    table["noticed_by"] = ["", "KID, jerk", "FID, jerk"]
    assert findings.noticed(table, ["R@3", "FID"])["noticed"] == (
        "Worse than without noise, by a 95 % interval over base clips: jerk from 2 mm on; FID from 20 mm on; "
        "KID and R@3 at no level. Of those that decide, FID notices noise from 20 mm on, and no other earlier: "
        "smaller faults of this kind cannot sway the verdict."
    )
    assert "R@3 notices noise at no level" in findings.noticed(table, ["R@3"])["noticed"]
    assert findings.noticed(None, ["R@3"]) == {}


def test_trainings_that_were_still_improving_are_counted() -> None:
    rows = [("a", 0, 1, 0.5), ("a", 0, 2, 0.4), ("a", 1, 1, 0.2), ("a", 1, 2, 0.3), ("b", 0, 1, 0.1), ("b", 0, 2, 0.2)]
    logs = pd.DataFrame(rows, columns=["regime", "seed", "step", "val"])
    told = findings.validation(logs)["validation"]
    assert told.startswith("1 of 3 trainings had their lowest validation loss at the last check")
    assert told.endswith("mean over seeds: b 0.1000; a 0.3000.") and findings.training(logs) in told


def test_a_whole_can_be_shown_where_its_steps_are_not() -> None:
    def rows(model: str, low: float, high: float) -> pd.DataFrame:
        row = {"model": model, "metric": "R@3", "better": "higher", "subset": "all", "low": low, "high": high}
        return pd.DataFrame([{**row, "difference": (low + high) / 2, "base_clips": 9}])

    step, plain = rows("one+two weighted", -0.1, 0.2), rows("one+two", -0.1, 0.2)
    for both, said in ((rows("one+two weighted", 0.1, 0.2), HELPS), (step, OPEN)):
        told = findings.verdict(pd.concat([plain, both]), step, ["R@3"])
        assert told == f"Adding the data {OPEN}; weighting by cluster {OPEN}; doing both {said}."
        found = findings.finding(pd.concat([plain, both]), step, ["R@3"], 3, "one")
        assert ("Two steps" in found) == (said == HELPS)


def test_differences_without_an_interval_are_not_quoted() -> None:
    row = {"model": "one+two", "metric": "R@3", "better": "higher", "subset": "all", "difference": 0.1}
    table = pd.DataFrame([{**row, "low": np.nan, "high": np.nan, "base_clips": 3}])
    assert estimate(table, "one+two", "R@3", "all") is None
    assert "too few test clips" in findings.finding(table, table.iloc[:0], ["R@3"], 3, "one")
