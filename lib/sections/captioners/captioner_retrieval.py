"""Captioners against each other on retrieval: each in its best setting, on clips that had no part in choosing it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.metrics.ranks import Ties
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.captioners import Material
from lib.sections.captioners.metrics import captioners
from lib.sections.captioners.metrics.captioner_choice import Choice, choose
from lib.sections.captioners.metrics.captioners import Gallery, Retrieved, retrieve
from lib.sections.captioners.metrics.settings import Selection, select


@dataclass(frozen=True)
class Contest:
    """What retrieval says of the captioners; tables without rows where there is nothing to compare.

    Attributes:
        selection: the settings chosen; None without vectors.
        retrieved: ranks of the chosen settings under the captioners' names, on the clips that report.
        clip_ids: those clips.
        recalls: from `metrics.captioners.recalls`.
        differences: from `metrics.captioners.differences`.
        tests: from `metrics.captioners.significance`, video to text; McNemar's test with Holm's correction.
        choice: the winner, or why there is none; None with fewer than two captioners.
    """

    selection: Selection | None
    retrieved: Retrieved
    clip_ids: list[str]
    recalls: pd.DataFrame
    differences: pd.DataFrame
    tests: pd.DataFrame
    choice: Choice | None


def contest(
    found: Material,
    space: Space,
    *,
    draws: int,
    rng: np.random.Generator,
    ties: Ties = "average",
    block: int = 512,
    alpha: float = 0.05,
    power: float = 0.8,
) -> Contest:
    """Chooses settings on one half of the clips where there are several, and compares captioners on the rest.

    Args:
        found: the captions.
        space: their vectors.
        draws: bootstrap replicates.
        rng: source of randomness.
        ties: how ties are decided.
        block: rows and columns of a tile of the similarity matrix.
        alpha: level of all tests together.
        power: of the number of clips that would settle what was not.
    """
    if space.gallery is None:
        selection, ids, retrieved = None, [], Retrieved({}, np.array([], dtype=str), ties)
    else:
        selection = select(space.gallery, found.owner, draws=draws, rng=rng, ties=ties)
        ids = [space.clip_ids[row] for row in selection.reported]
        retrieved = retrieve(_chosen(space.gallery, selection), ties=ties, block=block)
    recalls = captioners.recalls(retrieved, draws=draws, rng=rng)
    tests = captioners.significance(retrieved, alpha=alpha, power=power)
    differences = captioners.differences(retrieved, draws=draws, rng=rng)
    quoted = selection and selection.quoting(recalls)
    return Contest(quoted, retrieved, ids, recalls, differences, tests, choose(recalls, tests))


def gallery_sizes(clips: int, points: int) -> list[int]:
    """Sizes from 2 to the number of clips, evenly spaced on a logarithmic axis; none below two clips.

    Example:
        >>> gallery_sizes(100, 3), gallery_sizes(1, 3)
        ([2, 14, 100], [])
    """
    return np.unique(np.geomspace(2, clips, points).round().astype(int)).tolist() if clips > 1 else []


def texts(found: Material, one: Contest) -> pd.DataFrame:
    """The captions that were compared: of the chosen settings, on the clips that report."""
    chosen = set(one.selection.chosen.values()) if one.selection else set(found.owner)
    rows = found.captions[found.captions["setting"].isin(chosen)]
    return rows[rows["clip_id"].isin(one.clip_ids)].reset_index(drop=True) if one.clip_ids else rows


def _chosen(settings: Gallery, selection: Selection) -> Gallery:
    sides = [
        {name: side[setting] for name, setting in selection.chosen.items()}
        for side in (settings.videos, settings.captions)
    ]
    return Gallery(settings.groups, *sides).rows(selection.reported)
