"""From captions to an evaluator's latents: who is asked, who is left out, whose motions come back in which order."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from lib.corpus import Corpus, Provenance
from lib.corpus.generations import read_generations, write_generations
from lib.metrics.movement import UNITS
from lib.models import evaluation_prompts, generated_motions
from lib.models.evaluation_prompts import Judge, of_corpus, unit
from lib.models.generated_motions import generate, generate_and_keep, joined, of_files
from lib.models.latents import Latents
from lib.models.momask.sizes import Sampling
from lib.models.tmr.model import TMR
from lib.models.tmr.sizes import TMRSizes
from lib.run import profile_evaluators, profile_generators
from tests.unit.models.stored import stored
from tests.unit.motion.bodies import swinging

SIZES = TMRSizes(latent_dim=8, num_layers=1, num_heads=2, ff_size=16, dropout=0.0, stride=2)
FRAMES = {"a": 50, "Ma": 50, "b": 30, "c": 240, "d": 90, "e": 60}
CAPTIONED = ["a", "Ma", "b", "c", "d"]


class Still:
    """Motions that stand still, each of its clip's length."""

    def features(self, clip_id: str) -> np.ndarray:
        return np.zeros((FRAMES[clip_id], 263), dtype=np.float32)


@pytest.fixture
def corpus() -> Corpus:
    clips = pd.DataFrame({"clip_id": list(FRAMES), "split": "test", "has_motion": True})
    clips["mirror_of"] = [None, "a", None, None, None, None]
    clips["base_id"] = clips["mirror_of"].fillna(clips["clip_id"])
    captions = pd.DataFrame({"clip_id": CAPTIONED, "caption_id": [f"{clip}#0" for clip in CAPTIONED]})
    captions = captions.assign(text="somebody stands", tokens=None, start_s=0.0, end_s=0.0)
    captions.loc[captions["clip_id"] == "d", ["start_s", "end_s"]] = [1.0, 4.0]
    motions = Still()
    return Corpus("made-up", clips, captions, {"test": list(FRAMES)}, motions, Provenance(Path("x"), {}))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.engine.results.PARTITIONS", tmp_path / "kept")


@pytest.fixture
def latents() -> Latents:
    rng = np.random.default_rng(0)
    captions = pd.DataFrame({"clip_id": CAPTIONED, "caption_id": [f"{clip}#0" for clip in CAPTIONED]})
    sides = (rng.normal(size=(n, 8)).astype(np.float32) for n in (len(FRAMES), len(CAPTIONED)))
    return Latents(list(FRAMES), next(sides), captions, next(sides), "f" * 64)


@pytest.fixture
def evaluator() -> TMR:
    torch.manual_seed(1)
    return TMR(SIZES, torch.zeros(263), torch.ones(263)).eval()


def test_clips_outside_the_lengths_are_counted_and_the_others_keep_their_latents(corpus, latents) -> None:
    prompts = of_corpus(corpus, latents, normalised=False, seed=0)
    assert prompts.clips["clip_id"].tolist() == ["Ma", "a", "d"]
    assert prompts.clips["frames"].tolist() == [50, 50, 60]  # of d the captioned three seconds
    assert prompts.clips["base_id"].tolist() == prompts.test.groups.tolist() == ["a", "a", "d"]
    assert list(prompts.left_out.values()) == [1, 1, 1]
    np.testing.assert_array_equal(prompts.test.motion, latents.motion[[1, 0, 4]])
    np.testing.assert_array_equal(prompts.test.text, latents.text[[1, 0, 4]])


