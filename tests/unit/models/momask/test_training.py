"""Training: what is hidden and drawn, that a batch is learnt by heart, and that regimes and interrupts are kept."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from lib.base.errors import CorpusError, ModelError
from lib.models.momask import RVQVAE, LengthEstimator, MaskTransformer, ResidualTransformer, work
from lib.models.momask import stage as stages
from lib.models.momask import training as trainings
from lib.models.momask.generation import cosine_share, padding_of
from lib.models.momask.model import MoMask
from lib.models.momask.quantizer import Averages
from lib.models.momask.regimes import regimes
from lib.models.momask.sizes import (
    LengthTraining,
    MoMaskSizes,
    MoMaskTraining,
    TokenizerTraining,
    TransformerTraining,
)
from lib.models.momask.text_stages import LengthStage, MaskedStage, ResidualStage, Texts, hidden, layers_drawn
from lib.models.momask.tokenizer_stage import TokenizerStage
from lib.models.momask.tokens import Tokens, row_chances, write_tokens
from lib.models.momask.training import train
from lib.models.momask.weights import read_weights
from lib.models.tmr.checkpoint import log
from lib.models.tmr.pairs import Pairs, clips_of, read_motions, segments
from tests.unit.models.tmr_corpus import WORDS, corpus

SIZES = MoMaskSizes(
    width=24, code_dim=16, codes=16, quantizers=3, depth=1, block_dropout=0.0, latent_dim=32, num_layers=1, num_heads=2,
    ff_size=64, dropout=0.0, condition=8,
)  # fmt: skip
SHORT = {"batch": 8, "steps": 6, "every": 3, "bucket": 2, "warmup": 0}
QUICK = MoMaskTraining(
    tokenizer=TokenizerTraining(**SHORT, lr=2e-3, window=32, temperature=0.0),
    masked=TransformerTraining(**SHORT, lr=2e-3),
    residual=TransformerTraining(**SHORT, lr=2e-3),
    lengths=LengthTraining(**SHORT),
    shifts=2,
)


class Words:
    """Stands in for MPNet: the last word's place among eight, as a vector of unit numbers."""

    name, width, producer = "words", 8, "words 1"

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def prepare(self, texts: Sequence[str], *, progress: bool = True) -> None:
        pass

    def get(self, texts: Sequence[str]) -> Tensor:
        return torch.eye(8)[[WORDS.index(text.split()[-1]) for text in texts]] * 8**0.5


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (trainings, work):
        monkeypatch.setattr(module, "SentenceConditions", Words)


def pairs(split: str = "train") -> Pairs:
    some = corpus()
    rows = segments([some], split, QUICK)
    return Pairs(rows, read_motions([some], rows, 1, progress=False), 1)


def alike(some: Pairs) -> np.ndarray:
    return np.full(len(some), 1 / len(some))


def run(cache: Path, training: MoMaskTraining = QUICK, seeds: tuple[int, ...] = (0,)) -> dict[tuple[str, int], Path]:
    some = {"one": corpus()}
    found = regimes(some, training)
    how = {"sizes": SIZES, "training": training, "cache": cache, "workers": 1, "progress": False}
    return train([*some.values()], found, {"one": seeds}, **how)


def opened(folder: Path) -> MoMask:
    return MoMask(read_weights(folder), Words()).eval()


def texts(folder: Path) -> Texts:
    torch.manual_seed(0)
    some = pairs()
    tokenizer = RVQVAE(SIZES)
    for layer in tokenizer.quantizer.codebooks:
        layer.codebook.normal_()
    write_tokens(folder, tokenizer, some, (torch.zeros(263), torch.ones(263)), 3)
    return Texts(some.rows, Tokens(folder, some.rows), Words(), torch.device("cpu"))


def test_the_tokenizer_learns_windows_by_heart() -> None:
    torch.manual_seed(0)
    some = pairs()
    only = np.zeros(len(some))
    only[:2] = 0.5
    mean, std = some.statistics()
    network, averages = RVQVAE(SIZES), Averages(3, 16, 16, decay=0.9)
    how = replace(QUICK, tokenizer=replace(QUICK.tokenizer, steps=150, lr=5e-3, quantizer_dropout=0.0))
    stage = TokenizerStage(network, averages, some, only, pairs("val"), how, (mean, std))
    optimiser = torch.optim.AdamW(network.parameters(), lr=5e-3)
    losses, rng = [], np.random.default_rng(0)
    for rows in stages.drawn(stage.chances, stage.lengths, stage.schedule, 150, rng):
        terms = stage.losses(rows, rng)
        optimiser.zero_grad()
        terms["loss"].backward()
        optimiser.step()
        losses.append(float(terms["recons"].detach()))
    assert np.mean(losses[-5:]) < 0.2 * losses[0]


