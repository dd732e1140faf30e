import json
import sqlite3
import tracemalloc
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from lib.base.device import CHOSEN, CHOSEN_PRECISION, Precision, choose
from lib.base.errors import ModelError, ParamsError, RunError
from lib.text import encoder, mpnet, text_model
from lib.text.store import Store, key
from lib.text.text_model import TextModel
from tests.unit.text.reference import vector_of

HARD = [
    "",
    "a man walks",
    "🙂🙂 walk",
    "هذا رجل يمشي",
    "walk " * 2000,
    "w" * 10_000,
    "a <pad> walk <mask> </s>",
    "<script>alert('x')</script> \\ # \"",
    "  a\tman \n walks",
]


def sentences(count: int) -> list[str]:
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(["walk", "man", "jump", "a", "to"], size)) for size in rng.integers(1, 60, count)]


def test_vectors_are_the_means_of_the_token_states_of_each_text_alone(tiny_mpnet: Path, tmp_path: Path) -> None:
    texts = HARD + sentences(80)
    vectors = encoder.encode(texts, model=tiny_mpnet, store=tmp_path / "s.sqlite", progress=False)
    assert vectors.dtype == np.float32
    expected = np.stack([vector_of(tiny_mpnet, text, longest=200) for text in texts])
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@given(st.lists(st.sampled_from(HARD + sentences(30)), min_size=1, max_size=40))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_else_is_encoded_moves_no_vector_beyond_rounding(tiny_mpnet: Path, texts: list[str]) -> None:
    model = text_model.read_model(tiny_mpnet)
    batches = list(model.batches(texts))
    assert sorted(text for batch in batches for text in batch) == sorted(set(texts))
    for batch in batches:
        for text, output in zip(batch, model.outputs(batch), strict=True):
            (alone,) = model.outputs([text])
            assert output.states.shape == alone.states.shape
            np.testing.assert_allclose(output.vector, alone.vector, atol=1e-6)
        np.testing.assert_array_equal(model.vectors(batch), np.stack([one.vector for one in model.outputs(batch)]))


def test_the_order_of_the_texts_moves_nothing(tiny_mpnet: Path, tmp_path: Path) -> None:
    texts = HARD + sentences(80)
    there = encoder.encode(texts, model=tiny_mpnet, store=tmp_path / "1.sqlite", progress=False)
    back = encoder.encode(texts[::-1] + texts, model=tiny_mpnet, store=tmp_path / "2.sqlite", progress=False)
    np.testing.assert_array_equal(back[: len(texts)][::-1], there)


