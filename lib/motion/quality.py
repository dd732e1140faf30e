"""Motion quality of many clips: impossible poses, jitter, skating, standing still, leaving the floor, in one table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from lib.motion.ground import ground, movement
from lib.motion.high_pass import high_pass_score
from lib.motion.realism import Realism
from lib.motion.realism_scale import clip_realism
from lib.motion.skeleton import FPS, JOINT_NAMES, Array

AT_ONCE = 8192
"""Poses that are judged together; memory is bounded by them and one clip."""
COLUMNS = ("n_poses", "realism", "impossible", "high_pass", "shakiest", "foot_skate", "movement", "floor", "off_floor")


def quality(
    clips: Iterable[tuple[str, Array]],
    realism: Realism,
    *,
    groups: Mapping[str, str] | None = None,
    fps: float | Mapping[str, float] = FPS,
    cutoff: float = 5.0,
    joints_used: Sequence[int] | None = None,
    floor: float | None = None,
    total: int | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """All quality scores of each clip.

    Args:
        clips: pairs of clip id and (T, 22, 3) metres; read as they are needed.
        realism: cross-fitted discriminators.
        groups: by clip id, the group under which a clip's poses were trained on; none for clips of other datasets.
        fps: frames a second, of all clips or by clip id.
        cutoff: Hz, see `lib.motion.high_pass.high_pass_score`.
        joints_used: joints the high-pass score averages over; all by default.
        floor: height of the floor in metres; by default the median of the clips' own floors.
        total: number of clips, for the progress bar.
        progress: show the bar.

    Returns:
        A row a clip in the order given: clip_id, n_poses, realism (log-odds, higher is more real, `clip_realism`),
        impossible (share of the poses with odds below 1), high_pass (m/s, lower is smoother, NaN under 8 poses),
        shakiest (the joint with the largest high-passed speed), foot_skate (m/s, `Ground.skate`), movement (m/s),
        floor (m, the clip's own), off_floor (m, `Ground.off`).

    Raises:
        ParamsError: a cut-off the frame rate does not allow.

    Example:
        >>> from lib.motion.discriminator import cross_fit
        >>> poses = np.random.default_rng(0).normal(size=(60, 22, 3))
        >>> model = cross_fit(poses, groups=np.arange(60) // 6, seed=0, epochs=1)
        >>> quality([("a", poses)], model, progress=False).columns.tolist() == ["clip_id", *COLUMNS]
        True
    """
    stream = tqdm(clips, total=total, desc="motion quality", unit="clip", disable=not progress)
    table = measured(stream, realism, groups=groups, fps=fps, cutoff=cutoff, joints_used=joints_used)
    return with_floor(table, floor)


def measured(
    clips: Iterable[tuple[str, Array]],
    realism: Realism,
    *,
    groups: Mapping[str, str] | None = None,
    fps: float | Mapping[str, float] = FPS,
    cutoff: float = 5.0,
    joints_used: Sequence[int] | None = None,
) -> pd.DataFrame:
    """What of `quality` each clip has by itself; the arguments are the same.

    Returns:
        The columns of `quality` but ``off_floor``, which asks for the floor of all clips, then ``lowest`` and
        ``highest`` (m, see `lib.motion.ground.Ground`).

    Raises:
        ParamsError: a cut-off the frame rate does not allow.
    """
    rows: list[dict[str, Any]] = []
    for chunk in _chunks(clips):
        ids = [clip_id for clip_id, _ in chunk]
        per_pose = realism.many([joints for _, joints in chunk], [(groups or {}).get(clip_id) for clip_id in ids])
        for (clip_id, joints), odds in zip(chunk, per_pose, strict=True):
            rate = fps[clip_id] if isinstance(fps, Mapping) else fps
            shaking = high_pass_score(joints, fps=rate, cutoff=cutoff, joints_used=joints_used)
            feet = ground(joints, fps=rate)
            rows.append(
                {
                    "clip_id": clip_id,
                    "n_poses": len(joints),
                    "realism": clip_realism(odds),
                    "impossible": float((odds < 0).mean()),
                    "high_pass": shaking.score,
                    "shakiest": None if np.isnan(shaking.score) else JOINT_NAMES[int(shaking.per_joint.argmax())],
                    "foot_skate": feet.skate,
                    "movement": movement(joints, fps=rate),
                    "floor": feet.floor,
                    "lowest": feet.lowest,
                    "highest": feet.highest,
                }
            )
    return pd.DataFrame(rows, columns=["clip_id", *COLUMNS[:-1], "lowest", "highest"])


def with_floor(table: pd.DataFrame, floor: float | None = None) -> pd.DataFrame:
    """Says how far each clip is from a floor that all share.

    Args:
        table: from `measured`.
        floor: its height in metres; by default the median of the clips' own floors.

    Returns:
        The columns of `quality`.

    Example:
        >>> own = pd.DataFrame({"floor": [0.0, 0.0, 1.0], "lowest": [-0.5, 0.0, 1.0], "highest": [0.25, 0.0, 1.0]})
        >>> with_floor(own.reindex(columns=["clip_id", *COLUMNS[:-1], "lowest", "highest"])).off_floor.tolist()
        [0.5, 0.0, 1.0]
    """
    level = floor if floor is not None else float(np.median(table["floor"])) if len(table) else 0.0
    off = np.maximum(table["highest"] - level, level - table["lowest"])
    return table.assign(off_floor=off)[["clip_id", *COLUMNS]]


def _chunks(clips: Iterable[tuple[str, Array]]) -> Iterator[list[tuple[str, Array]]]:
    chunk: list[tuple[str, Array]] = []
    poses = 0
    for clip in clips:
        chunk.append(clip)
        poses += len(clip[1])
        if poses >= AT_ONCE:
            yield chunk
            chunk, poses = [], 0
    if chunk:
        yield chunk
