"""Retrieval of several captioners on the same clips, and whether their differences are more than chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from lib.metrics import gallery, retrieval
from lib.metrics.intervals import Floats, bootstrap_groups, group_sums, percentile_interval
from lib.metrics.names import TEXT_TO_VIDEO, VIDEO_TO_TEXT
from lib.metrics.p_values import holm
from lib.metrics.ranking import BLOCK, rank_pairs
from lib.metrics.ranks import Ranks, Ties
from lib.sections.captioners.metrics.mcnemar import discordance

Vectors = npt.NDArray[np.floating]
DIRECTIONS = {"v2t": VIDEO_TO_TEXT, "t2v": TEXT_TO_VIDEO}
KS = (1, 5, 10)


@dataclass(frozen=True)
class Gallery:
    """The clips that every captioner covers, with what is compared on them.

    Args:
        groups: the resampling unit of each clip (n,), a base clip.
        videos: by captioner, the video embeddings (n, d); the same array for all unless a construction says otherwise.
        captions: by captioner, the embedding of its caption of each clip (n, d).
    """

    groups: npt.NDArray[np.str_]
    videos: Mapping[str, Vectors]
    captions: Mapping[str, Vectors]

    def __len__(self) -> int:
        """Number of clips."""
        return len(self.groups)

    def rows(self, chosen: npt.ArrayLike) -> "Gallery":
        """The gallery of some of the clips."""
        at = np.asarray(chosen)
        videos, captions = ({name: x[at] for name, x in side.items()} for side in (self.videos, self.captions))
        return Gallery(self.groups[at], videos, captions)


@dataclass(frozen=True)
class Retrieved:
    """Ranks by captioner and direction on one gallery.

    Args:
        ranks: by captioner, then by direction: ``v2t`` (a video looks for its caption among this captioner's captions
            of all clips) and ``t2v`` (a caption looks for its video among all clips).
        groups: the resampling unit of each clip (n,).
        ties: how ties are decided, see `lib.metrics.ranks.Ranks.position`.
    """

    ranks: Mapping[str, Mapping[str, Ranks]]
    groups: npt.NDArray[np.str_]
    ties: Ties = "average"

    @property
    def captioners(self) -> list[str]:
        """Their names, in the order given."""
        return list(self.ranks)


def retrieve(compared: Gallery, *, ties: Ties = "average", block: int = BLOCK) -> Retrieved:
    """Ranks the clips of a gallery for every captioner by cosine, streamed and exact.

    Args:
        compared: embeddings of the common clips.
        ties: ``average`` places a query's own item in the middle of those equally similar, as TMR does.
        block: rows and columns of a tile.

    Example:
        >>> clips = Gallery(np.array(["a", "b"]), {"x": np.eye(2)}, {"x": np.eye(2)})
        >>> retrieve(clips).ranks["x"]["v2t"].above.tolist()
        [0, 0]
    """
    ranks = {}
    for name, captions in compared.captions.items():
        there, back = rank_pairs(captions, compared.videos[name], block=block)
        ranks[name] = {"v2t": back, "t2v": there}
    return Retrieved(ranks, compared.groups, ties)


def video_to_text(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The rows of one measure from video to text, from the table of recalls or of differences."""
    return table[(table["direction"] == VIDEO_TO_TEXT) & (table["measure"] == measure)]


