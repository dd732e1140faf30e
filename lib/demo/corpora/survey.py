"""Seventeen simulated respondents who rank the simulated captioners, with planted tastes and faults."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lib.demo.corpora.captioners import CAPTIONERS

RESPONDENTS = 17
ITEMS = 20
RANDOM = 2
ABILITIES = dict(zip(CAPTIONERS, (1.2, 0.4, -0.4, -1.2), strict=True))
POSITION_BIAS = 0.5
"""Abilities are log worths of a Plackett-Luce model; the caption shown first gains the bias."""


def write_survey(clip_ids: Sequence[str], seed: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Rankings of the captioners by every respondent on every item, and what was planted.

    Ranks follow Plackett-Luce: log worths plus Gumbel noise, sorted. A respondent who answers at random has no worths
    and no bias.

    Args:
        clip_ids: clips that may be shown.
        seed: of everything random.

    Returns:
        (respondent, clip_id, captioner, rank, position: 1 = shown first; the planted truths).
    """
    rng = np.random.default_rng([seed, 6])
    items = sorted(rng.permutation(sorted(clip_ids))[:ITEMS].tolist())
    names = [f"r{number:02d}" for number in range(1, RESPONDENTS + 1)]
    careless = sorted(rng.permutation(names)[:RANDOM].tolist())
    captioners, worths = list(ABILITIES), np.array(list(ABILITIES.values()))
    rows = []
    for name in names:
        for item in rng.permutation(items).tolist():
            position = rng.permutation(len(captioners)) + 1
            felt = np.zeros(len(captioners)) if name in careless else worths + POSITION_BIAS * (position == 1)
            rank = np.argsort(np.argsort(-(felt + rng.gumbel(size=len(captioners))))) + 1
            rows += [(name, item, *given) for given in zip(captioners, rank.tolist(), position.tolist(), strict=True)]
    table = pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank", "position"])
    planted = {"abilities": ABILITIES, "random_respondents": careless, "position_bias": POSITION_BIAS}
    return table, {"respondents": RESPONDENTS, "items": items, **planted}
