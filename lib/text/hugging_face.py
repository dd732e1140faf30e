"""Where a text model of the Hugging Face kind lies, and what its folder says before its weights are read."""

import re
from collections.abc import Sequence
from pathlib import Path

from lib.base.errors import ModelError, refuse_limits
from lib.base.hashes import digest, file_sha256

KINDS = ("*.json", "*.txt", "*.model", "model*.safetensors")
COMMIT = re.compile(r"[0-9a-f]{40}")
"""The full hash of a commit, the one name of a revision whose content never changes."""


def locate(model: str | Path, *, also: Sequence[str] = ()) -> Path:
    """The folder of a model; one of the hub is fetched at its commit, unless its cache holds it.

    Args:
        model: a folder, or name and commit as in `distilbert-base-uncased@` and 40 hexadecimal digits.
        also: files to fetch beside those of `KINDS`, for a model whose weights are older than safetensors.

    Raises:
        ModelError: neither a folder nor a name with a commit, or the hub and its cache do not answer to it.

    Example:
        >>> locate("a/b")
        Traceback (most recent call last):
        lib.base.errors.ModelError: a/b: no folder and no commit; set models.tmr.text_model to a folder or name@commit
    """
    if Path(model).is_dir():
        return Path(model)
    name, _, commit = str(model).partition("@")
    if not COMMIT.fullmatch(commit):
        raise ModelError(
            "no folder and no commit", where=model, fix="set models.tmr.text_model to a folder or name@commit"
        )
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, revision=commit, allow_patterns=[*KINDS, *also], etag_timeout=5.0))
    except Exception as error:  # the transport's own errors differ between versions of huggingface_hub
        refuse_limits(error)
        told = f"cannot be fetched ({type(error).__name__})"
        raise ModelError(told, where=model, fix="connect to the hub, or give a folder that holds the model") from error


def folder_hash(folder: Path) -> str:
    """One hash of every file of a model folder that may bear on what the model says.

    Raises:
        ModelError: the folder holds no weights.
    """
    files = sorted({path for kind in (*KINDS, "*.bin") for path in folder.glob(kind)})
    if not any(path.suffix in (".safetensors", ".bin") for path in files):
        raise ModelError("no weights (model.safetensors)", where=folder, fix="point at a complete text model")
    return digest((path.name, file_sha256(path.resolve())) for path in files)


def width(folder: Path) -> int:
    """Numbers a token in a model's last layer.

    Raises:
        ModelError: no readable config.json.
    """
    from transformers import AutoConfig

    try:
        return int(AutoConfig.from_pretrained(folder).hidden_size)
    except Exception as error:  # transformers raises whatever its parts raise
        raise unreadable(folder, error) from error


def unreadable(folder: Path, error: Exception) -> ModelError:
    """The error for a folder that transformers cannot read, in one line.

    Raises:
        UserError: a limit of the machine lies behind the error, not the folder.
    """
    refuse_limits(error)
    try:
        for file in folder.glob("model*.safetensors"):
            file.open("rb").close()  # safetensors calls a file missing that the system does not open
    except OSError as limit:
        refuse_limits(limit)
    what = f"not a readable text model ({type(error).__name__})"
    return ModelError(what, where=folder, fix="point at a complete text model")