def video_to_text_r1(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of video-to-text R@1, the measure that captioners are judged by."""
    return video_to_text(table, "R@1")


def recalls(retrieved: Retrieved, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """R@k and median rank of every captioner in both directions, with intervals over base clips.

    Returns:
        Columns ``captioner, direction, measure, value, low, high, chance, clips``; R@k in percent, ``MedR`` counted
        from 1; chance is 100 k / n, and (n + 1) / 2 for the median rank.
    """
    rows = []
    for name, ways in retrieved.ranks.items():
        for way, ranks in ways.items():
            n = ranks.gallery
            intervals = retrieval.intervals(ranks, retrieved.groups, draws=draws, rng=rng, ties=retrieved.ties, ks=KS)
            for measure, recall in intervals.items():
                chance = (n + 1) / 2 if measure == "MedR" else 100 * min(int(measure[2:]), n) / n
                rows.append((name, DIRECTIONS[way], measure, recall.value, recall.low, recall.high, chance, n))
    columns = ["captioner", "direction", "measure", "value", "low", "high", "chance", "clips"]
    return pd.DataFrame(rows, columns=columns)


def differences(retrieved: Retrieved, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Differences of every two captioners in every measure, with paired bootstrap intervals over base clips.

    Both captioners of a pair are resampled together, so what makes a clip hard for both cancels.

    Returns:
        Columns ``first, second, direction, measure, difference, low, high``: first less second, in points for R@k and
        in ranks for ``MedR`` (lower is better there).
    """
    rows = []
    for way, direction in DIRECTIONS.items():
        for a, b in combinations(retrieved.captioners, 2):
            pair = retrieved.ranks[a][way], retrieved.ranks[b][way]
            for k in KS:
                value, low, high = recall_difference(
                    pair[0].found(k, retrieved.ties),
                    pair[1].found(k, retrieved.ties),
                    retrieved.groups,
                    draws=draws,
                    rng=rng,
                )
                rows.append((a, b, direction, f"R@{k}", value, low, high))
            rows.append((a, b, direction, "MedR", *_median_difference(*pair, retrieved, draws, rng)))
    return pd.DataFrame(rows, columns=["first", "second", "direction", "measure", "difference", "low", "high"])


def significance(
    retrieved: Retrieved, *, draws: int, rng: np.random.Generator, alpha: float = 0.05, power: float = 0.8
) -> pd.DataFrame:
    """McNemar's exact test on video-to-text R@1 of every two captioners, with Holm's correction over all pairs.

    Args:
        retrieved: ranks; one clip a base clip, since the test needs independent pairs.
        draws: bootstrap replicates, for the interval of ``clips_needed``.
        rng: source of randomness.
        alpha: the level of all tests together.
        power: for ``clips_needed``.

    Returns:
        Columns ``first, second, only_first, only_second, clips, p, p_holm, different, clips_needed, clips_needed_low,
        clips_needed_high``; ``clips_needed`` is how many clips, searched in galleries of this size, would show the
        observed difference at alpha over the number of pairs (NA where the difference is zero), with its interval.
        Empty with fewer than two captioners.

    Raises:
        ValueError: two clips of one base clip.
    """
    if len(np.unique(retrieved.groups)) < len(retrieved.groups):
        raise ValueError("McNemar's test needs independent clips: leave mirrored ones out")
    pairs = list(combinations(retrieved.captioners, 2))
    columns = ["first", "second", "only_first", "only_second", "clips", "p", "p_holm", "different", "clips_needed"]
    columns += ["clips_needed_low", "clips_needed_high"]
    if not pairs:
        return pd.DataFrame(columns=columns)
    hits = {name: retrieved.ranks[name]["v2t"].found(1, retrieved.ties) for name in retrieved.captioners}
    counts = [discordance(hits[a], hits[b]) for a, b in pairs]
    p = [count.p for count in counts]
    adjusted = holm(p)
    wanted = {"alpha": alpha / len(pairs), "power": power}
    needed = [count.pairs_needed(**wanted) for count in counts]
    ends = [count.pairs_needed_interval(**wanted, draws=draws, rng=rng) for count in counts]
    rows = [(*pair, c.only_a, c.only_b, c.n) for pair, c in zip(pairs, counts, strict=True)]
    table = pd.DataFrame(rows, columns=columns[:5])
    table = table.assign(
        p=p, p_holm=adjusted, different=adjusted <= alpha, clips_needed=pd.array(needed, dtype="Int64")
    )
    return table.assign(**dict(zip(columns[-2:], zip(*ends, strict=True), strict=True)))


def by_gallery(retrieved: Retrieved, sizes: Sequence[int], *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Expected video-to-text R@1 in random galleries of each size.

    Returns:
        ``captioner, size, recall, low, high, chance``, in percent.
    """
    parts = [
        gallery.recall_by_gallery(
            ways["v2t"], retrieved.groups, sizes=sizes, ks=[1], draws=draws, rng=rng, ties=retrieved.ties
        ).assign(captioner=name)
        for name, ways in retrieved.ranks.items()
    ]
    columns = ["captioner", "size", "recall", "low", "high", "chance"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def recall_difference(
    first: npt.ArrayLike, second: npt.ArrayLike, groups: npt.ArrayLike, *, draws: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """First less second, in percentage points, with a percentile bootstrap interval over groups.

    Where the two agree on every clip every replicate is zero; the ends are then Wilson's bound of a share that was
    seen in none of the groups, on either side.

    Args:
        first: whether each clip was found (n,), 0 or 1.
        second: likewise, in the same order.
        groups: the resampling unit of each clip (n,).
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        Difference and the ends of its 95 % interval.

    Example:
        >>> recall_difference([1, 1, 1, 0], [1, 0, 0, 0], list("abcd"), draws=200, rng=np.random.default_rng(0))[0]
        50.0
    """
    surplus = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    sums, sizes = group_sums(surplus, groups), group_sums(np.ones_like(surplus), groups)
    if not surplus.any():
        bound = 100 * float(proportion_confint(0, len(sums), method="wilson")[1])
        return 0.0, -bound, bound
    replicates = bootstrap_groups(lambda w: 100 * (w @ sums) / (w @ sizes), len(sums), draws=draws, rng=rng)
    low, high = percentile_interval(replicates)
    return 100 * float(surplus.mean()), float(low), float(high)


def _median_difference(
    first: Ranks, second: Ranks, retrieved: Retrieved, draws: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    names, group_of = np.unique(retrieved.groups, return_inverse=True)
    places = [ranks.position(retrieved.ties) for ranks in (first, second)]

    def difference(weights: Floats) -> Floats:
        times = weights[:, group_of].astype(np.int64)
        medians = [[np.median(np.repeat(x, row)) for row in times] for x in places]
        return np.asarray(np.subtract(*np.array(medians)), dtype=np.float64)

    low, high = percentile_interval(bootstrap_groups(difference, len(names), draws=draws, rng=rng))
    return float(np.median(places[0]) - np.median(places[1])), float(low), float(high)
