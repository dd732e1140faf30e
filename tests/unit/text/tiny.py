"""A model with all of MPNet's parts and none of its size."""

import json
from pathlib import Path

import torch


def write_tiny_mpnet(folder: Path) -> Path:
    """Writes the model, with weights of a fixed seed, into a folder that is there."""
    from transformers import MPNetConfig, MPNetModel, MPNetTokenizer

    pieces = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    names = ["<s>", "<pad>", "</s>", "[UNK]", "<mask>", "walk", "man", *pieces, *(f"##{piece}" for piece in pieces)]
    MPNetTokenizer(vocab={name: at for at, name in enumerate(names)}).save_pretrained(folder)
    torch.manual_seed(0)
    config = MPNetConfig(
        vocab_size=len(names), hidden_size=48, num_hidden_layers=3, num_attention_heads=4, intermediate_size=96,
        max_position_embeddings=202, initializer_range=0.3,
    )  # fmt: skip
    MPNetModel(config).save_pretrained(folder)
    kinds = ("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(kinds)
    ]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 200, "do_lower_case": false}')
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(
        '{"word_embedding_dimension": 48, "pooling_mode_mean_tokens": true}'
    )
    return folder
