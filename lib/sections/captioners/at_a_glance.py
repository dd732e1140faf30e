"""Every captioner in one column: claims, people and retrieval, and what chance gives by each of them."""

import numpy as np
import pandas as pd

from lib.metrics.intervals import number, told
from lib.metrics.names import TEXT_TO_VIDEO, VIDEO_TO_TEXT
from lib.sections.captioners.claim_precision import ClaimPrecision
from lib.sections.captioners.votes import Votes

BY_CHANCE = "by chance"


def at_a_glance(recalls: pd.DataFrame, votes: Votes, claims: ClaimPrecision) -> pd.DataFrame | None:
    """Tables 2 and 3 of the technical report in one, with claims beside them and chance behind them.

    Args:
        recalls: from `metrics.paired_retrieval.recalls`; may be empty.
        votes: the survey.
        claims: from `claim_precision`.

    Returns:
        ``measure``, a column a captioner, and ``by chance``, as text with 95 % intervals: precision of claims, share of
        first places, ability, R@1 in both directions, and the median rank of a video's own caption. The most preferred
        captioner first, or without people the most precise. Rows of what is lacking are left out; None where all are.
    """
    rows: list[tuple[str, pd.DataFrame, str, float, int, float]] = []
    if len(claims.by_captioner):
        chance = float(np.nanmean(claims.by_captioner["by_chance"]))
        rows.append(("claims supported, %", claims.by_captioner, "precision", chance, 0, 100))
    if not votes.shares.empty:
        rows.append(("ranked first, %", votes.shares, "share", float(votes.shares["chance"].mean()), 0, 100))
        rows.append(("ability, log odds", votes.abilities, "ability", 0.0, 1, 1))
    for direction, measure, name in (
        ()
        if recalls.empty
        else (
            (VIDEO_TO_TEXT, "R@1", f"R@1 {VIDEO_TO_TEXT}, %"),
            (TEXT_TO_VIDEO, "R@1", f"R@1 {TEXT_TO_VIDEO}, %"),
            (VIDEO_TO_TEXT, "MedR", "median rank"),
        )
    ):
        part = recalls[(recalls["direction"] == direction) & (recalls["measure"] == measure)]
        rows.append((name, part, "value", float(part["chance"].iloc[0]), int(measure == "MedR"), 1))
    if not rows:
        return None
    first = "claims supported, %" if votes.shares.empty else "ranked first, %"
    first = first if first in [row[0] for row in rows] else rows[0][0]
    every: list[dict[str, str]] = []
    order: list[str] = []
    for name, table, value, chance, digits, scale in rows:
        ends = table.set_index("captioner")[[value, "low", "high"]].rename(columns={value: "value"}) * scale
        if name == first:
            order = ends.sort_values("value", ascending=False, kind="stable").index.tolist()
        cells = pd.Series(told(ends, digits), index=ends.index).mask(ends["value"].isna())
        every.append(
            {
                "measure": name,
                **{str(captioner): cell for captioner, cell in cells.items()},
                BY_CHANCE: number(scale * chance, max(digits, 1)),
            }
        )
    shown = pd.DataFrame(every)
    others = [name for name in shown.columns[1:] if name not in (*order, BY_CHANCE)]
    return shown[["measure", *order, *others, BY_CHANCE]]
