"""What a reader should watch in the figures of a prompt, from measures of the motions and never by hand."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.motion.skeleton import FPS, KINEMATIC_CHAINS, Array

LIMBS = dict(zip(("right leg", "left leg", "trunk and head", "right arm", "left arm"), KINEMATIC_CHAINS, strict=True))
PAIRS = {"arms": ("left arm", "right arm"), "legs": ("left leg", "right leg")}
ALIKE = 0.8
"""A limb moves as much as that of the other side from this share of its speed on."""
UNSEEN = {"energy": 0.05, "path": 0.5}
"""Energy in m/s and metres of way below which nobody sees a difference: what is added before ratios are compared."""


@dataclass(frozen=True)
class Movement:
    """What moves in a motion.

    Attributes:
        limbs: mean speed of the joints of each limb relative to the pelvis, in m/s.
        path: metres that the pelvis goes over the floor.
    """

    limbs: dict[str, float]
    path: float


def movement(joints: Array) -> Movement:
    """What moves in joints (T, 22, 3), in metres at 20 frames a second.

    Example:
        >>> joints = np.zeros((3, 22, 3)); joints[:, :, 2] = 0.1 * np.arange(3)[:, None]
        >>> joints[1, 20, 1] = 0.25
        >>> found = movement(joints)
        >>> max(found.limbs, key=found.limbs.get), round(found.limbs["left arm"], 2), round(found.path, 2)
        ('left arm', 1.25, 0.2)
    """
    poses = np.asarray(joints, dtype=np.float64)
    relative = poses - poses[:, :1]
    speed = np.linalg.norm(np.diff(relative, axis=0), axis=-1).mean(axis=0) * FPS if len(poses) > 1 else np.zeros(22)
    limbs = {name: float(speed[list(chain[1:])].mean()) for name, chain in LIMBS.items()}
    return Movement(limbs, float(np.linalg.norm(np.diff(poses[:, 0, [0, 2]], axis=0), axis=-1).sum()))


def sentence(truth: Movement, energy: float, models: pd.DataFrame) -> str:
    """One sentence for a prompt: which limbs move most in the real motion, and which figure differs most from it.

    Figures are compared by motion energy and by the way of the pelvis, each as a ratio after `UNSEEN` is added.

    Args:
        truth: of the real motion.
        energy: of the real motion, m/s.
        models: a row a figure: ``figure`` (how prose calls it), ``energy``, ``path``; may be empty.
    """
    limb = max(truth.limbs, key=lambda name: truth.limbs[name])
    both = next((f"both {pair}" for pair, sides in PAIRS.items() if limb in sides and _alike(truth, sides)), limb)
    speed = np.mean([truth.limbs[name] for name in PAIRS.get(both.removeprefix("both "), (limb,))])
    named = both if both.startswith("both") else f"the {limb}"
    text = (
        f"Watch {named}: most of the real motion is there, {speed:.2f} m/s relative to the pelvis against "
        f"{energy:.2f} m/s over all joints, while the pelvis goes {truth.path:.1f} m."
    )
    figures = models[np.isfinite(models["energy"].to_numpy(dtype=np.float64))]
    if figures.empty:
        return text
    real = {"energy": energy, "path": truth.path}
    apart = pd.DataFrame(
        {name: np.log((figures[name] + least) / (real[name] + least)).abs() for name, least in UNSEEN.items()}
    )
    figure = figures.loc[apart.max(axis=1).idxmax()]
    if apart.loc[figure.name].idxmax() == "energy":
        what = f"its joints move at {figure['energy']:.2f} m/s"
    else:
        what = f"its pelvis goes {figure['path']:.1f} m"
    return f"{text} Of what the models made, {figure['figure']} is farthest from that: {what}."


def _alike(truth: Movement, sides: tuple[str, str]) -> bool:
    speeds = sorted(truth.limbs[side] for side in sides)
    return speeds[0] >= ALIKE * speeds[1]