def test_a_vector_that_is_stored_is_the_one_that_is_used(tiny_mpnet: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    stored = encoder.encode(["a man"], model=tiny_mpnet, store=store, progress=False)
    again = encoder.encode(["walk " * 40, "a man", "a man walks"], model=tiny_mpnet, store=store, progress=False)
    np.testing.assert_array_equal(again[1], stored[0])


def test_where_another_process_was_faster_its_vector_is_used(
    tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, plain = tmp_path / "s.sqlite", TextModel.vectors
    theirs = np.full(48, 48**-0.5, dtype=np.float32)

    def overtaken(self: TextModel, texts: list[str]) -> np.ndarray:
        with Store(store) as other:
            name = key(encoder.producer_of(mpnet.model_hash(tiny_mpnet)), "a man")
            other.put([(name, theirs.tobytes())])
        return plain(self, texts)

    monkeypatch.setattr(TextModel, "vectors", overtaken)
    vectors = encoder.encode(["a man"], model=tiny_mpnet, store=store, progress=False)
    np.testing.assert_array_equal(vectors[0], theirs)


def test_vectors_of_another_implementation_are_not_read(
    tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "s.sqlite"
    with Store(store) as kept:  # as the version before this one kept them, under the model's hash alone
        kept.put([(key(mpnet.model_hash(tiny_mpnet), "a man"), np.ones(48, dtype=np.float32).tobytes())])
    encoder.encode(["a man"], model=tiny_mpnet, store=store, progress=False)
    monkeypatch.setattr(encoder, "IMPLEMENTATION", "another")
    encoder.encode(["a man"], model=tiny_mpnet, store=store, progress=False)
    rows = sqlite3.connect(store).execute("SELECT value FROM kept").fetchall()
    assert len(rows) == 3


def test_nothing_is_encoded_twice(tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    plain = TextModel.vectors

    def counting(self: TextModel, texts: list[str]) -> np.ndarray:
        seen.extend(texts)
        return plain(self, texts)

    monkeypatch.setattr(TextModel, "vectors", counting)
    store = tmp_path / "s.sqlite"
    first = encoder.encode(["a", "b", "a"], model=tiny_mpnet, store=store, progress=False)
    again = encoder.encode(["b", "c", "a"], model=tiny_mpnet, store=store, progress=False)
    assert sorted(seen) == ["a", "b", "c"]
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(again[[0, 2]], first[[1, 0]])


@pytest.mark.parametrize("text", ["walk \ud800 man", "\udfff", "\ud83d\ude42 walk", "a\0man\x07\x1b[31m\u202e\ufeff"])
def test_lone_surrogates_and_control_characters_have_vectors(tiny_mpnet: Path, tmp_path: Path, text: str) -> None:
    vectors = encoder.encode([text, "walk man"], model=tiny_mpnet, store=tmp_path / "s.sqlite", progress=False)
    assert np.isfinite(vectors).all()
    readable = "".join(letter for letter in text if not "\ud800" <= letter <= "\udfff")
    if "\ude42" not in text:  # a pair of surrogates is the character that it encodes
        np.testing.assert_allclose(vectors[0], vector_of(tiny_mpnet, readable, longest=200), atol=1e-6)


def test_another_model_has_its_own_vectors(tiny_mpnet: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (other / name).write_bytes((tiny_mpnet / name).read_bytes())
    (other / "sentence_bert_config.json").write_text('{"max_seq_length": 3}')
    store = tmp_path / "s.sqlite"
    long = encoder.encode(["a man walks"], model=tiny_mpnet, store=store, progress=False)
    cut = encoder.encode(["a man walks"], model=other, store=store, progress=False)
    assert not np.allclose(long, cut)


def test_no_texts_and_no_strings(tmp_path: Path) -> None:
    assert encoder.encode([], store=tmp_path / "s.sqlite", progress=False).shape == (0, 768)
    with pytest.raises(TypeError, match="text 1 is None"):
        encoder.encode(["a", None], store=tmp_path / "s.sqlite")  # type: ignore[list-item]


def test_a_folder_without_a_model_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="config.json is missing"):
        encoder.encode(["a"], model=tmp_path, store=tmp_path / "s.sqlite", progress=False)


def test_damaged_weights_are_told_in_one_line(tiny_mpnet: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "sentence_bert_config.json"):
        (tmp_path / name).write_bytes((tiny_mpnet / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes((tiny_mpnet / "model.safetensors").read_bytes()[:1000])
    with pytest.raises(RunError, match="^sentence vectors: rows 0 to 0 failed: .*: not a readable text model"):
        encoder.encode(["a"], model=tmp_path, store=tmp_path / "s.sqlite", progress=False)


def test_a_file_without_some_of_the_weights_is_no_model(tiny_mpnet: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "sentence_bert_config.json"):
        (tmp_path / name).write_bytes((tiny_mpnet / name).read_bytes())
    weights = load_file(tiny_mpnet / "model.safetensors")
    del weights["encoder.layer.1.output.dense.bias"]
    save_file(weights, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(RunError, match="1 weights are missing, such as encoder.layer.1.output.dense.bias"):
        encoder.encode(["a"], model=tmp_path, store=tmp_path / "s.sqlite", progress=False)


def test_settings_of_the_tokenizer_are_part_of_the_hash(tiny_mpnet: Path, tmp_path: Path) -> None:
    for file in tiny_mpnet.glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    stated = json.loads((tmp_path / "tokenizer_config.json").read_text())
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(stated | {"do_lower_case": False}))
    assert mpnet.model_hash(tmp_path) != mpnet.model_hash(tiny_mpnet)


def test_says_how_fast_it_was(tiny_mpnet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    encoder.encode(["a", "b"], model=tiny_mpnet, store=tmp_path / "s.sqlite")
    assert "encoded 2 sentences" in capsys.readouterr().out


@given(st.lists(st.integers(1, 400), max_size=200), st.integers(1, 600))
def test_batches_hold_everything_once_and_keep_to_the_budget(lengths: list[int], budget: int) -> None:
    found = list(text_model.batches(lengths, budget))
    assert sorted(at for batch in found for at in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[at] for at in batch) <= budget for batch in found)
    order = [lengths[at] for batch in found for at in batch]
    assert order == sorted(order, reverse=True)


def test_memory_beyond_the_result_is_a_block(tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "READ_AT_ONCE", 128)
    texts, width = [f"text {number}" for number in range(6000)], 768
    drawn = np.random.default_rng(0).standard_normal((len(texts), width), dtype=np.float32)
    producer = encoder.producer_of(mpnet.model_hash(tiny_mpnet))
    with Store(tmp_path / "s.sqlite") as kept:
        kept.put((key(producer, text), row.tobytes()) for text, row in zip(texts, drawn, strict=True))
    tracemalloc.start()
    try:
        read = encoder.encode([*texts[::-1], *texts[:9]], model=tiny_mpnet, store=tmp_path / "s.sqlite", progress=False)
        beside = tracemalloc.get_traced_memory()[1] - read.nbytes
    finally:
        tracemalloc.stop()
    np.testing.assert_array_equal(read, np.concatenate([drawn[::-1], drawn[:9]]))
    assert beside < drawn.nbytes / 4


@pytest.mark.parametrize("precision", ["float32", "bf16"])
def test_a_run_has_its_precision_and_each_precision_its_own_vectors(
    tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, precision: Precision
) -> None:
    for name in (CHOSEN, CHOSEN_PRECISION):
        monkeypatch.setenv(name, "")
    texts, store = HARD + sentences(80), tmp_path / "s.sqlite"
    expected = np.stack([vector_of(tiny_mpnet, text, longest=200) for text in texts])
    bounds = {"float32": 1e-11, "bf16": 1e-3}
    for other in (precision, "float32", precision):
        choose("cpu", other)
        vectors = encoder.encode(texts, model=tiny_mpnet, store=store, progress=False).astype(np.float64)
        cosine = (vectors * expected).sum(axis=1) / np.linalg.norm(vectors, axis=1)
        assert 1 - cosine.min() < bounds[other]
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
        assert np.abs(vectors - expected).max() > 0
    names = {way: encoder.producer_of(mpnet.model_hash(tiny_mpnet), way) for way in get_args(Precision)}
    with Store(store) as kept:
        held = {way: len(kept.get([key(name, text) for text in texts])) for way, name in names.items()}
    assert held == {"float32": len({*texts}), "bf16": len({*texts}) if precision == "bf16" else 0}


def test_the_model_that_is_kept_is_that_of_the_device_and_the_precision(
    tiny_mpnet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (CHOSEN, CHOSEN_PRECISION):
        monkeypatch.setenv(name, "")
    choose("cpu", "bf16")
    half = text_model.read_model(tiny_mpnet)
    assert half is text_model.read_model(tiny_mpnet)
    assert half.outputs(["a man"])[0].states.dtype == torch.float32
    choose("cpu")
    assert text_model.read_model(tiny_mpnet) is not half
    choose("cuda:99")
    with pytest.raises(ParamsError, match="device cuda:99"):
        text_model.read_model(tiny_mpnet)
