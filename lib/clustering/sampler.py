"""The sampler that a trainer gives its data loader."""

from collections.abc import Sequence

import pandas as pd
import torch
from torch.utils.data import WeightedRandomSampler

from lib.base.errors import ParamsError


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
