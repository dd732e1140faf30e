"""Motion quality of many clips: jitter and impossible poses, in one table."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from tqdm import tqdm

from lib.motion.discriminator import sample_poses, train_discriminator
from lib.motion.high_pass import HighPass, high_pass_score
from lib.motion.perturbations import perturb
from lib.motion.realism import CLIP_QUANTILE, Realism, Roc
from lib.motion.skeleton import FPS, JOINT_NAMES, Array

__all__ = [
    "HighPass",
    "Realism",
    "Roc",
    "high_pass_score",
    "perturb",
    "quality",
    "sample_poses",
    "train_discriminator",
]


def quality(
    clips: Iterable[tuple[str, Array]],
    realism: Realism,
    *,
    fps: float | Mapping[str, float] = FPS,
    cutoff: float = 5.0,
    joints_used: Sequence[int] | None = None,
    total: int | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Both quality scores of each clip.

    Args:
        clips: pairs of clip id and (T, 22, 3) metres; read one at a time.
        realism: a trained discriminator.
        fps: frames a second, of all clips or by clip id.
        cutoff: Hz, see `high_pass_score`.
        joints_used: joints the high-pass score averages over; all by default.
        total: number of clips, for the progress bar.
        progress: show the bar.

    Returns:
        A row a clip in the order given: clip_id, n_poses, high_pass (m/s, lower is smoother, NaN under 8 poses),
        shakiest (the joint with the largest high-passed speed), realism (0 to 1, higher is more real, `Realism.score`),
        impossible (share of the poses that score below 0.5).

    Raises:
        ParamsError: a cut-off the frame rate does not allow.

    Example:
        >>> poses = np.random.default_rng(0).normal(size=(60, 22, 3))
        >>> model = train_discriminator(poses, groups=np.arange(60) // 6, seed=0, epochs=1)
        >>> quality([("a", poses)], model, progress=False).columns.tolist()
        ['clip_id', 'n_poses', 'high_pass', 'shakiest', 'realism', 'impossible']
    """
    rows = []
    for clip_id, joints in tqdm(clips, total=total, desc="motion quality", unit="clip", disable=not progress):
        rate = fps[clip_id] if isinstance(fps, Mapping) else fps
        shaking = high_pass_score(joints, fps=rate, cutoff=cutoff, joints_used=joints_used)
        per_pose = realism.per_pose(joints)
        rows.append(
            {
                "clip_id": clip_id,
                "n_poses": len(joints),
                "high_pass": shaking.score,
                "shakiest": None if np.isnan(shaking.score) else JOINT_NAMES[int(shaking.per_joint.argmax())],
                "realism": float(np.quantile(per_pose, CLIP_QUANTILE)),
                "impossible": float((per_pose < 0.5).mean()),
            }
        )
    columns = ["clip_id", "n_poses", "high_pass", "shakiest", "realism", "impossible"]
    return pd.DataFrame(rows, columns=columns)
