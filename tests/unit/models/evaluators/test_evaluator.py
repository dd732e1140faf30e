"""The evaluator's folder is read strictly, and its latents are those of its networks, clip by clip."""

import io
import json
import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from numpy.typing import NDArray

from lib.base.errors import ModelError
from lib.models.evaluators import Evaluator, MotionEncoderBiGRUCo, MovementConvEncoder, TextEncoderBiGRUCo
from lib.models.evaluators.folder import read_files, weighted
from lib.models.evaluators.sizes import EvaluatorSizes
from lib.models.evaluators.words import CLASSES, Vocabulary

FEW = EvaluatorSizes(6, 5, 7, 8, 4)
WORDS = ["sos", "eos", "unk", "bow", "deeply", "arm"]
RNG = np.random.default_rng(3)
MEAN, STD = RNG.normal(size=263).astype(np.float32), RNG.uniform(0.5, 2, 263).astype(np.float32)
STD[[0, 1, 2, 3, -4, -3, -2, -1]] = 0.01


def put(folder: Path, sizes: EvaluatorSizes | None = FEW) -> Path:
    """A folder in the public layout, written by hand; the vectors stand in another order than the words."""
    torch.manual_seed(5)
    of = sizes or EvaluatorSizes()
    (folder / "text_mot_match" / "model").mkdir(parents=True)
    (folder / "glove").mkdir()
    (folder / "meta").mkdir()
    checkpoint = {
        "text_encoder": TextEncoderBiGRUCo(300, 15, of.text_hidden, of.latent_dim).state_dict(),
        "motion_encoder": MotionEncoderBiGRUCo(of.movement, of.motion_hidden, of.latent_dim).state_dict(),
        "movement_encoder": MovementConvEncoder(259, of.movement_hidden, of.movement).state_dict(),
        "opt_text_encoder": {"state": {0: {"step": 4, "exp_avg": torch.zeros(2)}}, "param_groups": [{"lr": 1e-4}]},
        "epoch": 7,
        "iter": 70,
    }
    torch.save(checkpoint, folder / "text_mot_match" / "model" / "finest.tar")
    np.save(folder / "glove" / "our_vab_data.npy", np.random.default_rng(6).normal(size=(len(WORDS) + 1, 300)))
    put_pickle(folder / "glove" / "our_vab_words.pkl", WORDS)
    put_pickle(folder / "glove" / "our_vab_idx.pkl", {word: len(WORDS) - at for at, word in enumerate(WORDS)})
    np.save(folder / "meta" / "mean.npy", MEAN)
    np.save(folder / "meta" / "std.npy", STD)
    if sizes:
        (folder / "sizes.json").write_text(json.dumps(asdict(sizes)))
    return folder


def put_pickle(path: Path, content: object) -> None:
    path.write_bytes(pickle.dumps(content, protocol=3))


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        file = folder / "text_mot_match" / "model" / "finest.tar"
        held = torch.load(file, weights_only=True)
        change(held)
        torch.save(held, file)

    return apply


class Code:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("made-by-a-pickle",)


def motion(frames: int) -> NDArray[np.float32]:
    return (np.random.default_rng(frames).normal(size=(frames, 263)) * STD + MEAN).astype(np.float32)


def by_hand(evaluator: Evaluator, clip: NDArray[np.float32]) -> NDArray[np.float32]:
    """One clip as the public loader brings it: whole movements, normalised, then zeros up to 196 frames."""
    n = min(len(clip), 196) // 4
    frames = np.zeros((1, 196, 263))
    frames[0, : 4 * n] = (clip[: 4 * n] - MEAN) / STD
    movements = evaluator.movement_encoder(torch.from_numpy(frames[..., :259]).float())
    return evaluator.motion_encoder(movements, [n])[0].numpy()


