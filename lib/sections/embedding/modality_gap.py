"""Where text and motion lie in the space they share: their joint plane, their cosines, their gap."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lib.metrics.directions import unit
from lib.metrics.intervals import told
from lib.metrics.separability import principal_plane
from lib.models.pairs import CaptionMotionLatents
from lib.sections.embedding.gap import matched_cosines, mismatched_cosines
from lib.sections.embedding.gap_table import COLUMNS, gap_table


def joint_plane(pairs: CaptionMotionLatents, *, rng: np.random.Generator) -> tuple[pd.DataFrame, list[float]]:
    """Directions of text and motion along the principal axes of both together.

    Args:
        pairs: n of them.
        rng: shuffles the pairs, so that the first few are a random sample.

    Returns:
        ``pair, modality, x, y`` (2 n rows) and the share of variance of either axis.
    """
    order = rng.permutation(len(pairs))
    both = np.concatenate([unit(pairs.text[order]), unit(pairs.motion[order])]).astype(np.float64)
    flat = principal_plane(both)
    shares = (flat.var(axis=0) / both.var(axis=0).sum()).tolist()
    modality = np.repeat(["text", "motion"], len(pairs))
    number = np.tile(np.arange(len(pairs)), 2)
    return pd.DataFrame({"pair": number, "modality": modality, "x": flat[:, 0], "y": flat[:, 1]}), shares


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


def drawn(
    pairs: Mapping[str, CaptionMotionLatents], *, seed: int
) -> tuple[dict[str, pd.DataFrame], dict[str, list[float]]]:
    """`joint_plane` of each corpus: points and shares of variance by name."""
    made = {name: joint_plane(one, rng=np.random.default_rng(seed)) for name, one in pairs.items()}
    return {name: points for name, (points, _) in made.items()}, {name: shares for name, (_, shares) in made.items()}
