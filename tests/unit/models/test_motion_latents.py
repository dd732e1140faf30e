"""Latents of motions through the engine: those of the motions in memory, however they are cut and whoever computes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from lib.base.errors import RunError
from lib.base.hashes import file_sha256
from lib.corpus import Corpus, load
from lib.engine import results
from lib.engine.parameters import EngineParameters, choose_engine
from lib.models import latents
from lib.models.evaluators import Evaluator
from lib.models.evaluators.sizes import EvaluatorSizes
from lib.models.evaluators.words import Vocabulary
from lib.models.motion_latents import MotionEncoder, motion_latents, segment
from lib.models.tmr.model import TMR
from lib.motion.features import from_joints
from tests.unit.motion.bodies import swinging

from .stored import bodies
from .tmr_corpus import SMALL

N = 21


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results, "PARTITIONS", tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return bodies(tmp_path, N)


def tmr(seed: int = 0, heads: int = 2) -> TMR:
    torch.manual_seed(seed)
    return TMR(replace(SMALL, num_heads=heads), torch.zeros(263), torch.ones(263)).eval()


def evaluator() -> Evaluator:
    torch.manual_seed(0)
    vocabulary = Vocabulary(("sos", "eos", "unk", "person"))
    return Evaluator(
        EvaluatorSizes(8, 8, 8, 8, 6), torch.zeros(263), torch.ones(263), vocabulary, torch.randn(4, 300)
    ).eval()


def segments(corpus: Corpus) -> pd.DataFrame:
    ends = [(7, 20) if at % 4 == 1 else (0, 0) for at in range(N)]
    return pd.DataFrame({"clip_id": corpus.clips["clip_id"]}).assign(
        begin=[a for a, _ in ends], end=[b for _, b in ends]
    )


def in_memory(table: pd.DataFrame) -> list[np.ndarray]:
    """The segments' features, made of the bodies without a file in between."""
    found = []
    for at, (begin, end) in enumerate(zip(table["begin"], table["end"], strict=True)):
        millimetres = np.round(swinging(30 + 7 * (at % 5), seed=at) * 1000).astype(np.int16)
        features = np.asarray(from_joints(millimetres.astype(np.float32) / np.float32(1000)), dtype=np.float32)
        found.append(features[begin:end] if end else features)
    return found


