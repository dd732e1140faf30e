"""The simulated captioners and respondents: what is planted is in the files, and nowhere it does not belong."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.corpus import Corpus, load
from lib.corpus.captioners import compared, human
from lib.demo.corpora import build
from lib.demo.corpora.captioners import CAPTIONERS, confused, facts, fidelity, invented, unqualified
from lib.demo.synthesis import Spec

TAKE = [Spec("kick", "fast", "left", "forward"), Spec("turn", direction="clockwise")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("captioners") / "corpora"
    build(folder, seed=5, h3d_clips=40, dm_clips=400)
    return folder


@pytest.fixture(scope="module")
def dm(demo: Path) -> Corpus:
    return load("manifest", demo / "demo-dm")


@pytest.fixture(scope="module")
def truth(demo: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((demo / "truth.json").read_text())["demo-dm"]
    return found


def sides(text: str) -> list[str]:
    return re.findall(r"\b(left|right|clockwise|counterclockwise)\b", text)


def test_every_captioner_captions_the_same_test_clips_in_each_setting(dm: Corpus, truth: dict[str, Any]) -> None:
    table, clips = compared(dm), set(dm.splits["test"])
    assert table.captioner.unique().tolist() == truth["captioners"]["order"]
    for _, one in table.groupby(["captioner", "prompt", "temperature"], dropna=False):
        assert set(one.clip_id) == clips and not one.clip_id.duplicated().any()
    settings = table.drop_duplicates(["captioner", "prompt", "temperature"]).captioner.value_counts()
    assert settings.to_dict() == {"detailed": 4, "hallucinating": 4, "left-right-confused": 1, "terse": 1}
    assert set(human(dm).clip_id) == clips
    assert dm.captions.captioner.unique().tolist() == ["demo-mllm"] and not dm.captions.clip_id.duplicated().any()


def test_planted_fidelity_orders_captioners_and_settings(truth: dict[str, Any]) -> None:
    settings = pd.DataFrame(truth["captioners"]["settings"])
    assert settings.groupby("captioner").fidelity.max().sort_values(ascending=False).index.tolist() == list(CAPTIONERS)
    for name, best in truth["captioners"]["best"].items():
        one = settings[settings.captioner == name].set_index(["prompt", "temperature"]).sort_values("slip")
        assert (best["prompt"], best["temperature"]) == one.index[0] and one.slip.iloc[0] == 0 < one.slip.iloc[1]
        assert one.fidelity.iloc[0] > one.fidelity.iloc[-1]


def test_facts_told_are_held_against_facts_there_are() -> None:
    assert facts(TAKE).total() == 6
    assert fidelity(TAKE, TAKE) == 1 and fidelity([Spec("bow")], TAKE) == 0
    assert fidelity(unqualified(TAKE, np.random.default_rng(0)), TAKE) == pytest.approx(2 * 2 / (2 + 6))


def test_what_each_captioner_does_to_a_clip() -> None:
    rng = np.random.default_rng(0)
    seen = [confused(TAKE, rng) for _ in range(2000)]
    swapped = [one for one in seen if one != TAKE]
    assert len(swapped) / 2000 == pytest.approx(0.8, abs=0.03)
    assert {(s[0].side, s[0].direction, s[1].direction) for s in swapped} == {("right", "forward", "counterclockwise")}
    told = [invented(TAKE, rng) for _ in range(2000)]
    assert np.mean([len(one) == 3 for one in told]) == pytest.approx(0.3, abs=0.04)
    assert np.mean([one[0].action != "kick" for one in told]) == pytest.approx(0.5, abs=0.04)


def test_the_texts_show_it(dm: Corpus, truth: dict[str, Any]) -> None:
    best = compared(dm)
    best = best[~(best.temperature > 0.5) & (best.prompt.isna() | (best.prompt == "body parts"))]
    text = best.pivot(index="clip_id", columns="captioner", values="text")
    words = text.map(lambda one: len(one.split())).mean()
    assert words["terse"] < 0.5 * words["detailed"]
    assert not text["terse"].map(sides).map(len).any()
    both = [(a, b) for a, b in zip(text["detailed"].map(sides), text["left-right-confused"].map(sides), strict=True)
            if len(a) == len(b) == 1]  # fmt: skip
    assert len(both) >= 5 and sum(a != b for a, b in both) > len(both) / 2


def test_the_survey_holds_whole_rankings_with_planted_faults(demo: Path, dm: Corpus, truth: dict[str, Any]) -> None:
    planted, survey = truth["survey"], pd.read_csv(demo / "demo-dm/survey.csv")
    assert set(survey.clip_id) == set(planted["items"]) <= set(dm.clips.clip_id)
    assert survey.respondent.nunique() == planted["respondents"] == 17
    for _, one in survey.groupby(["respondent", "clip_id"]):
        assert sorted(one["rank"]) == sorted(one.position) == [1, 2, 3, 4]
        assert set(one.captioner) == set(planted["abilities"])
    careful = survey[~survey.respondent.isin(planted["random_respondents"])]
    means = careful.groupby("captioner")["rank"].mean()
    assert means.sort_values().index.tolist() == truth["captioners"]["order"]
    assert len(planted["random_respondents"]) == 2
    assert careful["rank"][careful.position == 1].mean() < careful["rank"][careful.position != 1].mean()


def test_a_small_corpus_has_its_captioners_and_survey_too(tmp_path: Path) -> None:
    build(tmp_path / "small", seed=1, h3d_clips=40, dm_clips=40)
    corpus = load("manifest", tmp_path / "small/demo-dm")
    assert set(compared(corpus).clip_id) <= set(corpus.splits["test"])
    assert len(pd.read_csv(tmp_path / "small/demo-dm/survey.csv"))
