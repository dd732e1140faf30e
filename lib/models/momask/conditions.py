"""The vector of a text by which motions are generated: MPNet's sentence vector, or CLIP's for public weights."""

import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lib.base.device import resolve_device
from lib.base.errors import ModelError, refuse_limits
from lib.base.paths import CACHE
from lib.models.momask.sizes import CLIP_WIDTH
from lib.text import encoder, hugging_face, mpnet
from lib.text.hugging_face import unreadable
from lib.text.store import Store, key

STORE = CACHE / "embeddings"
CLIP_NAME = "openai/clip-vit-base-patch32"
CLIP_COMMIT = "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268"
TEXTS_AT_ONCE = 64


class Conditions(Protocol):
    """A text model that gives a vector a text.

    Attributes:
        name: as `opt.txt` has it.
        width: numbers a vector.
        producer: everything that the vectors depend on.
    """

    name: str
    width: int

    @property
    def producer(self) -> str:
        """A hash of everything that the vectors depend on."""

    def prepare(self, texts: Sequence[str], *, progress: bool = True) -> None:
        """Computes what is missing, so that `get` only reads."""

    def get(self, texts: Sequence[str]) -> Tensor:
        """(n, width) float32 on the CPU."""


class SentenceConditions:
    """Sentence vectors of all-mpnet-base-v2, times the root of their width, so that their numbers have unit size.

    Args:
        folder: that holds the model; the default is fetched when it is needed.
        store: the folder of the file that keeps vectors.
    """

    name, width = mpnet.REPOSITORY, mpnet.WIDTH

    def __init__(self, folder: Path | None = None, *, store: Path = STORE) -> None:
        self.folder, self.store = folder, store / "sentences.sqlite"

    @property
    def producer(self) -> str:
        """The model's name in the store."""
        return encoder.producer_of(mpnet.model_hash(self.folder))

    def prepare(self, texts: Sequence[str], *, progress: bool = True) -> None:
        """Encodes what the store lacks."""
        encoder.encode(texts, model=self.folder, store=self.store, progress=progress)

    def get(self, texts: Sequence[str]) -> Tensor:
        """(n, 768) of texts, of which those that the store lacks are encoded."""
        vectors = encoder.encode(texts, model=self.folder, store=self.store, progress=False)
        return torch.from_numpy(vectors) * math.sqrt(self.width)


class ClipConditions:
    """Text vectors of CLIP ViT-B/32, as its own code gives them: projected and not normalised.

    Source: Radford et al. 2021 + openai/CLIP: clip/model.py (`encode_text`), clip/clip.py (`tokenize` with `truncate`),
    through transformers, whose weights are the same. `pytorch_model.bin` is read as tensors alone.

    Args:
        model: a folder, or a name on the hub with its commit.
        store: the folder of the file that keeps vectors.
    """

    name, width = CLIP_NAME, CLIP_WIDTH

    def __init__(self, model: str | Path | None = None, *, store: Path = STORE) -> None:
        self.model, self.store = model or f"{CLIP_NAME}@{CLIP_COMMIT}", store / "clip.sqlite"

    @cached_property
    def folder(self) -> Path:
        """Where the model lies; fetched from the hub when first asked for."""
        return hugging_face.locate(self.model, also=["pytorch_model.bin"])

    @cached_property
    def producer(self) -> str:
        """A hash of the model's files."""
        return f"clip 1 {hugging_face.folder_hash(self.folder)}"

    def prepare(self, texts: Sequence[str], *, progress: bool = True) -> None:
        """Encodes what the store lacks."""
        keys = {text: key(self.producer, text) for text in sorted(set(texts))}
        with Store(self.store) as kept:
            known = kept.has([*keys.values()])
            missing = [text for text, one in keys.items() if one not in known]
            for at in range(0, len(missing), TEXTS_AT_ONCE):
                some = missing[at : at + TEXTS_AT_ONCE]
                vectors = self._encoded(some)
                kept.put((keys[text], vector.tobytes()) for text, vector in zip(some, vectors, strict=True))

    def get(self, texts: Sequence[str]) -> Tensor:
        """(n, 512) of texts, of which those that the store lacks are encoded."""
        self.prepare(texts, progress=False)
        keys = [key(self.producer, text) for text in texts]
        with Store(self.store) as kept:
            found = kept.get([*dict.fromkeys(keys)])
        vectors = [np.frombuffer(found[one], dtype=np.float32) for one in keys]
        return torch.from_numpy(np.stack(vectors)) if vectors else torch.zeros(0, self.width)

    @torch.inference_mode()
    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        tokenizer, network = self._network
        tokens = tokenizer([*texts], padding=True, truncation=True, return_tensors="pt")
        vectors: Tensor = network(**tokens.to(network.device)).text_embeds
        encoded: NDArray[np.float32] = vectors.float().cpu().numpy()
        return encoded

    @cached_property
    def _network(self) -> tuple[Any, Any]:
        from transformers import CLIPTextModelWithProjection, CLIPTokenizer
        from transformers.utils import logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        kind: Any = CLIPTextModelWithProjection
        try:
            tokenizer = CLIPTokenizer.from_pretrained(self.folder, **safe)
            network, report = kind.from_pretrained(self.folder, output_loading_info=True, dtype=torch.float32, **safe)
        except Exception as error:  # transformers raises whatever its parts raise
            refuse_limits(error)
            raise unreadable(self.folder, error) from error
        if report["missing_keys"]:
            told = f"{len(report['missing_keys'])} weights are missing, such as {sorted(report['missing_keys'])[0]}"
            raise ModelError(told, where=self.folder, fix="point at a complete CLIP")
        if network.config.projection_dim != self.width:
            told = f"gives {network.config.projection_dim} numbers a text where the public weights read {self.width}"
            raise ModelError(told, where=self.folder, fix="point at CLIP ViT-B/32")
        return tokenizer, network.to(resolve_device()).eval()


def conditions_of(
    name: str, *, sentence_model: Path | None = None, clip: str | Path | None = None, store: Path = STORE
) -> Conditions:
    """The text model of a name in `opt.txt`.

    Raises:
        ModelError: no such model.

    Example:
        >>> conditions_of("word2vec")
        Traceback (most recent call last):
        lib.base.errors.ModelError: condition word2vec: no such text model; it is all-mpnet-base-v2 or CLIP ViT-B/32
    """
    if name == SentenceConditions.name:
        return SentenceConditions(sentence_model, store=store)
    if name == ClipConditions.name:
        return ClipConditions(clip, store=store)
    fix = "it is all-mpnet-base-v2 or CLIP ViT-B/32"
    raise ModelError("no such text model", where=f"condition {name}", fix=fix)
