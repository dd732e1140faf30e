"""TMR: motions and captions in one space, where a cosine says how well the two go together."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from lib.base.device import resolve_device
from lib.base.errors import ModelError
from lib.models.tmr.networks import LONGEST, Decoder, Encoder, Gaussian, padded
from lib.models.tmr.run import Run, difference, fingerprint, read_run, write_run
from lib.models.tmr.sizes import NETWORKS, TMRSizes
from lib.models.tmr.text import STORE, TokenFeatures
from lib.text.text_model import batches

EPS = 1e-12
FRAMES_AT_ONCE = 8192
CAPTIONS_AT_ONCE = 64

Latents = NDArray[np.float32]


class TMR(nn.Module):
    """The three networks with the statistics that their motions are normalised by.

    Source: Petrovich et al. 2023 + Mathux/TMR: src/model/tmr.py, encode_dataset.py. Latents are means, never samples.

    Args:
        sizes: of the networks.
        mean: (motion_features,) of the training frames.
        std: likewise.
        text_model: name or folder of the model whose token states the text encoder reads; None for MPNet.
        sentence_model: a folder that holds all-mpnet-base-v2.
        store: the folder that keeps token states.

    Example:
        >>> tmr = TMR(TMRSizes(latent_dim=32, num_layers=1), torch.zeros(263), torch.ones(263)).eval()
        >>> tmr.encode_motion([np.zeros((40, 263)), np.zeros((60, 263))]).shape
        (2, 32)
    """

    def __init__(
        self,
        sizes: TMRSizes,
        mean: Tensor,
        std: Tensor,
        *,
        text_model: str | Path | None = None,
        sentence_model: Path | None = None,
        store: Path = STORE,
    ) -> None:
        super().__init__()
        self.motion_encoder = Encoder(sizes.motion_features, sizes)
        self.text_encoder = Encoder(sizes.text_features, sizes)
        self.motion_decoder = Decoder(sizes.motion_features, sizes)
        self.mean: Tensor
        self.std: Tensor
        self.register_buffer("mean", mean, persistent=False)
        self.register_buffer("std", std, persistent=False)
        self.sizes = sizes
        self._text = (text_model, sentence_model, store)

    @classmethod
    def from_run_dir(
        cls,
        path: str | Path,
        *,
        text_model: str | Path | None = None,
        sentence_model: Path | None = None,
        store: Path = STORE,
    ) -> Self:
        """Loads a run of Mathux/TMR or of this project, strictly: every parameter, and nothing else.

        Args:
            path: the run folder (`lib.models.tmr.run.read_run` says what it holds and where its statistics lie).
            text_model: where the run's text model lies, in place of the name in its configuration.
            sentence_model: a folder that holds all-mpnet-base-v2.
            store: the folder that keeps token states.

        Returns:
            The model, in evaluation mode, on the project's device.

        Raises:
            ModelError: a file is missing, unreadable, or has code in it; names or shapes differ from the sizes'.
        """
        run = read_run(Path(path))
        text = run.text_model if text_model is None else text_model
        tmr = cls(run.sizes, run.mean, run.std, text_model=text, sentence_model=sentence_model, store=store)
        for name, weights in run.weights.items():
            network = getattr(tmr, name)
            if wrong := difference(weights, network.state_dict()):
                where = run.folder / "last_weights" / f"{name}.pt"
                raise ModelError(wrong, where=where, fix="put the config.json beside it that the run was trained with")
            network.load_state_dict(weights, strict=True)
        return tmr.to(resolve_device()).eval()

    def to_run_dir(self, path: Path) -> None:
        """Writes the model as a run folder."""
        weights = {name: getattr(self, name).state_dict() for name in NETWORKS}
        write_run(Run(path, self.sizes, self.text.name, weights, self.mean, self.std))

    @cached_property
    def text(self) -> TokenFeatures:
        """The text model's token states; found when first asked for, so that motions alone need no text model."""
        model, sentence_model, store = self._text
        features = TokenFeatures(model, sentence_model=sentence_model, store=store)
        if features.width != self.sizes.text_features:
            told = f"has {features.width} numbers a token where the text encoder reads {self.sizes.text_features}"
            raise ModelError(told, where=features.name, fix="give the text model that the run was trained with")
        return features

    @cached_property
    def fingerprint(self) -> str:
        """sha256 of weights and statistics, to print beside every number that depends on them."""
        return fingerprint({**self.state_dict(), "mean": self.mean, "std": self.std})

    def normalised(self, frames: Tensor) -> Tensor:
        """Frames (T, motion_features) by the run's statistics, on the model's device."""
        return (frames.to(self.mean.device) - self.mean) / (self.std + EPS)

    def encode_motion(self, motions: Sequence[NDArray[np.floating]], *, progress: bool = False) -> Latents:
        """Means of motions, in batches of similar length.

        Args:
            motions: n arrays (T, motion_features) at 20 fps, as HumanML3D has them.
            progress: whether to show a bar.

        Returns:
            (n, latent_dim) float32, not normalised.

        Raises:
            ModelError: a motion without frames, or of another width, or too long.
        """
        for at, motion in enumerate(motions):
            shape = np.shape(motion)
            if len(shape) != 2 or shape[1] != self.sizes.motion_features or not 0 < shape[0] <= LONGEST - 2:
                fix = f"give 1 to {LONGEST - 2} frames of {self.sizes.motion_features} numbers"
                raise ModelError(f"motion {at} has shape {shape}", fix=fix)
        strided = [torch.as_tensor(np.asarray(motion)[:: self.sizes.stride].copy()).float() for motion in motions]
        return self.encode_frames(strided, progress=progress)

    @torch.inference_mode()
    def encode_frames(self, motions: Sequence[Tensor], *, progress: bool = False) -> Latents:
        """As `encode_motion`, for motions (T, motion_features) of which only every `stride`-th frame is left."""
        latents = np.zeros((len(motions), self.sizes.latent_dim), dtype=np.float32)
        with tqdm(total=len(motions), desc="encoding motions", disable=not progress) as bar:
            for batch in batches([len(motion) for motion in motions], FRAMES_AT_ONCE):
                mu, _ = self.motion_encoder(*padded([self.normalised(motions[at]) for at in batch]))
                latents[batch] = mu.cpu().numpy()
                bar.update(len(batch))
        return latents

    @torch.inference_mode()
    def gaussians(self, texts: Sequence[str], *, progress: bool = False) -> Gaussian:
        """What the text encoder makes of captions; equal captions have equal Gaussians.

        Args:
            texts: n captions.
            progress: whether to show a bar.

        Returns:
            Means and log-variances, each (n, latent_dim).

        Raises:
            ModelError: the text model cannot be fetched or read, or is not the run's.
        """
        self.text.prepare(texts, progress=progress)
        place = {text: at for at, text in enumerate(sorted(set(texts), key=lambda text: (len(text), text)))}
        distinct = list(place)
        gaussians = self.mean.new_zeros((2, len(place), self.sizes.latent_dim))
        for at in tqdm(range(0, len(distinct), CAPTIONS_AT_ONCE), desc="encoding captions", disable=not progress):
            batch = slice(at, at + CAPTIONS_AT_ONCE)
            gaussians[:, batch] = torch.stack(self.text_encoder(*padded(self.token_states(distinct[batch]))))
        mu, logvar = gaussians[:, [place[text] for text in texts]]
        return mu, logvar

    def encode_text(self, texts: Sequence[str], *, progress: bool = False) -> Latents:
        """Means of captions (n, latent_dim) as float32, not normalised; see `gaussians`."""
        means: Latents = self.gaussians(texts, progress=progress)[0].cpu().numpy()
        return means

    def encode_captions(self, captions: pd.DataFrame, *, progress: bool = False) -> Latents:
        """Means (n, latent_dim) of rows with `text`; their tokens, where they have any, are not read."""
        return self.encode_text(captions["text"].tolist(), progress=progress)

    def token_states(self, texts: Sequence[str]) -> list[Tensor]:
        """Token states (tokens, text_features) of prepared captions, on the model's device."""
        return [states.to(self.mean.device) for states in self.text.get(texts)]
