"""Training the networks that tell possible poses from impossible ones."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from torch import nn

from lib.base.device import resolve_device
from lib.base.errors import CorpusError
from lib.motion.perturbations import KINDS, perturb
from lib.motion.realism import PartNetwork, Realism, Roc, describe
from lib.motion.skeleton import Array, mirror


def sample_poses(clips: Iterable[tuple[str, Array]], *, per_clip: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Poses to train on, drawn from many clips.

    Args:
        clips: pairs of a group (the clip, or better the recording it was cut from) and (T, 22, 3) metres.
        per_clip: poses to draw from each, without replacement; all of a shorter clip.
        rng: source of randomness.

    Returns:
        (N, 22, 3) poses and the (N,) groups they belong to.

    Raises:
        CorpusError: no clip at all.

    Example:
        >>> poses, groups = sample_poses([("a", np.zeros((9, 22, 3)))], per_clip=4, rng=np.random.default_rng(0))
        >>> poses.shape, groups.tolist()
        ((4, 22, 3), ['a', 'a', 'a', 'a'])
    """
    poses: list[Array] = []
    groups: list[str] = []
    for group, joints in clips:
        drawn = joints[np.sort(rng.permutation(len(joints))[:per_clip])]
        poses.append(drawn)
        groups += [group] * len(drawn)
    if not poses:
        raise CorpusError("no motion to train the realism discriminator on")
    return np.concatenate(poses), np.array(groups)


def cross_fit(
    real_poses: Array,
    *,
    groups: Sequence[object] | Array,
    seed: int,
    folds: int = 5,
    epochs: int = 10,
    kinds: tuple[str, ...] = tuple(KINDS),
) -> Realism:
    """Trains discriminators on real poses against fresh perturbations of them, one for each fold of the groups.

    A network sees no pose of its own fold, so that every clip can be judged by one that has not seen it. Every epoch
    perturbs every training pose anew (`lib.motion.perturbations`) and mirrors half of the pairs. The logits of the
    held-out poses, real and perturbed, calibrate the log-odds (Platt's logistic regression).

    Args:
        real_poses: (N, 22, 3) metres.
        groups: (N,) the clip, better the recording, of each pose; no group is in two folds.
        seed: of the folds, the perturbations and the networks. One thread trains, so the machine does not matter; the
            run's device does, by rounding.
        folds: networks; as many as there are groups at most.
        epochs: passes over the training poses.
        kinds: perturbations to train on. The ROC curve has every kind whatever this is, so that leaving one out shows
            how well the networks find a fault they were never shown.

    Returns:
        A `Realism`, whose scores hold for bodies and activities like those of `real_poses`.

    Raises:
        CorpusError: fewer than two groups.

    Source: technical report ("a pose realism discriminator"), which says no more about it; Platt 1999, Probabilistic
        outputs for support vector machines.

    Example:
        >>> from lib.motion.skeleton import OFFSETS, PARENTS
        >>> pose = OFFSETS.copy()
        >>> for joint, parent in list(enumerate(PARENTS))[1:]:
        ...     pose[joint] += pose[parent]
        >>> poses = pose + np.random.default_rng(0).normal(scale=0.01, size=(800, 22, 3))
        >>> realism = cross_fit(poses, groups=np.arange(800) // 10, seed=0, folds=2)
        >>> realism.roc.auc > 0.8, len(realism.networks)
        (True, 2)
    """
    rng = np.random.default_rng(seed)
    names, member = np.unique(np.asarray(groups).astype(str), return_inverse=True)
    if len(names) < 2:
        raise CorpusError(f"realism needs poses of two clips or more, found {len(names)}", fix="add clips")
    folds = min(folds, len(names))
    fold_of_name = rng.permutation(len(names)) % folds
    fold = fold_of_name[member]
    real = np.asarray(real_poses, dtype=np.float64)
    impossible, made = perturb(real, rng)
    logits = np.zeros((2, len(real)))
    networks = []
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for number in range(folds):
            out = fold == number
            network = _fit(real[~out], rng, epochs, kinds)
            with torch.inference_mode():
                for row, poses in enumerate((real, impossible)):
                    described = torch.from_numpy(describe(poses[out])).to(network.mean.device)
                    logits[row, out] = network(described).cpu().numpy()
            networks.append(network.cpu())
    finally:
        torch.set_num_threads(threads)
    calibration = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), np.repeat([1, 0], len(real)))
    slope, offset = max(float(calibration.coef_[0, 0]), 1e-3), float(calibration.intercept_[0])
    fold_of = {str(name): int(number) for name, number in zip(names, fold_of_name, strict=True)}
    return Realism(tuple(networks), fold_of, slope, offset, _held_out(logits, made))


def _fit(train: Array, rng: np.random.Generator, epochs: int, kinds: tuple[str, ...]) -> PartNetwork:
    described, device = describe(train), resolve_device()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**31)))
        network = PartNetwork(described.mean(axis=0), described.std(axis=0) + 0.05).to(device)
        batch = 256
        steps = epochs * -(-2 * len(train) // batch)
        optimiser = torch.optim.AdamW(network.parameters(), lr=1e-2, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-2, total_steps=steps)
        labels = torch.cat([torch.ones(len(train)), torch.zeros(len(train))]).to(device)
        for _ in range(epochs):
            pairs = np.stack([train, perturb(train, rng, kinds)[0]])
            flip = rng.random(len(train)) < 0.5
            pairs[:, flip] = mirror(pairs[:, flip])
            inputs = torch.from_numpy(describe(pairs.reshape(-1, *train.shape[1:]))).to(device)
            for rows in torch.split(torch.from_numpy(rng.permutation(len(inputs))).to(device), batch):  # type: ignore[no-untyped-call]
                loss = nn.functional.binary_cross_entropy_with_logits(network(inputs[rows]), labels[rows])
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()
    return network.eval()


def _held_out(logits: Array, made: Array) -> Roc:
    """The curve of held-out logits (2, N), real and perturbed, and the kind of each perturbation (N,)."""
    truth, flat = np.repeat([1, 0], logits.shape[1]), logits.reshape(-1)
    fpr, tpr, _ = roc_curve(truth, flat)
    by_kind = {}
    for kind in KINDS:
        chosen = logits[1, made == kind]
        if len(chosen):
            labels = np.repeat([1, 0], [logits.shape[1], len(chosen)])
            by_kind[kind] = float(roc_auc_score(labels, np.concatenate([logits[0], chosen])))
    return Roc(fpr, tpr, float(roc_auc_score(truth, flat)), by_kind, logits.shape[1])
