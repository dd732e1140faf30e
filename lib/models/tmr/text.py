"""What TMR's text encoder reads: the token states of a frozen text model, each distinct caption passed through once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from lib.base.errors import ModelError
from lib.base.paths import CACHE
from lib.text import encoder, hugging_face, mpnet
from lib.text.passes import Kind, pass_once
from lib.text.stand_in import NAME, seed_of, stand_in_hash, stand_in_states
from lib.text.store import Store, key

STORE = CACHE / "embeddings"
STEP = "token states"
PASSED = "tokens of "


class TokenFeatures:
    """Token states of captions by caption, kept as float16 under a hash of the model and the text.

    They are computed through the engine, see `lib.text.passes`, and read one batch at a time, so that memory is bounded
    by the batch whatever the number of captions. With MPNet the same pass yields the sentence vectors of
    `lib.text.encoder`: they are put into its store, and no caption is passed through twice. Those of its stand-in are
    made when asked for.

    Source: Petrovich et al. 2023 + Mathux/TMR: src/data/text.py, src/model/text_encoder.py, which keep float32 in one
    array a dataset, of distilbert-base-uncased. Special tokens count, as there. Half precision moves a state by less
    than 0.05 %.

    Example:
        >>> features = TokenFeatures()  # doctest: +SKIP
        >>> features.prepare(["a man walks"])  # doctest: +SKIP
        >>> features.get(["a man walks"])[0].shape  # doctest: +SKIP
        torch.Size([5, 768])
    """

    def __init__(
        self, model: str | Path | None = None, *, sentence_model: Path | None = None, store: Path = STORE
    ) -> None:
        """Finds the model without reading its weights.

        Args:
            model: a folder or a name on the Hugging Face hub; the default is all-mpnet-base-v2.
            sentence_model: a folder that holds all-mpnet-base-v2; the default is fetched when it is needed.
            store: the folder of the files that keep states and sentence vectors.

        Raises:
            ModelError: no such model.
        """
        self.store, self.sentence_model = store, sentence_model
        self.stand_in = seed_of(sentence_model) if model in (None, NAME) else None
        if model == NAME and self.stand_in is None:
            raise ModelError("no model of that name", where=NAME, fix="set models.encoder: {kind: stand-in}")
        own = None if seed_of(sentence_model) is not None and self.stand_in is None else sentence_model
        self.folder = own if model in (None, mpnet.REPOSITORY, NAME) else hugging_face.locate(str(model))
        if self.stand_in is not None:
            self.model_hash, self.name, self.width = stand_in_hash(self.stand_in), NAME, mpnet.WIDTH
            self.producer, self.is_mpnet = self.model_hash, False
            return
        complete = self.folder is None or all((self.folder / name).is_file() for name in mpnet.DECISIVE)
        self.is_mpnet = complete and mpnet.model_hash(self.folder) == mpnet.model_hash()
        self.model_hash = mpnet.model_hash() if self.is_mpnet else hugging_face.folder_hash(self.folder or Path())
        self.producer = encoder.producer_of(self.model_hash)
        self.name = mpnet.REPOSITORY if self.is_mpnet else str(model)
        self.width = mpnet.WIDTH if self.is_mpnet else hugging_face.width(self.folder or Path())

    def prepare(self, texts: Sequence[str], *, progress: bool = True) -> int:
        """Computes what is missing; what was computed before an interrupt is kept.

        Args:
            texts: captions, repeated or not.
            progress: whether to show a bar.

        Returns:
            How many captions were passed through the model.

        Raises:
            ModelError: the model cannot be fetched or read.
            UserError: the disk is full.
        """
        if self.stand_in is not None:
            return 0
        makers: dict[Kind, str] = {"states": PASSED + self.producer}
        return pass_once(
            texts,
            step=STEP,
            folder=lambda: self.folder or mpnet.fetch(),
            makers=makers | ({"vector": self.producer} if self.is_mpnet else {}),
            stores={"states": self.store / "tokens.sqlite", "vector": self.store / "sentences.sqlite"},
            progress=progress,
        )

    def get(self, texts: Sequence[str]) -> list[Tensor]:
        """States of prepared captions; those that were damaged since are computed again.

        Args:
            texts: any number of captions, repeated or not.

        Returns:
            (tokens, width) float32 for each.

        Raises:
            KeyError: a caption that was not prepared.
        """
        if self.stand_in is not None:
            return [torch.from_numpy(stand_in_states(text, self.stand_in)) for text in texts]
        keys = [key(PASSED + self.producer, text) for text in texts]
        with Store(self.store / "tokens.sqlite") as kept:
            found = kept.get(list(dict.fromkeys(keys)))
            if kept.dropped:
                self.prepare([text for one, text in zip(keys, texts, strict=True) if one in kept.dropped])
                found |= kept.get(list(kept.dropped))
        states = {one: np.frombuffer(held, dtype=np.float16) for one, held in found.items()}
        return [torch.from_numpy(states[one].reshape(-1, self.width).astype(np.float32)) for one in keys]

    def sentences(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors of all-mpnet-base-v2, by which captions that say the same are told, whatever the token model.

        Args:
            texts: n captions.

        Returns:
            (n, 768) float32.
        """
        store = self.store / "sentences.sqlite"
        vectors = encoder.encode(texts, model=self.sentence_model, store=store, progress=False)
        return torch.from_numpy(vectors)
