"""Claims of captioners counted by clip, and every two captioners against each other on the same clips."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from lib.captioning.claims import Checked
from lib.metrics.intervals import Floats, Measure, bootstrap_groups, percentile_interval
from lib.metrics.p_values import holm
from lib.metrics.sign_flips import sign_flips

DIFFERENCES = ("precision", "true_claims")
PATTERNS = 99_999
"""Random sign patterns where there are too many to count all."""


@dataclass(frozen=True)
class ClaimCounts:
    """How many claims of each captioner's caption of each clip the motion supports, and how many it decides.

    Args:
        captioners: their names; columns of the arrays.
        supported: by base clip and captioner (n, k).
        decided: likewise.
        supported_by_chance: of the same captions held against other clips, as many times as they were dealt.
        decided_by_chance: likewise.
    """

    captioners: tuple[str, ...]
    supported: Floats
    decided: Floats
    supported_by_chance: Floats
    decided_by_chance: Floats

    @property
    def by_chance(self) -> Floats:
        """Precision of each captioner's captions on other clips (k,); NaN where nothing is decided."""
        return _ratio(self.supported_by_chance.sum(axis=0), self.decided_by_chance.sum(axis=0))


def counted(own: Checked, other: Checked, groups: Mapping[str, str]) -> ClaimCounts:
    """Counts claims on the captions' own clips and on others.

    Args:
        own: captions on their own clips.
        other: the same captions on other clips.
        groups: the base clip of each caption, by its id.
    """
    names = tuple(str(name) for name in own.flags["captioner"].unique())
    rows = sorted({groups[caption] for caption in own.flags["caption_id"]})
    every = pd.MultiIndex.from_product([rows, names], names=["group", "captioner"])
    tables = []
    for checked in (own, other):
        flags = checked.flags.assign(group=checked.flags["caption_id"].map(groups))
        sums = flags.groupby(["group", "captioner"])[["decided", "contradicted"]].sum()
        decided, contradicted = (
            sums[what].reindex(every, fill_value=0).to_numpy(dtype=np.float64).reshape(len(rows), len(names))
            if len(flags)
            else np.zeros((len(rows), len(names)))
            for what in ("decided", "contradicted")
        )
        tables += [decided - contradicted, decided]
    return ClaimCounts(names, *tables)


def pairs(counts: ClaimCounts, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Every two captioners: how far precision and the true claims a caption differ, on the same clips.

    Precision is a ratio of sums, so a clip contributes to the difference what it has above the common precision p,
    (s_a - p d_a) / D_a - (s_b - p d_b) / D_b, with s supported and d decided claims of a clip, and D all decided ones;
    these contributions add up to the difference. Were two captioners alike, either might as well have been the other on
    each clip, so that the sign of its contribution might as well be the other one: the test flips these signs. True
    claims are supported ones; a captioner that says little has few, however precise it is.

    Args:
        counts: of the captioners.
        draws: bootstrap replicates of base clips.
        rng: source of randomness.

    Returns:
        Columns ``first, second, clips``, and for either of `DIFFERENCES` itself (first less second; of precision in
        points) with ``…_low, …_high, …_p, …_test, …_p_holm``: how p was found, and p corrected for all pairs. NaN
        where one of the two has no decided claim.
    """
    rows = []
    for a, b in combinations(range(len(counts.captioners)), 2):
        row = {"first": counts.captioners[a], "second": counts.captioners[b], "clips": len(counts.supported)}
        more = counts.supported[:, a] - counts.supported[:, b]
        for name, flipped, unit, of, scale in (
            ("precision", _contributions(counts, a, b), 1, partial(_precisions, counts, [a, b]), 100),
            ("true_claims", more, 1 / max(len(more), 1), partial(_told, counts, [a, b]), 1),
        ):
            low, high = _ends(flipped, of, draws=draws, rng=rng)
            row |= {name: scale * unit * flipped.sum(), f"{name}_low": scale * low, f"{name}_high": scale * high}
            test = sign_flips(flipped if np.isfinite(flipped).all() else (), draws=PATTERNS, rng=rng)
            row |= {f"{name}_p": test.p, f"{name}_test": test.kind}
        rows.append(row)
    numbers = [f"{name}{part}" for name in DIFFERENCES for part in ("", "_low", "_high", "_p", "_test")]
    table = pd.DataFrame(rows, columns=["first", "second", "clips", *numbers])
    return table.assign(**{f"{name}_p_holm": holm(table[f"{name}_p"]) for name in DIFFERENCES})


def above_chance(counts: ClaimCounts, *, draws: int, rng: np.random.Generator) -> Measure | None:
    """Precision of all captioners' claims less that of the same captions on other clips, over base clips, in points.

    Args:
        counts: of the captioners.
        draws: bootstrap replicates of base clips, each with its captions wherever they were dealt.
        rng: source of randomness.

    Returns:
        The difference; None where either is decided nowhere.

    Example:
        >>> one, none = np.ones((4, 1)), np.zeros((4, 1))
        >>> above_chance(ClaimCounts(("a",), one, one, none, one), draws=99, rng=np.random.default_rng(0)).value
        100.0
    """

    def surplus(weights: Floats) -> Floats:
        sides = (
            (counts.supported, counts.decided),
            (counts.supported_by_chance, counts.decided_by_chance),
        )
        own, other = (_ratio(weights @ part.sum(axis=1), weights @ whole.sum(axis=1)) for part, whole in sides)
        return np.asarray(100 * (own - other))

    clips = len(counts.supported)
    value = float(surplus(np.ones((1, clips)))[0])
    if not np.isfinite(value):
        return None
    low, high = percentile_interval(bootstrap_groups(surplus, clips, draws=draws, rng=rng))
    return Measure(value, float(low), float(high), clips, "points")


def _contributions(counts: ClaimCounts, a: int, b: int) -> Floats:
    """What each clip adds to the difference of two precisions (n,); see `pairs`."""
    supported, decided = counts.supported[:, [a, b]], counts.decided[:, [a, b]]
    common = _ratio(supported.sum(), decided.sum())
    parts = _ratio(supported - common * decided, decided.sum(axis=0))
    return np.asarray(parts[:, 0] - parts[:, 1])


def _precisions(counts: ClaimCounts, pair: list[int], weights: Floats) -> Floats:
    return _ratio(weights @ counts.supported[:, pair], weights @ counts.decided[:, pair])


def _told(counts: ClaimCounts, pair: list[int], weights: Floats) -> Floats:
    return _ratio(weights @ counts.supported[:, pair], weights.sum(axis=1, keepdims=True))


def _ends(each: Floats, of: Callable[[Floats], Floats], *, draws: int, rng: np.random.Generator) -> tuple[float, float]:
    """The ends of the 95 % interval of the difference of two columns, over clips.

    Where the two agree on every clip every replicate is zero; the ends are then Wilson's bound of a share that was seen
    in none of the clips, on either side.
    """
    if not np.isfinite(each).all():
        return np.nan, np.nan
    if not each.any():
        bound = float(proportion_confint(0, len(each), method="wilson")[1])
        return -bound, bound
    replicates = bootstrap_groups(lambda w: -np.diff(of(w), axis=1)[:, 0], len(each), draws=draws, rng=rng)
    low, high = percentile_interval(replicates)
    return float(low), float(high)


def _ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.divide(part, whole), dtype=np.float64)
