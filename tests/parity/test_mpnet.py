"""The real model against means taken by hand; tests/unit/text does the same with a model made on the spot."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from lib.base.paths import CACHE
from lib.text import mpnet
from lib.text.encoder import encode
from lib.text.text_model import TextModel
from lib.text.verified import faults
from tests.unit.text.reference import vector_of

FOLDER = CACHE / "models" / f"{mpnet.NAME}-{mpnet.model_hash()[:12]}"


@pytest.fixture(autouse=True)
def _fetched() -> None:
    if faults(FOLDER, mpnet.FILES):
        pytest.skip("the model has not been fetched: python -m lib models")


def test_vectors_are_the_means_of_the_token_states_in_float64(tmp_path: Path) -> None:
    texts = [
        "", "a man walks forward.", "A person is doing jumping jacks, then sits down on a chair", "🙂", "هذا رجل يمشي",
        "the person <pad> turns left " * 80, "x" * 10_000, "  spaces\tand\nlines ", "a person walks in a circle",
    ]  # fmt: skip
    vectors = encode(texts, model=FOLDER, store=tmp_path / "s.sqlite", progress=False)
    expected = np.stack([vector_of(FOLDER, text, longest=384) for text in texts])
    assert np.abs(vectors - expected).max() < 1e-6


def test_bf16_keeps_cosines_of_real_captions_to_float32_s(shared_data: Path) -> None:
    with zipfile.ZipFile(shared_data / "humanml3d" / "texts.zip") as texts:
        files = [name for name in texts.namelist() if name.endswith(".txt")][::50]
        captions = [texts.read(name).decode().split("#")[0] for name in files]
    half, whole = (TextModel(FOLDER, device="cpu", precision=name) for name in ("bf16", "float32"))
    cosines = [(half.vectors(batch) * whole.vectors(batch)).sum(axis=1) for batch in whole.batches(captions)]
    assert 0.999 < np.concatenate(cosines).min() < 1 - 1e-6
