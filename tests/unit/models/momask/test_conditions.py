"""The vectors of texts: CLIP's as its own code makes them, MPNet's scaled; each text passed through once."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from lib.base.errors import ModelError
from lib.models.momask import conditions
from lib.models.momask.conditions import ClipConditions, SentenceConditions
from lib.text import encoder

LETTERS = "aelnprstvwighfo"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP of random weights, text and images, as the hub would give it."""
    from transformers import CLIPConfig, CLIPModel, CLIPTokenizer

    root = tmp_path_factory.mktemp("clip")
    vocabulary = ["<|startoftext|>", "<|endoftext|>", *(f"{letter}</w>" for letter in LETTERS), *LETTERS]
    (root / "vocab.json").write_text(json.dumps({token: at for at, token in enumerate(vocabulary)}))
    (root / "merges.txt").write_text("#version: 0.2\n")
    small = {"hidden_size": 32, "intermediate_size": 37, "num_hidden_layers": 2, "num_attention_heads": 4}
    text = small | {"vocab_size": len(vocabulary), "max_position_embeddings": 16, "bos_token_id": 0, "eos_token_id": 1}
    torch.manual_seed(0)
    images = small | {"image_size": 32, "patch_size": 16}
    CLIPModel(CLIPConfig(text_config=text, vision_config=images, projection_dim=512)).save_pretrained(root)
    tokenizer = CLIPTokenizer(str(root / "vocab.json"), str(root / "merges.txt"), model_max_length=16)
    tokenizer.save_pretrained(root)
    return root


def test_clips_vector_is_the_projected_state_of_the_last_token(clip: Path, tmp_path: Path) -> None:
    from transformers import CLIPModel

    text = "wave"
    found = ClipConditions(clip, store=tmp_path).get([text])
    vocabulary = json.loads((clip / "vocab.json").read_text())
    ids = torch.tensor([[0, *(vocabulary[letter] for letter in "wav"), vocabulary["e</w>"], 1]])
    network = CLIPModel.from_pretrained(clip).eval()
    with torch.no_grad():
        states = network.text_model(input_ids=ids).last_hidden_state
        expected = states[:, -1] @ network.text_projection.weight.T
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    assert found.norm() > 2  # not of unit length


def test_long_texts_are_cut_and_each_text_is_passed_through_once(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["wave " * 40, "a", "wave " * 40]
    first = ClipConditions(clip, store=tmp_path).get(texts)
    assert first.shape == (3, 512) and torch.equal(first[0], first[2]) and not torch.equal(first[0], first[1])
    monkeypatch.setattr(ClipConditions, "_encoded", lambda *_: pytest.fail("it was passed through again"))
    assert torch.equal(ClipConditions(clip, store=tmp_path).get(texts), first)
    assert ClipConditions(clip, store=tmp_path).get([]).shape == (0, 512)


def test_a_folder_that_is_no_clip_is_told(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="not a readable text model"):
        ClipConditions(tmp_path, store=tmp_path).get(["a"])
    with pytest.raises(ModelError, match="no folder and no commit"):
        ClipConditions("openai/clip", store=tmp_path).get(["a"])


def test_sentence_vectors_have_numbers_of_unit_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    vectors = np.eye(768, dtype=np.float32)[:2]
    monkeypatch.setattr(encoder, "encode", lambda texts, **_: vectors[: len(texts)])
    found = SentenceConditions(store=tmp_path).get(["a", "b"])
    torch.testing.assert_close(found.square().mean(1), torch.ones(2))


def test_a_name_is_one_of_two_text_models(tmp_path: Path) -> None:
    kinds = (SentenceConditions, ClipConditions)
    assert [type(conditions.conditions_of(kind.name)) for kind in kinds] == [*kinds]
