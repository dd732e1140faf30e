"""A model of transformers in this process: a tiny one of random weights, written here."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    CLIPImageProcessor,
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedTokenizerFast,
)

from lib.captioning.making import Made
from lib.captioning.parameters import CaptioningParameters
from lib.engine.parameters import CHOSEN, EngineParameters
from tests.unit.captioning.conftest import block

WORDS = ["<pad>", "<end>", "<image>", "user", "a", "person", "walks", "jumps", "kicks", "left", "right"]
CHAT = (
    "{% for message in messages %}user {% for part in message.content %}"
    "{% if part.type == 'image' %}<image> {% else %}{{ part.text }}{% endif %}{% endfor %}{% endfor %}"
)


def write_model(root: Path) -> Path:
    torch.manual_seed(0)
    vision = CLIPVisionConfig(
        hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=28, patch_size=14
    )
    text = LlamaConfig(
        vocab_size=len(WORDS), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
        bos_token_id=None, eos_token_id=1, pad_token_id=0,
    )  # fmt: skip
    model = LlavaForConditionalGeneration(LlavaConfig(vision_config=vision, text_config=text, image_token_index=2))
    model.generation_config.eos_token_id, model.generation_config.pad_token_id = 1, 0
    model.save_pretrained(root)
    words = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="a"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", eos_token="<end>", unk_token="a",
        extra_special_tokens={"image_token": "<image>"},
    )  # fmt: skip
    LlavaProcessor(
        image_processor=CLIPImageProcessor(size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28}),
        tokenizer=tokenizer,
        patch_size=14,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=CHAT,
    ).save_pretrained(root)
    return root


def local(model: str, **changed: object) -> CaptioningParameters:
    return block("http://127.0.0.1:1", "transformers", model=model, key=None, base_url=None, price=None, **changed)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOSEN, EngineParameters(workers=1).model_dump_json())


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model"))


def test_a_local_model_captions_every_clip_or_is_said_to_write_too_long(model: Path, run: Callable[..., Made]) -> None:
    made = run(local(str(model), temperatures=[1.5], max_tokens=40, fps=2.0, send="frames"))
    assert not made.stopped
    assert len(made.captions) + len(made.failures) == 12 and len(made.captions) > 0
    assert {*made.failures.failure} <= {"too_long", "empty"}
    said = {word for text in made.captions.text for word in text.split()}
    assert said <= {*WORDS[3:]}
    assert (made.captions.tokens_out <= 40).all() and made.ledger.dollars.sum() == 0


def test_a_model_that_is_not_there_is_one_line(tmp_path: Path, run: Callable[..., Made]) -> None:
    made = run(local(str(tmp_path / "absent")))
    assert made.stopped["mine"].startswith(f"{tmp_path / 'absent'}: ") and "\n" not in made.stopped["mine"]
    assert "give a folder or a hub name" in made.stopped["mine"] and {*made.failures.failure} == {"not asked"}
    assert made.ledger.empty, "nothing was asked"


def test_a_model_that_cannot_converse_ends_its_captioner_in_one_line(
    model: Path, run: Callable[..., Made], tmp_path: Path
) -> None:
    mute = tmp_path / "mute"
    shutil.copytree(model, mute)
    (mute / "chat_template.jinja").unlink()
    made = run(local(str(mute), send="frames"))
    assert made.stopped["mine"].startswith("the model cannot be asked about a video (") and made.captions.empty
    assert "\n" not in made.stopped["mine"] and "the model cannot be asked" in made.failures.detail.iloc[0]
    assert int(made.ledger.requests.sum()) <= 1
