"""Sentence vectors of all-mpnet-base-v2, each distinct sentence encoded once and for all."""

import json
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tqdm import tqdm

from lib.base.errors import ModelError, refuse_limits
from lib.base.paths import CACHE
from lib.text import mpnet
from lib.text.forward import Forward
from lib.text.store import Store, key

TOKENS_AT_ONCE = 512
BATCHES_AT_ONCE = 32
STORE = CACHE / "embeddings" / "sentences.sqlite"

Encoded = NDArray[np.float32]


def encode(texts: Sequence[str], *, model: Path | None = None, store: Path = STORE, progress: bool = True) -> Encoded:
    """Encodes sentences with mean pooling and L2 norm, so that a dot product is a cosine.

    Each distinct text is encoded once; vectors are kept under a hash of the model and the text, across runs,
    notebooks and profiles. Texts beyond the model's 384 tokens are cut there. The first of two equal texts and the
    second get the same vector to the bit.

    Source: Reimers and Gurevych 2019, Sentence-BERT + sentence-transformers: SentenceTransformer.encode, with which
    the vectors agree to 1e-5. It differs in batching: that pads batches of a fixed number of sentences, this fills
    batches to a number of tokens and pads nothing (`lib.text.forward`).

    Args:
        texts: n sentences; empty ones are allowed.
        model: a model folder; the default model is fetched when something must be encoded.
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
    distinct = list(dict.fromkeys(texts))
    maker = mpnet.model_hash(model)
    keys = {text: key(maker, text) for text in distinct}
    with Store(store) as kept:
        vectors = kept.get(list(keys.values()))
        missing = [text for text in distinct if keys[text] not in vectors]
        for some, rows in _encoded(missing, model, len(distinct) - len(missing), progress) if missing else ():
            new = {keys[text]: row.tobytes() for text, row in zip(some, rows, strict=True)}
            kept.put(new.items())
            vectors.update(new)
    if not distinct:
        return np.zeros((0, mpnet.WIDTH), dtype=np.float32)
    return np.stack([np.frombuffer(vectors[keys[text]], dtype=np.float32) for text in texts])


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Splits sequences into batches of similar length that hold about the same number of tokens.

    Args:
        lengths: tokens of each sequence.
        budget: tokens a batch may hold; a longer sequence has a batch of its own.

    Yields:
        Positions in `lengths`, longest first, so that memory peaks at once and the remaining time is never understated.

    Example:
        >>> list(batches([3, 9, 2, 3], budget=6))
        [[1], [0, 3], [2]]
    """
    batch: list[int] = []
    tokens = 0
    for at in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
        if batch and tokens + lengths[at] > budget:
            yield batch
            batch, tokens = [], 0
        batch.append(at)
        tokens += lengths[at]
    if batch:
        yield batch


def _encoded(texts: list[str], model: Path | None, known: int, progress: bool) -> Iterator[tuple[list[str], Encoded]]:
    tokenizer, forward = read_model(mpnet.fetch() if model is None else model)
    start = time.perf_counter()
    with tqdm(total=len(texts), desc="encoding", unit=" sentences", disable=not progress, mininterval=1) as bar:
        tokens = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
        order = list(batches([len(one) for one in tokens], TOKENS_AT_ONCE))
        for at in range(0, len(order), BATCHES_AT_ONCE):
            done, rows = [], []
            for batch in order[at : at + BATCHES_AT_ONCE]:
                rows.append(forward([tokens[i] for i in batch]).numpy())
                done += [texts[i] for i in batch]
                bar.update(len(batch))
            yield done, np.concatenate(rows)
    seconds = time.perf_counter() - start
    if progress:
        print(f"encoded {len(texts):,} sentences, {len(texts) / seconds:.0f} a second; {known:,} were known")


@lru_cache(maxsize=1)
def read_model(folder: Path) -> tuple[Tokenizer, Forward]:
    """The tokenizer and the network of a model folder, kept for the next call.

    Args:
        folder: an all-mpnet-base-v2 folder.

    Raises:
        ModelError: the folder holds no MPNet weights or no tokenizer.
    """
    forward = Forward(folder)
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        limit = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))["max_seq_length"]
    except Exception as error:  # tokenizers raises bare Exception
        refuse_limits(error)
        raise ModelError(f"no readable tokenizer ({error})", where=folder, fix="point at a complete model") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(int(limit))
    return tokenizer, forward
