"""The real model against means taken by hand; tests/unit/text does the same with a model made on the spot."""

from pathlib import Path

import numpy as np
import pytest

from lib.base.paths import CACHE
from lib.text import mpnet
from lib.text.encoder import encode
from lib.text.verified import faults
from tests.unit.text.reference import vector_of

FOLDER = CACHE / "models" / f"{mpnet.NAME}-{mpnet.model_hash()[:12]}"


def test_vectors_are_the_means_of_the_token_states_in_float64(tmp_path: Path) -> None:
    if faults(FOLDER, mpnet.FILES):
        pytest.skip("the model has not been fetched: python -m lib models")
    texts = [
        "", "a man walks forward.", "A person is doing jumping jacks, then sits down on a chair", "🙂", "هذا رجل يمشي",
        "the person <pad> turns left " * 80, "x" * 10_000, "  spaces\tand\nlines ", "a person walks in a circle",
    ]  # fmt: skip
    vectors = encode(texts, model=FOLDER, store=tmp_path / "s.sqlite", progress=False)
    expected = np.stack([vector_of(FOLDER, text, longest=384) for text in texts])
    assert np.abs(vectors - expected).max() < 1e-6
