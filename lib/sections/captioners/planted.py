"""Planted captioners and respondents against what the comparison recovers; nothing here runs on real data."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval
from lib.sections.captioners.claim_precision import ClaimPrecision
from lib.sections.captioners.compared_captions import ComparedCaptions, setting
from lib.sections.captioners.metrics.paired_retrieval import video_to_text
from lib.sections.captioners.votes import Votes

Truth = Mapping[str, Any]


def order(
    truth: Truth | None,
    compared: ComparedCaptions,
    retrieval: CaptionerRetrieval,
    votes: Votes,
    claims: ClaimPrecision | None = None,
) -> pd.DataFrame | None:
    """Planted fidelity and ability of each captioner beside recall, claims and fitted ability, in the planted order.

    Returns:
        ``captioner, planted_place, recall_place, recall_10_place, planted_fidelity, recall_1, recall_low,
        recall_high``, with claims ``precision_place, true_claims_place``, and with a survey ``ability_place,
        planted_ability, ability, ability_low, ability_high, within``; fidelity is of the setting that was chosen,
        abilities are fitted to respondents who are distinguished from chance, ``within`` says whether the interval
        holds the planted one. None without planted captioners, or where others are compared.
    """
    planted = _planted(truth, compared, "captioners")
    if planted is None or not set(planted["order"]) <= set(compared.names) or retrieval.recalls.empty:
        return None
    names = list(planted["order"])
    fidelity = {
        setting(row["captioner"], row["prompt"], row["temperature"]): row["fidelity"] for row in planted["settings"]
    }
    chosen = retrieval.selection.chosen if retrieval.selection else {}
    first, tenth = (video_to_text(retrieval.recalls, measure).set_index("captioner") for measure in ("R@1", "R@10"))
    table = pd.DataFrame({"captioner": names, "planted_place": range(1, len(names) + 1)})
    table["recall_place"] = first["value"].rank(ascending=False).loc[names].to_numpy()
    table["recall_10_place"] = tenth["value"].rank(ascending=False).loc[names].to_numpy()
    table["planted_fidelity"] = [fidelity.get(chosen.get(name, name), np.nan) for name in names]
    table[["recall_1", "recall_low", "recall_high"]] = first.loc[names, ["value", "low", "high"]].to_numpy()
    if claims is not None and set(names) <= {*claims.by_captioner.get("captioner", ())}:
        claimed = claims.by_captioner.set_index("captioner").loc[names]
        table["precision_place"] = claimed["precision"].rank(ascending=False).to_numpy()
        table["true_claims_place"] = claimed["true_claims"].rank(ascending=False).to_numpy()
    abilities = (_planted(truth, compared, "survey") or {}).get("abilities")
    if abilities and not votes.careful_abilities.empty:
        fitted = votes.careful_abilities.set_index("captioner").reindex(names)
        middle = float(np.mean(list(abilities.values())))
        table["ability_place"] = fitted["ability"].rank(ascending=False).to_numpy()
        table["planted_ability"] = [abilities[name] - middle for name in names]
        table[["ability", "ability_low", "ability_high"]] = fitted[["ability", "low", "high"]].to_numpy()
        table["within"] = table["planted_ability"].between(table["ability_low"], table["ability_high"])
    return table


def settings(truth: Truth | None, compared: ComparedCaptions, retrieval: CaptionerRetrieval) -> pd.DataFrame | None:
    """The planted best setting beside the chosen one: ``captioner, planted, chosen, same``."""
    planted = _planted(truth, compared, "captioners")
    if planted is None or retrieval.selection is None or retrieval.selection.grid.empty:
        return None
    rows = []
    for name, best in planted["best"].items():
        expected = setting(name, best["prompt"], best["temperature"])
        chosen = retrieval.selection.chosen.get(name, "")
        rows.append((name, expected, chosen, expected == chosen))
    return pd.DataFrame(rows, columns=["captioner", "planted", "chosen", "same"])


def respondents(truth: Truth | None, compared: ComparedCaptions, votes: Votes) -> pd.DataFrame | None:
    """Respondents planted as answering at random, or found so: ``respondent_id, planted, found, agreement, p``."""
    planted = _planted(truth, compared, "survey")
    if planted is None or votes.people.empty:
        return None
    table = votes.people.assign(planted=votes.people["respondent_id"].isin(planted["random_respondents"]))
    table = table[table["planted"] | table["random"]].rename(columns={"random": "found"})
    return table[["respondent_id", "planted", "found", "agreement", "p"]].reset_index(drop=True)


def _planted(truth: Truth | None, compared: ComparedCaptions, what: str) -> dict[str, Any] | None:
    if truth is None or compared.corpus is None:
        return None
    planted: dict[str, Any] | None = truth.get(compared.corpus.name, {}).get(what)
    return planted
