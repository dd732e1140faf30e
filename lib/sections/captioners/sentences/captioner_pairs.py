"""Numbers of 03 pair by pair: how far two captioners lie apart on retrieval, and which of them people prefer."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from lib.base.slugs import slugs
from lib.draw.table import records
from lib.metrics.intervals import Measure
from lib.sections.captioners.captioner_retrieval import Contest
from lib.sections.captioners.votes import Votes

Value = str | bool | Measure


def values(one: Contest, cast: Votes, called: Callable[[str], str] = str) -> dict[str, Value]:
    """Every pair of captioners as an estimate and whether the tests, corrected for all pairs, tell the two apart.

    ``captioner_1`` and so on name the captioners; ``recall_a_less_b`` is the difference of their video-to-text R@1 in
    points, ``preferred_a_to_b`` the share of ballots that rank a above b; ``…_sure`` says whether that is no chance.
    Their a and b are slugs of what ``called`` makes of the names: what the report may call them.
    """
    compared = names(one, cast)
    short = slugs(map(called, compared))
    named = {name: short[called(name)] for name in compared}
    found: dict[str, Value] = {}
    for row in records(_first(one.differences)):
        name = f"recall_{named[row['first']]}_less_{named[row['second']]}"
        clips = len(one.clip_ids)
        found[name] = Measure(row["difference"], row["low"], row["high"], clips, "points")
        found[f"{name}_sure"] = _told_apart(one.tests, row)
    for row in records(cast.pairs) if cast.pairs is not None else []:
        name = f"preferred_{named[row['first']]}_to_{named[row['second']]}"
        found[name] = Measure(row["share"], row["low"], row["high"], row["respondents"], "share")
        found[f"{name}_sure"] = bool(row["different"])
    return {**{f"captioner_{n}": name for n, name in enumerate(compared, start=1)}, **found}


def names(one: Contest, cast: Votes) -> list[str]:
    """The captioners that are compared, in the order of ``captioner_1`` and so on."""
    tables = [table for table in (_first(one.differences), cast.pairs) if table is not None]
    pairs = pd.concat([table[["first", "second"]] for table in tables])
    return sorted({str(name) for name in pairs.to_numpy().ravel()})


def _first(differences: pd.DataFrame) -> pd.DataFrame:
    return differences[(differences["direction"] == "video to text") & (differences["measure"] == "R@1")]


def _told_apart(tests: pd.DataFrame, pair: dict[str, Any]) -> bool:
    rows = tests[(tests["first"] == pair["first"]) & (tests["second"] == pair["second"])]
    return bool(rows["different"].any())
