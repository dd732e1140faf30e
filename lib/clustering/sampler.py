"""The sampler that a trainer gives its data loader, and the draws from a folder that was exported."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch.utils.data import WeightedRandomSampler

from lib.base.errors import ParamsError
from lib.motion.skeleton import FPS


def sampler(
    weights: pd.DataFrame, clip_ids: Sequence[str], *, seed: int, draws: int | None = None
) -> WeightedRandomSampler:
    """Draws places in a dataset by sampling weights, with replacement.

    Args:
        weights: ``clip_id, weight``, as `lib.clustering.weights` makes them.
        clip_ids: the dataset's clips in its order; a clip may come several times (mirrored, or once a caption), and
            each place then has the weight in full. Weights of clips that the dataset lacks are not used.
        seed: of the draws; every epoch draws on.
        draws: an epoch's; as many as the dataset has places by default.

    Returns:
        A torch sampler of places 0 to len(clip_ids) - 1.

    Raises:
        ParamsError: a clip without a weight, or none with a positive one.

    Example:
        >>> table = pd.DataFrame({"clip_id": ["a", "b"], "weight": [0.0, 1.0]})
        >>> list(sampler(table, ["b", "a"], seed=0, draws=3))
        [0, 0, 0]
    """
    known = weights.set_index("clip_id")["weight"]
    lacking = [clip for clip in clip_ids if clip not in known.index]
    if lacking:
        told = f"{len(lacking):,} of {len(clip_ids):,} clips have no sampling weight, the first is {lacking[0]}"
        raise ParamsError(told, fix="cluster the clips that are trained on")
    chances = torch.as_tensor(known.loc[list(clip_ids)].to_numpy(copy=True), dtype=torch.float64)
    if not len(chances) or not float(chances.sum()) > 0:
        raise ParamsError("no clip has a positive sampling weight", fix="give weights of the dataset's clips")
    generator = torch.Generator().manual_seed(seed)
    return WeightedRandomSampler(chances, draws or len(chances), replacement=True, generator=generator)  # type: ignore[arg-type]


def exported(
    folder: Path, *, seed: int, draws: int | None = None, split: str = "train"
) -> Iterator[tuple[NDArray[np.float32], str, str]]:
    """Draws clips of a folder of `make dataset` by their weights, each with one of its captions.

    Args:
        folder: with ``clips.parquet``, ``captions.parquet`` and ``new_joint_vecs/``; motions are read one at a time.
        seed: of the draws.
        draws: how many; as many as the split has clips by default.
        split: of the clips; those of another one than train have no weights and are drawn alike.

    Yields:
        The motion (T, 263), cut to what the caption is about, the caption, and the clip's id in the folder.

    Raises:
        ParamsError: no such folder, or a split without a clip.
    """
    tables = (folder / "clips.parquet", folder / "captions.parquet")
    if lacking := [table for table in tables if not table.is_file()]:
        raise ParamsError("no such file", where=lacking[0], fix="make the folder: make dataset DEST=folder")
    clips, captions = (pd.read_parquet(table) for table in tables)
    clips = clips[clips["split"] == split].rename(columns={"clip_id": "own_id", "id": "clip_id"})
    ids = clips["clip_id"].tolist()
    weights = clips if clips["weight"].notna().any() else clips.assign(weight=1.0)
    spoken = captions.groupby("id").indices
    texts, starts, ends = (captions[column].to_numpy() for column in ("text", "start_s", "end_s"))
    rng = np.random.default_rng(seed)
    for place in sampler(weights, ids, seed=seed, draws=draws):
        motion = np.load(folder / "new_joint_vecs" / f"{ids[place]}.npy", allow_pickle=False)
        row = rng.choice(spoken[ids[place]])
        first, last = round(starts[row] * FPS), round(ends[row] * FPS) or len(motion)
        yield motion[first:last], str(texts[row]), ids[place]
