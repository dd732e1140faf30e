"""What was planted in the embedded captioners and respondents beside what the comparison recovered."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lib.sections.captioners.captioner_retrieval import Contest
from lib.sections.captioners.captioners import Material, setting
from lib.sections.captioners.votes import Votes

Truth = Mapping[str, Any]
SHOWN = {"recall_1": ".1 recall_low recall_high", "ability": ".2 ability_low ability_high"}
"""How the columns of `order` are shown."""


def order(truth: Truth | None, found: Material, one: Contest, cast: Votes) -> pd.DataFrame | None:
    """Planted fidelity and ability of each captioner beside recall and fitted ability, in the planted order.

    Returns:
        ``captioner, planted_place, recall_place, recall_10_place, planted_fidelity, recall_1, recall_low,
        recall_high, ability_place, planted_ability, ability, ability_low, ability_high, within``; fidelity is of the
        setting that was chosen, abilities are fitted to respondents told from chance, ``within`` says whether the
        interval holds the planted one. None without planted captioners, or where others are compared.
    """
    planted = _planted(truth, found, "captioners")
    if planted is None or not set(planted["order"]) <= set(found.names) or one.recalls.empty:
        return None
    names = list(planted["order"])
    fidelity = {
        setting(row["captioner"], row["prompt"], row["temperature"]): row["fidelity"] for row in planted["settings"]
    }
    chosen = one.selection.chosen if one.selection else {}
    there = one.recalls[one.recalls["direction"] == "video to text"].set_index("captioner")
    first, tenth = there[there["measure"] == "R@1"], there[there["measure"] == "R@10"]
    table = pd.DataFrame({"captioner": names, "planted_place": range(1, len(names) + 1)})
    table["recall_place"] = first["value"].rank(ascending=False).loc[names].to_numpy()
    table["recall_10_place"] = tenth["value"].rank(ascending=False).loc[names].to_numpy()
    table["planted_fidelity"] = [fidelity.get(chosen.get(name, name), np.nan) for name in names]
    for column, of in (("recall_1", "value"), ("recall_low", "low"), ("recall_high", "high")):
        table[column] = first.loc[names, of].to_numpy()
    worths = (_planted(truth, found, "survey") or {}).get("abilities")
    if worths and cast.sure is not None:
        able = cast.sure.set_index("captioner").reindex(names)
        middle = float(np.mean(list(worths.values())))
        table["ability_place"] = able["ability"].rank(ascending=False).to_numpy()
        table["planted_ability"] = [worths[name] - middle for name in names]
        for column, of in (("ability", "ability"), ("ability_low", "low"), ("ability_high", "high")):
            table[column] = able[of].to_numpy()
        table["within"] = table["planted_ability"].between(table["ability_low"], table["ability_high"])
    return table


def settings(truth: Truth | None, found: Material, one: Contest) -> pd.DataFrame | None:
    """The planted best setting beside the chosen one: ``captioner, planted, chosen, same``."""
    planted = _planted(truth, found, "captioners")
    if planted is None or one.selection is None or one.selection.grid.empty:
        return None
    rows = []
    for name, best in planted["best"].items():
        wanted, chosen = setting(name, best["prompt"], best["temperature"]), one.selection.chosen.get(name, "")
        rows.append((name, wanted, chosen, wanted == chosen))
    return pd.DataFrame(rows, columns=["captioner", "planted", "chosen", "same"])


def respondents(truth: Truth | None, found: Material, cast: Votes) -> pd.DataFrame | None:
    """Respondents planted as answering at random, or found so: ``respondent_id, planted, found, agreement, p``."""
    planted = _planted(truth, found, "survey")
    if planted is None or cast.people is None:
        return None
    table = cast.people.assign(planted=cast.people["respondent_id"].isin(planted["random_respondents"]))
    table = table[table["planted"] | table["random"]].rename(columns={"random": "found"})
    return table[["respondent_id", "planted", "found", "agreement", "p"]].reset_index(drop=True)


def _planted(truth: Truth | None, found: Material, what: str) -> dict[str, Any] | None:
    if truth is None or found.corpus is None:
        return None
    planted: dict[str, Any] | None = truth.get(found.corpus.name, {}).get(what)
    return planted
