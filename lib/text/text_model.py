"""A frozen text model: its tokens, batches of a bounded number of them, and what the network makes of a batch."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lib.base.device import Precision, precision, resolve_device
from lib.base.errors import ModelError
from lib.text.hugging_face import unreadable

TOKENS_AT_ONCE = {"cpu": 512, "cuda": 32_768}
"""Tokens of a batch, padding included. A processor gains nothing from more, whose states then leave its caches; a GPU
needs some ten thousand to be busy, which take it less than 2 GB."""
TEXTS_AT_ONCE = 4096
LONGEST = 512
DTYPES = {"float32": torch.float32, "bf16": torch.bfloat16}


class Output(NamedTuple):
    """What a text model makes of one text.

    Attributes:
        states: (tokens, width) float32, the last layer's, special tokens included.
        vector: (width,) float32, their mean, of unit length.
    """

    states: Tensor
    vector: Tensor


class TextModel:
    """A frozen text model read through sentence-transformers: MPNet, or any other that transformers knows.

    Pooling and normalisation are stated here, not read from the folder, so that a vector depends on the weights, the
    tokenizer and the longest text alone, which are what the model's hash covers. Batches pass through the modules of
    sentence-transformers directly: its `encode` would sort them again, and make a dictionary of every text.
    """

    def __init__(self, folder: Path, *, device: str | None = None, precision: Precision = "float32") -> None:
        """Reads tokenizer and weights; code that comes with a model is not run.

        Args:
            folder: the model.
            device: as `lib.base.device.resolve_device` takes it; by default that of the run.
            precision: of weights and products; states are pooled in float32 whatever it is.

        Raises:
            ModelError: transformers cannot read it, or weights are missing.
            ParamsError: no such device.
        """
        from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
        from transformers import AutoModel
        from transformers.utils import logging

        self.folder, self.device = folder, resolve_device(device)
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        safe = {"local_files_only": True, "trust_remote_code": False}
        try:
            # transformers fills weights that a file lacks with random numbers, and says so to whoever asks alone.
            _, report = AutoModel.from_pretrained(folder, output_loading_info=True, **safe)
            transformer = Transformer(
                str(folder),
                max_seq_length=longest(folder),
                model_kwargs=safe | {"dtype": DTYPES[precision]},
                processor_kwargs=dict(safe),
                config_kwargs=dict(safe),
            )
        except Exception as error:  # transformers raises whatever its parts raise
            raise unreadable(folder, error) from error
        missing = sorted(name for name in report["missing_keys"] if "pooler" not in name)
        if missing:
            fix = "point at a complete text model"
            raise ModelError(f"{len(missing)} weights are missing, such as {missing[0]}", where=folder, fix=fix)
        self._transformer = transformer.to(self.device).eval()
        self._pooled = torch.nn.Sequential(Pooling(transformer.get_embedding_dimension(), "mean"), Normalize())

    def batches(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """See `in_batches`, for the model's device."""
        return in_batches(texts, self.folder, self.device.type)

    def outputs(self, texts: Sequence[str]) -> list[Output]:
        """Passes one batch of texts through the model.

        Args:
            texts: n texts, cut at the model's longest.

        Returns:
            n outputs, on the CPU.
        """
        features = {name: tensor.cpu() for name, tensor in self._features(texts).items()}
        rows = zip(
            features["token_embeddings"], features["attention_mask"], features["sentence_embedding"], strict=True
        )
        return [Output(states[mask.bool()], vector) for states, mask, vector in rows]

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The sentence vectors (n, width) of one batch of texts, as `outputs` has them."""
        made: NDArray[np.float32] = self._features(texts)["sentence_embedding"].cpu().numpy()
        return made

    @torch.inference_mode()
    def _features(self, texts: Sequence[str]) -> dict[str, Tensor]:
        seen = self._transformer.preprocess([_without_surrogates(text) for text in texts])
        features = {name: value.to(self.device) for name, value in seen.items() if isinstance(value, Tensor)}
        features = self._transformer(features)
        features["token_embeddings"] = features["token_embeddings"].float()
        features = self._pooled(features)
        return {name: features[name] for name in ("token_embeddings", "attention_mask", "sentence_embedding")}


def read_model(folder: Path, of: Precision | None = None) -> TextModel:
    """The model of a folder on the run's device in a precision, by default the run's, kept for the next call."""
    return _read(folder, str(resolve_device()), precision() if of is None else of)


@lru_cache(maxsize=1)
def _read(folder: Path, device: str, precision: Precision) -> TextModel:
    return TextModel(folder, device=device, precision=precision)


def in_batches(texts: Iterable[str], folder: Path, device: str) -> Iterator[list[str]]:
    """The distinct texts in batches for a model, which depend on the set of texts alone; long texts first.

    Args:
        texts: any number of times each.
        folder: of the model, whose tokenizer alone is read.
        device: the kind of device that the batches are for, ``cpu`` or ``cuda``.

    Raises:
        ModelError: transformers cannot read it.
    """
    distinct = sorted(set(texts))
    counts = token_counts(distinct, folder)
    try:
        most = longest(folder)
    except (OSError, ValueError) as error:
        raise unreadable(folder, error) from error
    lengths = [min(count, most) for count in counts]
    for batch in batches(lengths, TOKENS_AT_ONCE[device]):
        yield [distinct[at] for at in batch]


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Splits sequences into batches of similar length that hold, once padded, a bounded number of tokens.

    Args:
        lengths: tokens of each sequence.
        budget: tokens a batch may hold, padding included; a longer sequence has a batch of its own.

    Yields:
        Positions in `lengths`, longest first, so that memory peaks at once and the remaining time is never understated.

    Example:
        >>> list(batches([3, 9, 2, 3], budget=6))
        [[1], [0, 3], [2]]
    """
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def longest(folder: Path) -> int:
    """How many tokens of a text are read: what sentence-transformers was told, else what the model has places for.

    Args:
        folder: of the model.
    """
    stated = folder / "sentence_bert_config.json"
    if stated.is_file() and (limit := json.loads(stated.read_text(encoding="utf-8")).get("max_seq_length")):
        return int(limit)
    places = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("max_position_embeddings")
    return min(LONGEST, int(places) - 2) if places else LONGEST  # RoBERTa and its kin lose two places to padding


def token_counts(texts: Sequence[str], folder: Path) -> list[int]:
    """How many tokens each text has for a model, special ones included, before it is cut at `longest`.

    Args:
        texts: any number.
        folder: of the model, whose tokenizer alone is read; code that comes with it is not run.

    Raises:
        ModelError: transformers cannot read it.
    """
    tokenizer, counts = _tokenizer(folder), list[int]()
    for at in range(0, len(texts), TEXTS_AT_ONCE):
        some = [_without_surrogates(text) for text in texts[at : at + TEXTS_AT_ONCE]]
        counts += [len(ids) for ids in tokenizer(some, truncation=False, verbose=False)["input_ids"]]
    return counts


@lru_cache(maxsize=1)
def _tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # transformers raises whatever its parts raise
        raise unreadable(folder, error) from error


def _without_surrogates(text: str) -> str:
    """Lone surrogates, which no tokenizer takes, as the replacement character, which MPNet's leaves out."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
