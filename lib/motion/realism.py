"""The opinion that small networks have of poses: possible, or not, as calibrated log-odds."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from lib.base.device import resolve_device
from lib.motion.realism_scale import LEAST, MOST
from lib.motion.skeleton import PARENTS, Array

HIDDEN = 32

PELVIS = {
    "left leg": (1, 4, 7, 10),
    "right leg": (2, 5, 8, 11),
    "spine": (3, 6, 9, 12),
    "shoulders": (13, 14, 16, 17),
}
"""Joints that are seen from the pelvis."""
CHEST = {"head": (12, 15, 13, 14), "left arm": (13, 16, 18, 20), "right arm": (14, 17, 19, 21)}
"""Joints that are seen from the chest."""
PARTS = (*PELVIS, *CHEST)


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


class PartNetwork(nn.Module):
    """Log-odds of each part of the body by a perceptron of its own; the odds against a pose are those of its parts.

    So a pose is as real as its least real part, and a new combination of ordinary parts is ordinary.

    Args:
        mean: (7, 28) of the description over the training poses.
        std: of the same.
    """

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, mean: Array, std: Array) -> None:
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(np.asarray(mean, dtype=np.float32)))
        self.register_buffer("std", torch.from_numpy(np.asarray(std, dtype=np.float32)))
        widths = (mean.shape[1], HIDDEN, HIDDEN, 1)
        sizes = list(pairwise(widths))
        self.weights = nn.ParameterList(_uniform(len(PARTS), a, b, fan=a) for a, b in sizes)
        self.biases = nn.ParameterList(_uniform(len(PARTS), 1, b, fan=a) for a, b in sizes)

    def forward(self, described: torch.Tensor) -> torch.Tensor:
        """(N,) log-odds of described poses (N, 7, 28)."""
        x = ((described - self.mean) / self.std).clamp(-20, 20).transpose(0, 1)
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = torch.baddbmm(bias, nn.functional.silu(x) if layer else x, weight)
        return -torch.logsumexp(-x[..., 0], dim=0)


@dataclass(frozen=True)
class Realism:
    """Cross-fitted networks; `lib.motion.discriminator.cross_fit` makes them.

    Attributes:
        networks: one a fold, each trained without it; they lie on the processor, so that any process can read them.
        fold_of: the fold of each group of clips that the networks were trained on.
        slope: of the calibration, from a network's logit to log-odds.
        offset: of the same.
        roc: of held-out poses, each seen by the network of its own fold.
    """

    networks: tuple[PartNetwork, ...] = field(repr=False)
    fold_of: Mapping[str, int] = field(repr=False)
    slope: float
    offset: float
    roc: Roc

    @property
    def sha256(self) -> str:
        """A hash of all that an opinion depends on; how well held-out poses were told apart is no part of it."""
        told = hashlib.sha256(json.dumps([sorted(self.fold_of.items()), self.slope, self.offset]).encode())
        for network in self.networks:
            for name, tensor in network.state_dict().items():
                told.update(name.encode() + tensor.numpy().tobytes())
        return told.hexdigest()

    def per_pose(self, joints: Array, group: str | None = None) -> Array:
        """How real each pose looks.

        Args:
            joints: (T, 22, 3) metres, anywhere, facing anywhere, upright or not.
            group: of the clip. The network that was trained without it judges a clip of a group trained on; the mean
                of all networks judges any other.

        Returns:
            (T,) log-odds from `LEAST` to `MOST` that a pose is real, were half of all poses perturbed.
        """
        return self.many([joints], [group])[0]

    def many(self, clips: Sequence[Array], groups: Sequence[str | None]) -> list[Array]:
        """`per_pose` of several clips at once on the run's device, which costs a tenth of one call each."""
        sizes, device = [len(joints) for joints in clips], resolve_device()
        described = torch.from_numpy(describe(np.concatenate(clips))).to(device)
        folds = np.repeat([self.fold_of.get(str(group), -1) for group in groups], sizes)
        logits = np.zeros(len(folds))
        with torch.inference_mode():
            for fold in np.unique(folds):
                rows = np.flatnonzero(folds == fold)
                judges = self.networks if fold < 0 else (self.networks[fold],)
                part = described if len(rows) == len(folds) else described[torch.from_numpy(rows)]
                logits[rows] = np.mean([_on(device, network)(part).cpu().numpy() for network in judges], axis=0)
        odds = (self.slope * logits + self.offset).clip(LEAST, MOST)
        return np.split(odds, np.cumsum(sizes)[:-1])


def describe(poses: Array) -> Array:
    """What the networks see of poses: each part of the body from the pelvis or the chest that holds it.

    Where a body is, which way it faces and whether it stands or lies are taken away, so that a rare posture made of
    ordinary joints stays ordinary.

    Args:
        poses: (N, 22, 3) metres.

    Returns:
        (N, 7, 28) float32: of the four joints of each of `PARTS` the position, the direction of the bone, and the
        logarithm of the bone's length.

    Example:
        >>> describe(np.random.default_rng(0).normal(size=(2, 22, 3))).shape
        (2, 7, 28)
    """
    poses = np.asarray(poses, dtype=np.float32)
    bones = poses - poses[:, [0, *PARENTS[1:]]]
    lengths = np.maximum(np.linalg.norm(bones, axis=-1, keepdims=True), np.float32(1e-3))
    seen = []
    for parts, (origin, above), (left, right) in ((PELVIS, (0, 3), (1, 2)), (CHEST, (9, 12), (16, 17))):
        axes = _axes(poses[:, left] - poses[:, right], poses[:, above] - poses[:, origin])
        places, directions = (poses - poses[:, origin, None]) @ axes, (bones / lengths) @ axes
        joints = np.concatenate([places, directions, np.log(lengths)], axis=-1)
        seen += [joints[:, list(part)].reshape(len(poses), -1) for part in parts.values()]
    return np.stack(seen, axis=1)


def _on(device: torch.device, network: PartNetwork) -> PartNetwork:
    """A network on a device: itself on the processor, elsewhere a copy of its 15,000 weights."""
    return network if device.type == "cpu" else deepcopy(network).to(device)


def _axes(left: Array, up: Array) -> Array:
    """(N, 3, 3): the body's left, up and front as columns."""
    left = _unit(left)
    front = _unit(np.cross(left, up))
    return np.stack([left, np.cross(front, left), front], axis=-1)


def _unit(vectors: Array) -> Array:
    unit: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32(1e-9))
    return unit


def _uniform(*shape: int, fan: int) -> nn.Parameter:
    return nn.Parameter((2 * torch.rand(*shape) - 1) / fan**0.5)