def test_a_window_is_where_its_clip_is_and_losses_are_those_of_its_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    some = pairs()
    only, averages = np.eye(1, len(some), 3)[0], Averages(3, 16, 16, decay=0.9)
    plain = torch.zeros(263), torch.ones(263)
    stage = TokenizerStage(RVQVAE(SIZES), averages, some, only, pairs("val"), QUICK, plain)
    seen: list[Tensor] = []

    def forward(frames: Tensor, *_: object, used: int, **__: object) -> tuple[Tensor, object]:
        seen.append(frames)
        decoded = frames.clone()
        decoded[..., 4:67] += 0.5  # positions alone
        return decoded, type("Q", (), {"commitment": torch.tensor(2.0), "perplexity": torch.tensor(1.0)})

    monkeypatch.setattr(stage, "network", forward)
    forward.sizes = SIZES  # type: ignore[attr-defined]
    rows = np.flatnonzero(stage.chances)
    terms = stage.losses(np.repeat(rows, 4), np.random.default_rng(0))
    whole = some.motion(int(rows[0]))
    for window in seen[0]:
        starts = [at for at in range(len(whole) - 31) if torch.equal(whole[at : at + 32], window)]
        assert len(starts) == 1
    smooth = 0.5 * 0.5**2
    assert float(terms["recons"]) == pytest.approx(smooth * 63 / 263) and float(terms["velocity"]) == pytest.approx(
        smooth
    )
    assert float(terms["loss"]) == pytest.approx(smooth * 63 / 263 + 0.5 * smooth + 0.02 * 2)


def test_tokens_are_those_of_a_segment_encoded_alone(tmp_path: Path) -> None:
    torch.manual_seed(0)
    some = pairs()
    tokenizer = RVQVAE(SIZES)
    for layer in tokenizer.quantizer.codebooks:
        layer.codebook.normal_()
    mean, std = some.statistics()
    write_tokens(tmp_path, tokenizer, some, (mean, std), 3)
    tokens = Tokens(tmp_path, some.rows)
    rows, shifts = np.array([0, 9, 5]), np.array([0, 2, 1])
    codes, lengths = tokens.batch(rows, shifts)
    for at, (row, shift) in enumerate(zip(rows, shifts, strict=True)):
        motion = some.motion(int(row))[shift:]
        count = len(motion) // 4
        alone = tokenizer.encode((motion[None, : 4 * count] - mean) / std)[0]
        assert lengths[at] == count and torch.equal(codes[at, :count], alone) and not codes[at, count:].any()
    assert tokens.counts[0] == len(some.motion(0)) // 4


def test_a_share_of_the_tokens_is_hidden_in_three_ways() -> None:
    torch.manual_seed(0)
    lengths = torch.full((4000,), 30)
    lengths[::2] = 20
    padding = padding_of(lengths)
    ids = torch.randint(64, (4000, 30)).masked_fill(padding, 65)
    seen, chosen = hidden(ids, padding, 64)
    assert not (chosen & padding).any() and torch.equal(seen[~chosen], ids[~chosen])
    told = seen[chosen]
    assert (told == 64).float().mean().item() == pytest.approx(0.9 * 0.88, abs=0.01)
    assert ((told != 64) & (told != ids[chosen])).float().mean().item() == pytest.approx(0.1 * 63 / 64, abs=0.01)
    # the mean of the cosine over [0, 1] is 2 / pi; counted on the padded length, it holds for padded rows as well
    for part in (slice(0, None, 2), slice(1, None, 2)):
        share = chosen[part].sum() / (~padding[part]).sum()
        assert share.item() == pytest.approx(2 / np.pi, abs=0.02)
    counts = chosen[1::2].sum(1)
    assert counts.min() >= 1 and counts.max() == 30