@pytest.mark.parametrize("frames", [[40, 43, 44, 196], [196, 40], [4, 5, 7], [199, 250, 60, 60]])
@torch.no_grad()
def test_a_motion_has_the_latent_it_has_alone_padded_as_in_public(frames: list[int], tmp_path: Path) -> None:
    evaluator = Evaluator.from_run_dir(put(tmp_path / "few"))
    clips = [motion(n) for n in frames]
    expected = np.stack([by_hand(evaluator, clip) for clip in clips])
    found = evaluator.encode_motion(clips)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_contacts_are_not_read_and_the_last_movement_sees_the_end(tmp_path: Path) -> None:
    evaluator = Evaluator.from_run_dir(put(tmp_path / "few"))
    clip = motion(40)
    other = clip.copy()
    other[:, 259:] = 1
    assert np.array_equal(evaluator.encode_motion([clip]), evaluator.encode_motion([other]))
    longer = np.concatenate([clip, motion(3)])  # a part of a movement, which is cut off
    assert np.allclose(evaluator.encode_motion([clip]), evaluator.encode_motion([longer]), atol=1e-6)


@torch.no_grad()
def test_a_caption_is_read_by_its_tokens(tmp_path: Path) -> None:
    evaluator = Evaluator.from_run_dir(put(tmp_path / "few"))
    table = np.load(tmp_path / "few" / "glove" / "our_vab_data.npy")
    keys = ["bow/VERB deeply/ADV", "the/DET arm/NOUN", "", "bow/VERB deeply/ADV"]
    read = [
        [("sos", "OTHER"), ("bow", "VERB"), ("deeply", "ADV"), ("eos", "OTHER")],
        [("sos", "OTHER"), ("unk", "OTHER"), ("arm", "Body_VIP"), ("eos", "OTHER")],
        [("sos", "OTHER"), ("eos", "OTHER")],
    ]
    found = evaluator.encode_keys(keys)
    for tokens, latent in zip([*read, read[0]], found, strict=True):
        vectors = torch.from_numpy(np.stack([table[len(WORDS) - WORDS.index(word)] for word, _ in tokens])).float()
        kinds = torch.eye(15)[[CLASSES.index(kind) for _, kind in tokens]]
        expected = evaluator.text_encoder(vectors[None], kinds[None], [len(tokens)])[0]
        np.testing.assert_allclose(latent, expected, atol=1e-5)
    assert np.array_equal(found[0], found[3])


def test_captions_without_tokens_are_tagged(tmp_path: Path) -> None:
    evaluator = Evaluator.from_run_dir(put(tmp_path / "few"))
    captions = pd.DataFrame({"text": ["x", "someone bows deeply"], "tokens": ["arm/NOUN bow/VERB", pd.NA]})
    found = evaluator.encode_captions(captions)
    expected = evaluator.encode_keys(["arm/NOUN bow/VERB", "someone/PRON bow/VERB deeply/ADV"])
    np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_allclose(evaluator.encode_text(["someone bows deeply"])[0], expected[1], atol=1e-6)


def test_a_folder_without_sizes_is_the_public_evaluator(tmp_path: Path) -> None:
    evaluator = Evaluator.from_run_dir(put(tmp_path / "t2m", None))
    assert evaluator.public and evaluator.name == "T2M evaluator"
    assert evaluator.encode_motion([motion(40)]).shape == (1, 512)
    few = Evaluator.from_run_dir(put(tmp_path / "few"))
    assert not few.public and few.name == "small T2M evaluator"


def test_a_folder_that_is_written_is_read_again(tmp_path: Path) -> None:
    evaluator = Evaluator.from_run_dir(put(tmp_path / "few"))
    evaluator.to_run_dir(tmp_path / "copy")
    copy = Evaluator.from_run_dir(tmp_path / "copy")
    assert copy.fingerprint == evaluator.fingerprint
    assert np.array_equal(copy.encode_keys(["bow/VERB"]), evaluator.encode_keys(["bow/VERB"]))
    # what the public code opens them with
    with (tmp_path / "copy" / "glove" / "our_vab_idx.pkl").open("rb") as stream:
        assert pickle.load(stream) == {word: at for at, word in enumerate(WORDS)}


