"""Every captioner in one row: claims, people and retrieval, and what chance gives by each of them."""

from typing import Any

import numpy as np
import pandas as pd

from lib.metrics.names import TEXT_TO_VIDEO, VIDEO_TO_TEXT
from lib.sections.captioners.claim_precision import ClaimPrecision
from lib.sections.captioners.votes import Votes

BY_CHANCE = "by chance"
FORMATS = {
    "claims_supported": "percent claims_low claims_high",
    "ranked_first": "percent first_low first_high",
    "ability": ".2 ability_low ability_high",
    "R@1_video_to_text": ".1 there_low there_high",
    "R@1_text_to_video": ".1 back_low back_high",
    "median_rank": ".1 rank_low rank_high",
}
"""How the columns are shown, see `lib.draw.table.render`."""


def at_a_glance(recalls: pd.DataFrame, votes: Votes, claims: ClaimPrecision) -> pd.DataFrame | None:
    """Tables 2 and 3 of the technical report in one, with claims beside them and chance below them.

    Args:
        recalls: from `metrics.paired_retrieval.recalls`; may be empty.
        votes: the survey.
        claims: from `claim_precision`.

    Returns:
        ``captioner`` and the columns of `FORMATS` with their ends: precision of claims, share of first places, ability,
        R@1 in both directions in %, and the median rank of a video's own caption. The most preferred first, or without
        people the most precise; the last row is what chance gives. Columns of what is lacking are left out; None where
        all are.
    """
    parts: list[pd.DataFrame] = []
    chance: dict[str, Any] = {}
    if len(claims.by_captioner):
        table = claims.by_captioner
        parts.append(_part(table, "precision", "claims_supported", "claims"))
        chance["claims_supported"] = float(np.nanmean(table["by_chance"]))
    if not votes.shares.empty:
        parts += [_part(votes.shares, "share", "ranked_first", "first")]
        parts += [_part(votes.abilities, "ability", "ability", "ability")]
        chance |= {"ranked_first": float(votes.shares["chance"].mean()), "ability": 0.0}
    if not recalls.empty:
        for direction, measure, name, ends in (
            (VIDEO_TO_TEXT, "R@1", "R@1_video_to_text", "there"),
            (TEXT_TO_VIDEO, "R@1", "R@1_text_to_video", "back"),
            (VIDEO_TO_TEXT, "MedR", "median_rank", "rank"),
        ):
            rows = recalls[(recalls["direction"] == direction) & (recalls["measure"] == measure)]
            parts.append(_part(rows, "value", name, ends))
            chance[name] = float(rows["chance"].iloc[0])
    if not parts:
        return None
    table = pd.concat(parts, axis=1).rename_axis("captioner").reset_index()
    by = next(name for name in ("ranked_first", "claims_supported", "R@1_video_to_text") if name in table)
    table = table.sort_values(by, ascending=False, kind="stable")
    return pd.concat([table, pd.DataFrame([{"captioner": BY_CHANCE, **chance}])], ignore_index=True)


def _part(table: pd.DataFrame, value: str, name: str, ends: str) -> pd.DataFrame:
    names = {value: name, "low": f"{ends}_low", "high": f"{ends}_high"}
    return table.set_index("captioner")[[value, "low", "high"]].rename(columns=names)
