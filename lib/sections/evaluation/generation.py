"""Models against the real test set: one table of all, and all of them beside halves of the real motions."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from lib.metrics.diversity import diversity, multimodality
from lib.metrics.matching import matching_score, r_precision
from lib.metrics.replication import REPLICATIONS, replicate, replication_interval, seed_interval
from lib.metrics.sample_size import frechet_by_size, split_halves
from lib.models.generated_latents import GeneratedLatents, TestSet
from lib.sections.evaluation.generation_intervals import clip_interval, named, possible
from lib.sections.evaluation.generation_scores import REAL, TOP_K, Scores, scores

SIZES, SMALLEST = 6, 20
"""Points of a curve by the number of motions, and motions at its first."""
COLUMNS = [
    *("model", "metric", "unit", "better", "value", "replication_low", "replication_high", "expected"),
    *("clip_low", "clip_high", "seed_low", "seed_high", "n", "base_clips", "missing"),
    *("seeds", "repeats", "pool"),
]


def table(
    test: TestSet,
    models: Mapping[str, GeneratedLatents],
    *,
    seed: int,
    draws: int,
    pool: int,
    pairs: int = 300,
    repeats: int = 10,
    replications: int = REPLICATIONS,
) -> pd.DataFrame:
    """Every metric of every model and of the real motions, with the three intervals.

    Args:
        test: the test set.
        models: motions by regime or name of an external model.
        seed: of replications and bootstraps.
        draws: bootstrap replicates over base clips.
        pool: motions a text is compared with; all there are if fewer.
        pairs: pairs of the diversity; as many as there are clips if fewer.
        repeats: pairs of the multimodality; as many as there are repeats if fewer.
        replications: see `replication_interval`.

    Returns:
        A row a model and metric: ``model, metric, unit, better, value`` (mean over replications and seeds),
        ``replication_low, replication_high`` (of the mean over seeds), ``expected`` (what the replications converge
        to; `differences` are of it), ``clip_low, clip_high`` (seeds as they are, other clips), ``seed_low, seed_high``
        (other trainings, the same clips; NaN for one), ``n, base_clips, missing, seeds, repeats, pool``. Intervals end
        where a quantity does. The real row's FID and KID come from halves of the clips, so their n is half: `halves`
        has the models at that n. Every model's replications have the same draws, so their chance errors are alike.
    """
    parts = []
    for name, generated in {REAL: test.real, **models}.items():
        clips = int(generated.present.sum())
        if not clips:
            continue
        scored = scores(test, generated, pool=pool)
        once = partial(_drawn, test, scored, pool=pool, pairs=pairs, repeats=repeats)
        drawn = pd.DataFrame(replicate(once, times=replications, seed=seed))
        rows = [_row(scored, metric, drawn.get(metric), draws, seed) for metric in scored.metrics]
        frame = pd.DataFrame(rows).assign(model=name, n=clips, missing=len(generated.present) - clips)
        frame["base_clips"] = len(np.unique(scored.groups))
        frame["seeds"], frame["repeats"] = generated.latents.shape[:2]
        parts.append(frame.assign(pool=min(pool, clips)))
    whole = pd.concat(parts, ignore_index=True)
    with_itself = (whole["model"] == REAL) & whole["metric"].isin(["FID", "KID"])
    return whole.loc[~with_itself, COLUMNS].reset_index(drop=True)


def halves(test: TestSet, models: Mapping[str, GeneratedLatents], *, seed: int, times: int = 20) -> pd.DataFrame:
    """FID and KID at equal n: real motions of one half of the clips against each model's for the other half.

    The row of real motions is the floor: what two halves of one law are apart. Seeds share the splits.

    Returns:
        ``model, n, FID, FID_low, FID_high, KID, KID_low, KID_high``: mean and central 95 % over splits and trainings.
    """
    parts = []
    for name, generated in {REAL: test.real, **models}.items():
        rows = np.flatnonzero(generated.present)
        if len(np.unique(test.groups[rows])) < 4:
            continue
        splits = pd.concat(
            split_halves(
                test.motion[rows],
                latents[0, rows],
                groups=test.groups[rows],
                times=times,
                rng=np.random.default_rng(seed),
            )
            for latents in generated.latents
        )
        ends = splits.quantile([0.025, 0.975])
        row: dict[str, object] = {"model": name, "n": int(splits["n"].median())}
        for metric in ("FID", "KID"):
            row |= {metric: splits[metric].mean(), f"{metric}_low": ends[metric].iloc[0]}
            row |= {f"{metric}_high": ends[metric].iloc[1]}
        parts.append(row)
    return pd.DataFrame(parts)


def by_size(
    test: TestSet, models: Mapping[str, GeneratedLatents], *, seed: int, smallest: int = SMALLEST, sizes: int = SIZES
) -> dict[str, pd.DataFrame]:
    """FID by the number of motions up to that of `halves`, whose splits these are; see `frechet_by_size`.

    Returns:
        By model ``n, FID, low, high``, real motions first; without those that have fewer than four times ``smallest``.
    """
    curves = {}
    for name, generated in {REAL: test.real, **models}.items():
        rows = np.flatnonzero(generated.present)
        if len(rows) < 4 * smallest:  # a half of clips with and without mirrors may hold a quarter of the rows
            continue
        curves[name] = frechet_by_size(
            test.motion[rows],
            generated.latents[:, 0, rows],
            groups=test.groups[rows],
            smallest=smallest,
            sizes=sizes,
            rng=np.random.default_rng(seed),
        )
    return curves


def _drawn(
    test: TestSet, scored: Scores, rng: np.random.Generator, at: int, *, pool: int, pairs: int, repeats: int
) -> dict[str, float]:
    text, n = test.text[scored.rows], len(scored.rows)
    of_seeds = []
    for seed, of_repeats in enumerate(scored.latents):
        motion = of_repeats[at % len(of_repeats)]
        precision = r_precision(text, motion, pool=min(pool, n), top_k=min(TOP_K, n), rng=rng)
        values = {f"R@{k}": float(share) for k, share in enumerate(precision, start=1)}
        values |= {"MM-dist": matching_score(text, motion)}
        values |= {"diversity": diversity(motion, pairs=min(pairs, n), rng=rng)}
        values |= {name: float(of_set[seed, at % len(of_repeats)]) for name, (of_set, _) in scored.of_set.items()}
        if len(of_repeats) > 1:
            every = min(repeats, len(of_repeats))
            values["multimodality"] = multimodality(of_repeats.transpose(1, 0, 2), pairs=every, rng=rng)
        of_seeds.append(values)
    return {name: float(np.mean([values[name] for values in of_seeds])) for name in of_seeds[0]}


def _row(scored: Scores, metric: str, drawn: "pd.Series[float] | None", draws: int, seed: int) -> dict[str, object]:
    of_seeds = scored.of_seeds(metric)
    expected = float(of_seeds.mean())
    clips, over = clip_interval(scored, metric, draws=draws, seed=seed), seed_interval(of_seeds)
    row = {**named(metric), "value": expected, "replication_low": np.nan, "replication_high": np.nan}
    if drawn is not None:
        again = replication_interval(drawn)
        row |= {"value": again.value, "replication_low": again.low, "replication_high": again.high}
    ends = [clips.low, clips.high, over.low, over.high]
    named_ends = zip(("clip_low", "clip_high", "seed_low", "seed_high"), possible(metric, ends), strict=True)
    return row | {"expected": expected, **dict(named_ends)}
