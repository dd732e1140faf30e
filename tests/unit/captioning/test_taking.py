"""A captioner's captions put into a corpus: which setting, and what of the corpus is kept."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.base.errors import CorpusError
from lib.captioning.taking import BEFORE, Taken, take


def table(captioner: str, texts: list[str], **more: object) -> pd.DataFrame:
    clips = [f"c{n}" for n in range(len(texts))]
    ids = [f"{clip}#{captioner}{''.join(map(str, more.values()))}" for clip in clips]
    rows = {"clip_id": clips, "caption_id": ids, "text": texts, "captioner": captioner, "start_s": 0.0, "end_s": 0.0}
    return pd.DataFrame({**rows, **more})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    table("human", ["someone walks on", "someone waves a hand"]).to_parquet(tmp_path / "captions.parquet")
    return tmp_path


def texts(root: Path) -> set[str]:
    return {*pd.read_parquet(root / "captions.parquet").text}


def taken(root: Path, name: str, **setting: Any) -> Taken:
    corpus = SimpleNamespace(provenance=SimpleNamespace(root=root))
    return take(corpus, name, rng=np.random.default_rng(0), **setting)  # type: ignore[arg-type]


WALKS = ["a person walks ahead", "a person waves"]


def test_captions_without_settings_are_taken_and_asking_for_one_is_refused(root: Path) -> None:
    table("mine", WALKS).to_parquet(root / "captioner_captions.parquet")
    with pytest.raises(CorpusError, match="0 settings of 'mine' fit"):
        taken(root, "mine", prompt="describe")
    assert taken(root, "mine").captions == 2 and {*WALKS} < texts(root)


def test_settings_are_named_as_they_are_given(root: Path) -> None:
    settings = [("describe", 0.2), ("describe", 0.8), ("steps", None)]
    parts = [table("mine", WALKS, prompt=prompt, temperature=heat) for prompt, heat in settings]
    whole = pd.concat(parts, ignore_index=True).astype({"temperature": "float64"})
    whole.to_parquet(root / "captioner_captions.parquet")
    with pytest.raises(CorpusError) as refused:
        taken(root, "mine", prompt="describe")
    told = "--prompt describe --temperature 0.2; --prompt describe --temperature 0.8; --prompt steps"
    assert str(refused.value).endswith(told)
    assert taken(root, "mine", prompt="steps").captions == 2
    assert taken(root, "mine", prompt="describe", temperature=0.8).captions == 2


def test_captions_that_were_brought_in_since_are_kept(root: Path) -> None:
    table("mine", WALKS).to_parquet(root / "captioner_captions.parquet")
    taken(root, "mine")
    taken(root, "mine")
    assert {*pd.read_parquet(root / BEFORE).text} == {"someone walks on", "someone waves a hand"}
    anew = ["someone strolls on", "someone greets"]
    table("human", anew).to_parquet(root / "captions.parquet")
    taken(root, "mine")
    assert texts(root) == {*anew, *WALKS} and {*pd.read_parquet(root / BEFORE).text} == {*anew}
