"""From captions to an evaluator's latents: who is asked, who is left out, whose motions come back in which order."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from lib.corpus import Corpus, Provenance
from lib.corpus.generations import read_generations, write_generations
from lib.metrics.physical import UNITS
from lib.models import evaluation_prompts, generated_motions
from lib.models.evaluation_prompts import of_corpus, unit
from lib.models.generated_motions import generate, of_files
from lib.models.latents import Latents
from lib.models.temos.model import TEMOS
from lib.models.tmr.model import TMR
from lib.models.tmr.sizes import TMRSizes
from lib.run import profile_generators
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


def generators(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, int], Path]:
    """Two regimes of two seeds whose captions all have the standard Gaussian."""
    monkeypatch.setattr(
        TEMOS, "gaussians", lambda self, texts: (torch.zeros(len(texts), 8), torch.zeros(len(texts), 8))
    )
    return {
        (name, seed): Path(f"{number}") for number, (name, seed) in enumerate([("x", 0), ("x", 1), ("y", 0), ("y", 1)])
    }


def opened(folder: Path) -> TEMOS:
    torch.manual_seed(10 + int(folder.name))
    return TEMOS(SIZES, torch.zeros(263), torch.ones(263)).eval()


def test_every_generation_is_embedded_and_the_first_repeat_is_kept(
    corpus, latents, evaluator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    prompts = of_corpus(corpus, latents, normalised=False, seed=0)
    runs = generators(monkeypatch)
    found = generate(runs, opened, prompts, evaluator, repeats=2, keep=tmp_path, progress=False)
    assert list(found) == ["x", "y"] and found["x"].latents.shape == (2, 2, 3, 8) and found["x"].present.all()
    assert {name: values.shape for name, values in found["y"].physical.items()} == dict.fromkeys(UNITS, (2, 1, 3))
    kept = read_generations(
        tmp_path, prompts.clips["clip_id"].tolist(), frames=prompts.clips.set_index("clip_id")["frames"].to_dict()
    )
    assert kept.models == ["x seed 0", "x seed 1", "y seed 0", "y seed 1"]
    assert kept.report.drop(index=kept.bodies.index).empty  # a generator that was never trained makes no bodies
    again = of_files(kept, prompts, evaluator)
    np.testing.assert_allclose(again["y seed 1 (external)"].latents[0, 0], found["y"].latents[1, 0], atol=1e-5)


def test_no_generator_judges_itself(corpus, latents, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = of_corpus(corpus, latents, normalised=False, seed=0)
    runs = generators(monkeypatch)
    with pytest.raises(ValueError, match="cannot judge itself"):
        generate(runs, opened, prompts, opened(Path("0")), repeats=1, progress=False)


def test_a_missing_motion_is_nan_and_does_not_count(corpus, latents, evaluator, tmp_path: Path) -> None:
    prompts = of_corpus(corpus, latents, normalised=True, seed=0)
    frames = np.random.default_rng(0).normal(scale=0.01, size=(50, 263))
    write_generations(tmp_path, "theirs", 0, {"a": frames, "d": frames})
    found = of_files(read_generations(tmp_path, prompts.clips["clip_id"].tolist()), prompts, evaluator)[
        "theirs (external)"
    ]
    assert found.present.tolist() == [False, True, True]
    assert np.isnan(found.physical["jerk"][0, 0]).tolist() == [True, False, False]
    assert evaluation_prompts.FEWEST == 40


def test_kept_motions_are_named_by_their_generators_their_captions_and_the_code(monkeypatch):
    clips = pd.DataFrame({"clip_id": ["a"], "text": ["walks"], "frames": [60]})
    runs = {("x", 0): Path("temos-1")}
    named = {generated_motions.kept_folder(runs, SimpleNamespace(clips=clips))}
    named.add(generated_motions.kept_folder({("x", 0): Path("temos-2")}, SimpleNamespace(clips=clips)))
    named.add(generated_motions.kept_folder(runs, SimpleNamespace(clips=clips.assign(text="runs"))))
    monkeypatch.setattr(generated_motions, "VERSION", generated_motions.VERSION + 1)
    named.add(generated_motions.kept_folder(runs, SimpleNamespace(clips=clips)))
    assert len(named) == 4


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
