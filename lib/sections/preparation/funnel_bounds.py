"""The funnel at other bounds than its own, for a reader to move: every clip by the positions that drop it."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.draw.interactive.funnel_bounds import LARGEST, AuditedClips, FunnelBounds, ScoreSlider
from lib.motion.realism_scale import odds
from lib.sections.preparation.bounds import Bounds
from lib.sections.preparation.funnel import LABELS, Funnel
from lib.sections.preparation.planted import MOTION_DEFECTS, Truth
from lib.sections.preparation.scores import SCORES, Score

SHARES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 1.0)
"""A slider has the bounds that keep these shares of the last dataset's clips, by its score alone."""
SAMPLE = 10_000
"""Clips at most whose words are counted, drawn at random."""


def funnel_bounds(
    funnels: Sequence[Funnel],
    limits: Bounds | None,
    captions: Mapping[str, pd.DataFrame],
    truth: Truth | None,
    *,
    rng: np.random.Generator,
) -> FunnelBounds:
    """The clips of every funnel, the last one first, and the positions of the sliders.

    Counts are of all clips at any position, so those at the bounds of the run are the funnel's own. Words are those of
    a sample of clips.

    Args:
        funnels: of all corpora that have one.
        limits: the bounds of the run; None without scores.
        captions: by corpus, as `lib.corpus.other_languages.english` gives them.
        truth: planted truths by corpus, or None.
        rng: draws the sample.
    """
    if limits is None or not funnels:
        return FunnelBounds((), LABELS, ())
    found = {score.column: positions(score, funnels[-1].scored[score.column], limits) for score in SCORES}
    sliders = [
        ScoreSlider(score.title, score.stage, *_told(score, found[score.column], limits.at[score.column]))
        for score in SCORES
    ]
    return FunnelBounds(
        sliders, LABELS, [_audited(one, found, captions[one.name], truth, rng) for one in reversed(funnels)]
    )


def positions(score: Score, values: "pd.Series[float]", limits: Bounds) -> list[float]:
    """The bounds of a slider, the strictest first: those of `SHARES`, that of the run, and none at all.

    Bounds are round, so that a clip is judged by the number that is shown.

    Example:
        >>> limits = Bounds({"high_pass": 0.62}, {})
        >>> positions(SCORES[1], pd.Series([0.1, 0.1, 0.1, 0.30001]), limits)
        [0.1, 0.12, 0.18, 0.21, 0.24, 0.25, 0.26, 0.27, 0.28, 0.29, 0.3, 0.62, inf]
    """
    bad = score.badness(values.dropna())
    at = [float(x) for x in bad.quantile(list(SHARES))] if len(bad) else []
    around = {_round(score, -x if score.low_is_bad else x) for x in at}
    none = -np.inf if score.low_is_bad else np.inf
    return sorted({*around, limits.at[score.column], none}, reverse=score.low_is_bad)


def _round(score: Score, value: float) -> float:
    return float(f"{value:.2g}") if score.unit else round(value, 1)


def _told(score: Score, found: Sequence[float], taken: float) -> tuple[list[str], int]:
    texts = []
    for bound in found:
        if np.isinf(bound):
            text = "no bound"
        elif score.unit:
            text = f"{bound:.3g} {score.unit}"
        else:
            text = f"{bound:.1f} (odds {odds(bound)})".replace("-", "−", 1)
        texts.append(f"{text}, as in this run" if bound == taken else text)
    return texts, list(found).index(taken)


def _audited(
    audit: Funnel,
    found: Mapping[str, Sequence[float]],
    captions: pd.DataFrame,
    truth: Truth | None,
    rng: np.random.Generator,
) -> AuditedClips:
    flags = audit.flags
    codes = [
        np.sum([score.beyond(flags[score.column], bound).to_numpy() for bound in found[score.column]], axis=0)
        for score in SCORES
    ]
    labels = sum(flags[name].to_numpy().astype(np.uint8) << n for n, name in enumerate(LABELS))
    planted = (truth or {}).get(audit.name, {}).get("defects") or {}
    names = MOTION_DEFECTS if planted else ()
    defects = np.zeros(len(flags), dtype=np.uint8)
    for n, name in enumerate(names):
        defects |= flags["clip_id"].isin(planted[name]).to_numpy().astype(np.uint8) << n
    said = captions[captions["clip_id"].isin(flags["clip_id"])]
    words = {clip: set().union(*lists) for clip, lists in said.groupby("clip_id")["words"]}
    drawn = rng.permutation(np.flatnonzero(flags["clip_id"].isin([*words]).to_numpy()))[:SAMPLE]
    lists = [words[clip] for clip in flags["clip_id"].iloc[drawn]]
    counted = Counter(word for some in lists for word in some)
    number = {word: n for n, (word, _) in enumerate(counted.most_common(LARGEST))}
    numbered = [sorted(number[word] for word in some if word in number) for some in lists]
    withheld = int(audit.summary.loc[audit.summary["stage"] == "consent", "dropped"].sum())
    return AuditedClips(
        audit.name,
        withheld,
        np.asarray(labels, dtype=np.uint8),
        np.stack(codes, axis=1).astype(np.uint8),
        defects,
        names,
        drawn,
        numbered,
    )
