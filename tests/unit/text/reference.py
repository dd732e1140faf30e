"""Sentence vectors and token states by hand: each text alone in its batch, nothing padded, in float64."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch


@lru_cache(maxsize=2)
def read(folder: Path) -> tuple[Any, Any]:
    from transformers import AutoModel, AutoTokenizer

    return AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder, dtype=torch.float64).eval()


def states_of(folder: Path, text: str, longest: int = 512) -> np.ndarray:
    """(tokens, width) float64, the last layer's."""
    tokenizer, model = read(folder)
    tokens = tokenizer(text, return_tensors="pt", truncation=True, max_length=longest)
    with torch.inference_mode():
        states: np.ndarray = model(**tokens).last_hidden_state[0].numpy()
    return states


def vector_of(folder: Path, text: str, longest: int) -> np.ndarray:
    """(width,) float64: the mean of the states, special tokens included, of unit length."""
    mean = states_of(folder, text, longest).mean(axis=0)
    unit: np.ndarray = mean / np.sqrt((mean**2).sum())
    return unit