def test_quantizers_are_drawn_from_the_first_to_the_last_but_rarely_late_ones() -> None:
    torch.manual_seed(0)
    drawn = torch.bincount(layers_drawn(40_000, 6, torch.device("cpu")), minlength=6) / 40_000
    place = torch.linspace(0, 1, 400_001)
    expected = torch.bincount(((1 - cosine_share(place)) * 4).round().long() + 1, minlength=6) / 400_001
    torch.testing.assert_close(drawn, expected, atol=0.01, rtol=0)
    assert drawn[0] == 0 and drawn[1] > drawn[5] > 0


@pytest.mark.parametrize("kind", [MaskedStage, ResidualStage, LengthStage])
def test_a_transformer_learns_a_batch_by_heart(kind: type, tmp_path: Path) -> None:
    some = texts(tmp_path)
    networks = {
        MaskedStage: MaskTransformer, ResidualStage: ResidualTransformer, LengthStage: lambda _: LengthEstimator(8)
    }  # fmt: skip
    how = QUICK.lengths if kind is LengthStage else TransformerTraining(**SHORT, unconditional=0.0)
    torch.manual_seed(0)
    network = networks[kind](SIZES)
    stage = kind(network, some, alike(pairs()), some, how)
    rows, shifts = np.array([0, 2, 4, 6]), np.zeros(4, dtype=np.int64)
    batch = some.batch(rows, shifts)
    optimiser, losses = torch.optim.AdamW(network.parameters(), lr=3e-3), []
    for _ in range(150):
        loss, _, count = stage.summed(*batch)
        optimiser.zero_grad()
        (loss / count).backward()
        optimiser.step()
        losses.append(float(loss.detach() / count))
    assert np.mean(losses[-10:]) < 0.4 * losses[0]


def test_the_loss_is_the_mean_cross_entropy_of_what_is_to_be_told(tmp_path: Path) -> None:
    some = texts(tmp_path)
    torch.manual_seed(0)
    network = ResidualTransformer(SIZES).eval()
    stage = ResidualStage(network, some, alike(pairs()), some, TransformerTraining(**SHORT))
    condition, codes, lengths = some.batch(np.array([0, 12]), np.array([0, 1]))
    assert lengths[0] != lengths[1]
    torch.manual_seed(3)
    loss, _, count = stage.summed(condition, codes, lengths)
    torch.manual_seed(3)
    layers = layers_drawn(2, 3, torch.device("cpu"))
    total = 0.0
    for row, length in enumerate(lengths.tolist()):
        own = codes[row : row + 1, :length]
        padding = torch.zeros(1, length, dtype=torch.bool)
        logits = network.logits(own, int(layers[row]), condition[row : row + 1], padding)
        chances = logits.log_softmax(1)[0].T
        total -= float(chances[torch.arange(length), own[0, :, layers[row]]].sum().detach())
    assert int(count) == int(lengths.sum()) and loss.item() == pytest.approx(total, rel=1e-4)


def test_segments_are_drawn_by_the_chances_of_their_clips() -> None:
    some = pairs()
    chances = np.zeros(len(some))
    chances[[3, 5]] = 0.25, 0.75
    lengths = np.full(len(some.rows), 40)
    of_rows = row_chances(some.rows, chances, lengths, 32, "32 frames")
    clip = clips_of(some.rows)[0]
    assert np.bincount(clip, of_rows)[[3, 5]] == pytest.approx([0.25, 0.75])
    rng = np.random.default_rng(0)
    schedule = replace(QUICK.masked, batch=50)
    drawn = np.concatenate([*stages.drawn(of_rows, lengths, schedule, 20, rng)])
    assert np.mean(clip[drawn] == 5) == pytest.approx(0.75, abs=0.04)
    lengths[clip == 5] = 31
    assert set(clip[np.flatnonzero(row_chances(some.rows, chances, lengths, 32, "32 frames"))]) == {3}
    with pytest.raises(CorpusError, match="no training segment of 41 frames or more; add longer clips, or lower"):
        row_chances(some.rows, chances, lengths, 41, "41 frames")


