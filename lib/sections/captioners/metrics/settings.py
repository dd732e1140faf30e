"""The best setting of each captioner, chosen on one half of the clips and judged on the other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.intervals import Floats, share
from lib.metrics.ranks import Ties
from lib.sections.captioners.metrics.paired_retrieval import Gallery, Retrieved, retrieve, video_to_text_r1

Rows = npt.NDArray[np.int64]
COLUMNS = ["captioner", "setting", "choosing", "recall", "low", "high", "chosen", "chosen_on_other_half", "clips"]


@dataclass(frozen=True)
class Selection:
    """Which setting stands for each captioner, and on which clips it may be judged.

    Args:
        chosen: by captioner, its setting.
        grid: ``captioner, setting, choosing, recall, low, high, chosen, chosen_on_other_half, clips``: video-to-text
            R@1 as a share on the half that chooses and, with its interval, on the half that reports; whether it was
            chosen, and whether it would have been with the halves exchanged. Empty where nothing was to choose.
        reported: rows of the clips that took no part in the choice; all of them where nothing was to choose.
        by_claims: whether claims chose, whose mean on the half that chooses the grid then has as ``claims``.
    """

    chosen: Mapping[str, str]
    grid: pd.DataFrame
    reported: Rows
    by_claims: bool = False

    def quoting(self, recalls: pd.DataFrame) -> "Selection":
        """The chosen settings with the intervals of `paired_retrieval.recalls`, so that a recall has one interval."""
        ends = video_to_text_r1(recalls).set_index("captioner")[["low", "high"]] / 100
        grid, chosen = self.grid.copy(), self.grid["chosen"].astype(bool)
        grid.loc[chosen, ["low", "high"]] = ends.loc[grid.loc[chosen, "captioner"]].to_numpy()
        return replace(self, grid=grid)


def select(
    settings: Gallery,
    owner: Mapping[str, str],
    *,
    draws: int,
    rng: np.random.Generator,
    ties: Ties = "average",
    claims: Mapping[str, Floats] | None = None,
) -> Selection:
    """Chooses each captioner's setting by its claims, or without them by video-to-text R@1.

    The best of several settings on some clips owes part of its score to luck with these clips, so the choice and the
    report use different ones: base clips are dealt to two halves, and recall is measured in a gallery of either half.

    Args:
        settings: embeddings by setting, on the clips that all settings cover.
        owner: the captioner of each setting.
        draws: bootstrap replicates of the intervals.
        rng: source of randomness: of the deal, then of the intervals.
        ties: how ties are decided. Of equal settings the one that is listed first is chosen.
        claims: by setting, supported less contradicted claims of its caption of each clip, NaN where not looked at.

    Example:
        >>> rng, x = np.random.default_rng(0), np.random.default_rng(1).normal(size=(40, 8))
        >>> noisy = {"a cold": x, "a hot": rng.normal(size=x.shape), "b": x}
        >>> grid = Gallery(np.arange(40).astype(str), dict.fromkeys(noisy, x), noisy)
        >>> selection = select(grid, {"a cold": "a", "a hot": "a", "b": "b"}, draws=50, rng=rng)
        >>> selection.chosen, len(selection.reported)
        ({'a': 'a cold', 'b': 'b'}, 20)
    """
    by_captioner = {name: [s for s in settings.captions if owner[s] == name] for name in dict.fromkeys(owner.values())}
    if all(len(own) == 1 for own in by_captioner.values()):
        only = {name: own[0] for name, own in by_captioner.items()}
        return Selection(only, pd.DataFrame(columns=COLUMNS), np.arange(len(settings)))
    choosing, reporting = halves(settings.groups, rng)
    first, second = (retrieve(settings.rows(half), ties=ties) for half in (choosing, reporting))
    means = [
        {setting: _mean(half, setting, claims, rows) for setting in settings.captions}
        for half, rows in ((first, choosing), (second, reporting))
    ]
    chosen, other = ({name: max(own, key=mean.__getitem__) for name, own in by_captioner.items()} for mean in means)
    rows = []
    for name, own in by_captioner.items():
        for setting in own:
            recall = share(_hits(second, setting), second.groups, draws=draws, rng=rng)
            ends, flags = (recall.low, recall.high), (setting == chosen[name], setting == other[name])
            rows.append((name, setting, _hits(first, setting).mean(), recall.value, *ends, *flags, len(reporting)))
    grid = pd.DataFrame(rows, columns=COLUMNS)
    if claims is not None:
        grid.insert(2, "claims", grid["setting"].map(means[0]))
    return Selection(chosen, grid, reporting, claims is not None)


def halves(groups: npt.ArrayLike, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Rows of two random halves of the groups, those of a group together; the second has the odd one.

    Example:
        >>> first, second = halves(["a", "a", "b"], np.random.default_rng(0))
        >>> sorted(map(len, (first, second)))
        [1, 2]
    """
    names, group_of = np.unique(np.asarray(groups), return_inverse=True)
    first = np.isin(group_of, rng.permutation(len(names))[: len(names) // 2])
    return np.flatnonzero(first), np.flatnonzero(~first)


def _hits(retrieved: Retrieved, setting: str) -> npt.NDArray[np.float64]:
    return retrieved.ranks[setting]["v2t"].found(1, retrieved.ties)


def _mean(retrieved: Retrieved, setting: str, claims: Mapping[str, Floats] | None, rows: Rows) -> float:
    """What a setting is chosen by; of claims those of clips that were looked at, least where none were."""
    if claims is None:
        return float(_hits(retrieved, setting).mean())
    values = claims[setting][rows]
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else -np.inf
