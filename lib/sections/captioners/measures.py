"""The measures that 03 records: claims, recall, preference, and every pair of captioners under a number of its own."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from lib.draw.table import records
from lib.metrics.intervals import Counted, Measure
from lib.metrics.rank_correlation import RankCorrelation
from lib.sections.captioners import sentences
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval, clips_needed
from lib.sections.captioners.claim_precision import ClaimPrecision
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.metrics.paired_retrieval import video_to_text_r1
from lib.sections.captioners.preferences.length_control import LengthControl
from lib.sections.captioners.votes import Votes

Value = str | int | float | bool | Measure | Counted


def names(retrieval: CaptionerRetrieval, votes: Votes, claims: ClaimPrecision | None = None) -> list[str]:
    """The captioners that are compared by any measure, in the order of ``captioner_1`` and so on."""
    people = votes.ballots.captioners if votes.ballots is not None else ()
    claiming = claims.by_captioner["captioner"] if claims is not None and len(claims.by_captioner) else ()
    return sorted({*retrieval.retrieved.captioners, *people, *claiming})


def of_retrieval(compared: ComparedCaptions, space: Space, retrieval: CaptionerRetrieval) -> dict[str, Value]:
    """What was compared by which vectors, and who leads; what the profile lacks is left out, as are flags not set."""
    values: dict[str, Value] = {"space": space.name, "clips": len(retrieval.clip_ids)}
    if space.gallery is not None and space.stand_in:
        values["by_position" if compared.by == "position" else "stand_in"] = True
    if space.gallery is not None and compared.by == "captioner" and not space.stand_in:
        values["as_written"] = True
    if space.seen:
        values["seen"] = " and ".join(space.seen)
    leader = retrieval.leader
    if leader is None:
        values["no_comparison"] = compared.why_not or "no vectors to retrieve by"
    else:
        values["leader"] = leader.name
        if leader.clips_needed is not None:
            values["clips_needed"] = leader.clips_needed
    for row in records(video_to_text_r1(retrieval.recalls).head(1)):
        values["chance"] = Counted(row["chance"] / 100, "share", 1)
    if retrieval.grid is not None and not retrieval.grid.empty:
        grid = retrieval.grid
        several = grid.groupby("captioner")["setting"].transform("size") > 1
        chosen = grid[grid["chosen"] & several]
        by_claims = retrieval.selection is not None and retrieval.selection.by_claims
        values |= {"chosen_by_claims": True} if by_claims else {}
        optimism = 100 * float((chosen["choosing"] - chosen["recall"]).mean())
        values |= {"optimism": Counted(optimism, "points", 1), "luck": sentences.luck(optimism)}
    return values


def of_captioners(
    retrieval: CaptionerRetrieval, votes: Votes, claims: ClaimPrecision | None = None
) -> dict[str, Value]:
    """Every captioner with its recall and precision, and every pair with how it differs by each measure.

    Captioners are numbered in the order of `names`, and pairs in the order of their captioners; the first of a pair has
    the smaller number. ``…_p`` is that of the test of the pair alone; the rule corrects it for all that it looks at.
    """
    claims = claims or ClaimPrecision()
    compared = names(retrieval, votes, claims)
    values: dict[str, Value] = {"captioners": len(compared)}
    values |= {f"captioner_{number}": name for number, name in enumerate(compared, 1)}
    for row in records(video_to_text_r1(retrieval.recalls)):
        recall = Measure(row["value"], row["low"], row["high"], row["clips"], "%")
        values[f"captioner_{compared.index(row['captioner']) + 1}_recall"] = recall
    for row in records(claims.by_captioner):
        precision = Measure(row["precision"], row["low"], row["high"], row["decided"], "share")
        values[f"captioner_{compared.index(row['captioner']) + 1}_precision"] = precision
    pairs = list(combinations(compared, 2))
    values["pairs"] = len(pairs)
    differences = _by_pair(video_to_text_r1(retrieval.differences))
    tests, preferences, claimed = (_by_pair(table) for table in (retrieval.tests, votes.pairs, claims.pairs))
    for number, pair in enumerate(pairs, 1):
        values |= {f"pair_{number}_first": pair[0], f"pair_{number}_second": pair[1]}
        of_pair: dict[str, Value] = {}
        if pair in differences:
            of_pair |= _of_recall(differences[pair], tests[pair], len(retrieval.clip_ids), turned=pair)
        if pair in preferences:
            of_pair |= _of_people(preferences[pair])  # a survey's captioners are sorted, so the first is the same
        if pair in claimed:
            of_pair |= _of_claims(claimed[pair], turned=pair)
        values |= {f"pair_{number}_{name}": value for name, value in of_pair.items()}
    return values


def _of_recall(
    row: Mapping[str, Any], test: Mapping[str, Any], clips: int, *, turned: tuple[str, str]
) -> dict[str, Value]:
    points = Measure(row["difference"], row["low"], row["high"], clips, "points")
    needed = None if test["different"] else clips_needed(test)
    values: dict[str, Value] = {"recall": points if row["first"] == turned[0] else -points, "recall_p": test["p"]}
    return values if needed is None else values | {"clips_needed": needed}


def _of_people(row: Mapping[str, Any]) -> dict[str, Value]:
    share = Measure(row["share"], row["low"], row["high"], row["respondents"], "share")
    values: dict[str, Value] = {"preferred": share, "preferred_p": row["p"]}
    if not row["different"] and np.isfinite(row["needed"]):
        ends = np.ceil(row["needed"]), row["needed_low"], row["needed_high"]
        values["respondents_needed"] = Measure(*ends, row["respondents"], "respondents", 0)
    return values


def _of_claims(row: Mapping[str, Any], *, turned: tuple[str, str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, unit, digits in (("precision", "points", 1), ("true_claims", "claims", 2)):
        ends = row[name], row[f"{name}_low"], row[f"{name}_high"]
        measure = Measure(*ends, row["clips"], unit, digits)
        values |= {name: measure if row["first"] == turned[0] else -measure, f"{name}_p": row[f"{name}_p"]}
    return values


def of_claims(claims: ClaimPrecision) -> dict[str, Value]:
    """How far claims tell a clip's captions from those of other clips, and whose are the most precise."""
    if claims.above_chance is None:
        return {"no_claims": claims.why_not or "no claim of a captioner can be decided"}
    values: dict[str, Value] = {"claim_clips": claims.clips, "claims_above_chance": claims.above_chance}
    if (constant := claims.constant) is not None:
        values |= {"constants": constant.tried, "constant_precision": constant.precision}
        values["constant_claims"] = Counted(constant.true_claims, "claims", 2)
    best = claims.by_captioner.dropna(subset=["precision"])
    return values | ({"precise": str(best["captioner"].iloc[0])} if len(best) else {})