def test_the_same_seed_gives_the_same_weights_and_seeds_share_a_tokenizer(tmp_path: Path) -> None:
    torch.manual_seed(1)
    first = run(tmp_path / "a", seeds=(0, 1))
    torch.manual_seed(2)
    again = run(tmp_path / "b")
    models = {key: opened(folder) for key, folder in {**first, ("again", 0): again["one", 0]}.items()}
    assert models["one", 0].fingerprint == models["again", 0].fingerprint != models["one", 1].fingerprint
    codebooks = [one.tokenizer.quantizer.codebooks[0].codebook for one in models.values()]
    assert all(torch.equal(codebooks[0], one) for one in codebooks[1:]) and codebooks[0].any()
    assert sorted(path.name[:4] for path in (tmp_path / "a").iterdir() if path.is_dir()) == ["moma", "moma", "rvq-"]
    rows = log(first["one", 0])
    assert rows.groupby("network")["step"].apply(list).to_dict() == {
        name: [3, 6] for name in ("masked transformer", "residual transformer", "length estimator")
    }
    told = json.loads((first["one", 0] / "training.json").read_text())
    assert told["fingerprint"] == models["one", 0].fingerprint and told["regime_name"] == "one"
    assert told["best_val"]["masked transformer"] == pytest.approx(
        rows[rows["network"] == "masked transformer"]["val"].min()
    )
    made = models["one", 0].generate(Words().get(["a person walks"]), [41], seed=0)
    assert made[0].shape == (41, 263) and np.isfinite(made[0]).all()


def test_what_exists_is_not_trained_again_and_damage_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(tmp_path)
    before = opened(first["one", 0]).fingerprint
    file = first["one", 0] / "masked" / "model" / "latest.tar"
    file.write_bytes(file.read_bytes()[:-1] + bytes([file.read_bytes()[-1] ^ 1]))
    assert opened(run(tmp_path)["one", 0]).fingerprint == before
    assert "masked/model/latest.tar is damaged; it is trained again\n" in capsys.readouterr().err
    monkeypatch.setattr(trainings, "run_jobs", lambda *_, **__: pytest.fail("it was trained again"))
    assert run(tmp_path) == first
    with pytest.raises(pytest.fail.Exception, match="trained again"):
        run(tmp_path, replace(QUICK, masked=replace(QUICK.masked, steps=5)))


def test_a_killed_training_goes_on_to_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = opened(run(tmp_path / "whole")["one", 0]).fingerprint
    learn, seen = stages._learn, []

    def dies_once_a_stage(stage, optimiser, check, rng, told):
        seen.append((stage.number, check))
        if check == 1 and seen.count((stage.number, 1)) == 1:

            def told(_: int) -> None:
                raise KeyboardInterrupt

        return learn(stage, optimiser, check, rng, told)

    monkeypatch.setattr(stages, "_learn", dies_once_a_stage)
    for _ in range(4):
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path / "killed")
    resumed = run(tmp_path / "killed")["one", 0]
    assert opened(resumed).fingerprint == whole
    assert seen == [(stage, check) for stage in range(4) for check in (0, 1, 1)]
    assert {path.name[:4] for path in resumed.parent.iterdir()} == {"rvq-", "moma", ".mom"}


def test_regimes_have_tokenizers_and_seeds_of_their_own_and_share_a_pool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = {"one": corpus(32), "two": corpus(32)}
    found = regimes(both, QUICK, shuffled=True)
    how = {"sizes": SIZES, "training": QUICK, "cache": tmp_path, "workers": 1, "progress": False}
    asked, jobs = {"one": (0, 1), "one+two": (0,), "one+two shuffled": (1,)}, []
    runs_once = trainings.run_jobs

    def noted(train_one, given, *args, **kwargs) -> None:
        jobs.append([job.target.name.partition("-")[0] for job in given])
        runs_once(train_one, given, *args, **kwargs)

    monkeypatch.setattr(trainings, "run_jobs", noted)
    runs = train([*both.values()], found, asked, **how)
    assert [*runs] == [("one", 0), ("one", 1), ("one+two", 0), ("one+two shuffled", 1)]
    assert jobs == [["rvq"] * 2 + ["momask"] * 4]  # one pool, in which tokenizers come first
    names = [json.loads((folder / "training.json").read_text())["tokenizer"] for folder in runs.values()]
    assert names[0] == names[1] != names[2] == names[3] and len(set(runs.values())) == 4


def test_a_diverging_training_says_what_to_lower(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="MoMask's tokenizer diverged before check 0; lower its lr, which is 1e"):
        run(tmp_path, replace(QUICK, tokenizer=replace(QUICK.tokenizer, lr=1e30)))
