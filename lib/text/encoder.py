"""Captions through a frozen text model, each distinct one once: sentence vectors, and the token states below them.

Which vector a caption has does not depend on the other captions of a run beyond float rounding: padding is masked, and
what a batch holds beside a caption moves its vector by less than 1e-6. Results are reproducible to the bit all the
same, on one machine with one number of threads, for two reasons. Batches depend on the set of the texts that are
missing in the store, not on their order. And the store keeps the first vector of a text for good: whoever asks reads
what the store holds, also where another process was faster, so that one vector serves every notebook and every run.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from lib.base.device import resolve_device
from lib.base.errors import ModelError
from lib.base.paths import CACHE
from lib.text import mpnet
from lib.text.hugging_face import unreadable
from lib.text.stand_in import seed_of, stand_in_vectors
from lib.text.store import Store, key

IMPLEMENTATION = "sentence-transformers 1"
"""Part of every key of the stores; raised with every change to the code that moves vectors, be it by rounding alone."""
TOKENS_AT_ONCE = 512
TEXTS_AT_ONCE = 4096
BATCHES_AT_ONCE = 32
LONGEST = 512
STORE = CACHE / "embeddings" / "sentences.sqlite"

Encoded = NDArray[np.float32]


class Output(NamedTuple):
    """What a text model makes of one text.

    Attributes:
        states: (tokens, width) float32, the last layer's, special tokens included.
        vector: (width,) float32, their mean, of unit length.
    """

    states: Tensor
    vector: Tensor


def encode(texts: Sequence[str], *, model: Path | None = None, store: Path = STORE, progress: bool = True) -> Encoded:
    """Encodes sentences with mean pooling and L2 norm, so that a dot product is a cosine.

    Each distinct text is encoded once; vectors are kept under a hash of the model and the text, across runs,
    notebooks and profiles. Texts beyond the model's 384 tokens are cut there. Equal texts have equal vectors.

    Source: Reimers and Gurevych 2019, Sentence-BERT + sentence-transformers: SentenceTransformer.encode, which is
    called here with batches of a bounded number of tokens instead of a fixed number of sentences.

    Args:
        texts: n sentences; empty ones are allowed.
        model: a model folder, or what stands for the stand-in, which keeps nothing; the default model is fetched when
            something must be encoded.
        store: the file that keeps the vectors.
        progress: whether to show a bar and print sentences per second.

    Returns:
        (n, 768) float32, rows of unit length, in the order of `texts`.

    Raises:
        ModelError: the model cannot be fetched, verified or read.
        UserError: the vectors cannot be kept, such as on a full disk.
        TypeError: a text is not a string.

    Example:
        >>> encode(["a man walks", "a person walks"], progress=False).shape  # doctest: +SKIP
        (2, 768)
    """
    wrong = next((at for at, text in enumerate(texts) if not isinstance(text, str)), None)
    if wrong is not None:
        raise TypeError(f"text {wrong} is {texts[wrong]!r}, not a string")
    if (seed := seed_of(model)) is not None:
        return stand_in_vectors(texts, seed)
    producer = producer_of(mpnet.model_hash(model))
    keys = {text: key(producer, text) for text in dict.fromkeys(texts)}
    with Store(store) as kept:
        vectors = kept.get(list(keys.values()))
        missing = [text for text in keys if keys[text] not in vectors]
        if missing:
            _encode_into(kept, {text: keys[text] for text in missing}, model, len(keys) - len(missing), progress)
            vectors |= kept.get([keys[text] for text in missing])
    if not keys:
        return np.zeros((0, mpnet.WIDTH), dtype=np.float32)
    return np.stack([np.frombuffer(vectors[keys[text]], dtype=np.float32) for text in texts])


def producer_of(model_hash: str) -> str:
    """The name under which the stores keep what this code makes with a model; other code or models never find it."""
    return f"{IMPLEMENTATION} {model_hash}"


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


class TextModel:
    """A frozen text model read through sentence-transformers: MPNet, or any other that transformers knows.

    Pooling and normalisation are stated here, not read from the folder, so that a vector depends on the weights, the
    tokenizer and the longest text alone, which are what the model's hash covers.
    """

    def __init__(self, folder: Path, *, device: str = "auto") -> None:
        """Reads tokenizer and weights; code that comes with a model is not run.

        Args:
            folder: the model.
            device: as `lib.base.device.resolve_device` takes it.

        Raises:
            ModelError: transformers cannot read it, or weights are missing.
        """
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
        from transformers import AutoModel
        from transformers.utils import logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        safe = {"local_files_only": True, "trust_remote_code": False}
        try:
            # transformers fills weights that a file lacks with random numbers, and says so to whoever asks alone.
            _, report = AutoModel.from_pretrained(folder, output_loading_info=True, **safe)
            transformer = Transformer(
                str(folder),
                max_seq_length=longest(folder),
                model_kwargs=safe | {"dtype": torch.float32},
                processor_kwargs=dict(safe),
                config_kwargs=dict(safe),
            )
            modules = [transformer, Pooling(transformer.get_embedding_dimension(), "mean"), Normalize()]
        except Exception as error:  # transformers raises whatever its parts raise
            raise unreadable(folder, error) from error
        missing = sorted(name for name in report["missing_keys"] if "pooler" not in name)
        if missing:
            fix = "point at a complete text model"
            raise ModelError(f"{len(missing)} weights are missing, such as {missing[0]}", where=folder, fix=fix)
        self._network = SentenceTransformer(modules=modules, device=str(resolve_device(device)))

    def batches(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The distinct texts in batches for `outputs`, which depend on the set of texts alone; long texts first."""
        distinct = sorted(set(texts))
        lengths: list[int] = []
        for at in range(0, len(distinct), TEXTS_AT_ONCE):
            some = [_without_surrogates(text) for text in distinct[at : at + TEXTS_AT_ONCE]]
            lengths += [len(ids) for ids in self._network.tokenizer(some, truncation=True)["input_ids"]]
        for batch in batches(lengths, TOKENS_AT_ONCE):
            yield [distinct[at] for at in batch]

    def outputs(self, texts: Sequence[str]) -> list[Output]:
        """Passes one batch of texts through the model.

        Args:
            texts: n texts, cut at the model's longest.

        Returns:
            n outputs, on the CPU.
        """
        some = [_without_surrogates(text) for text in texts]
        rows = cast(
            list[dict[str, Tensor]],
            self._network.encode(some, batch_size=len(some), output_value=None, show_progress_bar=False),
        )
        return [
            Output(row["token_embeddings"][row["attention_mask"].bool()].cpu(), row["sentence_embedding"].cpu())
            for row in rows
        ]


