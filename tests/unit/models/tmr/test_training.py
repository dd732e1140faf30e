"""Training TMR: it learns, it is repeatable, a kill costs one epoch at most, and equal content trains once."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lib.base.errors import CorpusError, ModelError
from lib.corpus import Corpus
from lib.models.tmr import checkpoint, epoch, training
from lib.models.tmr.checkpoint import Standing, log
from lib.models.tmr.model import TMR
from lib.models.tmr.networks import padded
from lib.models.tmr.pairs import Pairs, read_motions, segments
from lib.models.tmr.sizes import TMRTraining
from lib.models.tmr.training import train
from tests.unit.models.tmr_corpus import SMALL, Waves, Words, corpus, use_words

QUICK = TMRTraining(lr=5e-3, batch=8, epochs=4, patience=9)
"""Threads are left as they are: the same number throughout one process."""


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    use_words(monkeypatch)


def run(cache: Path, training: TMRTraining = QUICK, clips: int = 48) -> Path:
    return train([corpus(clips)], sizes=SMALL, training=training, cache=cache, progress=False)


def read(some: Corpus) -> Pairs:
    rows = segments([some], "train", QUICK)
    return Pairs(rows, read_motions([some], rows, 2, progress=False), 2)


def fingerprint(folder: Path) -> str:
    return TMR.from_run_dir(folder).fingerprint


def test_it_learns_to_tell_motions_by_their_captions(tmp_path: Path) -> None:
    wide, gentle = replace(SMALL, latent_dim=64, dropout=0.0), replace(QUICK, lr=2e-3, epochs=12, patience=12)
    folder = train([corpus()], sizes=wide, training=gentle, cache=tmp_path, progress=False)
    rows = log(folder)
    assert rows.loss.iloc[-1] < rows.loss.iloc[0]
    assert rows["R@1"].max() > 80  # one clip a word: chance is 12.5
    tmr = TMR.from_run_dir(folder)
    texts, motions = tmr.encode_text(["a person walks", "a person runs"]), corpus().motions
    seen = tmr.encode_motion([motions.features("walks-0"), motions.features("runs-1")])
    similarity = texts @ seen.T / np.outer(np.linalg.norm(texts, axis=1), np.linalg.norm(seen, axis=1))
    assert similarity.argmax(1).tolist() == [0, 1]


def test_weights_of_a_gpu_have_a_folder_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brief = replace(QUICK, epochs=1)
    here = run(tmp_path, brief)
    assert "device" not in json.loads((here / "training.json").read_text())
    monkeypatch.setattr(training, "device_in_key", lambda: {"device": "cuda"})  # the name alone; it is trained here
    there = run(tmp_path, brief)
    assert there != here and json.loads((there / "training.json").read_text())["device"] == "cuda"
    assert there == run(tmp_path, brief)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(tmp_path: Path) -> None:
    torch.manual_seed(1)
    first = fingerprint(run(tmp_path / "a"))
    torch.manual_seed(2)
    assert fingerprint(run(tmp_path / "b")) == first
    assert fingerprint(run(tmp_path / "c", replace(QUICK, seed=1))) != first


def test_a_killed_training_goes_on_to_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(tmp_path / "whole")
    learn, done = epoch.learn, []

    def dies_in_the_third(*args, **kwargs):
        if args[4] == 2 and "died" not in done:
            done.append("died")
            kwargs["told"] = die_in_the_middle
        done.append(args[4])
        return learn(*args, **kwargs)

    def die_in_the_middle(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "learn", dies_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut")
    assert not list((tmp_path / "cut").glob("tmr-*"))
    cut = run(tmp_path / "cut")
    assert done == [0, 1, "died", 2, 2, 3]
    assert fingerprint(cut) == fingerprint(whole)
    columns = [name for name in log(whole) if name != "seconds"]
    assert log(cut)[columns].equals(log(whole)[columns])
    assert not list((tmp_path / "cut").glob("*.part"))


def test_a_damaged_checkpoint_is_begun_anew_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(tmp_path / "whole")
    part = tmp_path / "cut" / f".{whole.name}.part"
    part.mkdir(parents=True)
    (part / "checkpoint.pt").write_bytes(b"half a checkpoint")
    with pytest.warns(UserWarning, match="begins anew"):
        assert fingerprint(run(tmp_path / "cut")) == fingerprint(whole)


def test_a_checkpoint_with_one_flipped_bit_is_not_gone_on_from(tmp_path: Path) -> None:
    module = torch.nn.Linear(40, 40)
    optimiser = torch.optim.SGD(module.parameters(), lr=1.0)
    (standing := Standing()).note({"loss": 1.0}, 1.0, module)
    file = tmp_path / "checkpoint.pt"
    checkpoint.save(file, standing, module, optimiser)
    assert checkpoint.resume(file, module, optimiser).epoch == 1
    weights = module.weight.detach().numpy().tobytes()
    raw = bytearray(file.read_bytes())
    raw[raw.find(weights) + 100] ^= 1
    file.write_bytes(raw)
    with pytest.warns(UserWarning, match="begins anew"):
        assert checkpoint.resume(file, module, optimiser).epoch == 0


@pytest.mark.parametrize("name", ["last_weights/motion_decoder.pt", "training.json", "sha256.json"])
@pytest.mark.parametrize("how", ["flipped", "truncated", "gone"])
def test_damaged_weights_are_trained_again(
    name: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Training is replaced by what it makes, since it is another test's that equal content gives equal weights."""
    monkeypatch.setattr(training, "_trained", trained_at_once)
    folder = run(tmp_path)
    whole = {path.name: path.read_bytes() for path in (folder / "last_weights").iterdir()}
    capsys.readouterr()
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    if how == "gone":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content if how == "flipped" else content[: len(content) // 2])
    assert run(tmp_path) == folder
    assert {path.name: path.read_bytes() for path in (folder / "last_weights").iterdir()} == whole
    said = capsys.readouterr().err
    if (how, name) != ("gone", "sha256.json"):  # which is how an earlier version left it
        assert said.count("\n") == 1 and said.endswith("; it is trained again\n")
        assert name == "sha256.json" or name in said
    assert run(tmp_path) == folder and not capsys.readouterr().err


def test_weights_of_an_earlier_version_are_kept_if_they_are_those_that_were_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_trained", trained_at_once)
    folder = run(tmp_path)
    (folder / "sha256.json").unlink()
    monkeypatch.setattr(training, "_trained", lambda *_: pytest.fail("it was trained again"))
    assert run(tmp_path) == folder and (folder / "sha256.json").is_file()
    (folder / "sha256.json").unlink()
    raw = bytearray((folder / "last_weights" / "motion_decoder.pt").read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / "last_weights" / "motion_decoder.pt").write_bytes(raw)
    with pytest.raises(pytest.fail.Exception, match="trained again"):
        run(tmp_path)


def trained_at_once(
    tmr: TMR, train: Pairs, val: Pairs, training: TMRTraining, checkpoint: Path, *_: object
) -> Standing:
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    (standing := Standing()).note({"loss": 1.0, "seconds": 1.0}, 50.0, tmr)
    return standing


def test_equal_content_trains_once_and_reads_no_motion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(tmp_path)
    monkeypatch.setattr(Waves, "features", lambda *_: pytest.fail("a motion was read"))
    monkeypatch.setattr(Words, "prepare", lambda *_, **__: pytest.fail("a caption was encoded"))
    assert run(tmp_path) == first
    files = {"clips": "0", "survey.csv": "1", "captioner_captions.parquet": "2"}
    surveyed = replace(corpus(), provenance=replace(corpus().provenance, files=files))
    assert train([surveyed], sizes=SMALL, training=QUICK, cache=tmp_path, progress=False) == first


@pytest.mark.parametrize(
    "change",
    [
        {"training": replace(QUICK, seed=5)},
        {"sizes": replace(SMALL, stride=3)},
        {"corpora": [corpus(files="1")]},
        {"corpora": [corpus(44)]},
    ],
    ids=["training", "sizes", "files", "segments"],
)
def test_other_content_has_another_folder(tmp_path: Path, change: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "_trained", lambda *_: pytest.fail("trained"))
    usual = {"corpora": [corpus()], "sizes": SMALL, "training": QUICK, "cache": tmp_path, "progress": False}
    names = []
    for arguments in (usual, usual | change):
        with pytest.raises(pytest.fail.Exception):
            train(**arguments)
        names = sorted(path.name for path in tmp_path.glob(".tmr-*.lock"))
    assert len(names) == 2


def test_it_stops_when_recall_no_longer_rises_and_keeps_the_best(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recalls = iter([10.0, 30.0, 30.0, 20.0, 99.0])
    monkeypatch.setattr(training, "recall", lambda *_: {"t2m/R@1": 0.0, "m2t/R@1": 0.0, "R@1": next(recalls)})
    folder = run(tmp_path, replace(QUICK, epochs=50, patience=2))
    told = json.loads((folder / "training.json").read_text())
    assert (told["epochs"], told["best_epoch"], told["best_recall"]) == (4, 1, 30.0)
    assert fingerprint(folder) == told["fingerprint"]


def test_a_diverging_training_says_what_to_lower(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="diverged in epoch 0; lower lr, which is 1e"):
        run(tmp_path, replace(QUICK, lr=1e30))


def test_only_segments_of_the_right_length_are_trained_on() -> None:
    some = corpus()
    assert segments([some], "train", QUICK).clip_id.nunique() == 40
    brief = segments([some], "train", replace(QUICK, min_seconds=2.5))
    frames = some.clips.set_index("clip_id").n_frames
    assert set(brief.clip_id) == {i for i in some.splits["train"] if frames[i] >= 50}
    with pytest.raises(CorpusError, match="no captioned val segment of 20 to 30 s"):
        segments([some], "val", replace(QUICK, min_seconds=20, max_seconds=30))


def test_a_segment_is_cut_from_its_clip() -> None:
    some = corpus(8)
    some.captions.loc[some.captions.clip_id == "walks-0", ["start_s", "end_s"]] = [[0.5, 1.75], [0.0, 0.0]]
    rows = segments([some], "train", replace(QUICK, min_seconds=1))
    part, whole = np.flatnonzero(rows.clip_id == "walks-0")
    pairs, halved = (Pairs(rows, read_motions([some], rows, stride, progress=False), stride) for stride in (1, 2))
    clip = torch.from_numpy(some.motion("walks-0"))
    assert torch.equal(pairs.motion(part), clip[10:35])
    assert torch.equal(pairs.motion(whole), clip)
    assert torch.equal(halved.motion(part), clip[10:35:2])


def test_every_clip_is_drawn_once_an_epoch_with_any_of_its_captions() -> None:
    some = corpus()
    pairs = read(some)
    rng = np.random.default_rng(0)
    draws = [pairs.draw(rng) for _ in range(20)]
    for drawn in draws:
        assert pairs.rows.clip_id.iloc[drawn].is_unique
        assert len(drawn) == 40
    assert len(np.unique(np.concatenate(draws))) == len(pairs.rows)


def test_statistics_are_those_of_all_frames_but_spare_what_never_moves() -> None:
    some = corpus()
    pairs = read(some)
    for frames in pairs._motions:
        frames[:, 3] = 0.9
    frames = torch.cat(pairs._motions).double().numpy()
    mean, std = pairs.statistics()
    np.testing.assert_allclose(mean.numpy(), frames.mean(0), atol=1e-6)
    moving = np.arange(263) != 3
    np.testing.assert_allclose(std.numpy()[moving], frames.std(0, ddof=1)[moving], rtol=1e-5)
    assert std[3] == 1


def test_groups_of_similar_length_change_no_output(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    tmr = TMR(SMALL, torch.zeros(263), torch.ones(263)).eval()
    motions = [torch.randn(length, 263) for length in range(5, 25)]
    texts = [torch.randn(3 + at % 4, SMALL.text_features) for at in range(20)]
    monkeypatch.setattr(epoch, "sampled", lambda gaussian: gaussian[0])
    grouped = epoch.passed(tmr, texts, motions)
    x, mask = padded(motions)
    torch.testing.assert_close(grouped.latents[1], tmr.motion_encoder(x, mask)[0], atol=1e-5, rtol=0)
    for latents, decoded in zip(grouped.latents, grouped.decoded, strict=True):
        torch.testing.assert_close(decoded, tmr.motion_decoder(latents, mask), atol=1e-5, rtol=0)
