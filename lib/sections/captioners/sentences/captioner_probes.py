"""What the judge of 03 is shown to notice in captions made false, and so what its ranking cannot tell."""

from typing import Any

import pandas as pd

from lib.draw.table import records
from lib.metrics.intervals import percent, span


def judge(probes: pd.DataFrame | None, name: str) -> str:
    """The falsehoods that a retrieval model is shown to notice, those it is not, and what follows.

    A falsehood is noticed where the interval lies above the share of a blind model.

    Args:
        probes: from `perturbation_probes.probed`, or None where the model embeds no new texts.
        name: of the model, as prose names it.

    Returns:
        A sentence; empty without a probe that could be made.

    Example:
        >>> row = {"probe": "sides swapped", "noticed": 0.5, "low": 0.4, "high": 0.6, "n": 90, "chance": 0.5}
        >>> judge(pd.DataFrame([row]), "TMR")[:70]
        'TMR is not shown to notice a caption made false by sides swapped (50.0'
    """
    if probes is None or not (tried := records(probes[probes["n"] > 0])):
        return ""
    seen = [row for row in tried if row["low"] > row["chance"]]
    unseen = [row for row in tried if row["low"] <= row["chance"]]
    told = [f"is shown to notice a caption made false by {_listed(seen)}"] if seen else []
    if unseen:
        told.append(f"is not shown to notice {'one' if seen else 'a caption'} made false by {_listed(unseen)}")
    ranks = "; so its ranking is not shown to reward captions that get this right" if unseen else ""
    blind = f"a blind model scores {percent(tried[0]['chance'], 0)}"
    return f"{name} {' but '.join(told)}, where {blind}{ranks}."


def _listed(rows: list[dict[str, Any]]) -> str:
    told = [
        f"{row['probe']} ({percent(row['noticed'])}, {span(100 * row['low'], 100 * row['high'], 1)}, N = {row['n']:,})"
        for row in rows
    ]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}"
