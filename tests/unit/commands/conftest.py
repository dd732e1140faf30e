"""A profile with a public and a private corpus, and small generators that it is as if 06 had trained."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from lib.base import seals
from lib.commands import app
from lib.models.momask import RVQVAE, LengthEstimator, MaskTransformer, ResidualTransformer
from lib.models.momask import model as momask
from lib.models.momask.sizes import MoMaskSizes
from lib.models.momask.weights import Weights, write_weights
from lib.motion.features import from_joints
from lib.run import pipeline, trained_generators
from lib.text import mpnet
from tests.unit.dataset import small
from tests.unit.motion.bodies import swinging

PROFILE = """\
profile: own_small
description: "two <b>corpora</b>"
corpora:
  h3d: {{label: Public, kind: humanml3d, root: "{root}/h3d"}}
  dm: {{label: Own, kind: manifest, root: "{root}/dm", private: true}}
"""
REGIMES = {("h3d", 0): "a" * 64, ("h3d", 3): "b" * 64, ("h3d+dm weighted", 0): "c" * 64}
SIZES = MoMaskSizes(
    width=8, code_dim=8, codes=16, quantizers=2, depth=1, latent_dim=12, num_layers=1, num_heads=2, ff_size=8,
    condition=mpnet.WIDTH,
)  # fmt: skip


class Letters:
    """Stands in for MPNet: how often each letter is there, over 768 places."""

    name, width, producer = mpnet.REPOSITORY, mpnet.WIDTH, "letters 1"

    def prepare(self, texts: Sequence[str], *, progress: bool = True) -> None:
        """There is nothing to keep."""

    def get(self, texts: Sequence[str]) -> torch.Tensor:
        """(n, 768)."""
        return torch.stack([torch.bincount(torch.tensor([*text.encode()]), minlength=768).float() for text in texts])


@dataclass(frozen=True)
class World:
    """Where a profile, its cache and its results lie."""

    root: Path

    @property
    def params(self) -> Path:
        """The parameter file."""
        return self.root / "own.yml"

    @property
    def cache(self) -> Path:
        """Of trained models."""
        return self.root / "cache" / "models"

    @property
    def results(self) -> Path:
        """What 06 left."""
        return self.root / "results" / "own_small" / "06_evaluation"

    def run(self, regime: str, seed: int) -> Path:
        """A run folder."""
        return self.cache / f"momask-{REGIMES[regime, seed][:16]}"


def printed(*arguments: object) -> str:
    """What a command prints; an error is raised, once it is known to be one line."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        assert "\n" not in str(done.exception)
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output.strip()


def write_run(folder: Path, fingerprint: str, seed: int) -> None:
    """A run folder as training publishes it, with weights that nobody trained and the statistics of a body."""
    torch.manual_seed(seed)
    tokenizer = RVQVAE(SIZES)
    for layer in tokenizer.quantizer.codebooks:
        layer.codebook.normal_()
    mean = torch.from_numpy(from_joints(swinging(41)).mean(axis=0))
    networks = MaskTransformer(SIZES), ResidualTransformer(SIZES), LengthEstimator(SIZES.condition)
    weights = Weights(tokenizer, *networks, mean, torch.full((263,), 0.002), mpnet.REPOSITORY)
    names = "rvq", "masked", "residual", "length_estimator"
    write_weights(weights, folder, shares=(0.1, 0.2), facts={name: 6 for name in names})
    about = {
        "fingerprint": fingerprint,
        "tokenizer": "rvq-0",
        "clips": 1234,
        "parameters": 5678,
        "training": {"masked": {"steps": 60}, "residual": {"steps": 20}, "lengths": {"steps": 10}},
        "best_step": {"masked transformer": 30},
        "best_val": {"masked transformer": 1.25},
    }
    (folder / "training.json").write_text(json.dumps(about))
    (folder / "log.csv").write_text("network,step\n")
    seals.seal(folder)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    small.write_public(tmp_path / "h3d")
    small.write_private(tmp_path / "dm")
    made.params.write_text(PROFILE.format(root=tmp_path))
    for (regime, seed), fingerprint in REGIMES.items():
        write_run(made.run(regime, seed), fingerprint, seed)
    tokenizer = {"training": {"steps": 900}, "best_step": {"tokenizer": 450}, "best_val": {"tokenizer": 0.5}}
    (made.cache / "rvq-0").mkdir()
    (made.cache / "rvq-0" / "training.json").write_text(json.dumps(tokenizer))
    made.results.mkdir(parents=True)
    noted = {f"MoMask, {regime}, seed {seed}": value for (regime, seed), value in REGIMES.items()}
    record = {"models": {"TMR": "d" * 64, **noted}, "start": "2026-01-02T03:04:05"}
    (made.results / "provenance.json").write_text(json.dumps(record))
    values = {
        "h3d_r3": {"value": 0.5, "low": 0.4, "high": 0.6, "n": 8, "text": "0.500 (95 % CI 0.400–0.600, N = 8)"},
        "h3d_dm_weighted_fid": {"value": 0.25, "text": "0.250 (95 % CI 0.2–0.3, N = 8)"},
        "h3d_dm_r3": {"value": 0.9, "text": "another regime's"},
        "finding": "nothing",
    }
    (made.results / "values.json").write_text(json.dumps(values))
    monkeypatch.setattr(pipeline, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(trained_generators, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(momask, "conditions_of", lambda *_, **__: Letters())
    return made


def arrays(path: Path) -> np.ndarray:
    """What a `.npy` file holds."""
    return np.load(path, allow_pickle=False)
