"""Captioners against each other on retrieval: each in its best setting, on clips that had no part in choosing it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from lib.draw.table import records
from lib.metrics.intervals import Floats, Measure
from lib.metrics.ranks import Ties
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.metrics import paired_retrieval
from lib.sections.captioners.metrics.paired_retrieval import Gallery, Retrieved, retrieve, video_to_text_r1
from lib.sections.captioners.metrics.settings import Selection, select


@dataclass(frozen=True)
class Leader:
    """The captioner of the highest video-to-text R@1, and what the tests say of it.

    Args:
        name: the captioner.
        undistinguished: those that McNemar's test does not distinguish from it, best first.
        clips_needed: how many clips would distinguish it from all of them, were the observed differences the true ones;
            its interval is over resampled clips. None where nobody is left, or where it ties with one of them.
    """

    name: str
    undistinguished: tuple[str, ...]
    clips_needed: Measure | None


@dataclass(frozen=True)
class CaptionerRetrieval:
    """What retrieval says of the captioners; tables without rows where there is nothing to compare.

    Attributes:
        selection: the settings chosen; None without vectors.
        retrieved: ranks of the chosen settings under the captioners' names, on the clips that report.
        clip_ids: those clips.
        recalls: from `paired_retrieval.recalls`.
        differences: from `paired_retrieval.differences`.
        tests: from `paired_retrieval.significance`, video to text; McNemar's test with Holm's correction.
    """

    selection: Selection | None
    retrieved: Retrieved = field(repr=False)
    clip_ids: list[str] = field(repr=False)
    recalls: pd.DataFrame
    differences: pd.DataFrame
    tests: pd.DataFrame

    @property
    def grid(self) -> pd.DataFrame | None:
        """Recall by setting, see `Selection.grid`; None without vectors."""
        return self.selection.grid if self.selection else None

    @property
    def leader(self) -> Leader | None:
        """Who leads on video-to-text R@1; None with fewer than two captioners."""
        return leader(self.recalls, self.tests)


def captioner_retrieval(
    compared: ComparedCaptions,
    space: Space,
    *,
    draws: int,
    rng: np.random.Generator,
    ties: Ties = "average",
    block: int = 512,
    alpha: float = 0.05,
    power: float = 0.8,
    claims: Mapping[str, Floats] | None = None,
) -> CaptionerRetrieval:
    """Chooses settings on one half of the clips where there are several, and compares captioners on the rest.

    Args:
        compared: the captions.
        space: their vectors.
        draws: bootstrap replicates.
        rng: source of randomness.
        ties: how ties are decided.
        block: rows and columns of a tile of the similarity matrix.
        alpha: level of all tests together.
        power: of the number of clips that would distinguish what was not.
        claims: what chooses settings in place of recall, see `metrics.settings.select`.
    """
    if space.gallery is None:
        selection, ids, retrieved = None, [], Retrieved({}, np.array([], dtype=str), ties)
    else:
        selection = select(space.gallery, compared.owner, draws=draws, rng=rng, ties=ties, claims=claims)
        ids = [space.clip_ids[row] for row in selection.reported]
        retrieved = retrieve(_chosen(space.gallery, selection), ties=ties, block=block)
    recalls = paired_retrieval.recalls(retrieved, draws=draws, rng=rng)
    differences = paired_retrieval.differences(retrieved, draws=draws, rng=rng)
    tests = paired_retrieval.significance(retrieved, draws=draws, rng=rng, alpha=alpha, power=power)
    return CaptionerRetrieval(selection and selection.quoting(recalls), retrieved, ids, recalls, differences, tests)


def leader(recalls: pd.DataFrame, tests: pd.DataFrame) -> Leader | None:
    """The captioner of the highest video-to-text R@1, and those that the tests do not distinguish from it.

    Args:
        recalls: from `paired_retrieval.recalls`.
        tests: from `paired_retrieval.significance` in the same direction.

    Returns:
        The leader on these clips; None with fewer than two captioners.

    Example:
        >>> recalls = pd.DataFrame({"captioner": ["x", "y"], "direction": "video to text", "measure": "R@1",
        ...                         "value": [30.0, 20.0]})
        >>> test = {"first": "x", "second": "y", "different": False, "clips": 100}
        >>> needed = {"clips_needed": 234, "clips_needed_low": 57.0, "clips_needed_high": 9000.0}
        >>> leader(recalls, pd.DataFrame([test | needed])).clips_needed.text
        '234 clips (95 % CI 57–9,000, N = 100)'
    """
    order = video_to_text_r1(recalls).sort_values("value", ascending=False, kind="stable")["captioner"].tolist()
    if len(order) < 2:
        return None
    name, *others = order
    pairs = tests[((tests["first"] == name) | (tests["second"] == name)) & ~tests["different"].astype(bool)]
    rivals = {*pairs["first"], *pairs["second"]}
    needed = [clips_needed(row) for row in records(pairs)]
    most = None if not needed else max(needed, key=lambda one: one.value if one else np.inf)
    return Leader(name, tuple(other for other in others if other in rivals), most)


def clips_needed(test: Mapping[str, Any]) -> Measure | None:
    """How many clips would distinguish a pair, from its row of `paired_retrieval.significance`; None where it ties."""
    if pd.isna(test["clips_needed"]):
        return None
    ends = test["clips_needed_low"], test["clips_needed_high"]
    return Measure(int(test["clips_needed"]), *ends, int(test["clips"]), "clips", 0)


def by_gallery(retrieval: CaptionerRetrieval, *, points: int, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Expected R@1 from video to text in random galleries of several sizes, see `paired_retrieval.by_gallery`.

    Args:
        retrieval: the captioners.
        points: how many sizes from 2 to the number of clips, evenly spaced on a logarithmic axis.
        draws: bootstrap replicates.
        rng: source of randomness.
    """
    clips = len(retrieval.clip_ids)
    sizes = np.unique(np.geomspace(2, clips, points).round().astype(int)).tolist() if clips > 1 else []
    return paired_retrieval.by_gallery(retrieval.retrieved, sizes, draws=draws, rng=rng)


def _chosen(settings: Gallery, selection: Selection) -> Gallery:
    videos, captions = (
        {name: side[setting] for name, setting in selection.chosen.items()}
        for side in (settings.videos, settings.captions)
    )
    return Gallery(settings.groups, videos, captions).rows(selection.reported)