def test_normalised_latents_have_unit_length(corpus, latents) -> None:
    prompts = of_corpus(corpus, latents, normalised=True, seed=0)
    np.testing.assert_allclose(np.linalg.norm(prompts.test.text, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(
        unit(latents.motion)[0] * np.linalg.norm(latents.motion[0]), latents.motion[0], rtol=1e-5
    )


class Generator:
    """Stands in for MoMask: noise by its own number, by seed and by place; nothing is read of a text but its length."""

    def __init__(self, number: int, sampled: list[Sampling]) -> None:
        self.number, self.fingerprint, self.sampled = number, str(number), sampled

    def vectors(self, texts: Sequence[str]) -> torch.Tensor:
        return torch.tensor([[float(len(text))] for text in texts])

    def generate(
        self, condition: torch.Tensor, frames: Sequence[int], *, seed: int, sampling: Sampling
    ) -> list[np.ndarray]:
        assert len(condition) == len(frames)
        self.sampled.append(sampling)
        rngs = [np.random.default_rng([self.number, seed, at]) for at in range(len(frames))]
        return [
            rng.normal(scale=0.01, size=(count, 263)).astype(np.float32)
            for rng, count in zip(rngs, frames, strict=True)
        ]


RUNS = {(name, seed): Path(f"{at}") for at, (name, seed) in enumerate([("x", 0), ("x", 1), ("y", 0), ("y", 1)])}
SAMPLING = Sampling(steps=3, guidance=2.0)


def opened(folder: Path) -> Generator:
    return Generator(int(folder.name), [])


class Sums:
    """A second evaluator, of one number a motion: the sum of all its features."""

    fingerprint, sizes = "sums", None

    def encode_motion(self, motions: Sequence[np.ndarray], *, progress: bool = False) -> np.ndarray:
        return np.array([[motion.sum()] for motion in motions], dtype=np.float32)

    def encode_captions(self, captions: pd.DataFrame, *, progress: bool = False) -> np.ndarray:
        return np.zeros((len(captions), 1), dtype=np.float32)


@pytest.fixture
def judges(corpus, latents, evaluator) -> list[Judge]:
    other = Latents(latents.clip_id, latents.motion[:, :1], latents.captions, latents.text[:, :1], "sums")
    return [
        Judge("TMR", evaluator, of_corpus(corpus, latents, normalised=True, seed=0)),
        Judge("sums", Sums(), of_corpus(corpus, other, normalised=False, seed=0)),
    ]


def test_every_generation_is_embedded_by_both_evaluators_and_the_first_repeat_is_kept(judges, tmp_path: Path) -> None:
    clips = judges[0].prompts.clips
    found = generate(RUNS, opened, judges, repeats=2, sampling=SAMPLING, keep=tmp_path, progress=False)
    assert list(found) == ["TMR", "sums"] and all(list(models) == ["x", "y"] for models in found.values())
    assert found["TMR"]["x"].latents.shape == (2, 2, 3, 8) and found["sums"]["x"].latents.shape == (2, 2, 3, 1)
    assert found["TMR"]["x"].present.all()
    np.testing.assert_allclose(np.linalg.norm(found["TMR"]["x"].latents, axis=-1), 1, atol=1e-5)
    frames = clips["frames"].tolist()
    for number, (name, seed) in enumerate(RUNS):
        for repeat in range(2):
            sums = [
                m.sum()
                for m in Generator(number, []).generate(torch.zeros(3, 1), frames, seed=repeat, sampling=SAMPLING)
            ]
            np.testing.assert_allclose(found["sums"][name].latents[seed, repeat, :, 0], sums, rtol=1e-5)
    shapes = dict.fromkeys(UNITS, (2, 1, 3))
    assert all({name: values.shape for name, values in one["y"].physical.items()} == shapes for one in found.values())
    kept = read_generations(tmp_path, clips["clip_id"].tolist(), frames=clips.set_index("clip_id")["frames"].to_dict())
    assert kept.models == ["x seed 0", "x seed 1", "y seed 0", "y seed 1"]
    assert kept.report.drop(index=kept.bodies.index).empty  # a generator that was never trained makes no bodies
    again = of_files(kept, judges)
    for judge in judges:
        own = again[judge.name]["y seed 1 (external)"]
        np.testing.assert_allclose(own.latents[0, 0], found[judge.name]["y"].latents[1, 0], atol=1e-5)
        for measure in UNITS:
            np.testing.assert_allclose(own.physical[measure][0, 0], found[judge.name]["y"].physical[measure][1, 0])


def test_generators_that_run_at_a_time_make_the_same_in_the_same_order(judges, tmp_path: Path) -> None:
    ways = {"repeats": 2, "sampling": SAMPLING, "progress": False}
    alone, together = (
        generate(RUNS, opened, judges, keep=tmp_path / str(n), workers=n, **ways)  # type: ignore[arg-type]
        for n in (1, 2)
    )
    for judge, models in alone.items():
        assert [*models] == [*together[judge]]
        for name, one in models.items():
            np.testing.assert_allclose(together[judge][name].latents, one.latents, atol=1e-6)
            for measure in UNITS:
                np.testing.assert_array_equal(together[judge][name].physical[measure], one.physical[measure])
    first, second = (
        {file.relative_to(tmp_path / n): file.read_bytes() for file in (tmp_path / n).rglob("*.npy")} for n in "12"
    )
    assert first == second and len(first) == 12


def test_motions_are_drawn_as_the_parameters_say(judges) -> None:
    sampled: list[Sampling] = []
    runs = {("x", 0): Path("0")}
    generate(runs, lambda _: Generator(0, sampled), judges, repeats=2, sampling=SAMPLING, progress=False)
    assert sampled == [SAMPLING, SAMPLING]


def test_no_generator_judges_itself(judges) -> None:
    itself = [judges[0], Judge("0", opened(Path("0")), judges[0].prompts)]
    with pytest.raises(ValueError, match="cannot judge itself"):
        generate(RUNS, opened, itself, repeats=1, sampling=SAMPLING, progress=False)


def test_a_missing_motion_is_nan_and_does_not_count_for_either_evaluator(judges, tmp_path: Path) -> None:
    frames = np.random.default_rng(0).normal(scale=0.01, size=(50, 263))
    write_generations(tmp_path, "theirs", 0, {"a": frames, "d": frames})
    files = read_generations(tmp_path, judges[0].prompts.clips["clip_id"].tolist())
    for models in of_files(files, judges).values():
        found = models["theirs (external)"]
        assert found.present.tolist() == [False, True, True]
        for measure in ("jerk", "motion energy"):
            assert np.isnan(found.physical[measure][0, 0]).tolist() == [True, False, False]
    assert evaluation_prompts.FEWEST == 40 and of_files(None, judges) == {"TMR": {}, "sums": {}}


def test_models_of_others_stand_beside_the_regimes_by_evaluator() -> None:
    one, two, three, four = (object() for _ in range(4))
    both = joined({"TMR": {"x": one}, "sums": {"x": two}}, {"TMR": {"y": three}, "sums": {"y": four}})  # type: ignore[dict-item]
    assert both == {"TMR": {"x": one, "y": three}, "sums": {"x": two, "y": four}}


def test_kept_motions_are_named_by_their_generators_their_captions_the_draw_and_the_code(monkeypatch) -> None:
    clips = pd.DataFrame({"clip_id": ["a"], "text": ["walks"], "frames": [60]})
    runs = {("x", 0): Path("momask-1")}
    folder = generated_motions.kept_folder
    named = {folder(runs, SimpleNamespace(clips=clips), SAMPLING)}
    named.add(folder({("x", 0): Path("momask-2")}, SimpleNamespace(clips=clips), SAMPLING))
    named.add(folder(runs, SimpleNamespace(clips=clips.assign(text="runs")), SAMPLING))
    named.add(folder(runs, SimpleNamespace(clips=clips), Sampling(steps=4, guidance=2.0)))
    monkeypatch.setattr(generated_motions, "VERSION", generated_motions.VERSION + 1)
    named.add(folder(runs, SimpleNamespace(clips=clips), SAMPLING))
    assert len(named) == 5


def test_motions_that_were_damaged_are_made_again(judges, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(generated_motions, "CACHE", tmp_path)
    again = {"repeats": 1, "sampling": SAMPLING}
    generate_and_keep(RUNS, opened, judges, **again)
    (folder,) = (tmp_path / "generations").iterdir()
    file = folder / "x seed 0" / "0" / "a.npy"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    generate_and_keep(RUNS, opened, judges, **again)
    assert file.read_bytes() == whole and "the motions are made again" in capsys.readouterr().err


class Named(Sums):
    name = "small T2M evaluator"


def test_both_evaluators_judge_the_same_captions_and_the_first_is_tmr(corpus, latents, evaluator, tmp_path) -> None:
    run = SimpleNamespace(corpora={"one": stored(corpus, tmp_path)}, profile=SimpleNamespace(seed=0))
    every = profile_evaluators.judges(run, evaluator, {"one": latents}, Named(), normalised=True)
    first, second = every["one"]
    assert (first.name, second.name) == ("TMR", "small T2M evaluator")
    pd.testing.assert_frame_equal(first.prompts.clips, second.prompts.clips)
    assert first.prompts.normalised and not second.prompts.normalised
    for measure in UNITS:
        np.testing.assert_array_equal(first.prompts.test.physical[measure], second.prompts.test.physical[measure])
    assert not second.prompts.test.motion.any()  # sums of bodies of zeros


def test_what_the_bodies_of_a_model_share_is_warned_of_by_model(tmp_path: Path) -> None:
    lying = swinging(60)[..., [0, 2, 1]]
    write_generations(tmp_path, "theirs", 0, {"a": lying, "b": lying})
    warned: list[str] = []
    profile = SimpleNamespace(corpora={"x": SimpleNamespace(root=str(tmp_path / "corpus"))})
    clips = pd.DataFrame({"clip_id": ["a", "b"], "frames": [60, 60]})
    run = SimpleNamespace(profile=profile, warn=warned.append)
    assert profile_generators.of_others(run, clips, folder=str(tmp_path)) is not None
    assert profile_generators.of_others(run, clips, folder=None) is None and len(warned) == 1
    told = "the head is never well above the feet in 2 of 2 motions looked at"
    assert f"generations of theirs are upside down or lying: {told}" in warned
    assert not any("missing, refused" in line for line in warned)
