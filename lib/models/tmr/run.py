"""TMR's run folder: `config.json`, three state dicts and the statistics, as the public code lays them out."""

import hashlib
import io
import json
import pickle
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from torch import Tensor

from lib.base.errors import ModelError, refuse_limits
from lib.models.tmr.sizes import NETWORKS, STATISTICS, TMRSizes, statistics_folder

SHARED = ("latent_dim", "num_layers", "num_heads", "ff_size", "dropout")
FIX = "point at a run folder of TMR: config.json beside last_weights/"


@dataclass(frozen=True)
class Run:
    """What a run folder holds.

    Attributes:
        folder: where.
        sizes: of the networks.
        text_model: name or folder of the model whose token states the text encoder reads.
        weights: state dict by network.
        mean: (nfeats,) of the run's own training frames.
        std: (nfeats,) likewise.
    """

    folder: Path
    sizes: TMRSizes
    text_model: str
    weights: dict[str, dict[str, Tensor]]
    mean: Tensor
    std: Tensor


def read_run(folder: Path) -> Run:
    """Reads a run folder of Mathux/TMR or of this project; nothing in it is executed.

    The statistics are a run's own and lie where its configuration says, `data.motion_loader.normalizer.base_dir`. That
    path is relative to the folder TMR was started in, the root of its repository, in which runs lie under `outputs/`
    or `models/`; so it is looked for in the run folder first, then in each folder above it, nearest first. A copy
    of `mean.pt` and `std.pt` under that path in the run folder makes the folder complete by itself.

    Source: Mathux/TMR: src/load.py, src/config.py, src/data/motion.py, configs/data/motion_loader/_base.yaml.

    Raises:
        ModelError: a file is missing, unreadable, or holds more than tensors; the configuration lacks a key.

    Example:
        >>> read_run(Path("no/such/run"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        lib.base.errors.ModelError: no/such/run: config.json is missing; point at a run folder of TMR: ...
    """
    config_file = folder / "config.json"
    if not config_file.is_file():
        raise ModelError("config.json is missing", where=folder, fix=FIX)
    try:
        config = json.loads(config_file.read_text(encoding="utf-8"))
        loader = config["data"]["motion_loader"]
        sizes = _sizes(config["model"], int(loader.get("stride", 1)), config_file)
        text_model = str(config["data"]["text_to_token_emb"]["modelname"])
        base = str(loader["normalizer"]["base_dir"])
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        told = f"not a configuration of TMR ({type(error).__name__}: {error})"
        raise ModelError(told, where=config_file, fix=FIX) from error
    weights = {name: _tensors(folder / "last_weights" / f"{name}.pt") for name in NETWORKS}
    statistics = statistics_folder(folder, base)
    mean, std = (_vector(statistics / name, sizes.motion_features) for name in STATISTICS)
    return Run(folder, sizes, text_model, weights, mean, std)