@lru_cache(maxsize=1)
def read_model(folder: Path) -> TextModel:
    """The model of a folder, kept for the next call."""
    return TextModel(folder)


def _encode_into(kept: Store, keys: dict[str, bytes], model: Path | None, known: int, progress: bool) -> None:
    network = read_model(mpnet.fetch() if model is None else model)
    start = time.perf_counter()
    vectors: dict[bytes, bytes] = {}
    with tqdm(total=len(keys), desc="encoding", unit=" sentences", disable=not progress, mininterval=1) as bar:
        for number, batch in enumerate(network.batches(keys), start=1):
            outputs = network.outputs(batch)
            vectors |= {keys[text]: out.vector.numpy().tobytes() for text, out in zip(batch, outputs, strict=True)}
            bar.update(len(batch))
            if number % BATCHES_AT_ONCE == 0:
                kept.put(vectors.items())
                vectors = {}
        kept.put(vectors.items())
    seconds = time.perf_counter() - start
    if progress:
        print(f"encoded {len(keys):,} sentences, {len(keys) / seconds:.0f} a second; {known:,} were known")


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
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # transformers raises whatever its parts raise
        raise unreadable(folder, error) from error
    some = [_without_surrogates(text) for text in texts]
    ids = tokenizer(some, truncation=False, verbose=False)["input_ids"] if some else []
    return [len(one) for one in ids]


def _without_surrogates(text: str) -> str:
    """Lone surrogates, which no tokenizer takes, as the replacement character, which MPNet's leaves out."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
