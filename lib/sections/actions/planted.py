"""Planted shares of verbs against what the tags recover; nothing here runs on real data."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from lib.sections.actions.action_mix import of_verbs

Truth = Mapping[str, Any]


def verbs(
    truth: Truth | None, shares: pd.DataFrame, claimed: Sequence[str], *, not_actions: Collection[str]
) -> pd.DataFrame | None:
    """Planted share of each claimed verb beside the recovered one.

    Args:
        truth: planted truths by corpus, or None.
        shares: from `lib.sections.actions.action_mix.shares`.
        claimed: the verbs.
        not_actions: verbs that name no action, which the planted share leaves out as the recovered one does.

    Returns:
        ``corpus, verb, planted, recovered, low, high, within``: whether the interval holds the planted share; None
        without planted verbs.
    """
    parts = []
    for name in shares["corpus"].unique():
        planted = (truth or {}).get(name, {}).get("verbs")
        if planted:
            rows = of_verbs(shares, name, list(dict.fromkeys(claimed))).rename(columns={"share": "recovered"})
            named = {verb: count for verb, count in planted.items() if verb not in not_actions}
            rows["planted"] = rows["verb"].map(named).fillna(0) / sum(named.values())
            parts.append(rows.assign(within=rows["planted"].between(rows["low"], rows["high"])))
    columns = ["corpus", "verb", "planted", "recovered", "low", "high", "within"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else None
