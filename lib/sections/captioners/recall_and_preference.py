"""Recall and preference of each captioner in one table, how far they agree, and what the technical report published."""

import numpy as np
import pandas as pd

from lib.metrics.rank_correlation import RankCorrelation, spearman
from lib.sections.captioners.metrics.paired_retrieval import video_to_text_r1
from lib.sections.captioners.votes import Votes


def recall_and_preference(recalls: pd.DataFrame, votes: Votes) -> pd.DataFrame | None:
    """Recall and preference of each captioner in one table, as the technical report's Table 3 has them.

    Args:
        recalls: from `metrics.paired_retrieval.recalls`; may be empty.
        votes: the survey.

    Returns:
        ``captioner, recall_1, recall_low, recall_high, preferred, preferred_low, preferred_high, mean_rank, rank_low,
        rank_high, ability, ability_low, ability_high``, the most preferred first; columns of what is lacking are left
        out; None where both are.
    """
    parts = []
    if not recalls.empty:
        parts.append(_renamed(video_to_text_r1(recalls), "value", "recall_1", "recall"))
    if not votes.shares.empty:
        parts.append(_renamed(votes.shares, "share", "preferred", "preferred"))
        parts.append(_renamed(votes.ranks, "mean_rank", "mean_rank", "rank"))
        parts.append(_renamed(votes.abilities, "ability", "ability", "ability"))
    if not parts:
        return None
    table = pd.concat(parts, axis=1)
    by = "preferred" if "preferred" in table else "recall_1"
    return table.sort_values(by, ascending=False, kind="stable").rename_axis("captioner").reset_index()


def rank_agreement(table: pd.DataFrame | None, *, rng: np.random.Generator) -> RankCorrelation | None:
    """How far recall and the survey's abilities order the captioners alike.

    Args:
        table: from `recall_and_preference`.
        rng: source of randomness.

    Returns:
        The rank correlation; None where either is lacking, or has no order.
    """
    if table is None or not {"recall_1", "ability"} <= {*table.columns}:
        return None
    known = table.dropna(subset=["recall_1", "ability"])
    correlation = spearman(known["recall_1"], known["ability"], rng=rng) if len(known) > 1 else None
    return correlation if correlation is not None and np.isfinite(correlation.rho) else None


def published() -> pd.DataFrame:
    """How the technical report chose its captioner: ``captioners, retrieval_by, respondents, best_in_both``.

    Example:
        >>> int(published()["respondents"].iloc[0])
        17
    """
    compared = "Gemini 1.5, VideoChat2, mPLUG-2, VALOR"
    row = {"captioners": compared, "retrieval_by": "InternVideo, video-to-text R@1", "respondents": 17}
    return pd.DataFrame(
        [{**row, "best_in_both": "Gemini 1.5", "published_in": "technical report of the motion-AI team"}]
    )


def _renamed(table: pd.DataFrame, value: str, name: str, prefix: str) -> pd.DataFrame:
    names = {value: name, "low": f"{prefix}_low", "high": f"{prefix}_high"}
    return table.set_index("captioner")[[value, "low", "high"]].rename(columns=names)