@pytest.mark.parametrize("model", [tmr(), evaluator()], ids=["TMR", "evaluator"])
@pytest.mark.parametrize("rows", [N, 11, 3], ids=["1", "2", "7"])
def test_latents_are_those_of_the_motions_in_memory(
    corpus: Corpus, kept: Path, model: MotionEncoder, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIB_ENGINE", "")
    choose_engine(EngineParameters(workers=1))
    table = segments(corpus)
    whole = model.encode_motion(in_memory(table))
    made = motion_latents(model, corpus, table, rows=rows, progress=False)
    assert made.dtype == np.float32 and whole.std(axis=0).min() > 1e-3
    if rows == N:  # the network saw the same motions together
        np.testing.assert_array_equal(made, whole)
    np.testing.assert_allclose(made, whole, rtol=0, atol=1e-6)
    assert len([*kept.glob("motion latents/*.parquet")]) == -(-N // rows)


def test_the_number_of_workers_moves_no_bit(corpus: Corpus, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIB_ENGINE", "")
    made = []
    for workers in (1, 2):
        choose_engine(EngineParameters(workers=workers))
        made.append(motion_latents(tmr(), corpus, segments(corpus), rows=7, progress=False))
        for file in kept.rglob("*.parquet"):
            file.unlink()
    np.testing.assert_array_equal(*made)


def test_latents_are_kept_until_motions_segments_weights_or_sizes_change(
    corpus: Corpus, kept: Path, tmp_path: Path
) -> None:
    table, made = segments(corpus), lambda: len([*kept.glob("motion latents/*.parquet")])
    first = motion_latents(tmr(), corpus, table, progress=False)
    captions = {**corpus.provenance.files, "captions.parquet": "1"}
    told = replace(corpus, provenance=replace(corpus.provenance, files=captions))
    np.testing.assert_array_equal(motion_latents(tmr(), told, table, progress=False), first)
    assert made() == 1
    motion_latents(tmr(), corpus, table.assign(end=0, begin=0), progress=False)
    motion_latents(tmr(seed=1), corpus, table, progress=False)
    assert made() == 3
    same, other = tmr(), tmr(heads=4)
    assert same.fingerprint == other.fingerprint  # no weight tells how many heads there are
    assert not np.allclose(motion_latents(other, corpus, table, progress=False), first) and made() == 4
    joints = np.load(tmp_path / "joints.npy")
    np.save(tmp_path / "joints.npy", np.roll(joints, 40, axis=0))
    files = {"joints.npy": file_sha256(tmp_path / "joints.npy")}
    moved = replace(corpus, provenance=replace(corpus.provenance, files=files))
    assert not np.allclose(motion_latents(tmr(), moved, table, progress=False), first) and made() == 5


@pytest.mark.parametrize("form", ["new_joint_vecs", "new_joints"])
def test_motions_of_a_humanml3d_folder_are_opened_a_file_a_clip(
    corpus: Corpus, kept: Path, tmp_path: Path, form: str
) -> None:
    root, table = tmp_path / "h3d", segments(corpus)
    for folder in (form, "texts"):
        (root / folder).mkdir(parents=True)
    for at, clip in enumerate(table["clip_id"]):
        array = corpus.motion(clip) if form == "new_joint_vecs" else corpus.motions.joints(clip)
        np.save(root / form / f"{clip}.npy", array.astype(np.float64 if at % 2 else np.float32))
        (root / "texts" / f"{clip}.txt").write_text("a person swings#a/DET person/NOUN swings/VERB#0.0#0.0\n")
    for split, ids in zip(("train", "val", "test"), np.split(table["clip_id"].to_numpy(), [3, 7]), strict=True):
        (root / f"{split}.txt").write_text("\n".join(ids))
    found = motion_latents(tmr(), load("humanml3d", root), table, rows=4, progress=False)
    np.testing.assert_allclose(found, motion_latents(tmr(), corpus, table, rows=4, progress=False), rtol=0, atol=1e-6)
    assert len([*kept.glob("motion latents/*.parquet")]) == 2 * 6
    root = root.rename(tmp_path / "moved")
    np.testing.assert_array_equal(motion_latents(tmr(), load("humanml3d", root), table, rows=4, progress=False), found)
    assert len([*kept.glob("motion latents/*.parquet")]) == 2 * 6
    np.save(root / form / "c00.npy", np.load(root / form / "c01.npy"))
    other = motion_latents(tmr(), load("humanml3d", root), table, rows=4, progress=False)
    assert not np.allclose(other[0], found[0]) and np.array_equal(other[4:], found[4:])


def test_a_corpus_is_encoded_by_the_segment_of_a_first_caption(corpus: Corpus) -> None:
    model = evaluator()
    made = latents.encode(model, corpus, progress=False)
    assert made.clip_id == corpus.clips["clip_id"].tolist()
    table = segments(corpus)
    table.loc[~table["clip_id"].isin(corpus.captions["clip_id"]), ["begin", "end"]] = 0
    np.testing.assert_array_equal(made.motion, model.encode_motion(in_memory(table)))
    tests = latents.encode(model, corpus, split="test", progress=False)
    assert tests.clip_id == corpus.clips.loc[corpus.clips["split"] == "test", "clip_id"].tolist()
    np.testing.assert_allclose(tests.motion, made.motion[[clip in tests.clip_id for clip in made.clip_id]], atol=1e-6)
    assert latents.encode(model, corpus, split="val", progress=False).motion.shape == (0, 6)


def test_a_motion_that_the_model_does_not_take_is_named_with_its_rows(corpus: Corpus) -> None:
    table = segments(corpus)
    table.loc[9, ["begin", "end"]] = [3, 5]
    with pytest.raises(RunError, match=r"^motion latents: rows 8 to 11 failed: motion 1 has shape \(2, 263\); give 4"):
        motion_latents(evaluator(), corpus, table, rows=4, progress=False)


def test_a_segment_that_would_be_empty_is_the_whole() -> None:
    motion = np.arange(12, dtype=np.float32).reshape(4, 3)
    np.testing.assert_array_equal(segment(motion, 4, 9), motion)
