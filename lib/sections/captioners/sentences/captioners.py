"""Sentences of 03: who leads on retrieval and with respondents, whether it is more than chance, what was planted."""

from collections.abc import Callable, Sequence

import pandas as pd

from lib.base.slugs import slugs
from lib.draw.table import records
from lib.metrics.intervals import Measure, number, percent, span
from lib.metrics.p_values import p_text
from lib.metrics.rank_correlation import RankCorrelation
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.captioner_retrieval import Contest
from lib.sections.captioners.captioners import By, Material
from lib.sections.captioners.preferences.pairs import favourite
from lib.sections.captioners.votes import Votes

Value = str | int | float | bool | Measure


def values(
    found: Material,
    space: Space,
    one: Contest,
    cast: Votes,
    agreed: RankCorrelation | None,
    by: By,
    called: Callable[[str], str] = str,
) -> dict[str, Value]:
    """Numbers that the page quotes; what the profile lacks is left out, and so are flags that are down.

    ``recall_…`` ends in what ``called`` makes of a captioner's name: what the report may call it.
    """
    told: dict[str, Value] = {"space": space.name, "clips": len(one.clip_ids), "captioners": len(found.names)}
    if space.gallery is not None and space.stand_in:
        told["by_position" if by == "position" else "stand_in"] = True
    if space.seen:
        told["seen"] = " and ".join(space.seen)
    if found.corpus is not None:
        told["dataset"] = found.corpus.name
    first = records(first_recalls(one.recalls))
    named = slugs(called(name) for name in sorted(row["captioner"] for row in first))
    for row in first:
        estimate = Measure(row["value"], row["low"], row["high"], row["clips"], "%", 1)
        told[f"recall_{named[called(row['captioner'])]}"] = estimate
        told["chance"] = f"{number(row['chance'], 1)} %"
    if one.choice is not None:
        told |= {"leader": one.choice.leader, "won": one.choice.won}
        if one.choice.clips_needed is not None:
            told["clips_needed"] = one.choice.clips_needed
    if one.selection is not None and not one.selection.grid.empty:
        grid = one.selection.grid
        several = grid.groupby("captioner")["setting"].transform("size") > 1
        chosen = grid[grid["chosen"] & several]
        told["optimism"] = f"{number(100 * float((chosen['choosing'] - chosen['recall']).mean()), 1)} points"
    return told | _of_survey(cast, agreed)


def verdict(found: Material, one: Contest, cast: Votes, by: By) -> str:
    """Who wins on retrieval and with respondents, or what is lacking for a winner."""
    if by == "position" and one.choice is not None:
        different = one.tests[one.tests["different"].astype(bool)]
        if different.empty:
            return "No two caption positions differ, as it should be."
        pairs = [f"{row['first']} and {row['second']}" for row in records(different)]
        return f"Caption positions differ: {'; '.join(pairs)}."
    told = [_winner(found, one)]
    if cast.abilities is not None and cast.pairs is not None:
        leader, rivals = favourite(cast.abilities["captioner"].tolist(), cast.pairs)
        apart = "respondents prefer" if not rivals else "no captioner is surely preferred; respondents rank highest"
        told.append(f"{apart} {leader}")
    return "; ".join(told) + "."


