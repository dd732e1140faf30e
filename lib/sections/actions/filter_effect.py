"""How far the filter of the data preparation moves the distribution of actions."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lib.base.prose import sentence
from lib.draw.table import records
from lib.metrics import actions
from lib.metrics.actions import ActionCounts
from lib.metrics.intervals import Measure, percent
from lib.sections.actions.action_mix import distance

FORMATS = {"kept": ".3 kept_low kept_high", "all": ".3 all_low all_high"}
"""How tables show the measures."""
DISTANCE = "Jensen-Shannon distance"


def moved(
    kept: Mapping[str, ActionCounts], every: Mapping[str, ActionCounts], *, draws: int, rng: np.random.Generator
) -> pd.DataFrame | None:
    """The distance of the first two corpora and the share of each corpus' leading verb, on kept and on all clips.

    Args:
        kept: verb counts of the clips that the filter keeps, by corpus.
        every: the same of all clips.
        draws: bootstrap replicates over base clips.
        rng: source of randomness.

    Returns:
        ``corpus, measure, kept, kept_low, kept_high, all, all_low, all_high``; shares are of the verb occurrences, and
        the leading verb is that of the kept clips. None where the two are the same captions.
    """
    if all(kept[name].captions == every[name].captions for name in kept):
        return None
    sides = {"kept": kept, "all": {name: every[name] for name in kept}}
    rows = []
    for side, counts in sides.items():
        apart = distance(counts, draws=draws, rng=rng)
        for row in records(apart) if apart is not None else []:
            rows.append((row["corpora"], DISTANCE, side, row["value"], row["low"], row["high"]))
        for name, counted in counts.items():
            leader = str(kept[name].totals.index[0])
            (of,) = records(actions.share_intervals(counted, [leader], draws=draws, rng=rng))
            rows.append((name, f"share of “{leader}”", side, of["share"], of["low"], of["high"]))
    table = pd.DataFrame(rows, columns=["corpus", "measure", "side", "value", "low", "high"])
    columns = ["corpus", "measure"]
    ends = [
        table[table["side"] == side]
        .drop(columns="side")
        .rename(columns={"value": side, "low": f"{side}_low", "high": f"{side}_high"})
        for side in sides
    ]
    return ends[0].merge(ends[1], on=columns)


def values(table: pd.DataFrame | None, every: Mapping[str, ActionCounts]) -> dict[str, str | Measure]:
    """What prose quotes of `moved`: the distance on all clips, and whether other verbs would lead.

    Args:
        table: from `moved`.
        every: verb counts of all clips, by corpus.
    """
    if table is None:
        return {}
    recorded: dict[str, str | Measure] = {}
    clauses = []
    for row in records(table):
        if row["measure"] == DISTANCE:
            groups = sum(every[name].matrix.shape[0] for name in row["corpus"].split(", "))
            recorded["jensen_shannon_all"] = Measure(row["all"], row["all_low"], row["all_high"], groups, digits=3)
            clauses.append(f"the distance is {row['kept']:.3f} on kept clips and {row['all']:.3f} on all")
        else:
            leader, first = row["measure"].removeprefix("share of "), f"“{every[row['corpus']].totals.index[0]}”"
            also = "" if first == leader else f", which {first} would lead"
            kept = f"{percent(row['kept'])} of the action verbs of {row['corpus']} on kept clips"
            clauses.append(f"{leader} makes {kept} and {percent(row['all'])} on all{also}")
    return recorded | {"filter": sentence(clauses)}
