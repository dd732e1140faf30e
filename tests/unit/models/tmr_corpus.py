"""A corpus of a few made-up motions whose captions name them, and a text model that costs nothing."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from lib.corpus import Corpus, Provenance
from lib.models.tmr import model as tmr_module
from lib.models.tmr import training
from lib.models.tmr.sizes import TMRSizes

SMALL = TMRSizes(latent_dim=16, num_layers=1, num_heads=2, ff_size=32, text_features=12, stride=2)
WORDS = ("walks", "runs", "jumps", "waves", "sits", "turns", "kicks", "bows")


class Words:
    """Stands in for `TokenFeatures`: a fixed random state for each word."""

    def __init__(self, *_: object, **__: object) -> None:
        self.producer, self.name, self.width = "words", "words", SMALL.text_features

    def prepare(self, texts: Sequence[str], *, progress: bool = True) -> int:
        return 0

    def get(self, texts: Sequence[str]) -> list[Tensor]:
        return [torch.stack([self._state(word) for word in text.split()]) for text in texts]

    def sentences(self, texts: Sequence[str]) -> Tensor:
        return torch.nn.functional.normalize(torch.stack([states[-1] for states in self.get(texts)]), dim=1)

    def _state(self, word: str) -> Tensor:
        seed = sum(ord(letter) * 31**place for place, letter in enumerate(word)) % 2**31
        return torch.from_numpy(np.random.default_rng(seed).normal(size=self.width).astype(np.float32))


class Waves:
    """Motions of the corpus: each word is a direction in feature space that is moved along."""

    def __init__(self, frames: dict[str, int]) -> None:
        self.frames, self.read = frames, 0

    def features(self, clip_id: str) -> np.ndarray:
        self.read += 1
        word, number = clip_id.split("-")
        rng = np.random.default_rng([len(word), int(number)])
        direction = np.random.default_rng(WORDS.index(word)).normal(size=263)
        phase = np.sin(np.arange(self.frames[clip_id]) / 5 + rng.normal())[:, None]
        return (direction * (1 + phase) + rng.normal(scale=0.1, size=(len(phase), 263))).astype(np.float32)


def corpus(clips: int = 48, **files: str) -> Corpus:
    """Of every 32 clips the last eight, one a word, are for validation, the others for training."""
    ids = [f"{WORDS[at % len(WORDS)]}-{at}" for at in range(clips)]
    frames = {clip_id: 40 + 3 * (at % 7) for at, clip_id in enumerate(ids)}
    split = ["val" if at // len(WORDS) % 4 == 3 else "train" for at in range(clips)]
    table = pd.DataFrame({"clip_id": ids, "split": split, "has_motion": True})
    table = table.assign(base_id=ids, mirror_of=pd.NA)
    table["n_frames"] = table.clip_id.map(frames).astype("Int64")
    captions = [
        {"clip_id": clip_id, "caption_id": f"{clip_id}#{n}", "text": f"{who} {clip_id.split('-')[0]}"}
        for clip_id in ids
        for n, who in enumerate(("somebody", "a person"))
    ]
    sentences = pd.DataFrame(captions).assign(start_s=0.0, end_s=0.0, tokens=pd.NA)
    provenance = Provenance(Path("made-up"), files or {"clips": "0"})
    splits = {name: [i for i, s in zip(ids, split, strict=True) if s == name] for name in ("train", "val")}
    return Corpus("made-up", table, sentences, splits, Waves(frames), provenance)  # type: ignore[arg-type]


def use_words(monkeypatch: object) -> None:
    """Puts `Words` where the text model is."""
    for module in (tmr_module, training):
        monkeypatch.setattr(module, "TokenFeatures", Words)  # type: ignore[attr-defined]
