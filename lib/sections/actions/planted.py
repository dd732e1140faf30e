"""Planted shares of verbs against what the tags recover; nothing here runs on real data."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lib.metrics.actions import ActionCounts, share_intervals

Truth = Mapping[str, Any]


def actions(
    truth: Truth | None,
    counts: Mapping[str, ActionCounts],
    verbs: Sequence[str],
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame | None:
    """Planted share of each verb beside the recovered one.

    Returns:
        ``corpus, verb, planted, recovered, low, high, within``: whether the interval holds the planted share; None
        without planted verbs.
    """
    rows = []
    for name, one in counts.items():
        planted = (truth or {}).get(name, {}).get("verbs")
        if planted:
            found = share_intervals(one, verbs, draws=draws, rng=np.random.default_rng(seed))
            total = sum(planted.values())
            found.insert(0, "corpus", name)
            found.insert(2, "planted", [planted.get(verb, 0) / total for verb in verbs])
            found["within"] = found["planted"].between(found["low"], found["high"])
            rows.append(found.rename(columns={"share": "recovered"}))
    columns = ["corpus", "verb", "planted", "recovered", "low", "high", "within"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else None