def write_run(run: Run) -> None:
    """Writes a run folder that this project and Mathux/TMR read alike, but for `stride`, which only we know."""
    shared = {name: getattr(run.sizes, name) for name in SHARED}
    widths = {"motion_encoder": run.sizes.motion_features, "text_encoder": run.sizes.text_features}
    networks: dict[str, Any] = {
        name: {"nfeats": widths.get(name, run.sizes.motion_features), **shared, "activation": "gelu"}
        for name in NETWORKS
    }
    for name in widths:
        networks[name]["vae"] = True
    loader: dict[str, Any] = {"fps": 20.0, "nfeats": run.sizes.motion_features, "stride": run.sizes.stride}
    loader["normalizer"] = {"base_dir": "stats", "eps": 1e-12}
    config = {
        "model": {**networks, "vae": True},
        "data": {"motion_loader": loader, "text_to_token_emb": {"modelname": run.text_model}},
    }
    (run.folder / "last_weights").mkdir(parents=True, exist_ok=True)
    (run.folder / "stats").mkdir(exist_ok=True)
    for name, weights in run.weights.items():
        save({key: tensor.cpu() for key, tensor in weights.items()}, run.folder / "last_weights" / f"{name}.pt")
    save(run.mean.cpu(), run.folder / "stats" / "mean.pt")
    save(run.std.cpu(), run.folder / "stats" / "std.pt")
    (run.folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")


def save(content: Any, path: Path) -> None:
    """Writes tensors as `torch.save` does, but for its RuntimeError on a full disk.

    Raises:
        OSError: the file cannot be written.
    """
    written = io.BytesIO()
    torch.save(content, written)
    path.write_bytes(written.getbuffer())


def fingerprint(tensors: Mapping[str, Tensor]) -> str:
    """sha256 of tensors with their names, whatever their order and device."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode() + tensors[name].detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def difference(weights: dict[str, Tensor], expected: dict[str, Tensor], *, model: str = "TMR") -> str | None:
    """The first way in which a state dict is not the expected one, in words; None when names and shapes agree.

    Args:
        weights: the state dict.
        expected: names and shapes that it should have.
        model: whose state dict it should be.

    Example:
        >>> difference({"tokens": torch.zeros(2, 8)}, {"tokens": torch.zeros(2, 4)})
        'tokens has shape (2, 8) where the configuration makes it (2, 4)'
    """
    shapes, wanted = ({name: tuple(t.shape) for name, t in state.items()} for state in (weights, expected))
    if missing := sorted(wanted.keys() - shapes.keys()):
        return f"lacks {missing[0]}" + (f" and {len(missing) - 1} more" if missing[1:] else "")
    if extra := sorted(shapes.keys() - wanted.keys()):
        return f"has {extra[0]}" + (f" and {len(extra) - 1} more" if extra[1:] else "") + f", which {model} has not"
    wrong = next((name for name in wanted if shapes[name] != wanted[name]), None)
    return wrong and f"{wrong} has shape {shapes[wrong]} where the configuration makes it {wanted[wrong]}"


def _sizes(model: dict[str, Any], stride: int, where: Path) -> TMRSizes:
    shared = [{name: model[network][name] for name in SHARED} for network in NETWORKS]
    if shared[1:] != shared[:-1]:
        raise ModelError("the three networks differ in size", where=where, fix="give the encoders and decoder one size")
    kinds = {(model[name]["vae"], model[name]["activation"]) for name in NETWORKS[:2]}
    if kinds != {(True, "gelu")}:
        raise ModelError("not a variational model with gelu", where=where, fix="point at a run of TMR or TEMOS")
    widths = {"motion_features": model["motion_encoder"]["nfeats"], "text_features": model["text_encoder"]["nfeats"]}
    try:
        return TMRSizes(**shared[0], **widths, stride=stride)
    except ValidationError as error:
        first = error.errors()[0]
        told = ".".join(map(str, first["loc"])) + f" cannot be {first['input']!r}" if first["loc"] else first["msg"]
        raise ModelError(f"impossible sizes: {told[:200]}", where=where, fix=FIX) from error


def _vector(path: Path, width: int) -> Tensor:
    vector = load(path)
    if not isinstance(vector, Tensor) or vector.shape != (width,) or not vector.isfinite().all():
        raise ModelError(f"not {width} finite numbers", where=path, fix="copy the run's own statistics there")
    return vector.float()


def _tensors(path: Path) -> dict[str, Tensor]:
    if not path.is_file():
        raise ModelError("is missing", where=path, fix="extract the weights with TMR's extract.py")
    held = load(path)
    if not isinstance(held, dict) or not all(isinstance(value, Tensor) for value in held.values()):
        raise ModelError("not a state dict", where=path, fix="extract the weights with TMR's extract.py")
    return held


def load(path: Path) -> Any:
    """What torch wrote into a file, where it is tensors, numbers and containers of these; nothing is executed.

    Raises:
        ModelError: the file holds more, perhaps code, or is unreadable.
    """
    try:
        with warnings.catch_warnings():
            # A file that is no archive of torch's is refused below; what torch supposes about it helps nobody.
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        told = "holds more than tensors, perhaps code, and was not opened"
        raise ModelError(told, where=path, fix="save the state dict alone") from error
    except Exception as error:  # torch raises RuntimeError, EOFError, KeyError or OSError, as the damage has it
        refuse_limits(error)
        raise ModelError(f"unreadable ({type(error).__name__})", where=path, fix="copy the file again") from error
