"""Latents of a corpus: what is paired with what, kept and read again; the TMR of a profile, given or trained."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
import torch

from lib.base.errors import ModelError, RunError
from lib.engine import results
from lib.models import latents, pairs
from lib.models.evaluators import Evaluator
from lib.models.evaluators.sizes import EvaluatorSizes
from lib.models.evaluators.words import Vocabulary
from lib.models.tmr.model import TMR
from lib.run import profile_tmr
from lib.run.params import load
from lib.run.results import Run

from .stored import stored
from .tmr_corpus import SMALL, corpus, use_words


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "PARTITIONS", tmp_path / "kept")


@pytest.fixture
def tmr(monkeypatch: pytest.MonkeyPatch) -> TMR:
    use_words(monkeypatch)
    torch.manual_seed(0)
    return TMR(SMALL, torch.zeros(263), torch.ones(263)).eval()


def test_every_clip_and_caption_has_the_latent_it_would_have_alone(tmr: TMR, tmp_path: Path) -> None:
    some = stored(corpus(16), tmp_path)
    made = latents.encode(tmr, some, progress=False)
    assert made.clip_id == some.clips["clip_id"].tolist() and made.text.shape == (len(some.captions), 16)
    clip = made.clip_id[5]
    begin, end = (int(20 * x) for x in some.captions.set_index("clip_id").loc[[clip], ["start_s", "end_s"]].iloc[0])
    alone = tmr.encode_motion([some.motion(clip)[begin : end or None]])
    np.testing.assert_allclose(made.motion[5], alone[0], atol=1e-5)
    row = some.captions.index[some.captions["clip_id"] == clip][0]
    np.testing.assert_allclose(made.text[row], tmr.encode_text([some.captions.text[row]])[0], atol=1e-5)


def test_another_evaluator_reads_the_tokens_of_the_captions(tmp_path: Path) -> None:
    vocabulary = Vocabulary(("sos", "eos", "unk", "person", "walks", "runs", "jumps"))
    torch.manual_seed(0)
    vectors = torch.randn(len(vocabulary.words), 300)
    evaluator = Evaluator(EvaluatorSizes(8, 8, 8, 8, 6), torch.zeros(263), torch.ones(263), vocabulary, vectors).eval()
    some = stored(corpus(16), tmp_path)
    tokens = [" ".join(f"{word}/NOUN" for word in text.split()) for text in some.captions["text"]]
    some = replace(some, captions=some.captions.assign(tokens=tokens))
    latents.write(latents.encode(evaluator, some, progress=False), tmp_path, "toy")
    read = pairs.pair(latents.read(tmp_path, "toy"), some)
    assert read.text.shape == read.motion.shape == (16, 6)
    for clip, tokens, text, motion in zip(
        read.clips["clip_id"], read.clips["tokens"], read.text, read.motion, strict=True
    ):
        np.testing.assert_allclose(text, evaluator.encode_keys([tokens])[0], atol=1e-5)
        np.testing.assert_allclose(motion, evaluator.encode_motion([some.motion(clip)])[0], atol=1e-5)


def test_what_was_written_is_read_and_paired(tmr: TMR, tmp_path: Path) -> None:
    some = stored(corpus(16), tmp_path)
    made = latents.encode_all(tmr, {"toy": some}, tmp_path)["toy"]
    again = latents.read(tmp_path, "toy")
    assert again.clip_id == made.clip_id and again.fingerprint == tmr.fingerprint
    np.testing.assert_array_equal(again.motion, made.motion)
    one = pairs.pair(again, some)
    place = {clip: row for row, clip in enumerate(again.clip_id)}
    for row, (clip, text) in enumerate(zip(one.clips["clip_id"], one.clips["text"], strict=True)):
        np.testing.assert_array_equal(one.motion[row], again.motion[place[clip]])
        assert text == some.captions.set_index("clip_id").loc[[clip], "text"].iloc[0]


def test_latents_that_are_not_there_are_asked_for_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no latents of h3d; .*make report"):
        latents.read(tmp_path, "h3d")


@pytest.mark.parametrize(
    ("best", "threads", "epochs", "training"),
    [(2, 1, "3, 3 (the last, so it", "with 1 thread;"), (1, 4, "3, 2", "4 threads;")],
)
def test_the_model_says_how_long_it_was_trained_and_whether_it_may_have_gone_on(
    tmr: TMR, tmp_path: Path, best: int, threads: int, epochs: str, training: str
) -> None:
    tmr.to_run_dir(tmp_path / "run")
    told = {"epochs": 3, "best_epoch": best, "best_recall": 50, "seconds": 60, "threads": threads}
    told |= {split: {"clips": 9, "captions": 9} for split in ("train", "val")}
    (tmp_path / "run" / "training.json").write_text(json.dumps(told))
    profile = load("params/demo.yml", {"models": {"tmr": {"run_dir": str(tmp_path / "run")}}})
    table = profile_tmr.summary(cast(Run, SimpleNamespace(profile=profile)), tmr).set_index("what")["value"]
    assert table["epochs, best one"].startswith(epochs) and ("last" in table["epochs, best one"]) == (best == 2)
    assert training in table["training"] and "outside the notebooks' times" in table["training"]


def test_a_public_run_in_the_parameters_is_taken_and_a_wrong_one_refused(tmr: TMR, tmp_path: Path) -> None:
    tmr.to_run_dir(tmp_path / "run")
    profile = load("params/demo.yml", {"models": {"tmr": {"run_dir": str(tmp_path / "run")}}})
    folder = profile_tmr.run_dir(profile)
    assert TMR.from_run_dir(folder).fingerprint == tmr.fingerprint
    gone = load("params/demo.yml", {"models": {"tmr": {"run_dir": str(tmp_path / "gone")}}})
    with pytest.raises(ModelError, match=r"config.json is missing"):
        TMR.from_run_dir(profile_tmr.run_dir(gone))
