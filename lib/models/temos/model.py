"""TEMOS: the reference generator, TMR's networks trained to reconstruct motions from captions and from themselves."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from lib.base.errors import ModelError
from lib.models.tmr.model import FRAMES_AT_ONCE, TMR
from lib.models.tmr.networks import LONGEST, Gaussian
from lib.text.encoder import batches


class TEMOS(TMR):
    """A TMR that was trained without the contrastive loss, with what generating needs.

    Source: Petrovich et al. 2022 (TEMOS) + Mathux/TMR: src/model/temos.py. Weights, statistics and run folder are its
    own; an evaluator is another TMR, and `fingerprint` tells them apart.

    Example:
        >>> from lib.models.tmr.sizes import TMRSizes
        >>> sizes = TMRSizes(latent_dim=32, num_layers=1, stride=2)
        >>> temos = TEMOS(sizes, torch.zeros(263), torch.ones(263)).eval()
        >>> made = temos.decode((torch.zeros(2, 32), torch.zeros(2, 32)), [40, 61], seed=0)
        >>> [motion.shape for motion in made]
        [(40, 263), (61, 263)]
    """

    @torch.inference_mode()
    def decode(self, captions: Gaussian, frames: Sequence[int], *, seed: int | None) -> list[NDArray[np.float32]]:
        """Motions decoded from latents that are drawn from the captions' Gaussians.

        Args:
            captions: of n captions, from `gaussians`.
            frames: how long each motion shall be, at 20 fps.
            seed: of the draw; None decodes the means.

        Returns:
            n arrays (T, 263) in the features' own units, at 20 fps: between the frames that the networks make,
            features are interpolated linearly (rates and velocities stay those of a twentieth of a second), and after
            the last they are held.

        Raises:
            ModelError: a length that is not positive, or too long.
        """
        for at, count in enumerate(frames):
            if not 0 < count <= LONGEST:
                raise ModelError(f"caption {at} asks for {count} frames", fix=f"ask for 1 to {LONGEST}")
        mu, logvar = captions
        z = mu
        if seed is not None:
            noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed(seed))
            z = mu + noise.to(mu.device) * (0.5 * logvar).exp()
        kept = [-(-count // self.sizes.stride) for count in frames]
        made: dict[int, NDArray[np.float32]] = {}
        for batch in batches(kept, FRAMES_AT_ONCE):
            lengths = torch.tensor([kept[at] for at in batch], device=z.device)
            mask = torch.arange(int(lengths.max()), device=z.device) < lengths[:, None]
            decoded = self.motion_decoder(z[batch], mask) * self.std + self.mean
            for at, motion in zip(batch, decoded.cpu().numpy(), strict=True):
                made[at] = upsampled(motion[: kept[at]], self.sizes.stride, frames[at])
        return [made[at] for at in range(len(frames))]


def upsampled(kept: NDArray[np.float32], stride: int, count: int) -> NDArray[np.float32]:
    """Frames (T, f) of which every `stride`-th was made, interpolated linearly; the last is held.

    Args:
        kept: at least ceil(count / stride) frames.
        stride: how many frames of the result one of them stands for.
        count: frames of the result.

    Example:
        >>> upsampled(np.float32([[0], [2], [6]]), 2, 6).ravel().tolist()
        [0.0, 1.0, 2.0, 4.0, 6.0, 6.0]
    """
    place = np.minimum(np.arange(count) / stride, len(kept) - 1).astype(np.float32)
    before = place.astype(np.int64)
    after = np.minimum(before + 1, len(kept) - 1)
    share = (place - before.astype(np.float32))[:, None]
    between: NDArray[np.float32] = kept[before] * (1 - share) + kept[after] * share
    return between
