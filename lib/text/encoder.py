"""Sentence vectors of captions, each distinct one encoded once and kept.

Which vector a caption has does not depend on the other captions of a run beyond float rounding: padding is masked, and
what a batch holds beside a caption moves its vector by less than 1e-6; another device moves it by less than 1e-5.
Results are reproducible to the bit all the same, on one machine with one number of threads, for two reasons. Batches
depend on the set of the texts that are missing in the store, not on their order nor on who computes, see
`lib.text.passes`. And the store keeps the first vector of a text for good: whoever asks reads what the store holds,
also where another process was faster, so that one vector serves every notebook and every run. Vectors in bf16 have keys
of their own; there a batch moves them as far as bf16 rounds, so that the store alone makes them the same.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.base.device import Precision, precision
from lib.base.errors import UserError
from lib.base.paths import CACHE
from lib.text import mpnet
from lib.text.passes import pass_once
from lib.text.stand_in import seed_of, stand_in_vectors
from lib.text.store import Store, key

IMPLEMENTATION = "sentence-transformers 1"
"""Part of every key of the stores; raised with every change to the code that moves vectors, be it by rounding alone."""
STEP = "sentence vectors"
READ_AT_ONCE = 4096
STORE = CACHE / "embeddings" / "sentences.sqlite"

Encoded = NDArray[np.float32]


def encode(texts: Sequence[str], *, model: Path | None = None, store: Path = STORE, progress: bool = True) -> Encoded:
    """Encodes sentences with mean pooling and L2 norm, so that a dot product is a cosine.

    Each distinct text is encoded once; vectors are kept under a hash of the model, the precision and the text, across
    runs, notebooks and profiles. Texts beyond the model's 384 tokens are cut there. Equal texts have equal vectors.
    Memory beyond the result is some 100 bytes a text and a block of vectors: they are read into the result in blocks.

    Source: Reimers and Gurevych 2019, Sentence-BERT + sentence-transformers: SentenceTransformer.encode, whose modules
    are called here with batches of a bounded number of tokens instead of a fixed number of sentences.

    Args:
        texts: n sentences; empty ones are allowed.
        model: a model folder, or what stands for the stand-in, which keeps nothing; the default model is fetched when
            something must be encoded.
        store: the file that keeps the vectors.
        progress: whether to show a bar and print sentences per second.

    Returns:
        (n, 768) float32, rows of unit length, in the order of `texts`.

    Raises:
        ModelError: the model cannot be fetched or verified, or its tokenizer cannot be read.
        RunError: the model cannot be read, or workers died.
        UserError: the vectors cannot be kept, such as on a full disk, or another process removed them.
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
    with Store(store) as kept:
        rows, lacking = _read(kept, producer, texts, range(len(texts)))
        if lacking:
            _encode(texts, lacking, producer, model, store, progress)
            rows, lacking = _read(kept, producer, texts, lacking, rows)
    if lacking:
        told = f"{len(lacking):,} vectors went while they were read"
        raise UserError(told, where=store, fix="run it again when nothing else removes or damages them")
    return np.zeros((0, mpnet.WIDTH), dtype=np.float32) if rows is None else rows


def producer_of(model_hash: str, of: Precision | None = None) -> str:
    """The name under which the stores keep what this code makes with a model; other code or models never find it.

    Args:
        model_hash: of the model.
        of: the precision, by default that of the run; float32, the common one, is not named.

    Example:
        >>> producer_of("a9ca", "float32"), producer_of("a9ca", "bf16")
        ('sentence-transformers 1 a9ca', 'sentence-transformers 1 bf16 a9ca')
    """
    of = precision() if of is None else of
    return f"{IMPLEMENTATION} {model_hash}" if of == "float32" else f"{IMPLEMENTATION} {of} {model_hash}"


def _read(
    kept: Store, producer: str, texts: Sequence[str], rows: Sequence[int], into: Encoded | None = None
) -> tuple[Encoded | None, list[int]]:
    """Reads the vectors of some rows into (n, width), made once the width is known; tells the rows that lack theirs."""
    lacking: list[int] = []
    for at in range(0, len(rows), READ_AT_ONCE):
        keys = [(row, key(producer, texts[row])) for row in rows[at : at + READ_AT_ONCE]]
        found = kept.get([*dict.fromkeys(one for _, one in keys)])
        for row, one in keys:
            if one not in found:
                lacking.append(row)
                continue
            vector = np.frombuffer(found[one], dtype=np.float32)
            into = np.empty((len(texts), len(vector)), dtype=np.float32) if into is None else into
            into[row] = vector
    return into, lacking


def _encode(
    texts: Sequence[str], rows: Sequence[int], producer: str, model: Path | None, store: Path, progress: bool
) -> None:
    start = time.perf_counter()
    n = pass_once(
        (texts[row] for row in rows),
        step=STEP,
        folder=lambda: mpnet.fetch() if model is None else model,
        makers={"vector": producer},
        stores={"vector": store},
        progress=progress,
    )
    if progress:
        rate = n / (time.perf_counter() - start)
        print(f"encoded {n:,} sentences, {rate:.0f} a second; {len({*texts}) - n:,} were known")
