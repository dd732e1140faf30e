"""The measures that 03 records: recall, preference, and every pair of captioners under a number of its own."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from lib.draw.table import records
from lib.metrics.intervals import Counted, Measure
from lib.metrics.p_values import p_text
from lib.metrics.rank_correlation import RankCorrelation
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval, clips_needed
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.metrics.paired_retrieval import video_to_text_r1
from lib.sections.captioners.votes import Votes

Value = str | int | float | bool | Measure | Counted


def names(retrieval: CaptionerRetrieval, votes: Votes) -> list[str]:
    """The captioners that are compared by retrieval or by people, in the order of ``captioner_1`` and so on."""
    people = votes.ballots.captioners if votes.ballots is not None else ()
    return sorted({*retrieval.retrieved.captioners, *people})


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
        values["optimism"] = Counted(100 * float((chosen["choosing"] - chosen["recall"]).mean()), "points", 1)
    return values


def of_captioners(retrieval: CaptionerRetrieval, votes: Votes) -> dict[str, Value]:
    """Every captioner with its recall, and every pair with how it differs on retrieval and with people.

    Captioners are numbered in the order of `names`, and pairs in the order of their captioners; the first of a pair has
    the smaller number. ``…_sure`` says whether the test, corrected for all pairs, distinguishes the two.
    """
    compared = names(retrieval, votes)
    first_recalls = video_to_text_r1(retrieval.recalls)
    differences = _by_pair(video_to_text_r1(retrieval.differences))
    tests, preferences = _by_pair(retrieval.tests), _by_pair(votes.pairs)
    values: dict[str, Value] = {"captioners": len(compared)}
    values |= {f"captioner_{number}": name for number, name in enumerate(compared, 1)}
    for row in records(first_recalls):
        recall = Measure(row["value"], row["low"], row["high"], row["clips"], "%")
        values[f"captioner_{compared.index(row['captioner']) + 1}_recall"] = recall
    pairs = list(combinations(compared, 2))
    values["pairs"] = len(pairs)
    for number, (first, second) in enumerate(pairs, 1):
        pair = f"pair_{number}"
        values |= {f"{pair}_first": first, f"{pair}_second": second}
        if (first, second) in differences:
            row = differences[first, second]
            points = Measure(row["difference"], row["low"], row["high"], len(retrieval.clip_ids), "points")
            values[f"{pair}_recall"] = points if row["first"] == first else -points
            values[f"{pair}_recall_sure"] = bool(tests[first, second]["different"])
            if not tests[first, second]["different"] and (clips := clips_needed(tests[first, second])):
                values[f"{pair}_clips_needed"] = clips
        if (first, second) in preferences:
            row = preferences[first, second]  # a survey's captioners are sorted, so the first is the same
            values[f"{pair}_preferred"] = Measure(row["share"], row["low"], row["high"], row["respondents"], "share")
            values[f"{pair}_preferred_sure"] = bool(row["different"])
            if not row["different"] and np.isfinite(row["needed"]):
                ends = np.ceil(row["needed"]), row["needed_low"], row["needed_high"]
                values[f"{pair}_respondents_needed"] = Measure(*ends, row["respondents"], "respondents", 0)
    return values


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
        values["position_p"] = p_text(votes.position.p)
        if votes.position.confounded:
            values["position_confounded"] = True
    if agreement is not None:
        ends = {"rho": agreement.rho, "rho_p": agreement.p, "rho_least_p": agreement.least_p}
        values |= {name: Counted(value, digits=2) for name, value in ends.items()}
    return values


def _by_pair(table: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of a table by their two captioners, sorted by name."""
    return {(min(pair), max(pair)): row for row in records(table) if (pair := (row["first"], row["second"]))}
