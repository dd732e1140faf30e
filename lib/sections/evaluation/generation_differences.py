"""Does a regime make better motions than the baseline: paired differences, on all test clips and on subsets."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lib.metrics.replication import difference_interval
from lib.sections.evaluation.generation_intervals import clip_interval, difference_over_clips, named
from lib.sections.evaluation.generation_scores import Scores, scores
from lib.sections.evaluation.generation_sets import Made, Mask, TestSet

ALL = "all"


def differences(
    test: TestSet,
    models: Mapping[str, Made],
    *,
    baseline: str,
    seed: int,
    subsets: Mapping[str, Mask] | None = None,
    draws: int = 1000,
    pool: int = 32,
) -> pd.DataFrame:
    """Each model less the baseline, on the clips that both have motions for, on all clips and on subsets of them.

    Clips are paired: a replicate draws the same base clips for both. Seeds are not: a training of one regime has no
    counterpart among another's. ``low`` to ``high`` is uncertain in both at once, see `difference_interval`.

    Args:
        test: the test set.
        models: motions by model, the baseline among them.
        baseline: the model to compare with.
        seed: of the bootstrap.
        subsets: clips (n,) by name, such as clusters or the leak-free clips; "all" is always there.
        draws: bootstrap replicates over base clips.
        pool: motions a text is compared with; in a subset too they come from all clips, so subsets are equally hard.

    Returns:
        A row a subset, model and metric: ``subset, model, metric, unit, better, value, baseline`` (means over seeds),
        ``difference, low, high, clip_low, clip_high, seed_low, seed_high, n, base_clips``. FID and KID need 20 base
        clips, an interval over clips 5. Empty where no clip is left.

    Raises:
        KeyError: the baseline is not among the models.
    """
    rows = []
    for name, made in models.items():
        if name == baseline:
            continue
        common = made.present & models[baseline].present
        ours, theirs = (scores(test, side, among=common, pool=pool) for side in (made, models[baseline]))
        for subset, mask in {ALL: None, **(subsets or {})}.items():
            pair = (ours, theirs) if mask is None else (ours.only(mask), theirs.only(mask))
            for metric in [m for m in pair[0].metrics if m in pair[1].metrics and len(pair[0].groups)]:
                row = _difference(*pair, metric, draws, seed)
                rows.append({"subset": subset, "model": name, **named(metric), **row})
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    *("subset", "model", "metric", "unit", "better", "value", "baseline", "difference", "low", "high"),
    *("clip_low", "clip_high", "seed_low", "seed_high", "n", "base_clips"),
]


def by_subset(
    test: TestSet,
    models: Mapping[str, Made],
    subsets: Mapping[str, Mask],
    *,
    seed: int,
    draws: int = 1000,
    pool: int = 32,
) -> pd.DataFrame:
    """The scores of each model on subsets of the clips: ``subset, model, metric, …, value, clip_low, clip_high, n, …``.

    The last column is ``base_clips``. R-precision compares with motions from all clips: subsets are equally hard.
    """
    rows = []
    for name, made in models.items():
        whole = scores(test, made, pool=pool)
        for subset, mask in subsets.items():
            found = whole.only(mask)
            for metric in found.metrics if len(found.groups) else []:
                over = clip_interval(found, metric, draws=draws, seed=seed)
                row = {"value": over.value, "clip_low": over.low, "clip_high": over.high, "n": over.n}
                row["base_clips"] = len(np.unique(found.groups))
                rows.append({"subset": subset, "model": name, **named(metric), **row})
    columns = ["subset", "model", "metric", "unit", "better", "value", "clip_low", "clip_high", "n", "base_clips"]
    return pd.DataFrame(rows, columns=columns)


def _difference(ours: Scores, theirs: Scores, metric: str, draws: int, seed: int) -> dict[str, object]:
    sides, n = (ours.of_seeds(metric), theirs.of_seeds(metric)), len(ours.groups)
    error, clip_low, clip_high, units = difference_over_clips(ours, theirs, metric, draws=draws, seed=seed)
    both = difference_interval(*sides, clip_error=error, clips=units, n=n)
    seeds = difference_interval(*sides, clip_error=0.0, clips=units, n=n)
    told = min(map(len, sides)) > 1
    return {
        "value": float(sides[0].mean()),
        "baseline": float(sides[1].mean()),
        "difference": both.value,
        "low": both.low,
        "high": both.high,
        "clip_low": clip_low,
        "clip_high": clip_high,
        "seed_low": seeds.low if told else np.nan,
        "seed_high": seeds.high if told else np.nan,
        "n": n,
        "base_clips": len(np.unique(ours.groups)),
    }
