"""Which clips play beside examples, and which a private profile keeps back."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.draw import clip_players
from lib.sections.similarity import pair_players


class Clips:
    """As much of a corpus as players ask for; the clip "mute" has no motion."""

    def __init__(self, name: str) -> None:
        self.name = name
        ids = [*(f"{name}{n}" for n in range(9)), "mute"]
        self.clips = pd.DataFrame({"clip_id": ids, "has_motion": [one != "mute" for one in ids]})

    def joints(self, clip_id: str) -> np.ndarray:
        return np.full((2, 22, 3), float(clip_id[-1]), dtype=np.float32)


class Shown:
    """A run that remembers its players."""

    def __init__(self, *, redacted: bool = False) -> None:
        self.corpora = {"h": Clips("open"), "d": Clips("own")}
        sources = {"h": SimpleNamespace(private=False), "d": SimpleNamespace(private=redacted)}
        self.profile = SimpleNamespace(corpora=sources)
        self.redaction = SimpleNamespace(on=redacted)
        self.players: dict[str, list[Any]] = {}

    def player(self, name: str, motions: list[Any], *, label: str) -> None:
        self.players[name] = list(motions)


def rows(keys: str, ids: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"key": list(keys), "clip_id": ids, "label": [f"<{n}>" for n in ids], "note": "he walks"})


def test_six_play_together_and_clips_without_motion_are_passed_over() -> None:
    run = Shown()
    clip_players.save(run, "some", rows("h" * 9, [*(f"open{n}" for n in range(8)), "mute"]), label="some")
    assert [len(one) for one in run.players.values()] == [6, 2] and list(run.players) == ["some_1", "some_2"]
    assert run.players["some_2"][1].joints[0, 0, 0] == 7 and run.players["some_1"][0].note == "he walks"


@pytest.mark.parametrize("table", [None, rows("", [])])
def test_a_profile_without_examples_has_an_empty_player(table: pd.DataFrame | None) -> None:
    run = Shown()
    clip_players.save(run, "some", table, label="some")
    assert run.players == {"some_1": []}


def test_a_private_profile_keeps_captions_and_marks_its_own_clips() -> None:
    made = clip_players.motions(Shown(redacted=True), rows("hd", ["open1", "own2"]))
    assert [one.public for one in made] == [True, False] and {one.note for one in made} == {""}


def test_pairs_stand_beside_each_other_nearest_to_the_bound_first() -> None:
    ids = [f"open{n}" for n in range(5)]
    flags = pd.DataFrame(
        {
            "clip_id": ids,
            "nearest_clip_id": [f"own{n}" for n in range(5)],
            "caption": list("abcde"),
            "nearest_caption": list("ABCDe"),
            "cosine": [0.99, 0.96, 0.97, 0.94, 0.999],
        }
    )
    summary = pd.DataFrame({"threshold": [0.9, 0.95]})
    leak = SimpleNamespace(flags=flags, summary=summary, info={"test": "open", "train": "own"})
    found = pair_players.pairs(Shown(), leak, most=2)
    assert found["clip_id"].tolist() == ["open1", "own1", "open2", "own2"]
    assert found["key"].tolist() == ["h", "d", "h", "d"] and found["note"].tolist() == ["b", "B", "c", "C"]
    assert found["label"].tolist()[:2] == ["test, cosine 0.960", "train, cosine 0.960"]


def test_scored_clips_tell_their_score_three_a_score() -> None:
    run = Shown()
    parts = {"realism": [0.1, 0.2, 0.3, 0.4], "high_pass": [9.0, 8.0, 7.0, 6.0]}
    shown = pd.concat(
        [pd.DataFrame({"clip_id": [f"own{n}" for n in range(4)], score: values}) for score, values in parts.items()]
    )
    found = clip_players.scored(run, run.corpora["d"], shown)
    assert found is not None and set(found["key"]) == {"d"}
    assert found["label"].tolist() == [
        "realism 0.1",
        "realism 0.2",
        "realism 0.3",
        "high-pass 9",
        "high-pass 8",
        "high-pass 7",
    ]
    assert clip_players.scored(run, None, None) is None


def test_the_middle_of_each_cluster_of_one_space_plays() -> None:
    table = pd.DataFrame(
        {
            "space": ["text", "text", "motion"],
            "rank": [1, 2, 1],
            "cluster": [0, 0, 0],
            "name": ["walk", "walk", "run"],
            "key": "h",
            "clip_id": ["open1", "open2", "open3"],
            "caption": list("abc"),
        }
    )
    found = clip_players.middles(table, "text")
    assert found[["clip_id", "label", "note"]].to_numpy().tolist() == [["open1", "1  walk", "a"]]


def test_pages_ask_for_the_players_that_notebooks_save() -> None:
    root = Path(__file__).parents[3]
    for stem in ("00_data_preparation", "01_similarity_test", "05_clustering"):
        notebook = (root / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8")
        page = (root / "report" / f"{stem}.qmd").read_text(encoding="utf-8")
        names = {part.split('\\"')[1] for part in notebook.split("clip_players.save(")[1:]}
        assert names and all(f"assets/{stem}/{name}_1.html" in page for name in names)
