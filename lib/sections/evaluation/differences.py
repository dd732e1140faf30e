"""Paired differences between regimes and a baseline, on all test clips, on subsets of them and on other corpora."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Required, TypedDict, Unpack

import numpy as np
import pandas as pd

from lib.metrics.replication import difference_interval, difference_p
from lib.models.evaluation_prompts import Judge
from lib.models.generated_latents import GeneratedLatents, Mask, TestSet
from lib.models.generated_motions import Judged
from lib.models.momask.regimes import UNFILTERED, WEIGHTED
from lib.sections.evaluation.generation_intervals import clip_interval, difference_over_clips, named
from lib.sections.evaluation.generation_scores import REAL, Scores, scores
from lib.sections.evaluation.trivial_answers import FROZEN

ALL = "all"


class Ways(TypedDict, total=False):
    """What every comparison is asked for beside its models; `paired` says what each means."""

    seed: Required[int]
    draws: Required[int]
    pool: Required[int]
    subsets: Mapping[str, Mask] | None


def paired(
    test: TestSet,
    models: Mapping[str, GeneratedLatents],
    *,
    baseline: str,
    seed: int,
    draws: int,
    pool: int,
    subsets: Mapping[str, Mask] | None = None,
) -> pd.DataFrame:
    """Each model less the baseline, on the clips that both have motions for, on all clips and on subsets of them.

    Clips are paired: a replicate draws the same base clips for both. Seeds are not: a training of one regime has no
    counterpart among another's. ``low`` to ``high`` is uncertain in both at once, see `difference_interval`.

    Args:
        test: the test set.
        models: motions by model, the baseline among them.
        baseline: the model to compare with.
        seed: of the bootstrap.
        draws: bootstrap replicates over base clips.
        pool: motions a text is compared with; in a subset too they come from all clips, so subsets are equally hard.
        subsets: clips (n,) by name, such as clusters or the leak-free clips; "all" is always there.

    Returns:
        A row a subset, model and metric: ``subset, model, metric, unit, better, value, baseline`` (means over seeds),
        ``difference, low, high, p`` (two-sided, of the test whose interval this is; not corrected), ``clip_low,
        clip_high, seed_low, seed_high, n, base_clips``. FID and KID need 20 base clips, an interval over clips 5.
        Empty where no clip is left.

    Raises:
        KeyError: the baseline is not among the models.
    """
    rows = []
    for name, generated in models.items():
        if name == baseline:
            continue
        common = generated.present & models[baseline].present
        whole = [scores(test, side, pool=pool, among=common) for side in (generated, models[baseline])]
        for subset, mask in {ALL: None, **(subsets or {})}.items():
            ours, theirs = whole if mask is None else [side.only(mask) for side in whole]
            for metric in [metric for metric in ours.metrics if metric in theirs.metrics and len(ours.groups)]:
                row = _difference(ours, theirs, metric, draws, seed)
                rows.append({"subset": subset, "model": name, **named(metric), **row})
    return pd.DataFrame(rows, columns=COLUMNS)


def of_pairs(
    test: TestSet, models: Mapping[str, GeneratedLatents], rivals: Mapping[str, str], **ways: Unpack[Ways]
) -> pd.DataFrame:
    """The `paired` differences of models to a rival each, of the pairs that are both there; see `rivals`.

    Args:
        test: the test set.
        models: motions by model.
        rivals: by model, the one that it is compared with.
        ways: as `paired` takes them.
    """
    tables = [
        paired(test, {rival: models[rival], name: models[name]}, baseline=rival, **ways)
        for name, rival in rivals.items()
        if {name, rival} <= {*models}
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def weighting(models: Iterable[str]) -> dict[str, str]:
    """The same data unweighted, the rival of every weighted regime.

    Example:
        >>> weighting(["h3d", "h3d+dm", "h3d+dm weighted"])
        {'h3d+dm weighted': 'h3d+dm'}
    """
    return {name: name.removesuffix(f" {WEIGHTED}") for name in models if name.endswith(f" {WEIGHTED}")}


def filtering(models: Iterable[str]) -> dict[str, str]:
    """All data, the rival of every regime that draws what the filter keeps of it.

    Example:
        >>> filtering(["h3d+dm", "h3d+dm unfiltered"])
        {'h3d+dm': 'h3d+dm unfiltered'}
    """
    return {name.removesuffix(f" {UNFILTERED}"): name for name in models if name.endswith(f" {UNFILTERED}")}


def over_frozen(
    test: TestSet, models: Mapping[str, GeneratedLatents], frozen: GeneratedLatents, **ways: Unpack[Ways]
) -> pd.DataFrame:
    """The `paired` differences of the real motions and of every model to bodies frozen at the real mean pose."""
    return paired(test, {FROZEN: frozen, REAL: test.real, **models}, baseline=FROZEN, **ways)


def elsewhere(
    judges: Mapping[str, Sequence[Judge]],
    models: Mapping[str, Judged],
    *,
    baseline: str,
    subsets: Mapping[str, Mapping[str, Mask]],
    seed: int,
    draws: int,
    pool: int,
) -> dict[str, pd.DataFrame]:
    """The `paired` differences on the test clips of other corpora, by key.

    Args:
        judges: of every corpus, by key; the first one's word is taken.
        models: motions by key of the corpus.
        baseline: the model to compare with.
        subsets: clips by key of the corpus and by name.
        seed: of the bootstrap.
        draws: bootstrap replicates over base clips.
        pool: motions a text is compared with.
    """
    return {
        key: paired(
            judges[key][0].prompts.test,
            judged[judges[key][0].name],
            baseline=baseline,
            subsets=subsets[key],
            seed=seed,
            draws=draws,
            pool=pool,
        )
        for key, judged in models.items()
    }


COLUMNS = [
    *("subset", "model", "metric", "unit", "better", "value", "baseline", "difference", "low", "high", "p"),
    *("clip_low", "clip_high", "seed_low", "seed_high", "n", "base_clips"),
]


def by_subset(
    test: TestSet,
    models: Mapping[str, GeneratedLatents],
    subsets: Mapping[str, Mask],
    *,
    seed: int,
    draws: int,
    pool: int,
) -> pd.DataFrame:
    """The scores of the real motions and of each model on all clips and on subsets of them.

    R-precision compares with motions from all clips: subsets are equally hard.

    Returns:
        ``subset, model, metric, unit, better, value, clip_low, clip_high, n, base_clips``.
    """
    rows = []
    masks = {ALL: np.ones(len(test.groups), dtype=bool), **subsets}
    for name, generated in {REAL: test.real, **models}.items():
        whole = scores(test, generated, pool=pool)
        for subset, mask in masks.items():
            part = whole.only(mask)
            for metric in part.metrics if len(part.groups) else []:
                over = clip_interval(part, metric, draws=draws, seed=seed)
                row = {"value": over.value, "clip_low": over.low, "clip_high": over.high, "n": over.n}
                row["base_clips"] = len(np.unique(part.groups))
                rows.append({"subset": subset, "model": name, **named(metric), **row})
    columns = ["subset", "model", "metric", "unit", "better", "value", "clip_low", "clip_high", "n", "base_clips"]
    return pd.DataFrame(rows, columns=columns)


def _difference(ours: Scores, theirs: Scores, metric: str, draws: int, seed: int) -> dict[str, object]:
    sides, n = (ours.of_seeds(metric), theirs.of_seeds(metric)), len(ours.groups)
    error, clip_low, clip_high, units = difference_over_clips(ours, theirs, metric, draws=draws, seed=seed)
    both = difference_interval(*sides, clip_error=error, clips=units, n=n)
    seeds = difference_interval(*sides, clip_error=0.0, clips=units, n=n)
    several = min(map(len, sides)) > 1
    return {
        "value": float(sides[0].mean()),
        "baseline": float(sides[1].mean()),
        "difference": both.value,
        "low": both.low,
        "high": both.high,
        "p": difference_p(*sides, clip_error=error, clips=units),
        "clip_low": clip_low,
        "clip_high": clip_high,
        "seed_low": seeds.low if several else np.nan,
        "seed_high": seeds.high if several else np.nan,
        "n": n,
        "base_clips": len(np.unique(ours.groups)),
    }