def test_a_copy_of_the_public_repository_is_found(tmp_path: Path) -> None:
    inner = put(tmp_path / "repository" / "checkpoints" / "t2m")
    (inner / "meta").rename(inner / "Comp_v6_KLD01-meta")
    (inner / "Comp_v6_KLD01").mkdir()
    (inner / "Comp_v6_KLD01-meta").rename(inner / "Comp_v6_KLD01" / "meta")
    (inner / "glove").rename(tmp_path / "repository" / "glove")
    whole = Evaluator.from_run_dir(put(tmp_path / "few")).fingerprint
    assert Evaluator.from_run_dir(tmp_path / "repository").fingerprint == whole
    assert Evaluator.from_run_dir(inner).fingerprint == whole


def test_statistics_follow_from_those_of_humanml3d(tmp_path: Path) -> None:
    folder = put(tmp_path / "few")
    shutil.rmtree(folder / "meta")
    np.save(folder / "Mean.npy", MEAN)
    np.save(folder / "Std.npy", np.full(263, 0.5, np.float32))
    files = read_files(folder)
    assert torch.equal(files.mean, torch.from_numpy(MEAN))
    expected = np.full(263, 0.5)
    expected[:4] = expected[259:] = 0.02
    np.testing.assert_allclose(files.std, expected, rtol=1e-6)


def test_weighting_leaves_the_given_deviations_alone() -> None:
    std = torch.ones(263)
    assert weighted(std)[0] != 1 and torch.equal(std, torch.ones(263))


def test_the_fingerprint_tells_words_weights_and_statistics(tmp_path: Path) -> None:
    files = read_files(put(tmp_path / "few"))
    made = []
    for words, shift in ((files.vocabulary, 0.0), (Vocabulary((*WORDS[:5], "leg")), 0.0), (files.vocabulary, 1.0)):
        torch.manual_seed(1)
        made.append(Evaluator(FEW, files.mean + shift, files.std, words, files.vectors).fingerprint)
    assert len(set(made)) == 3