def of_survey(votes: Votes, agreement: RankCorrelation | None) -> dict[str, Value]:
    """Who is preferred by how many, whether the answers can be relied on, and how far they agree with retrieval."""
    if votes.ballots is None:
        return {"no_survey": votes.why_not}
    best = records(votes.shares)[0]
    values: dict[str, Value] = {
        "respondents": len(votes.ballots.people),
        "ballots": len(votes.ballots),
        "items": len(set(votes.ballots.clips)),
        "preferred": best["captioner"],
        "preferred_share": Measure(best["share"], best["low"], best["high"], best["ballots"], "share"),
        "set_aside": int(votes.ballots.set_aside["answers"].sum()),
        "random_respondents": int(votes.people["random"].sum()),
    }
    alpha = records(votes.agreement)[0]
    values["alpha"] = Measure(alpha["alpha"], alpha["low"], alpha["high"], alpha["clips"], digits=2)
    if votes.position is not None:
        values["position_p"] = votes.position.p_text
        if votes.position.confounded:
            values["position_confounded"] = True
    if agreement is not None:
        ends = {"rho": agreement.rho, "rho_p": agreement.p, "rho_least_p": agreement.least_p}
        values |= {name: Counted(value, digits=2) for name, value in ends.items()}
        values["rho_test"] = agreement.kind
    return values


def of_lengths(control: LengthControl, cut: pd.DataFrame) -> dict[str, Value]:
    """What length does to preference, and how many captions the judge of recall reads in part."""
    effects = {"length_effect": control.effect, "length_effect_over_clips": control.effect_over_clips}
    values: dict[str, Value] = {name: effect for name, effect in effects.items() if effect is not None}
    if len(cut) and cut["cut"].notna().all():
        values |= {"cut": int(cut["cut"].sum()), "text_limit": int(cut["limit"].iloc[0])}
    return values


def _by_pair(table: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of a table by their two captioners, sorted by name."""
    return {(min(pair), max(pair)): row for row in records(table) if (pair := (row["first"], row["second"]))}
