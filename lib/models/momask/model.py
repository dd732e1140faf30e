"""MoMask: motions from texts, through the tokens of a learnt code."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lib.base.device import resolve_device
from lib.base.errors import ModelError
from lib.models.momask.conditions import STORE, Conditions, conditions_of
from lib.models.momask.generation import GumbelStreams, all_codes, drawn_lengths, first_codes, no_noise
from lib.models.momask.sizes import FRAMES_A_TOKEN, Sampling
from lib.models.momask.tokens import of_one_length
from lib.models.momask.weights import Weights, read_weights, write_weights
from lib.models.tmr.run import fingerprint
from lib.text.text_model import batches

LONGEST = 5000
TOKENS_AT_ONCE = 4096


class MoMask(nn.Module):
    """Tokenizer, masked and residual transformer and length estimator, with the statistics of their motions.

    Source: Guo et al. 2023 + momask-codes: gen_t2m.py. Motions are decoded with others of their length alone, since the
    decoder looks beyond a motion's end; theirs are decoded padded.

    Args:
        weights: the networks.
        conditions: the text model; without one, only vectors of texts that come from elsewhere can be given.

    Example:
        >>> from lib.models.momask.masked import MaskTransformer
        >>> from lib.models.momask.residual import ResidualTransformer
        >>> from lib.models.momask.tokenizer import RVQVAE
        >>> from lib.models.momask.length_estimator import LengthEstimator
        >>> from lib.models.momask.sizes import MoMaskSizes
        >>> sizes = MoMaskSizes(width=8, code_dim=8, codes=16, latent_dim=12, num_layers=1, ff_size=8)
        >>> networks = RVQVAE(sizes), MaskTransformer(sizes), ResidualTransformer(sizes), LengthEstimator()
        >>> momask = MoMask(Weights(*networks, torch.zeros(263), torch.ones(263), "none")).eval()
        >>> [motion.shape for motion in momask.generate(torch.zeros(2, 512), [40, 61], seed=0)]
        [(40, 263), (61, 263)]
    """

    def __init__(self, weights: Weights, conditions: Conditions | None = None) -> None:
        super().__init__()
        self.tokenizer, self.masked, self.residual = weights.tokenizer, weights.masked, weights.residual
        self.lengths = weights.lengths
        self.mean: Tensor
        self.std: Tensor
        self.register_buffer("mean", weights.mean, persistent=False)
        self.register_buffer("std", weights.std, persistent=False)
        self._weights, self.conditions = weights, conditions

    @classmethod
    def from_run_dir(
        cls,
        path: str | Path,
        *,
        masked: str | None = None,
        residual: str | None = None,
        sentence_model: Path | None = None,
        clip: str | Path | None = None,
        store: Path = STORE,
    ) -> Self:
        """Loads the weights of momask-codes or of this project, strictly.

        Args:
            path: the folder, such as ``checkpoints/t2m``; `lib.models.momask.weights.read_weights` says what it holds.
            masked: name of the masked transformer's folder, where there are several.
            residual: likewise of the residual transformer's.
            sentence_model: a folder that holds all-mpnet-base-v2.
            clip: a folder that holds CLIP ViT-B/32, or its name on the hub with a commit.
            store: the folder that keeps vectors of texts.

        Returns:
            The model, in evaluation mode, on the project's device.

        Raises:
            ModelError: as `read_weights`; the text model is unknown, or not of the width that the transformers read.
        """
        weights = read_weights(Path(path), masked=masked, residual=residual)
        conditions = conditions_of(weights.condition, sentence_model=sentence_model, clip=clip, store=store)
        if conditions.width != (width := weights.masked.sizes.condition):
            told = f"reads {width} numbers a text where {conditions.name} gives {conditions.width}"
            raise ModelError(told, where=path, fix="name the text model in opt.txt that the run was trained with")
        return cls(weights, conditions).to(resolve_device()).eval()

    def to_run_dir(self, path: Path, *, shares: tuple[float, float], facts: dict[str, int]) -> None:
        """Writes the model as `lib.models.momask.weights.write_weights` does."""
        write_weights(replace(self._weights, mean=self.mean, std=self.std), path, shares=shares, facts=facts)

    @cached_property
    def fingerprint(self) -> str:
        """sha256 of weights and statistics, to print beside every number that depends on them."""
        return fingerprint({**self.state_dict(), "mean": self.mean, "std": self.std})

    def vectors(self, texts: Sequence[str], *, progress: bool = False) -> Tensor:
        """Vectors (n, condition) of texts, on the model's device.

        Raises:
            ModelError: the text model cannot be fetched or read, or there is none.
        """
        if self.conditions is None:
            raise ModelError("no text model", fix="open the run with MoMask.from_run_dir")
        self.conditions.prepare(texts, progress=progress)
        return self.conditions.get(texts).to(self.mean.device)

    @torch.inference_mode()
    def drawn_frames(self, condition: Tensor, *, seed: int | None) -> list[int]:
        """How long motions shall be, drawn from what the length estimator makes of their texts.

        Args:
            condition: (n, condition) from `vectors`.
            seed: of the draw; None takes the most likely lengths.

        Returns:
            n multiples of 4, from 4 to 196.
        """
        noise = no_noise if seed is None else GumbelStreams(seed, range(len(condition)), [1] * len(condition))
        lengths: list[int] = drawn_lengths(self.lengths, condition, noise).tolist()
        return [FRAMES_A_TOKEN * length for length in lengths]

    @torch.inference_mode()
    def generate(
        self, condition: Tensor, frames: Sequence[int], *, seed: int | None, sampling: Sampling | None = None
    ) -> list[NDArray[np.float32]]:
        """Motions for texts.

        Args:
            condition: (n, condition) from `vectors`.
            frames: how long each motion shall be, at 20 fps.
            seed: of the draws. The n-th motion depends on n and the seed, not on the others, but for rounding. None
                takes the most likely code, always.
            sampling: how; by default as the public code does.

        Returns:
            n arrays (T, 263) in the features' own units, at 20 fps.

        Raises:
            ModelError: a length that is not positive, or too long.
        """
        for at, count in enumerate(frames):
            if not 0 < count <= LONGEST:
                raise ModelError(f"caption {at} asks for {count} frames", fix=f"ask for 1 to {LONGEST}")
        codes = self.codes(condition, [-(-count // FRAMES_A_TOKEN) for count in frames], seed=seed, sampling=sampling)
        motions: dict[int, NDArray[np.float32]] = {}
        for some in of_one_length([len(one) for one in codes], TOKENS_AT_ONCE):
            decoded = self.tokenizer.decode(torch.stack([codes[at] for at in some])) * self.std + self.mean
            motions |= {at: one[: frames[at]] for at, one in zip(some, decoded.cpu().numpy(), strict=True)}
        return [motions[at] for at in range(len(frames))]

    @torch.inference_mode()
    def codes(
        self, condition: Tensor, tokens: Sequence[int], *, seed: int | None, sampling: Sampling | None = None
    ) -> list[Tensor]:
        """Codes (tokens, quantizers) of motions for texts; see `generate`."""
        sampling = sampling or Sampling()
        found: dict[int, Tensor] = {}
        for some in batches(list(tokens), TOKENS_AT_ONCE):
            own = [tokens[at] for at in some]
            lengths = torch.tensor(own, device=condition.device)
            noise = no_noise if seed is None else GumbelStreams(seed, some, own)
            first = first_codes(self.masked, condition[some], lengths, sampling, noise)
            codes = all_codes(self.residual, first, condition[some], lengths, sampling, noise)
            found |= {at: one[:length] for at, one, length in zip(some, codes, own, strict=True)}
        return [found[at] for at in range(len(tokens))]
