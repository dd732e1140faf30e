"""Folders of weights as the public code lays them out: `<name>/{opt.txt, model/*.tar, meta/{mean,std}.npy}`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from lib.base.errors import ModelError, refuse_limits
from lib.models.momask import options as lines
from lib.models.momask.conditions import CLIP_NAME
from lib.models.momask.length_estimator import LengthEstimator
from lib.models.momask.masked import MaskTransformer
from lib.models.momask.options import Options, read_options, write_options
from lib.models.momask.residual import ResidualTransformer
from lib.models.momask.tokenizer import RVQVAE
from lib.models.tmr.run import difference, load, save

Network = TypeVar("Network", bound=nn.Module)

KEYS = {
    "tokenizer": ("vq_model", "net"),
    "masked transformer": ("t2m_transformer", "trans"),
    "residual transformer": ("res_transformer",),
    "length estimator": ("estimator",),
}
"""Under what a file keeps a network's weights; by these a folder's kind is known."""
ORDER = ("net_best_fid.tar", "latest.tar", "finest.tar")
"""Of several files of weights the first of these is taken."""
MASKED_ORDER = ("latest.tar", "net_best_fid.tar")
FIX = "point at the folder checkpoints/t2m of momask-codes"
OURS = ("rvq", "masked", "residual", "length_estimator")
"""Names of the folders that are written here."""


@dataclass(frozen=True)
class Weights:
    """The networks of a folder, with the statistics that their motions are normalised by.

    Attributes:
        tokenizer: the RVQ-VAE.
        masked: the masked transformer.
        residual: the residual transformer.
        lengths: the length estimator.
        mean: (263,).
        std: (263,).
        condition: name of the text model.
    """

    tokenizer: RVQVAE
    masked: MaskTransformer
    residual: ResidualTransformer
    lengths: LengthEstimator
    mean: Tensor
    std: Tensor
    condition: str


@dataclass(frozen=True)
class _Part:
    folder: Path
    file: Path
    weights: dict[str, Tensor]

    @property
    def options_file(self) -> Path:
        return self.folder / "opt.txt"


def read_weights(folder: Path, *, masked: str | None = None, residual: str | None = None) -> Weights:
    """Reads the four networks of a folder strictly: every parameter, and nothing else; nothing in it is executed.

    Source: momask-codes: gen_t2m.py, utils/get_opt.py. The tokenizer is the one that the masked transformer names. The
    weights of CLIP are no part of these files.

    Args:
        folder: such as ``checkpoints/t2m``, with a folder for each network; others in it are passed over.
        masked: name of the masked transformer's folder, where there are several.
        residual: name of the residual transformer's folder, likewise.

    Raises:
        ModelError: a network or a file is missing, unreadable, or has code in it; names or shapes are not those that
            `opt.txt` makes; the transformers are of two tokenizers.

    Example:
        >>> read_weights(Path("no/such/folder"))
        Traceback (most recent call last):
        lib.base.errors.ModelError: no/such/folder: no such folder; point at the folder checkpoints/t2m of momask-codes
    """
    if not folder.is_dir():
        raise ModelError("no such folder", where=folder, fix=FIX)
    parts = [part for place in sorted(folder.iterdir()) if (file := _file(place)) and (part := _opened(place, file))]
    by_kind = {kind: [part for _, part in parts if _ == kind] for kind in KEYS}
    of_masked = _the_one(by_kind, "masked transformer", folder, masked)
    of_residual = _the_one(by_kind, "residual transformer", folder, residual)
    of_lengths = _the_one(by_kind, "length estimator", folder, None)
    own, other = read_options(of_masked.options_file), read_options(of_residual.options_file)
    names = [
        lines.needed(read, "vq_name", part.options_file) for read, part in ((own, of_masked), (other, of_residual))
    ]
    if names[0] != names[1]:
        told = f"reads the tokens of {names[1]}, and {of_masked.folder.name} those of {names[0]}"
        raise ModelError(told, where=of_residual.folder, fix="point at transformers of one tokenizer")
    of_tokenizer = _the_one(by_kind, "tokenizer", folder, names[0])
    sizes = lines.tokenizer_sizes(read_options(of_tokenizer.options_file), of_tokenizer.options_file)
    lines.refuse_other_kinds(other, of_residual.options_file)
    of_sizes = lines.transformer_sizes(own, sizes, of_masked.options_file)
    mean, std = (_statistics(of_tokenizer.folder / "meta" / f"{name}.npy") for name in ("mean", "std"))
    if not bool((std > 0).all()):
        raise ModelError(
            "a standard deviation is not positive", where=of_tokenizer.folder / "meta" / "std.npy", fix="copy it again"
        )
    residual_sizes = lines.transformer_sizes(other, sizes, of_residual.options_file)
    return Weights(
        _filled(lambda: RVQVAE(sizes), of_tokenizer),
        _filled(lambda: MaskTransformer(of_sizes), of_masked),
        _filled(lambda: ResidualTransformer(residual_sizes), of_residual),
        _filled(lambda: LengthEstimator(of_sizes.condition), of_lengths),
        mean,
        std,
        own.get("condition", CLIP_NAME),
    )


def write_weights(weights: Weights, folder: Path, *, shares: tuple[float, float], facts: Mapping[str, int]) -> None:
    """Writes the four networks as momask-codes lays them out; what only we read is the width and name of the condition.

    Args:
        weights: the networks.
        folder: where; it is made.
        shares: of conditions that the training of the masked and of the residual transformer left out.
        facts: steps that each network was trained, by the names of `OURS`.
    """
    rvq, masked, residual, lengths = OURS
    condition = weights.condition
    parts: dict[str, tuple[nn.Module, str, str, Options]] = {
        rvq: (weights.tokenizer, "vq_model", "net_best_fid.tar", lines.tokenizer_options(weights.tokenizer.sizes, rvq)),
        masked: (
            weights.masked,
            "t2m_transformer",
            "latest.tar",
            lines.transformer_options(weights.masked.sizes, masked, rvq, unconditional=shares[0], condition=condition),
        ),
        residual: (
            weights.residual,
            "res_transformer",
            "net_best_fid.tar",
            lines.transformer_options(
                weights.residual.sizes, residual, rvq, unconditional=shares[1], condition=condition
            ),
        ),
        lengths: (weights.lengths, "estimator", "finest.tar", {"name": lengths, "unit_length": "4"}),
    }
    for name, (network, key, file, options) in parts.items():
        (folder / name / "model").mkdir(parents=True)
        state = {place: tensor.detach().cpu() for place, tensor in network.state_dict().items()}
        epoch = "epoch" if name == lengths else "ep"
        save({key: state, epoch: facts[name]}, folder / name / "model" / file)
        write_options(options, folder / name / "opt.txt")
    (folder / rvq / "meta").mkdir()
    for statistic in ("mean", "std"):
        np.save(folder / rvq / "meta" / f"{statistic}.npy", getattr(weights, statistic).cpu().numpy())


def _file(place: Path) -> Path | None:
    found = {file.name: file for file in sorted((place / "model").glob("*.tar"))}
    return next((found[name] for name in (*ORDER, *found) if name in found), None)


def _opened(place: Path, file: Path) -> tuple[str, _Part] | None:
    held = _held(file)
    kind = next((kind for kind, keys in KEYS.items() if any(key in held for key in keys)), None)
    if kind is None:
        return None
    if kind == "masked transformer":
        better = next((place / "model" / name for name in MASKED_ORDER if (place / "model" / name).is_file()), file)
        file, held = (file, held) if better == file else (better, _held(better))
    weights = next((held[key] for key in KEYS[kind] if key in held), None)
    if not isinstance(weights, dict) or not all(isinstance(one, Tensor) for one in weights.values()):
        raise ModelError(f"holds no state dict of a {kind}", where=file, fix="copy the file again")
    return kind, _Part(place, file, weights)


def _held(file: Path) -> dict[str, Any]:
    held = load(file)
    if not isinstance(held, dict):
        raise ModelError("holds no networks", where=file, fix=FIX)
    return held


def _the_one(by_kind: Mapping[str, list[_Part]], kind: str, folder: Path, name: str | None) -> _Part:
    parts = [part for part in by_kind[kind] if name in (None, part.folder.name)]
    if not parts:
        raise ModelError(f"no {kind}" + (f" named {name}" if name else ""), where=folder, fix=FIX)
    if len(parts) > 1:
        names = ", ".join(part.folder.name for part in parts)
        raise ModelError(f"{len(parts)} folders with a {kind}: {names}", where=folder, fix="name the one to read")
    return parts[0]


def _filled(build: Callable[[], Network], part: _Part) -> Network:
    """The network with a part's weights; it takes no memory before names and shapes are known to be right."""
    with torch.device("meta"):
        network = build()
    if wrong := difference(part.weights, network.state_dict(), model="MoMask"):
        raise ModelError(wrong, where=part.file, fix="put the opt.txt beside it that the run was trained with")
    network.load_state_dict({name: one.float() for name, one in part.weights.items()}, strict=True, assign=True)
    return network


def _statistics(file: Path) -> Tensor:
    fix = "copy the run's own statistics there"
    try:
        vector = np.load(file, allow_pickle=False)
    except FileNotFoundError:
        raise ModelError("is missing", where=file, fix=fix) from None
    except (OSError, ValueError, EOFError) as error:
        refuse_limits(error)
        raise ModelError(f"unreadable ({type(error).__name__})", where=file, fix=fix) from error
    if not isinstance(vector, np.ndarray) or vector.shape != (263,) or vector.dtype.kind != "f":
        raise ModelError("not 263 numbers", where=file, fix=fix)
    if not np.isfinite(vector).all():
        raise ModelError("not 263 finite numbers", where=file, fix=fix)
    return torch.from_numpy(vector.astype(np.float32))