LIST, DICT = "glove/our_vab_words.pkl", "glove/our_vab_idx.pkl"
FAULTS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "no checkpoint": (lambda f: (f / "text_mot_match/model/finest.tar").unlink(), "", "finest.tar is missing"),
    "another network": (changed(lambda held: held.pop("motion_encoder")), "finest.tar", "no state dict motion_encoder"),
    "a key too few": (
        changed(lambda held: held["text_encoder"].pop("hidden")),
        "finest.tar",
        "text_encoder lacks hidden",
    ),
    "a key too many": (
        changed(lambda held: held["movement_encoder"].update({"main.9.weight": torch.zeros(1)})),
        "finest.tar",
        "movement_encoder has main.9.weight, which the evaluator has not",
    ),
    "another shape": (
        changed(lambda held: held["motion_encoder"].update({"hidden": torch.zeros(2, 1, 9)})),
        "finest.tar",
        "hidden has shape (2, 1, 9)",
    ),
    "a weight that is no number": (
        changed(lambda held: held["motion_encoder"].update({"hidden": torch.full((2, 1, 8), torch.nan)})),
        "finest.tar",
        "motion_encoder.hidden has values that are not finite",
    ),
    "code in the checkpoint": (
        lambda f: torch.save({"text_encoder": Code()}, f / "text_mot_match/model/finest.tar"),
        "finest.tar",
        "perhaps code",
    ),
    "half a checkpoint": (
        lambda f: (f / "text_mot_match/model/finest.tar").write_bytes(b"PK\x03\x04half"),
        "finest.tar",
        "unreadable",
    ),
    "sizes of something else": (lambda f: (f / "sizes.json").write_text('{"width": 3}'), "sizes.json", "not the sizes"),
    "sizes without end": (lambda f: (f / "sizes.json").write_text("[" * 100_000), "sizes.json", "not the sizes"),
    "a size that is none": (lambda f: (f / "sizes.json").write_text('{"movement": 0}'), "sizes.json", "not the sizes"),
    "the public sizes": (lambda f: (f / "sizes.json").unlink(), "finest.tar", "has shape"),
    "no words": (lambda f: (f / LIST).unlink(), "", "our_vab_words.pkl is missing"),
    "no rows": (lambda f: (f / DICT).unlink(), "idx.pkl", "is missing"),
    "code in the words": (lambda f: put_pickle(f / LIST, Code()), "words.pkl", "perhaps code"),
    "code among the words": (lambda f: put_pickle(f / LIST, [*WORDS, Code()]), "words.pkl", "perhaps code"),
    "a class among the words": (lambda f: put_pickle(f / LIST, {"x": io.BytesIO}), "words.pkl", "_io.BytesIO"),
    "half the words": (lambda f: (f / LIST).write_bytes(b"\x80\x03]q\x00("), "words.pkl", "unreadable"),
    "a word cut off": (lambda f: (f / LIST).write_bytes((f / LIST).read_bytes()[:20]), "words.pkl", "unreadable"),
    "words twice": (lambda f: put_pickle(f / LIST, [*WORDS, "bow"]), "words.pkl", "distinct"),
    "numbers for words": (lambda f: put_pickle(f / LIST, [1, 2]), "words.pkl", "distinct"),
    "no unk": (lambda f: put_pickle(f / LIST, ["sos", "eos", "bow"]), "words.pkl", "lacks the word unk"),
    "a word without a row": (lambda f: put_pickle(f / DICT, {"sos": 0}), "idx.pkl", "the row of every word"),
    "a row too far": (lambda f: put_pickle(f / DICT, dict.fromkeys(WORDS, 99)), "idx.pkl", "rows that our_vab_data"),
    "a row before the first": (lambda f: put_pickle(f / DICT, dict.fromkeys(WORDS, -1)), "idx.pkl", "names rows"),
    "narrow vectors": (
        lambda f: np.save(f / "glove/our_vab_data.npy", np.zeros((9, 50))),
        "data.npy",
        "instead of (words, 300)",
    ),
    "pickled vectors": (
        lambda f: np.save(f / "glove/our_vab_data.npy", np.array([{}], dtype=object), allow_pickle=True),
        "data.npy",
        "pickled objects",
    ),
    "vectors without end": (
        lambda f: np.save(f / "glove/our_vab_data.npy", np.full((9, 300), np.inf)),
        "data.npy",
        "finite",
    ),
    "no statistics": (lambda f: shutil.rmtree(f / "meta"), "", "statistics"),
    "statistics of KIT": (lambda f: np.save(f / "meta/mean.npy", np.zeros(251)), "mean.npy", "(251,)"),
    "no deviation": (lambda f: np.save(f / "meta/std.npy", np.zeros(263)), "std.npy", "not positive"),
    "HumanML3D's own deviations": (
        lambda f: np.save(f / "meta/std.npy", np.full(263, 0.36)),
        "std.npy",
        "not divided by 25",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_folder_is_refused_in_one_line(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = put(tmp_path / "few")
    Evaluator.from_run_dir(folder)
    make, where, what = FAULTS[fault]
    if fault == "HumanML3D's own deviations":
        shutil.rmtree(folder)
        put(folder, None)
    make(folder)
    with pytest.raises(ModelError) as caught:
        Evaluator.from_run_dir(folder)
    line = str(caught.value)
    assert "\n" not in line and str(folder) in line and where in line and what in line and "; " in line
    assert not Path("made-by-a-pickle").exists()


@pytest.mark.parametrize("shape", [(3, 263), (40, 259), (263,), (0, 263)])
def test_motions_that_cannot_be_read_are_named(shape: tuple[int, ...], tmp_path: Path) -> None:
    evaluator = Evaluator.from_run_dir(put(tmp_path / "few"))
    with pytest.raises(ModelError, match=r"motion 1 has shape .*; give 4 frames or more of 263 numbers"):
        evaluator.encode_motion([motion(40), np.zeros(shape)])
