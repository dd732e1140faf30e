"""Captioners of a private corpus go by numbers from the reading on, however short their names are."""

import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lib.corpus import Corpus
from lib.corpus.corpus import Provenance
from lib.run.redaction import Redaction, captioners
from lib.sections.captioners.compared_captions import compared_captions
from lib.sections.captioners.votes import votes

NAMES = ["A", "B", "R", "Zq", "human"]


def corpus(root: Path, name: str, names: list[str]) -> Corpus:
    """Four clips, each with a caption of every captioner, and a survey in which the first one always wins."""
    root.mkdir()
    ids = [f"c{i}" for i in range(4)]
    clips = pd.DataFrame({"clip_id": ids, "base_id": ids, "split": "test", "source": None, "mirror_of": None})
    rows = [(clip, f"{clip}{who}", f"{clip} walks", who) for clip in ids for who in names]
    captions = pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "captioner"]).assign(tokens=None)
    cast = [("r1", clip, who, rank) for clip in ids for rank, who in enumerate(names, 1)]
    survey = pd.DataFrame(cast, columns=["respondent", "clip_id", "captioner", "rank"])
    survey.to_csv(root / "survey.csv", index=False)
    return Corpus(name, clips, captions, splits={}, motions=SimpleNamespace(), provenance=Provenance(root, {}))  # type: ignore[arg-type]


@pytest.fixture
def read(tmp_path: Path) -> dict[str, Corpus]:
    return {"dm": corpus(tmp_path / "dm", "DM", NAMES), "h3d": corpus(tmp_path / "h3d", "H3D", ["A", "crowd"])}


def test_what_a_comparison_and_a_survey_are_made_of_has_numbers_for_names(read: dict[str, Corpus]) -> None:
    shown = captioners.numbered(read, ["dm"], named=["R"])
    assert compared_captions(shown, "captioner", splits=["test"]).names == [
        "captioner 1",
        "captioner 2",
        "R",
        "captioner 3",
    ]
    counted = votes(shown["dm"], draws=10, rng=np.random.default_rng(0))
    assert counted.ballots and set(counted.ballots.captioners) == {
        "captioner 1",
        "captioner 2",
        "R",
        "captioner 3",
        "human",
    }
    assert counted.shares is not None and counted.shares["captioner"].tolist()[0] == "captioner 1", "A always wins"
    assert shown["h3d"] is read["h3d"] and {*shown["h3d"].captions["captioner"]} == {"A", "crowd"}


def test_a_captioner_of_the_survey_alone_has_a_number_too(read: dict[str, Corpus], tmp_path: Path) -> None:
    table = pd.read_csv(tmp_path / "dm" / "survey.csv")
    table.replace({"captioner": {"B": "Xy"}}).to_csv(tmp_path / "dm" / "survey.csv", index=False)
    assert captioners.aliases([read["dm"]]) == {
        "A": "captioner 1",
        "B": "captioner 2",
        "R": "captioner 3",
        "Xy": "captioner 4",
        "Zq": "captioner 5",
    }


def test_a_survey_that_is_no_file_keeps_nobody_waiting(read: dict[str, Corpus], tmp_path: Path) -> None:
    (tmp_path / "dm" / "survey.csv").unlink()
    os.mkfifo(tmp_path / "dm" / "survey.csv")
    assert {*captioners.aliases([read["dm"]])} == {"A", "B", "R", "Zq"}


def test_numbers_stay_the_same_when_a_corpus_that_has_them_is_looked_at_again(read: dict[str, Corpus]) -> None:
    names = [f"m{i:02d}" for i in range(12)]
    many = read["dm"].captions.iloc[:12].assign(captioner=names)
    shown = captioners.numbered({"dm": replace(read["dm"], captions=many)}, ["dm"])
    assert captioners.aliases(shown.values()) == shown["dm"].called
    rule = Redaction(["dm"], lambda: shown)
    assert rule.text("captioner 10, m09 and captioner 2") == "captioner 10, captioner 14 and captioner 2"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("B is preferred to Zq.", "captioner 2 is preferred to captioner 4."),
        ("best: A; then “B”", "best: captioner 1; then “captioner 2”"),
        ("A", "captioner 1"),
        ("A person walks a mile", "A person walks a mile"),
        ("R@1 and R = 0.3, R-means, BB", "R@1 and R = 0.3, R-means, BB"),
        ("R, 0.3", "captioner 3, 0.3"),
    ],
)
def test_a_text_loses_short_names_but_keeps_its_articles_and_formulas(
    read: dict[str, Corpus], said: str, told: str
) -> None:
    assert Redaction(["dm"], lambda: {"dm": read["dm"]}).text(said) == told
