"""Any text model of the Hugging Face kind, by folder or by name, asked for the states of its last layer."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from lib.base.errors import ModelError, refuse_limits
from lib.base.hashes import digest, file_sha256

KINDS = ("*.json", "*.txt", "*.model", "model*.safetensors")
LONGEST = 512
COMMIT = re.compile(r"[0-9a-f]{40}")
"""The full hash of a commit, the one name of a revision whose content never changes."""


def locate(model: str | Path) -> Path:
    """The folder of a model; one of the hub is fetched at its commit, unless its cache holds it.

    Args:
        model: a folder, or name and commit as in `distilbert-base-uncased@` and 40 hexadecimal digits.

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
        return Path(snapshot_download(name, revision=commit, allow_patterns=list(KINDS), etag_timeout=5.0))
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
        raise _unreadable(folder, error) from error


class HuggingFace:
    """A frozen text model read through transformers, which pads and masks batches."""

    def __init__(self, folder: Path) -> None:
        """Reads tokenizer and weights; code that comes with a model is not run.

        Args:
            folder: the model.

        Raises:
            ModelError: transformers cannot read it.
        """
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(folder)
            self.model = AutoModel.from_pretrained(folder, trust_remote_code=False, dtype=torch.float32).eval()
            places = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("max_position_embeddings")
        except Exception as error:  # transformers raises whatever its parts raise
            raise _unreadable(folder, error) from error
        # RoBERTa and its kin lose two places to padding.
        self.longest = min(LONGEST, int(places) - 2) if places else LONGEST

    def tokenise(self, texts: Sequence[str]) -> list[list[int]]:
        """Token numbers of each text, special tokens included, cut at the model's longest."""
        ids: list[list[int]] = self.tokenizer(list(texts), truncation=True, max_length=self.longest)["input_ids"]
        return ids

    @torch.inference_mode()
    def states(self, ids: Sequence[Sequence[int]]) -> list[Tensor]:
        """What the last layer says of each token: (length, width) for each sequence."""
        padded = torch.nn.utils.rnn.pad_sequence([torch.tensor(one) for one in ids], batch_first=True)
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones(len(one)) for one in ids], batch_first=True)
        states = self.model(input_ids=padded, attention_mask=mask.long()).last_hidden_state
        return [row[: len(one)] for row, one in zip(states, ids, strict=True)]


@lru_cache(maxsize=1)
def read_model(folder: Path) -> HuggingFace:
    """The model of a folder, kept for the next call."""
    return HuggingFace(folder)


def _unreadable(folder: Path, error: Exception) -> ModelError:
    refuse_limits(error)
    told = f"not a readable text model ({type(error).__name__})"
    return ModelError(told, where=folder, fix="point at a complete text model")
