from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib.base.errors import ModelError
from lib.text import encoder
from lib.text.forward import Forward, distance_bucket

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


def test_agrees_with_sentence_transformers(tiny_mpnet: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    rng = np.random.default_rng(0)
    some = [" ".join(rng.choice(["walk", "man", "jump", "a", "to"], size)) for size in rng.integers(1, 60, 80)]
    theirs = SentenceTransformer(str(tiny_mpnet), device="cpu").encode(HARD + some)
    ours = encoder.encode(HARD + some, model=tiny_mpnet, store=tmp_path / "s.sqlite", progress=False)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-6)


def test_position_buckets_are_those_of_the_reference() -> None:
    from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

    distance = torch.arange(-400, 401)
    assert distance_bucket(distance, 32).equal(MPNetEncoder.relative_position_bucket(distance, 32))


def test_nothing_is_encoded_twice(tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    plain = Forward.__call__

    def counting(self: Forward, ids: list[list[int]]) -> torch.Tensor:
        seen.append(len(ids))
        return plain(self, ids)

    monkeypatch.setattr(Forward, "__call__", counting)
    store = tmp_path / "s.sqlite"
    first = encoder.encode(["a", "b", "a"], model=tiny_mpnet, store=store, progress=False)
    again = encoder.encode(["b", "c", "a"], model=tiny_mpnet, store=store, progress=False)
    assert sum(seen) == 3
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(again[[0, 2]], first[[1, 0]])


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


def test_a_killed_run_keeps_what_it_had(tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "BATCHES_AT_ONCE", 1)
    monkeypatch.setattr(encoder, "TOKENS_AT_ONCE", 1)
    plain, calls = Forward.__call__, []

    def dying(self: Forward, ids: list[list[int]]) -> torch.Tensor:
        calls.append(ids)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return plain(self, ids)

    monkeypatch.setattr(Forward, "__call__", dying)
    texts, store = ["a", "b", "c", "d"], tmp_path / "s.sqlite"
    with pytest.raises(KeyboardInterrupt):
        encoder.encode(texts, model=tiny_mpnet, store=store, progress=False)
    assert encoder.encode(texts, model=tiny_mpnet, store=store, progress=False).shape == (4, 48)
    assert len(calls) == 3 + 2


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
    with pytest.raises(ModelError, match="not an MPNet model"):
        encoder.encode(["a"], model=tmp_path, store=tmp_path / "s.sqlite", progress=False)


def test_says_how_fast_it_was(tiny_mpnet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    encoder.encode(["a", "b"], model=tiny_mpnet, store=tmp_path / "s.sqlite")
    assert "encoded 2 sentences" in capsys.readouterr().out


@given(st.lists(st.integers(1, 400), max_size=200), st.integers(1, 600))
def test_batches_hold_everything_once_and_keep_to_the_budget(lengths: list[int], budget: int) -> None:
    found = list(encoder.batches(lengths, budget))
    assert sorted(at for batch in found for at in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or sum(lengths[at] for at in batch) <= budget for batch in found)
    order = [lengths[at] for batch in found for at in batch]
    assert order == sorted(order, reverse=True)
