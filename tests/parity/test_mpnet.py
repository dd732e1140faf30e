"""The real model against sentence-transformers; tests/unit/text does the same with a model made on the spot."""

from pathlib import Path

import numpy as np
import pytest

from lib.base.paths import CACHE
from lib.text import mpnet
from lib.text.encoder import encode
from lib.text.verified import faults

FOLDER = CACHE / "models" / f"{mpnet.NAME}-{mpnet.model_hash()[:12]}"


def test_vectors_agree_with_sentence_transformers(tmp_path: Path) -> None:
    if faults(FOLDER, mpnet.FILES):
        pytest.skip("the model has not been fetched: python -m lib models")
    from sentence_transformers import SentenceTransformer

    texts = [
        "", "a man walks forward.", "A person is doing jumping jacks, then sits down on a chair", "🙂", "هذا رجل يمشي",
        "the person <pad> turns left " * 80, "x" * 10_000, "  spaces\tand\nlines ", "a person walks in a circle",
    ]  # fmt: skip
    reference = SentenceTransformer(str(FOLDER), device="cpu").encode(texts, normalize_embeddings=True, batch_size=1)
    ours = encode(texts, model=FOLDER, store=tmp_path / "s.sqlite", progress=False)
    assert np.abs(ours - reference).max() < 1e-5
