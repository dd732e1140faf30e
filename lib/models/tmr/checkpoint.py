"""What a training leaves on disk: a checkpoint an epoch, from which it goes on, and a run folder at its end."""

import hashlib
import io
import json
import math
import os
import shutil
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

import pandas as pd
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from lib.base import atomic, cache_use, seals, state
from lib.base.errors import ModelError, refuse_limits
from lib.base.hashes import text_sha256

Row = dict[str, float]
DIGEST = hashlib.sha256().digest_size
AGAIN = "it is trained again"


class Trained(Protocol):
    """A model that a run folder keeps, such as TMR."""

    @property
    def fingerprint(self) -> str:
        """sha256 of all that it is made of."""
        ...

    @classmethod
    def from_run_dir(cls, path: str | Path) -> Self:
        """The model of a run folder."""
        ...

    def to_run_dir(self, path: Path) -> None:
        """Writes the run folder."""
        ...

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> object:
        """Takes weights."""
        ...

    def parameters(self) -> Iterator[nn.Parameter]:
        """The weights."""
        ...


@dataclass
class Standing:
    """How far a training has come.

    Attributes:
        log: one row an epoch: its losses, what validation gave, and seconds.
        best: state dict of the epoch with the best validation score so far, the first of equals.
        best_epoch: its number, from 0; -1 before there is one.
        best_score: its score, higher is better.
    """

    log: list[Row] = field(default_factory=list)
    best: dict[str, Tensor] = field(default_factory=dict)
    best_epoch: int = -1
    best_score: float = -math.inf

    @property
    def epoch(self) -> int:
        """The number of the epoch to be trained next."""
        return len(self.log)

    def note(self, row: Row, score: float, module: nn.Module) -> None:
        """Takes down an epoch, and its weights when they are the best."""
        if score > self.best_score:
            self.best_score, self.best_epoch = score, self.epoch
            self.best = {name: tensor.detach().cpu().clone() for name, tensor in module.state_dict().items()}
        self.log.append(row)

    def ended(self, epochs: int, patience: int) -> bool:
        """Whether all epochs are trained, or `patience` of them passed without a better score."""
        return self.epoch >= epochs or (self.epoch > 0 and self.epoch - 1 - self.best_epoch >= patience)


def save(path: Path, standing: Standing, module: nn.Module, optimiser: Optimizer) -> None:
    """Writes a checkpoint that appears whole or not at all: 32 bytes of SHA-256, then what torch writes."""
    kept = {"standing": vars(standing), "module": module.state_dict(), "optimiser": optimiser.state_dict()}
    content = io.BytesIO()
    torch.save(kept, content)
    with atomic.replaced(path) as part:
        part.write_bytes(hashlib.sha256(content.getbuffer()).digest() + content.getvalue())


def resume(path: Path, module: nn.Module, optimiser: Optimizer) -> Standing:
    """Puts module and optimiser where a checkpoint has them.

    Returns:
        How far it was; a beginning when there is no checkpoint, or, with a warning, none that can be read.
    """
    if not path.is_file():
        return Standing()
    try:
        sha256, content = (raw := path.read_bytes())[:DIGEST], raw[DIGEST:]
        if hashlib.sha256(content).digest() != sha256:
            raise ValueError("another checksum")
        kept = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        standing = Standing(**kept["standing"])
    except Exception as error:  # what is raised depends on where the file is damaged
        refuse_limits(error)
        warnings.warn(f"{path} is unreadable ({type(error).__name__}): training begins anew", stacklevel=2)
        return Standing()
    module.load_state_dict(kept["module"])
    optimiser.load_state_dict(kept["optimiser"])
    return standing


def run_folder(cache: Path, kind: str, content: Mapping[str, object]) -> Path:
    """The folder of a run, named by its kind and a hash of everything that its weights depend on."""
    return cache_use.note(cache / f"{kind}-{text_sha256(json.dumps(content, sort_keys=True))[:16]}")


def publish(model: Trained, standing: Standing, facts: Mapping[str, object], scratch: Path, target: Path) -> None:
    """Writes the run folder of an ended training, which appears whole and sealed.

    Args:
        model: takes the best weights.
        standing: whose log becomes `log.csv`.
        facts: what was trained, on what and how well; `training.json` holds them with the model's size and fingerprint.
        scratch: the folder of the checkpoint, which is removed.
        target: the run folder.
    """
    model.load_state_dict(standing.best)
    part = scratch / f"run-{os.getpid()}"
    model.to_run_dir(part)
    pd.DataFrame(standing.log).to_csv(part / "log.csv", index=False)
    size = sum(parameter.numel() for parameter in model.parameters())
    noted = {**facts, "parameters": size, "fingerprint": model.fingerprint}
    (part / "training.json").write_text(json.dumps(noted, indent=1), encoding="utf-8")
    seals.seal(part)
    atomic.swap_in(part, target)
    shutil.rmtree(scratch, ignore_errors=True)


def log(run: Path) -> pd.DataFrame:
    """The training log of a run folder made by `publish`: a row an epoch, or a validation of MoMask."""
    return pd.read_csv(run / "log.csv")


def is_sound(folder: Path, kind: type[Trained]) -> bool:
    """Whether a folder holds a finished training of which no byte has changed.

    A folder without a seal, which an earlier version of this project trained, is sealed now if its weights have the
    fingerprint that its training noted.

    Args:
        folder: the run folder.
        kind: what was trained, such as `TMR`.
    """
    if seals.is_sealed(folder) or not (folder / "config.json").is_file():
        return seals.is_sealed(folder) and seals.intact(folder)
    noted = state.read(folder / "training.json", dict[str, Any], then=AGAIN) or {}
    try:
        sound = kind.from_run_dir(folder).fingerprint == noted.get("fingerprint")
    except ModelError:
        return False
    if sound:
        seals.seal(folder)
    return sound
