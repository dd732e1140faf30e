"""Training the network that tells possible poses from impossible ones."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from sklearn.metrics import roc_auc_score, roc_curve
from torch import nn

from lib.base.errors import CorpusError
from lib.motion.perturbations import KINDS, perturb
from lib.motion.realism import Realism, Roc, chance_real, describe, standardised
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


def train_discriminator(
    real_poses: Array,
    *,
    groups: Sequence[object] | Array,
    seed: int,
    epochs: int = 12,
    held_out: float = 0.2,
    kinds: tuple[str, ...] = tuple(KINDS),
) -> Realism:
    """Trains a discriminator on real poses against fresh perturbations of them.

    A pose enters as its positions from the root, turned to face +Z, its bone directions and the logarithms of its bone
    lengths: a perceptron with two hidden layers of 128 does the rest. Every epoch perturbs every training pose anew
    (`lib.motion.perturbations`) and mirrors half of the pairs.

    Args:
        real_poses: (N, 22, 3) metres.
        groups: (N,) the clip, better the recording, of each pose; no group is both trained on and held out.
        seed: of the split, the perturbations and the network. One thread trains, so the machine does not matter.
        epochs: passes over the training poses; 12 take about 5 s for 20,000 poses on one core.
        held_out: share of the groups held out for the ROC curve.
        kinds: perturbations to train on. The ROC curve has every kind whatever this is, so that leaving one out shows
            how well the network finds a fault it was never shown.

    Returns:
        A `Realism`, whose scores hold for bodies and activities like those of `real_poses`.

    Raises:
        CorpusError: fewer than two groups.

    Source: technical report ("a pose realism discriminator"), which says no more about it.

    Example:
        >>> from lib.motion.skeleton import OFFSETS, PARENTS
        >>> pose = OFFSETS.copy()
        >>> for joint, parent in list(enumerate(PARENTS))[1:]:
        ...     pose[joint] += pose[parent]
        >>> poses = pose + np.random.default_rng(0).normal(scale=0.01, size=(400, 22, 3))
        >>> realism = train_discriminator(poses, groups=np.arange(400) // 10, seed=0)
        >>> realism.roc.auc > 0.95
        True
    """
    rng = np.random.default_rng(seed)
    names, member = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2:
        raise CorpusError(f"realism needs poses of two clips or more, found {len(names)}", fix="add clips")
    test = np.isin(member, rng.permutation(len(names))[: max(1, round(held_out * len(names)))])
    train = np.asarray(real_poses[~test], dtype=np.float64)
    described = describe(train)
    mean, std = described.mean(axis=0), described.std(axis=0) + 0.05
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        network = _fit(train, mean, std, rng, epochs, kinds)
    finally:
        torch.set_num_threads(threads)
    return Realism(network, mean, std, _held_out(network, mean, std, np.asarray(real_poses[test]), rng))


def _fit(
    train: Array, mean: Array, std: Array, rng: np.random.Generator, epochs: int, kinds: tuple[str, ...]
) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**31)))
        layers = [nn.Linear(len(mean), 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(), nn.Linear(128, 1)]
        network = nn.Sequential(*layers)
        batch = 512
        steps = epochs * -(-2 * len(train) // batch)
        optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
        labels = torch.cat([torch.ones(len(train)), torch.zeros(len(train))])
        for _ in range(epochs):
            pairs = np.stack([train, perturb(train, rng, kinds)[0]])
            flip = rng.random(len(train)) < 0.5
            pairs[:, flip] = mirror(pairs[:, flip])
            inputs = standardised(pairs.reshape(-1, *train.shape[1:]), mean, std)
            for rows in torch.split(torch.from_numpy(rng.permutation(len(inputs))), batch):  # type: ignore[no-untyped-call]
                loss = nn.functional.binary_cross_entropy_with_logits(network(inputs[rows])[:, 0], labels[rows])
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()
    return network.eval()


def _held_out(network: nn.Module, mean: Array, std: Array, real: Array, rng: np.random.Generator) -> Roc:
    impossible, kinds = perturb(real, rng)
    scores = [chance_real(network, standardised(poses, mean, std)) for poses in (real, impossible)]
    truth = np.repeat([1, 0], len(real))
    fpr, tpr, _ = roc_curve(truth, np.concatenate(scores))
    by_kind = {}
    for kind in KINDS:
        chosen = scores[1][kinds == kind]
        if len(chosen):
            labels = np.repeat([1, 0], [len(real), len(chosen)])
            by_kind[kind] = float(roc_auc_score(labels, np.concatenate([scores[0], chosen])))
    return Roc(fpr, tpr, float(roc_auc_score(truth, np.concatenate(scores))), by_kind, len(real))
