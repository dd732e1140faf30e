"""Training a small evaluator: its losses are those written down, it learns, repeats itself, and goes on when killed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from lib.base.errors import CorpusError, ModelError
from lib.corpus import Corpus
from lib.models.evaluators import Evaluator, matching, movements, training
from lib.models.evaluators.folder import grouped
from lib.models.evaluators.movements import Autoencoder, Windows
from lib.models.evaluators.sizes import EvaluatorSizes, EvaluatorTraining
from lib.models.evaluators.words import Vocabulary
from lib.models.tmr.pairs import Pairs
from tests.unit.models.tmr_corpus import corpus as untagged

FEW = EvaluatorSizes(16, 12, 16, 16, 8)
QUICK = EvaluatorTraining(
    movement_epochs=2, movement_batch=16, movement_lr=3e-3, batch=8, epochs=3, patience=9, lr=5e-3, rolls=7
)
"""Threads are left as they are: the same number throughout one process."""


def corpus(clips: int = 48) -> Corpus:
    """The made-up corpus with tokens of its own, so that nothing is tagged."""
    made = untagged(clips)
    tokens = [" ".join(f"{word}/NOUN" for word in text.split()) for text in made.captions["text"]]
    return replace(made, captions=made.captions.assign(tokens=tokens))


def run(cache: Path, how: EvaluatorTraining = QUICK, sizes: EvaluatorSizes = FEW, clips: int = 48) -> Path:
    return training.train([corpus(clips)], sizes=sizes, training=how, cache=cache, progress=False)


def fingerprint(folder: Path) -> str:
    return Evaluator.from_run_dir(folder).fingerprint


def small() -> Evaluator:
    vocabulary = Vocabulary(("sos", "eos", "unk", "a"))
    return Evaluator(FEW, torch.zeros(263), torch.ones(263), vocabulary, torch.zeros(4, 300))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield run(tmp_path_factory.mktemp("models"))
    torch.set_num_threads(threads)


def test_the_contrastive_loss_is_the_one_written_down() -> None:
    rng = np.random.default_rng(0)
    text, motion = rng.normal(scale=4, size=(5, 3)), rng.normal(scale=4, size=(5, 3))
    distance = np.linalg.norm(text[:, None] - motion[None], axis=-1)
    hinge = np.maximum(0, 6 - distance) ** 2
    expected = [np.mean([hinge[row, (row + by) % 5] for by in (1, 3) for row in range(5)])]
    matched, mismatched = matching.contrastive(torch.tensor(text), torch.tensor(motion), [1, 3], 6.0)
    assert float(matched) == pytest.approx(np.mean(np.diag(distance) ** 2), rel=1e-5)
    assert float(mismatched) == pytest.approx(expected[0], rel=1e-5)
    _, none = matching.contrastive(torch.tensor(text), torch.tensor(motion) + 100, [1, 2, 3, 4], 6.0)
    assert float(none) == 0


def test_the_autoencoder_loss_is_the_one_written_down() -> None:
    model = Autoencoder(small()).eval()
    frames = torch.from_numpy(np.random.default_rng(1).normal(size=(2, 24, 263)).astype(np.float32))
    how = EvaluatorTraining(smooth=0.5, sparse=0.25)
    with torch.no_grad():
        found = {name: float(term) for name, term in movements.losses(model, frames, how).items()}
        latents = model.encoder(frames[..., :259]).numpy()
        rebuilt = model.decoder(torch.from_numpy(latents)).numpy()
    expected = {
        "rebuilt": np.abs(rebuilt - frames.numpy()).mean(),
        "smooth": np.abs(latents[:, 1:] - latents[:, :-1]).mean(),
        "sparse": np.abs(latents).mean(),
    }
    expected["loss"] = expected["rebuilt"] + 0.5 * expected["smooth"] + 0.25 * expected["sparse"]
    assert found == pytest.approx(expected, rel=1e-5)


def test_windows_are_every_stretch_of_frames_once() -> None:
    lengths = [25, 30, 24]
    rows = pd.DataFrame({"corpus": 0, "clip_id": ["a", "b", "c"], "text": "x", "begin": 0, "end": lengths})
    frames = [torch.full((n, 263), float(at)) + torch.arange(n)[:, None] / 100 for at, n in enumerate(lengths)]
    windows = Windows(Pairs(rows, frames, 1), 24)
    assert windows.count == sum(lengths) // 24 and windows.ends[-1] == 2 + 7 + 1
    found = [(int(one[0, 0]), round(float(one[0, 0]) % 1 * 100)) for one in windows[np.arange(10)]]
    assert found == [(0, 0), (0, 1), *((1, begin) for begin in range(7)), (2, 0)]
    assert windows[[3]].shape == (1, 24, 263)
    drawn = np.concatenate([windows.draw(np.random.default_rng(seed)) for seed in range(60)])
    assert set(drawn) == set(range(10))
    with pytest.raises(CorpusError, match="no clip of 32 frames"):
        Windows(Pairs(rows, frames, 1), 32)


@pytest.mark.parametrize("frames", [4, 7, 43, 196, 240])
def test_crops_are_whole_movements_from_anywhere(frames: int) -> None:
    motion = torch.arange(frames)[:, None].repeat(1, 263)
    rng = np.random.default_rng(frames)
    crops = [matching.cropped(motion, rng) for _ in range(300)]
    whole = min(frames, 196) // 4
    lengths = [len(crop) for crop in crops]
    assert set(lengths) == ({4 * whole, 4 * whole - 4} if whole > 1 else {4})
    if whole > 1:
        assert 0.2 < np.mean(np.array(lengths) < 4 * whole) < 0.47  # a third of 300
    assert {int(crop[0, 0]) for crop in crops if len(crop) == 4 * whole} == set(range(frames - 4 * whole + 1))
    assert all(torch.equal(crop[:, 0], torch.arange(len(crop)) + crop[0, 0]) for crop in crops)


def test_deviations_are_averaged_within_blocks() -> None:
    std = torch.arange(263.0)
    assert grouped(std)[[0, 1, 3, 4, 66, 67, 259]].tolist() == pytest.approx([0, 1.5, 3, 35, 35, 129.5, 260.5])


def test_it_learns_to_tell_motions_by_their_captions(tmp_path: Path) -> None:
    wide = EvaluatorSizes(32, 32, 32, 32, 32)
    how = replace(QUICK, movement_epochs=6, epochs=14, patience=14, lr=2e-3)
    folder = run(tmp_path, how, wide)
    log = pd.read_csv(folder / "log.csv")
    assert log.loss.iloc[-1] < log.loss.iloc[0] / 2
    assert log["R@1"].max() > 60  # one clip a word: chance is 12.5
    evaluator, clips = Evaluator.from_run_dir(folder), corpus().motions
    text = evaluator.encode_keys(["a/NOUN person/NOUN walks/NOUN", "a/NOUN person/NOUN runs/NOUN"])
    motion = evaluator.encode_motion([clips.features("walks-0"), clips.features("runs-1")])
    assert np.linalg.norm(text[:, None] - motion[None], axis=-1).argmin(1).tolist() == [0, 1]


def test_the_movement_encoder_stays_as_the_autoencoder_left_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, matched = [], training._matching

    def remembering(evaluator: Evaluator, *rest: object) -> object:
        kept.append({name: tensor.clone() for name, tensor in evaluator.movement_encoder.state_dict().items()})
        return matched(evaluator, *rest)

    monkeypatch.setattr(training, "_matching", remembering)
    found = Evaluator.from_run_dir(run(tmp_path)).movement_encoder.state_dict()
    assert all(torch.equal(found[name], tensor) for name, tensor in kept[0].items())


def test_words_are_learnt_and_the_folder_is_called_small(trained: Path) -> None:
    evaluator = Evaluator.from_run_dir(trained)
    assert evaluator.vocabulary.words[:3] == ("sos", "eos", "unk") and "jumps" in evaluator.vocabulary.words
    assert evaluator.name == "small T2M evaluator" and evaluator.vectors.shape[1] == 300
    assert {file.name for file in trained.iterdir()} >= {"log.csv", "training.json", "sha256.json", "sizes.json"}


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(tmp_path: Path, trained: Path) -> None:
    torch.manual_seed(2)
    assert fingerprint(run(tmp_path / "b")) == fingerprint(trained)
    assert fingerprint(run(tmp_path / "c", replace(QUICK, seed=1))) != fingerprint(trained)


@pytest.mark.parametrize(("module", "epoch"), [(movements, 1), (matching, 2)], ids=["movements", "matching"])
def test_a_killed_training_goes_on_to_the_same_weights(
    module, epoch: int, tmp_path: Path, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn, begun = module.learn, []

    def dies(*args, **kwargs):
        begun.append(args[-1])
        if begun.count(epoch) == 1 and args[-1] == epoch:
            kwargs["told"] = killed
        return learn(*args, **kwargs)

    def killed(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "learn", dies)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    assert not list(tmp_path.glob("evaluator-*"))
    cut = run(tmp_path)
    assert begun == [*range(epoch + 1), epoch, *range(epoch + 1, 3 if module is matching else 2)]
    assert fingerprint(cut) == fingerprint(trained)
    columns = [name for name in pd.read_csv(cut / "log.csv") if name != "seconds"]
    assert pd.read_csv(cut / "log.csv")[columns].equals(pd.read_csv(trained / "log.csv")[columns])
    assert not list(tmp_path.glob(".*.part"))


def test_equal_content_trains_once_and_other_tokens_train_anew(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = trained.parent
    monkeypatch.setattr(training, "_movements", lambda *_: pytest.fail("it was trained again"))
    assert run(cache) == trained
    other = corpus()
    other.captions.loc[0, "tokens"] = "somebody/PRON"
    with pytest.raises(pytest.fail.Exception, match="trained again"):
        training.train([other], sizes=FEW, training=QUICK, cache=cache, progress=False)


def test_a_damaged_folder_is_trained_again(tmp_path: Path, trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = run(tmp_path)
    file = folder / "glove" / "our_vab_data.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert run(tmp_path) == folder and fingerprint(folder) == fingerprint(trained)
    assert capsys.readouterr().err.endswith("our_vab_data.npy is damaged; it is trained again\n")


def test_a_training_that_diverges_says_what_to_lower(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="lower lr, which is 1e\\+30"):
        run(tmp_path, replace(QUICK, lr=1e30, epochs=30, patience=30))


def test_a_corpus_without_clips_of_that_length_is_refused(tmp_path: Path) -> None:
    made = corpus()
    made.clips["n_frames"] = 30
    with pytest.raises(CorpusError, match=r"no captioned train segment of 2 to 9\.95 s"):
        training.train([made], sizes=FEW, training=QUICK, cache=tmp_path, progress=False)
