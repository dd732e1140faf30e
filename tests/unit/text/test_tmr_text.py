"""Token states of captions, against transformers itself, from MPNet and from any other text model."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from lib.base.errors import ModelError
from lib.models.tmr.model import TMR
from lib.models.tmr.sizes import TMRSizes
from lib.models.tmr.text import TokenFeatures
from lib.text import encoder, hugging_face, mpnet, text_model
from tests.unit.text.reference import states_of

CAPTIONS = ["a man walks", "", "a man", "walk " * 30, "a man walks"]


@pytest.fixture(scope="module")
def distilbert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kind of model the public runs read, of another width and none of its size."""
    from transformers import DistilBertConfig, DistilBertModel, DistilBertTokenizer

    folder = tmp_path_factory.mktemp("distilbert")
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "man", "walk", "##s"]
    DistilBertTokenizer(vocab={name: at for at, name in enumerate(names)}).save_pretrained(folder)
    torch.manual_seed(0)
    config = DistilBertConfig(
        vocab_size=len(names), dim=24, n_layers=2, n_heads=2, hidden_dim=48, max_position_embeddings=64
    )
    DistilBertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture
def tiny_is_mpnet(tiny_mpnet: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Takes the tiny model for all-mpnet-base-v2."""
    tiny = mpnet.model_hash(tiny_mpnet)
    monkeypatch.setattr(mpnet, "model_hash", lambda folder=None: tiny)
    monkeypatch.setattr(mpnet, "WIDTH", 48)
    return tiny_mpnet


def test_states_with_a_flipped_bit_are_computed_again(
    distilbert: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    features = TokenFeatures(distilbert, store=tmp_path)
    features.prepare(CAPTIONS, progress=False)
    before = features.get(CAPTIONS)
    content = before[0].half().numpy().tobytes()
    raw = bytearray((tmp_path / "tokens.sqlite").read_bytes())
    raw[raw.find(content) + 1] ^= 1
    (tmp_path / "tokens.sqlite").write_bytes(raw)
    for _ in range(2):
        for one, was in zip(features.get(CAPTIONS), before, strict=True):
            np.testing.assert_array_equal(one.numpy(), was.numpy())
    assert capsys.readouterr().err.count("1 damaged value dropped, to be computed again\n") == 1


def test_states_of_another_model_are_those_of_its_last_layer_special_tokens_included(
    distilbert: Path, tmp_path: Path
) -> None:
    features = TokenFeatures(distilbert, store=tmp_path)
    assert features.width == 24
    assert not features.is_mpnet
    assert features.prepare(CAPTIONS, progress=False) == 4
    for text, states in zip(CAPTIONS, features.get(CAPTIONS), strict=True):
        np.testing.assert_allclose(states.numpy(), states_of(distilbert, text), atol=3e-3)


def test_states_of_mpnet_are_those_of_its_last_layer(tiny_is_mpnet: Path, tmp_path: Path) -> None:
    features = TokenFeatures(sentence_model=tiny_is_mpnet, store=tmp_path)
    assert features.name == mpnet.REPOSITORY
    features.prepare(CAPTIONS, progress=False)
    for text, states in zip(CAPTIONS, features.get(CAPTIONS), strict=True):
        np.testing.assert_allclose(states.numpy(), states_of(tiny_is_mpnet, text), atol=5e-3)


def test_one_pass_gives_the_sentence_vectors_too(
    tiny_is_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = encoder.encode(CAPTIONS, model=tiny_is_mpnet, store=tmp_path / "other.sqlite", progress=False)
    features = TokenFeatures(sentence_model=tiny_is_mpnet, store=tmp_path)
    features.prepare(CAPTIONS, progress=False)
    monkeypatch.setattr(text_model.TextModel, "_features", lambda *_: pytest.fail("passed through twice"))
    np.testing.assert_array_equal(features.sentences(CAPTIONS).numpy(), plain)


def test_equal_captions_have_equal_latents_in_the_order_given(distilbert: Path, tmp_path: Path) -> None:
    torch.manual_seed(0)
    sizes = TMRSizes(latent_dim=8, num_layers=1, num_heads=2, text_features=24)
    tmr = TMR(sizes, torch.zeros(263), torch.ones(263), text_model=distilbert, store=tmp_path).eval()
    latents = tmr.encode_text(CAPTIONS)
    assert np.array_equal(latents[0], latents[4])
    np.testing.assert_allclose(latents[2], tmr.encode_text(["a man"])[0], atol=1e-6)
    assert tmr.encode_text([]).shape == (0, 8)


def test_a_model_of_another_width_is_refused(distilbert: Path, tmp_path: Path) -> None:
    tmr = TMR(
        TMRSizes(latent_dim=8, num_heads=2), torch.zeros(263), torch.ones(263), text_model=distilbert, store=tmp_path
    )
    with pytest.raises(ModelError, match="has 24 numbers a token where the text encoder reads 768"):
        tmr.encode_text(["a man"])


def broken(folder: Path) -> Iterator[tuple[str, Path]]:
    (folder / "empty").mkdir()
    yield "no weights", folder / "empty"
    (folder / "odd").mkdir()
    (folder / "odd" / "model.safetensors").write_bytes(b"none")
    yield "not a readable text model", folder / "odd"


def test_folders_that_hold_no_model_are_refused_in_one_line(tmp_path: Path) -> None:
    for told, folder in broken(tmp_path):
        with pytest.raises(ModelError, match=told) as refusal:
            TokenFeatures(folder)
        assert "\n" not in str(refusal.value)


def test_a_model_of_the_hub_is_fetched_at_the_commit_it_is_named_with_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        "huggingface_hub.snapshot_download",
        lambda name, **options: asked.append((name, options["revision"])) or str(tmp_path),
    )
    for name in ("owner/name", "owner/name@main", "owner/name@0123abc"):
        with pytest.raises(ModelError, match="no commit; set .*a folder or name@commit"):
            hugging_face.locate(name)
    assert asked == []
    assert hugging_face.locate("owner/name@" + "0123456789" * 4) == tmp_path
    assert asked == [("owner/name", "0123456789" * 4)]
