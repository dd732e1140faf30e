"""A small network's opinion of poses: possible, or not."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from lib.motion.canonical import PARENT, forward, yaw
from lib.motion.rotations import about_y
from lib.motion.skeleton import Array

CLIP_QUANTILE = 0.05


@dataclass(frozen=True)
class Roc:
    """How well held-out real poses are told from held-out perturbed ones.

    Attributes:
        fpr: share of perturbed poses taken for real, at falling thresholds.
        tpr: share of real poses taken for real, at the same thresholds.
        auc: area under the curve.
        by_kind: area for each kind of perturbation, against all the real poses.
        n: real poses held out (as many were perturbed).
    """

    fpr: Array
    tpr: Array
    auc: float
    by_kind: dict[str, float]
    n: int


@dataclass(frozen=True)
class Realism:
    """A trained discriminator; `lib.motion.discriminator.train_discriminator` makes one.

    Attributes:
        network: from a standardised description of a pose to a logit.
        mean: of the description over the training poses.
        std: of the same.
        roc: the held-out curve.
    """

    network: nn.Module = field(repr=False)
    mean: Array = field(repr=False)
    std: Array = field(repr=False)
    roc: Roc

    def per_pose(self, joints: Array) -> Array:
        """How real each pose looks.

        Args:
            joints: (T, 22, 3) metres, anywhere, facing anywhere.

        Returns:
            (T,) from 0 to 1: the chance that it is real, were half of all poses perturbed.
        """
        return chance_real(self.network, standardised(joints, self.mean, self.std))

    def score(self, joints: Array, *, quantile: float = CLIP_QUANTILE) -> float:
        """How real the worst passage of a clip looks.

        Args:
            joints: (T, 22, 3) metres.
            quantile: of the scores of the clip's poses. The default, 0.05, falls as soon as a twentieth of the poses (a
                quarter of a second in five) is impossible, and lets a few odd poses pass.

        Returns:
            0 (impossible) to 1 (real).
        """
        return float(np.quantile(self.per_pose(joints), quantile))


def describe(poses: Array) -> Array:
    """What the network sees of poses: where they are and which way they face taken away.

    Args:
        poses: (N, 22, 3) metres.

    Returns:
        (N, 147): of each joint but the root its position from the root in a body facing +Z, the direction of its bone,
        and the logarithm of the bone's length.

    Example:
        >>> describe(np.random.default_rng(0).normal(size=(2, 22, 3))).shape
        (2, 147)
    """
    poses = about_y(poses - poses[:, :1], yaw(forward(poses))[:, None])
    bones = poses[:, 1:] - poses[:, PARENT]
    lengths = np.maximum(np.linalg.norm(bones, axis=-1, keepdims=True), 1e-3)
    return np.concatenate([poses[:, 1:], bones / lengths, np.log(lengths)], axis=-1).reshape(len(poses), -1)


def standardised(poses: Array, mean: Array, std: Array) -> torch.Tensor:
    """Described poses (N, 147) as float32 with zero mean and unit deviation, clipped at 20 deviations."""
    poses = np.asarray(poses, dtype=np.float64)
    return torch.from_numpy(((describe(poses) - mean) / std).clip(-20, 20).astype(np.float32))


def chance_real(network: nn.Module, described: torch.Tensor) -> Array:
    """(N,) from 0 to 1, of standardised descriptions (N, 147)."""
    with torch.inference_mode():
        scores: Array = torch.sigmoid(network(described)[:, 0]).numpy()
    return scores