def finding(
    found: Material,
    space: Space,
    one: Contest,
    cast: Votes,
    agreed: RankCorrelation | None,
    by: By = "captioner",
    judge: str = "",
) -> str:
    """Recall of every captioner with its interval, the choice, what respondents say, how both agree, then `judge`."""
    if found.corpus is None:
        return f"Nothing is compared: {found.why_not}."
    told = []
    if found.why_not:
        told.append(f"nothing is compared, since {found.why_not}")
    first = first_recalls(one.recalls).sort_values("value", ascending=False, kind="stable")
    if len(first):
        listed = [
            f"{row['captioner']} {number(row['value'], 1)} % ({span(row['low'], row['high'], 1)})"
            for row in records(first)
        ]
        made = "by the stand-in " if space.stand_in else "by "
        told.append(
            f"video-to-text R@1 {made}{space.name}, N = {len(one.clip_ids):,} clips, chance "
            f"{number(float(first['chance'].iloc[0]), 1)} %: {', '.join(listed)} (95 % CI)"
        )
    else:
        told.append(f"recall cannot be measured in {found.corpus.name}")
    if by == "position" and len(one.tests):
        return sentence([*told, f"least adjusted p of {len(one.tests)} McNemar tests: {one.tests['p_holm'].min():.2f}"])
    told += _needed(one)
    if cast.shares is not None and cast.ballots is not None:
        best = records(cast.shares)[0]
        ends = span(100 * best["low"], 100 * best["high"], 0)
        told.append(
            f"{len(cast.ballots.people)} respondents ranked {best['captioner']} first in "
            f"{percent(best['share'], 0)} of ballots ({ends})"
        )
    elif cast.why_not:
        told.append(cast.why_not)
    if agreed is not None and agreed.rho == agreed.rho:
        told.append(
            f"recall and preference order the captioners with a rank correlation of {number(agreed.rho, 2)} "
            f"(exact p = {agreed.p:.2f}; the least possible with {agreed.n} captioners is {agreed.least_p:.2f})"
        )
    return f"{sentence(told)} {judge}".strip()


def _of_survey(cast: Votes, agreed: RankCorrelation | None) -> dict[str, Value]:
    if cast.ballots is None or cast.shares is None or cast.abilities is None or cast.people is None:
        return {"no_survey": cast.why_not}
    best, able = records(cast.shares)[0], records(cast.abilities)[0]
    told: dict[str, Value] = {
        "respondents": len(cast.ballots.people),
        "ballots": len(cast.ballots),
        "items": len(set(cast.ballots.clips)),
        "preferred": best["captioner"],
        "preferred_share": Measure(best["share"], best["low"], best["high"], best["ballots"], "share"),
        "most_able": able["captioner"],
        "set_aside": int(cast.ballots.set_aside["answers"].sum()),
        "random_respondents": int(cast.people["random"].sum()),
    }
    if cast.agreement is not None:
        row = records(cast.agreement)[0]
        if row["alpha"] == row["alpha"]:
            told["alpha"] = Measure(row["alpha"], row["low"], row["high"], row["clips"], digits=2)
    if cast.friedman is not None:
        row = records(cast.friedman)[1]
        if row["p"] == row["p"]:
            told["friedman"] = f"χ² = {row['chi2']:.1f}, {p_text(row['p'])}, {row['blocks']} respondents"
    if cast.position is not None:
        told["position_p"] = p_text(cast.position.p)
        if cast.position.confounded:
            told["position_confounded"] = True
    if agreed is not None and agreed.rho == agreed.rho:
        told |= {"rho": number(agreed.rho, 2), "rho_p": f"{agreed.p:.2f}", "rho_least_p": f"{agreed.least_p:.2f}"}
    return told


def first_recalls(recalls: pd.DataFrame) -> pd.DataFrame:
    """Video-to-text R@1 of each captioner, from the table of all recalls."""
    return recalls[(recalls["direction"] == "video to text") & (recalls["measure"] == "R@1")]


def _winner(found: Material, one: Contest) -> str:
    if one.choice is None:
        return f"No comparison: {found.why_not}" if found.why_not else "No comparison: no vectors to retrieve by"
    if one.choice.won:
        return f"“{one.choice.leader}” wins on retrieval"
    return f"No winner on retrieval at N = {one.choice.clips:,}: {one.choice.leader} leads"


def _needed(one: Contest) -> list[str]:
    choice = one.choice
    if choice is None or choice.won:
        return []
    told = f"{choice.leader} leads but cannot be told from {_listed(choice.rivals)}"
    if choice.clips_needed is None:
        return [f"{told}, with one of which it ties"]
    return [f"{told}; some {choice.clips_needed:,} clips would be needed, were the observed differences the true ones"]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def sentence(told: Sequence[str]) -> str:
    """Parts joined by semicolons, with a capital and a full stop.

    Example:
        >>> sentence(["one", "two"])
        'One; two.'
    """
    text = "; ".join(told)
    return text[:1].upper() + text[1:] + "." if text else ""
