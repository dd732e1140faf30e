"""The reference generator: what it decodes, how it is trained, and that regimes differ in their data alone."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from lib.base.errors import CorpusError, ModelError
from lib.models import parallel
from lib.models.temos import epoch, training
from lib.models.temos.epoch import drawn, passed, validated
from lib.models.temos.model import TEMOS, upsampled
from lib.models.temos.regimes import Regime, regimes
from lib.models.temos.sizes import TEMOSTraining
from lib.models.temos.training import train
from lib.models.tmr.checkpoint import log
from lib.models.tmr.pairs import Pairs, clips_of, read_motions, segments
from lib.models.tmr.sizes import TMRSizes
from lib.run import profile_temos
from tests.unit.models.tmr_corpus import SMALL, Words, corpus, use_words

SIZES = replace(SMALL, dropout=0.0, latent_dim=32)
QUICK = TEMOSTraining(lr=5e-3, batch=8, steps=24, every=8, bucket=2)


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    use_words(monkeypatch)
    monkeypatch.setattr(training, "TokenFeatures", Words)


def run(cache: Path, training: TEMOSTraining = QUICK, seeds: tuple[int, ...] = (0,)) -> dict[tuple[str, int], Path]:
    some = {"one": corpus()}
    found = regimes(some, training)
    return train([*some.values()], found, seeds, sizes=SIZES, training=training, cache=cache, workers=1, progress=False)


def fingerprint(folder: Path) -> str:
    return TEMOS.from_run_dir(folder).fingerprint


def pairs() -> Pairs:
    some = corpus()
    rows = segments([some], "train", QUICK)
    return Pairs(rows, read_motions([some], rows, 2, progress=False), 2)


def test_it_learns_to_make_the_motion_that_a_caption_names(tmp_path: Path) -> None:
    (folder,) = run(tmp_path, replace(QUICK, steps=160, every=40, warmup=8, cosine=True)).values()
    rows = log(folder)
    assert rows.val.min() < 0.6 * rows.val.iloc[0]
    temos, some = TEMOS.from_run_dir(folder), corpus()
    made = temos.decode(temos.gaussians(["a person walks", "a person runs"]), [40, 40], seed=None)
    real = [some.motion("walks-0")[:40], some.motion("runs-1")[:40]]
    apart = [[np.linalg.norm(one.mean(0) - other.mean(0)) for other in real] for one in made]
    assert np.argmin(apart, axis=1).tolist() == [0, 1]


def test_a_decoded_motion_has_the_length_and_the_units_asked_for() -> None:
    torch.manual_seed(0)
    temos = TEMOS(SIZES, torch.full((263,), 7.0), torch.full((263,), 1e-3)).eval()
    captions = torch.zeros(3, 32), torch.zeros(3, 32)
    made = temos.decode(captions, [41, 3, 60], seed=0)
    assert [len(motion) for motion in made] == [41, 3, 60]
    assert made[0].dtype == np.float32 and abs(made[0] - 7).max() < 0.1
    alone = temos.decode((torch.zeros(1, 32), torch.zeros(1, 32)), [41], seed=None)[0]
    again = temos.decode(captions, [41, 3, 60], seed=None)[0]
    np.testing.assert_allclose(alone, again, atol=1e-5)


def test_repeats_differ_by_their_seed_and_come_again_with_it() -> None:
    torch.manual_seed(0)
    temos = TEMOS(SIZES, torch.zeros(263), torch.ones(263)).eval()
    captions = torch.zeros(2, 32), torch.zeros(2, 32)
    first, second, third = (temos.decode(captions, [20, 30], seed=seed)[0] for seed in (0, 1, 0))
    assert abs(first - second).max() > 1e-3
    np.testing.assert_array_equal(first, third)


@pytest.mark.parametrize("count", [0, 5001])
def test_a_length_that_cannot_be_made_is_refused(count: int) -> None:
    temos = TEMOS(SIZES, torch.zeros(263), torch.ones(263)).eval()
    with pytest.raises(ModelError, match=f"caption 0 asks for {count} frames"):
        temos.decode((torch.zeros(1, 32), torch.zeros(1, 32)), [count], seed=0)


def test_between_kept_frames_it_is_linear() -> None:
    kept = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)
    made = upsampled(kept, 3, 20)
    for column in range(3):
        expected = np.interp(np.arange(20), 3 * np.arange(7), kept[:, column])
        np.testing.assert_allclose(made[:, column], expected, atol=1e-6)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(tmp_path: Path) -> None:
    torch.manual_seed(1)
    first = run(tmp_path / "a", seeds=(0, 1))
    torch.manual_seed(2)
    again = run(tmp_path / "b")
    assert fingerprint(first["one", 0]) == fingerprint(again["one", 0]) != fingerprint(first["one", 1])
    assert run(tmp_path / "b")["one", 0] == again["one", 0]


def test_what_lies_beside_the_motions_and_their_captions_trains_nothing_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, found = run(tmp_path), regimes({"one": corpus()}, QUICK)
    monkeypatch.setattr(training, "run_jobs", lambda *_, **__: pytest.fail("it was trained again"))
    how = {"sizes": SIZES, "training": QUICK, "cache": tmp_path, "workers": 1, "progress": False}
    surveyed, other = (
        replace(corpus(), provenance=replace(corpus().provenance, files=files))
        for files in ({"clips": "0", "survey.csv": "1", "captioner_captions.parquet": "2"}, {"clips": "1"})
    )
    assert train([surveyed], found, (0,), **how) == first
    with pytest.raises(pytest.fail.Exception, match="trained again"):
        train([other], found, (0,), **how)


def test_damaged_weights_are_trained_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = run(tmp_path)["one", 0]
    whole = fingerprint(folder)
    file = folder / "last_weights" / "motion_decoder.pt"
    file.write_bytes(file.read_bytes()[:-1] + bytes([file.read_bytes()[-1] ^ 1]))
    assert fingerprint(run(tmp_path)["one", 0]) == whole
    assert "last_weights/motion_decoder.pt is damaged; it is trained again\n" in capsys.readouterr().err


def test_a_killed_training_goes_on_to_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(tmp_path / "whole")["one", 0]
    learn, seen = epoch.learn, []

    def dies_in_the_second(*args, **kwargs):
        seen.append(args[5])
        if args[5] == 1 and seen.count(1) == 1:
            kwargs["told"] = lambda: (_ for _ in ()).throw(KeyboardInterrupt)
        return learn(*args, **kwargs)

    monkeypatch.setattr(training, "learn", dies_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "killed")
    (resumed,) = run(tmp_path / "killed").values()
    assert seen == [0, 1, 1, 2] and fingerprint(resumed) == fingerprint(whole)
    assert sorted(path.name for path in resumed.parent.iterdir() if path.name != ".temos.lock") == [resumed.name]


def test_it_keeps_the_weights_with_the_lowest_validation_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter([0.5, 0.3, 0.4])
    monkeypatch.setattr(training, "validated", lambda *_: next(found))
    (folder,) = run(tmp_path).values()
    told = json.loads((folder / "training.json").read_text())
    assert (told["best_step"], told["best_val"]) == (16, 0.3)
    assert len(log(folder)) == 3 and told["fingerprint"] == fingerprint(folder)


def test_a_diverging_training_says_what_to_lower(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="diverged before check 0; lower lr, which is 1e"):
        run(tmp_path, replace(QUICK, lr=1e30))


def test_clips_are_drawn_by_their_chances_and_dealt_by_length() -> None:
    some = pairs()
    chances = np.zeros(len(some))
    chances[[3, 5]] = 0.25, 0.75
    batches = list(drawn(some, chances, replace(QUICK, batch=50), 20, np.random.default_rng(0)))
    number = clips_of(some.rows)[0][np.concatenate(batches)]
    assert len(batches) == 20 and set(number) == {3, 5}
    assert np.mean(number == 5) == pytest.approx(0.75, abs=0.04)
    uniform = np.full(len(some), 1 / len(some))
    for batch in drawn(some, uniform, QUICK, 6, np.random.default_rng(0)):
        lengths = [len(some.motion(row)) for row in batch]
        assert lengths == sorted(lengths) and len(batch) == 8


def test_a_batch_gives_what_each_of_its_pairs_gives_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    some = pairs()
    texts, states = some.texts(range(4)), Words().get(some.texts(range(4)))
    monkeypatch.setattr(epoch, "sampled", lambda gaussian: gaussian[0])
    torch.manual_seed(0)
    temos = TEMOS(SIZES, *some.statistics()).eval()
    motions = [temos.normalised(some.motion(row)) for row in range(4)]
    assert len({len(motion) for motion in motions}) > 1 and len(set(texts)) > 1
    outputs, frames = passed(temos, states, motions)
    for at, (words, motion) in enumerate(zip(states, motions, strict=True)):
        valid = torch.ones(1, len(motion), dtype=torch.bool)
        of_text, _ = temos.text_encoder(words[None], torch.ones(1, len(words), dtype=torch.bool))
        of_motion, _ = temos.motion_encoder(motion[None], valid)
        torch.testing.assert_close(frames[at, : len(motion)], motion)
        for latent, decoded, alone in zip(outputs.latents, outputs.decoded, (of_text, of_motion), strict=True):
            torch.testing.assert_close(latent[at], alone[0], atol=2e-5, rtol=0)
            expected = temos.motion_decoder(alone, valid)[0]
            torch.testing.assert_close(decoded[at, : len(motion)], expected, atol=2e-5, rtol=0)
            assert not decoded[at, len(motion) :].any()


def test_validation_is_the_mean_loss_over_the_frames_of_all_captions() -> None:
    some = pairs()
    torch.manual_seed(0)
    temos = TEMOS(SIZES, *some.statistics())
    found, temos = validated(temos, some), temos.eval()
    total = count = 0.0
    for row in range(len(some.rows)):
        frames = temos.normalised(some.motion(row))
        states, valid = Words().get(some.texts([row]))[0], torch.ones(1, len(frames), dtype=torch.bool)
        mu, _ = temos.text_encoder(states[None], torch.ones(1, len(states), dtype=torch.bool))
        gap = (temos.motion_decoder(mu, valid)[0] - frames).abs().detach()
        total += float(torch.where(gap < 1, gap**2 / 2, gap - 0.5).sum())
        count += gap.numel()
    assert found == pytest.approx(total / count, rel=1e-4)


def test_regimes_add_data_weigh_it_and_permute_its_captions() -> None:
    first, second = corpus(32), corpus(32)
    for one in (first, second):
        one.clips["base_id"] = one.clips["clip_id"]
    both = {"one": first, "two": second}
    ids = segments([first], "train", QUICK)["clip_id"].unique()
    weights = pd.DataFrame({"clip_id": [*(f"one/{i}" for i in ids), *(f"two/{i}" for i in ids)]})
    weights["weight"] = [1.0] * len(ids) + [3.0] * len(ids)
    alone, added, weighted, shuffled = regimes(both, QUICK, weights=weights, shuffled=True)
    assert [one.name for one in (alone, added, weighted, shuffled)] == [
        "one",
        "one+two",
        "one+two weighted",
        "one+two shuffled",
    ]
    assert alone.shares(["one", "two"]) == {"one": pytest.approx(1), "two": 0.0}
    assert added.shares(["one", "two"])["two"] == pytest.approx(0.5)
    assert weighted.shares(["one", "two"])["two"] == pytest.approx(0.75)
    kept, moved = (shuffled.rows[shuffled.rows["corpus"] == at] for at in (0, 1))
    pd.testing.assert_frame_equal(kept, added.rows[added.rows["corpus"] == 0])
    before = added.rows[added.rows["corpus"] == 1]["text"]
    assert sorted(moved["text"]) == sorted(before) and (moved["text"] != before).mean() > 0.5
    assert len({one.hash for one in (alone, added, weighted, shuffled)}) == 4


def test_a_regime_without_the_filter_draws_from_every_clip_alike_and_only_where_there_are_more() -> None:
    both = {"one": corpus(32), "two": corpus(48)}
    kept = {key: replace(one, clips=one.clips[one.clips.index % 3 > 0]) for key, one in both.items()}
    *_, added, unfiltered = regimes(kept, QUICK, unfiltered=both)
    assert (added.name, unfiltered.name) == ("one+two", "one+two unfiltered")
    drawn_from = {name: {*clips_of(one.rows)[1]} for name, one in (("kept", added), ("all", unfiltered))}
    train = {(at, clip) for at, one in enumerate(both.values()) for clip in one.splits["train"]}
    assert drawn_from["kept"] < drawn_from["all"] == train
    np.testing.assert_allclose(unfiltered.chances, 1 / len(train))
    assert [one.name for one in regimes(both, QUICK, unfiltered=both)] == ["one", "one+two"]
    alone = regimes({"one": kept["one"]}, QUICK, unfiltered={"one": both["one"]})
    assert [one.name for one in alone] == ["one", "one unfiltered"]


def test_a_mirror_is_drawn_as_its_base_clip_is_and_unlisted_clips_never() -> None:
    first, second = corpus(32), corpus(32)
    second.clips["clip_id"] = "x" + second.clips["clip_id"]
    second.captions["clip_id"] = "x" + second.captions["clip_id"]
    first.clips["base_id"], second.clips["base_id"] = "walks-0", second.clips["clip_id"]
    second.motions.frames = {f"x{clip}": n for clip, n in first.motions.frames.items()}
    _, _, weighted = regimes(
        {"one": first, "two": second}, QUICK, weights=pd.DataFrame({"clip_id": ["walks-0"], "weight": [2.0]})
    )
    assert weighted.shares(["one", "two"]) == {"one": pytest.approx(1), "two": 0.0}
    assert len(set(weighted.chances[weighted.chances > 0])) == 1
    with pytest.raises(CorpusError, match="no sampling weight names a training clip"):
        regimes({"one": first, "two": second}, QUICK, weights=pd.DataFrame({"clip_id": ["?"], "weight": [1.0]}))


def doubled(job: int, told) -> None:
    if job < 0:
        raise ModelError("no such job", fix="give another")
    for _ in range(job):
        told(1)


def test_jobs_run_in_processes_and_their_errors_come_back(capfd: pytest.CaptureFixture[str]) -> None:
    parallel.run_jobs(doubled, [3, 4, 5], [3, 4, 5], desc="counting", workers=2, progress=True)
    assert "12/12" in capfd.readouterr().err
    with pytest.raises(ModelError, match="no such job; give another"):
        parallel.run_jobs(doubled, [1, -1], [1, 1], desc="counting", workers=2, progress=False)


def test_the_hash_of_a_regime_is_of_its_rows_and_chances_and_not_of_its_name() -> None:
    (one,) = regimes({"one": corpus()}, QUICK)
    assert Regime("other", one.rows, one.chances).hash == one.hash
    assert Regime("one", one.rows, np.roll(one.chances + np.eye(1, len(one.chances))[0], 1)).hash != one.hash


def test_sizes_are_those_of_a_tmr() -> None:
    assert TEMOS(TMRSizes(latent_dim=16, num_layers=1), torch.zeros(263), torch.ones(263)).sizes.latent_dim == 16


def test_the_summary_tells_means_over_seeds_rounded(tmp_path: Path) -> None:
    found, runs = regimes({"one": corpus()}, QUICK), {}
    for seed, best in enumerate((400, 500, 500)):
        told = {"training": {"steps": 500}, "best_step": best, "best_val": seed, "cpu_seconds": 1.0}
        runs["one", seed] = tmp_path / str(seed)
        runs["one", seed].mkdir()
        (runs["one", seed] / "training.json").write_text(json.dumps(told))
    (row,) = profile_temos.summary(found, runs, {"one": None}).to_dict("records")
    assert (row["best_step"], row["validation_loss"], row["cpu_seconds"]) == (467, 1.0, 3.0)
