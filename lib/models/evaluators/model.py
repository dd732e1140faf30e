"""The original evaluator: captions and motions in one space, where a Euclidean distance says how well they match."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import one_hot, pad
from tqdm import tqdm

from lib.base.device import resolve_device
from lib.base.errors import ModelError
from lib.base.hashes import text_sha256
from lib.models.evaluators.folder import CHECKPOINT, NETWORKS, Files, read_files, write_files
from lib.models.evaluators.networks import READ, UNIT, MotionEncoderBiGRUCo, MovementConvEncoder, TextEncoderBiGRUCo
from lib.models.evaluators.sizes import EvaluatorSizes
from lib.models.evaluators.words import CLASSES, Vocabulary
from lib.models.tmr.networks import padded
from lib.models.tmr.run import difference, fingerprint
from lib.text.text_model import batches
from lib.text.tokens import pos_key, tag

FEATURES = 263
LONGEST = 196
"""Frames of a motion that are read, as many as the public code pads to."""
FRAMES_AT_ONCE = 16384
CAPTIONS_AT_ONCE = 256

Latents = NDArray[np.float32]


class Evaluator(nn.Module):
    """The three networks with their words and the statistics that motions are normalised by.

    Source: Guo et al. 2022 + text-to-motion: networks/evaluator_wrapper.py (`EvaluatorModelWrapper`). Differs: latents
    are in the order of what they are of, where the public ones stay sorted by length.

    Args:
        sizes: of the networks.
        mean: (263,) of the training frames.
        std: likewise, the root's and the contacts' divided (`lib.models.evaluators.folder.weighted`).
        vocabulary: words that have a vector.
        vectors: (words, 300).
        public: whether these are the public networks; others are called small.

    Example:
        >>> vocabulary = Vocabulary(("sos", "eos", "unk", "walk"))
        >>> few = EvaluatorSizes(8, 8, 8, 8, 8)
        >>> evaluator = Evaluator(few, torch.zeros(263), torch.ones(263), vocabulary, torch.zeros(4, 300)).eval()
        >>> evaluator.encode_motion([np.zeros((40, 263)), np.zeros((61, 263))]).shape
        (2, 8)
        >>> evaluator.encode_keys(["walk/VERB"]).shape
        (1, 8)
    """

    def __init__(
        self,
        sizes: EvaluatorSizes,
        mean: Tensor,
        std: Tensor,
        vocabulary: Vocabulary,
        vectors: Tensor,
        *,
        public: bool = False,
    ) -> None:
        super().__init__()
        self.movement_encoder = MovementConvEncoder(READ, sizes.movement_hidden, sizes.movement)
        self.motion_encoder = MotionEncoderBiGRUCo(sizes.movement, sizes.motion_hidden, sizes.latent_dim)
        width = vectors.shape[1]
        self.text_encoder = TextEncoderBiGRUCo(width, len(CLASSES), sizes.text_hidden, sizes.latent_dim)
        self.vectors = nn.Parameter(vectors.clone())
        self.mean: Tensor
        self.std: Tensor
        self.register_buffer("mean", mean, persistent=False)
        self.register_buffer("std", std, persistent=False)
        self.sizes, self.vocabulary, self.public = sizes, vocabulary, public

    @classmethod
    def from_run_dir(cls, path: str | Path) -> Self:
        """Loads the public evaluator or a small one of this project, strictly: every parameter, and nothing else.

        Args:
            path: the folder (`lib.models.evaluators.folder.read_files` says what it holds).

        Returns:
            The evaluator, in evaluation mode, on the project's device.

        Raises:
            ModelError: a file is missing, unreadable, or has code in it; names or shapes differ from the sizes'.
        """
        files = read_files(Path(path))
        evaluator = cls(files.sizes, files.mean, files.std, files.vocabulary, files.vectors, public=files.public)
        for name in NETWORKS:
            network = getattr(evaluator, name)
            if wrong := difference(files.weights[name], network.state_dict(), model="the evaluator"):
                told = f"{name} {wrong}" if wrong.startswith(("lacks ", "has ")) else f"{name}: {wrong}"
                raise ModelError(told, where=Path(path) / CHECKPOINT, fix="take finest.tar of text-to-motion's t2m")
            network.load_state_dict(files.weights[name], strict=True)
        return evaluator.to(resolve_device()).eval()

    def to_run_dir(self, path: Path) -> None:
        """Writes the evaluator as a folder."""
        weights = {name: getattr(self, name).state_dict() for name in NETWORKS}
        vectors = self.vectors.detach()
        write_files(Files(self.sizes, self.public, weights, self.vocabulary, vectors, self.mean, self.std), path)

    @property
    def name(self) -> str:
        """What the report calls it."""
        return "T2M evaluator" if self.public else "small T2M evaluator"

    @cached_property
    def fingerprint(self) -> str:
        """sha256 of weights, words and statistics, to print beside every number that depends on them."""
        numbers = fingerprint({**self.state_dict(), "mean": self.mean, "std": self.std})
        return text_sha256("\n".join((*self.vocabulary.words, numbers)))

    def normalised(self, frames: Tensor) -> Tensor:
        """Frames (T, 263) by the evaluator's statistics, on its device."""
        return (frames.to(self.mean.device) - self.mean) / self.std

    def encode_motion(self, motions: Sequence[NDArray[np.floating]], *, progress: bool = False) -> Latents:
        """Latents of motions.

        As in the public code, whole movements of four frames count, of 196 frames at most, and frames of zeros follow
        a motion that is shorter, which its last movement sees.

        Args:
            motions: n arrays (T, 263) at 20 fps, as HumanML3D has them.
            progress: whether to show a bar.

        Returns:
            (n, latent_dim) float32, not normalised.

        Raises:
            ModelError: a motion of fewer than four frames, or of another width.
        """
        for at, motion in enumerate(motions):
            shape = np.shape(motion)
            if len(shape) != 2 or shape[1] != FEATURES or shape[0] < UNIT:
                fix = f"give {UNIT} frames or more of {FEATURES} numbers"
                raise ModelError(f"motion {at} has shape {shape}", fix=fix)
        return self.encode_frames([torch.as_tensor(np.asarray(one)).float() for one in motions], progress=progress)

    @torch.inference_mode()
    def encode_frames(self, motions: Sequence[Tensor], *, progress: bool = False) -> Latents:
        """As `encode_motion`, for tensors (T, 263)."""
        latents = np.zeros((len(motions), self.sizes.latent_dim), dtype=np.float32)
        with tqdm(total=len(motions), desc="encoding motions", disable=not progress) as bar:
            for batch in batches([min(len(motion), LONGEST) for motion in motions], FRAMES_AT_ONCE):
                latents[batch] = self.of_frames([motions[at] for at in batch]).cpu().numpy()
                bar.update(len(batch))
        return latents

    def of_frames(self, motions: Sequence[Tensor]) -> Tensor:
        """Latents (B, latent_dim) of one batch of motions (T, 263); gradients reach the motion encoder only."""
        counts = [min(len(motion), LONGEST) // UNIT for motion in motions]
        frames, _ = padded([self.normalised(one[: UNIT * n]) for one, n in zip(motions, counts, strict=True)])
        frames = pad(frames, (0, 0, 0, min(UNIT, LONGEST - frames.shape[1])))
        with torch.no_grad():
            movements = self.movement_encoder(frames[..., :READ])
        latents: Tensor = self.motion_encoder(movements, counts)
        return latents

    def encode_captions(self, captions: pd.DataFrame, *, progress: bool = False) -> Latents:
        """Latents (n, latent_dim) of rows with `text`, read by their own `tokens` where they have any, else by tags."""
        return self.encode_keys(pos_key(captions, progress=progress).tolist(), progress=progress)

    def encode_text(self, texts: Sequence[str], *, progress: bool = False) -> Latents:
        """Latents (n, latent_dim) of captions without tokens, which are tagged by HumanML3D's rule.

        Raises:
            ModelError: no spaCy model is installed.
        """
        tagged = tag(texts, progress=progress)
        return self.encode_keys([tagged[text] for text in texts], progress=progress)

    @torch.inference_mode()
    def encode_keys(self, keys: Sequence[str], *, progress: bool = False) -> Latents:
        """Latents of captions as tokens; equal ones have equal latents.

        Args:
            keys: n captions, each ``word/POS word/POS …``; of more than 20 tokens the first 20 are read.
            progress: whether to show a bar.

        Returns:
            (n, latent_dim) float32, not normalised.
        """
        place = {key: at for at, key in enumerate(sorted(set(keys)))}
        distinct = list(place)
        latents = np.zeros((len(distinct), self.sizes.latent_dim), dtype=np.float32)
        for at in tqdm(range(0, len(distinct), CAPTIONS_AT_ONCE), desc="encoding captions", disable=not progress):
            batch = slice(at, at + CAPTIONS_AT_ONCE)
            latents[batch] = self.of_keys(distinct[batch]).cpu().numpy()
        return np.asarray(latents[[place[key] for key in keys]])

    def of_keys(self, keys: Sequence[str]) -> Tensor:
        """Latents (B, latent_dim) of one batch of captions as tokens, through which gradients pass."""
        rows, classes, lengths = (torch.from_numpy(numbers) for numbers in self.vocabulary.encode(keys))
        device = self.mean.device
        kinds = one_hot(classes.to(device), len(CLASSES)).to(self.vectors.dtype)
        latents: Tensor = self.text_encoder(self.vectors[rows.to(device)], kinds, lengths)
        return latents
