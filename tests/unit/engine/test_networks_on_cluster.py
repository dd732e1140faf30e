"""Networks as tasks of a Ray of two workers: the vectors and the latents of processes of this machine, to the bit."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from lib.base.device import CHOSEN
from lib.engine import results
from lib.engine.parameters import EngineParameters, choose_engine
from lib.models.motion_latents import motion_latents
from lib.models.tmr.model import TMR
from lib.text import encoder, passes
from tests.unit.models.stored import bodies
from tests.unit.models.tmr_corpus import SMALL
from tests.unit.text.tiny import write_tiny_mpnet


@pytest.fixture(autouse=True)
def chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIB_ENGINE", "")
    monkeypatch.setenv(CHOSEN, "cpu")


def test_latents_of_motions(ray_engine: EngineParameters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = bodies(tmp_path, 12)
    torch.manual_seed(0)
    tmr = TMR(SMALL, torch.zeros(263), torch.ones(263)).eval()
    table = pd.DataFrame({"clip_id": corpus.clips["clip_id"], "begin": 0, "end": 0})
    made = []
    for number, engine in enumerate((EngineParameters(workers=1), ray_engine)):
        choose_engine(engine)
        monkeypatch.setattr(results, "PARTITIONS", tmp_path / str(number))
        made.append(motion_latents(tmr, corpus, table, rows=5, progress=False))
        assert len([*(tmp_path / str(number)).rglob("*.parquet")]) == 3
    np.testing.assert_array_equal(*made)


def test_sentence_vectors(ray_engine: EngineParameters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model").mkdir()
    model = write_tiny_mpnet(tmp_path / "model")
    monkeypatch.setattr(passes, "TOKENS_OF_FEW", 0)
    monkeypatch.setitem(passes.TOKENS_OF_PARTITION, "cpu", 1024)
    texts, made = [f"a man walks {'to and fro ' * (n % 9)}{n}" for n in range(90)], []
    for number, engine in enumerate((EngineParameters(workers=1), ray_engine)):
        choose_engine(engine)
        made.append(encoder.encode(texts, model=model, store=tmp_path / f"{number}" / "s.sqlite", progress=False))
    np.testing.assert_array_equal(*made)
