"""Where text and motion lie in the space they share: along their gap, by their cosines, in numbers."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lib.metrics.directions import unit
from lib.metrics.intervals import told
from lib.models.pairs import CaptionMotionLatents
from lib.sections.embedding.gap import matched_cosines, mismatched_cosines
from lib.sections.embedding.gap_table import COLUMNS, gap_table

LABELS = ("observed", "by chance")


def gap_plane(pairs: CaptionMotionLatents, *, rng: np.random.Generator) -> tuple[pd.DataFrame, float]:
    """Directions of text and motion along the difference of their centroids, observed and by chance.

    ``x`` runs along the centroid difference from text to motion, 0 midway, so that the centroids are the gap apart on
    it; ``y`` along the first principal component of all directions orthogonal to ``x``. By chance, text and motion of
    each base clip change places by a fair coin and the axes are found anew: what is left of the gap is what fitting
    the difference of centroids gives to modalities that do not differ.

    Args:
        pairs: n of them.
        rng: shuffles the pairs, so that the first few are a random sample, and tosses the coins.

    Returns:
        ``labels, pair, modality, x, y`` (4 n rows; labels is one of `LABELS`), and the share of variance of ``y`` as
        observed.
    """
    order = rng.permutation(len(pairs))
    sides = np.stack([unit(pairs.text[order]), unit(pairs.motion[order])]).astype(np.float64)
    _, group_of = np.unique(pairs.clips["base_id"].to_numpy()[order], return_inverse=True)
    swapped = (rng.random(group_of.max() + 1) < 0.5)[group_of]
    chance = np.where(swapped[:, None], sides[::-1], sides)
    tables, shares = [], []
    for labels, (text, motion) in zip(LABELS, (sides, chance), strict=True):
        both = np.concatenate([text, motion]) - (text.mean(axis=0) + motion.mean(axis=0)) / 2
        across = unit((motion.mean(axis=0) - text.mean(axis=0))[None])[0]
        rest = both - np.outer(both @ across, across)
        variances, axes = np.linalg.eigh(rest.T @ rest)
        place = {"x": both @ across, "y": rest @ axes[:, -1]}
        about = {"labels": labels, "pair": np.tile(np.arange(len(pairs)), 2)}
        tables.append(pd.DataFrame({**about, "modality": np.repeat(["text", "motion"], len(pairs)), **place}))
        shares.append(float(variances[-1] / (both**2).sum()))
    return pd.concat(tables, ignore_index=True), shares[0]


def cosines(held_out: Mapping[str, CaptionMotionLatents], *, seed: int) -> pd.DataFrame | None:
    """Cosines of every matched pair and of as many mismatched ones: ``corpus, pairs, cosine``; None of no corpus."""
    parts = []
    for name, some in held_out.items():
        rng = np.random.default_rng(seed)
        others = mismatched_cosines(some.text, some.motion, some.clips["base_id"], sample=len(some), rng=rng)
        cosine = np.concatenate([matched_cosines(some.text, some.motion), others])
        kinds = np.repeat(["matched", "mismatched"], len(some))
        parts.append(pd.DataFrame({"corpus": name, "pairs": kinds, "cosine": cosine}))
    return pd.concat(parts, ignore_index=True) if parts else None


def gaps(held_out: Mapping[str, CaptionMotionLatents], *, draws: int, seed: int) -> pd.DataFrame:
    """`gap_table` of each corpus: ``corpus, measure, centred, value, low, high, none, n``; no rows of no corpus."""
    parts = [
        gap_table(one.text, one.motion, one.clips["base_id"], draws=draws, rng=np.random.default_rng(seed)).assign(
            corpus=name
        )
        for name, one in held_out.items()
    ]
    columns = ["corpus", *COLUMNS]
    return (
        pd.concat(parts, ignore_index=True)[columns]
        if parts
        else pd.DataFrame(columns=columns).astype({"centred": bool})
    )


def before_and_after(table: pd.DataFrame) -> pd.DataFrame | None:
    """The gap table with a column for raw and one for centred latents, intervals spelled out for reading.

    None of a table without rows.

    The centroid gap of centred latents is left out: it would be zero but for their being scaled to length one again.
    """
    if table.empty:
        return None
    shown = table.assign(latents=table["centred"].map({False: "raw", True: "centred"}), told=told(table, 2))
    shown = shown[~shown["centred"] | (shown["measure"] != "centroid gap")]
    wide = shown.pivot(index=["corpus", "measure"], columns="latents", values="told").reset_index()
    none = table[~table["centred"]].set_index(["corpus", "measure"])["none"]
    order = {key: at for at, key in enumerate(none.index)}
    wide = wide.assign(no_gap=[none[key] for key in zip(wide["corpus"], wide["measure"], strict=True)])
    place = [order[key] for key in zip(wide["corpus"], wide["measure"], strict=True)]
    return wide.iloc[np.argsort(place)][["corpus", "measure", "raw", "centred", "no_gap"]].reset_index(drop=True)


def drawn(pairs: Mapping[str, CaptionMotionLatents], *, seed: int) -> tuple[pd.DataFrame, dict[str, float]]:
    """`gap_plane` of each corpus: its points with ``corpus`` first, and the share of variance of ``y`` by name."""
    made = {name: gap_plane(one, rng=np.random.default_rng(seed)) for name, one in pairs.items()}
    columns = ["corpus", "labels", "pair", "modality", "x", "y"]
    tables = [points.assign(corpus=name)[columns] for name, (points, _) in made.items()]
    points = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
    return points, {name: share for name, (_, share) in made.items()}
