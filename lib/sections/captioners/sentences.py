"""Sentences of 03: the finding, what the space makes of false captions, and the alternative texts of the figures."""

from typing import Any

import pandas as pd

from lib.base.prose import listed, sentence
from lib.draw.table import records
from lib.metrics.intervals import number, percent, span
from lib.metrics.rank_correlation import RankCorrelation
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval, Leader
from lib.sections.captioners.claim_precision import ClaimPrecision
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.metrics.paired_retrieval import video_to_text_r1
from lib.sections.captioners.votes import Votes


def finding(
    compared: ComparedCaptions,
    space: Space,
    retrieval: CaptionerRetrieval,
    votes: Votes,
    claims: ClaimPrecision,
    probes: pd.DataFrame | None,
) -> str:
    """Precision of claims, preference and recall of the captioners, each with chance beside it."""
    if compared.corpus is None:
        return f"Nothing is compared: {compared.why_not}."
    parts = [f"Nothing is compared, since {compared.why_not}."] if compared.why_not else []
    if claims.above_chance is not None:
        parts.append(_claims(claims))
    if votes.ballots is not None:
        best = records(votes.shares)[0]
        parts.append(
            f"{len(votes.ballots.people)} respondents ranked {best['captioner']} first in "
            f"{percent(best['share'], 0)} of ballots ({span(100 * best['low'], 100 * best['high'], 0)}); "
            f"blind choice gives {percent(best['chance'], 0)}."
        )
    elif compared.by == "captioner":
        parts.append(sentence([votes.why_not]))
    parts.append(_recalls(compared.corpus.name, space, retrieval))
    if compared.by == "position" and len(retrieval.tests):
        return " ".join([*parts, _by_position(retrieval.tests)])
    if retrieval.leader is not None:
        parts.append(_lead(retrieval.leader))
    return " ".join([*parts, probed(probes, space.name)]).strip()


def luck(points: float) -> str:
    """What the best of several settings loses on clips that did not choose it.

    Args:
        points: its R@1 on the clips that chose it less that on the others, in percentage points.

    Example:
        >>> luck(2.13)
        'its R@1 falls by 2.1 points on clips that did not choose it'
        >>> luck(-0.4)
        'its R@1 does not fall on clips that did not choose it, where it is 0.4 points higher'
    """
    if points > 0:
        return f"its R@1 falls by {number(points, 1)} points on clips that did not choose it"
    return f"its R@1 does not fall on clips that did not choose it, where it is {number(-points, 1)} points higher"


def probed(probes: pd.DataFrame | None, name: str) -> str:
    """The kinds of false captions below which a retrieval model ranks true ones, those where it is not shown to.

    It is shown where the interval lies above the share of a random ranking.

    Args:
        probes: from `metrics.perturbation_probes`, or None where the model embeds no new texts.
        name: of the model, as prose names it.

    Returns:
        A sentence; empty without a probe that could be made.

    Example:
        >>> row = {"probe": "sides swapped", "true_preferred": 0.5, "low": 0.4, "high": 0.6, "n": 90, "chance": 0.5}
        >>> probed(pd.DataFrame([row]), "TMR")[:67]
        'TMR is not shown to rank true captions above those made false by si'
    """
    if probes is None or not (rows := records(probes[probes["n"] > 0])):
        return ""
    unseen = [row for row in rows if row["low"] <= row["chance"]]
    seen = [row for row in rows if row["low"] > row["chance"]]
    parts = [f"ranks true captions above those made false by {_shares(seen)}"] if seen else []
    if unseen:
        parts.append(f"is not shown to rank true captions above those made false by {_shares(unseen)}")
    chance = f"a random ranking gives {percent(rows[0]['chance'], 0)}"
    reward = " So its recall is not shown to reward captions that get this right." if unseen else ""
    return f"{name} {' but '.join(parts)}, where {chance}.{reward}"


def recall_blind(probes: pd.DataFrame | None, space: Space) -> dict[str, str]:
    """The value of this name: why recall does not tell true captions from false ones; none where it does.

    It does where the space is shown to rank true captions above every kind of false ones that could be made.
    """
    if space.gallery is None:
        return {}
    rows = [] if probes is None else records(probes[probes["n"] > 0])
    if not rows:
        return {"recall_blind": f"{space.name} could not be tried on captions made false"}
    unseen = [str(row["probe"]) for row in rows if row["low"] <= row["chance"]]
    made = f"{space.name} is not shown to rank true captions above those made false by "
    return {"recall_blind": made + listed(unseen, "or")} if unseen else {}


def recalls(table: pd.DataFrame) -> str:
    """Alternative text of the recall figure."""
    rows = records(video_to_text_r1(table).sort_values("value", ascending=False))
    return "Video-to-text R@1 of " + ", ".join(f"{row['captioner']} {number(row['value'], 1)} %" for row in rows) + "."


def differences(tests: pd.DataFrame) -> str:
    """Alternative text of the figure of differences."""
    return f"Of {len(tests)} pairs of captioners the test distinguishes {int(tests['different'].sum())}."


def by_gallery(curves: pd.DataFrame) -> str:
    """Alternative text of the gallery figure."""
    falls = [
        f"{name} from {number(curve['recall'].iloc[0], 0)} % among {curve['size'].iloc[0]} clips to "
        f"{number(curve['recall'].iloc[-1], 0)} % among {curve['size'].iloc[-1]}"
        for name, curve in curves.groupby("captioner", sort=False)
    ]
    return f"R@1 falls as the gallery grows: {', '.join(falls)}."


def growth(table: pd.DataFrame) -> str:
    """Alternative text of the growth figure."""
    last = table[table["captions"] == table["captions"].max()].sort_values("words", ascending=False)
    counts = ", ".join(f"{row['captioner']} {number(row['words'], 0)}" for row in records(last))
    return f"Distinct words in {int(last['captions'].iloc[0])} captions: {counts}."


def preferences(abilities: pd.DataFrame) -> str:
    """Alternative text of the survey figure."""
    return f"Captioners by ability, best first: {', '.join(abilities['captioner'])}."


def example_item(captions: int) -> str:
    """Alternative text of the example item."""
    return f"One motion as stick figures above the blinded captions of {captions} captioners, to be ranked."


def recall_and_preference(agreement: RankCorrelation | None) -> str:
    """Alternative text of the figure of recall and preference; without an agreement one of them has no order."""
    if agreement is None:
        return "Recall and ability of the captioners, of which one is the same for all and so ranks none."
    return f"Recall and ability of {agreement.n} captioners, rank correlation {number(agreement.rho, 2)}."


def _claims(claims: ClaimPrecision) -> str:
    rows = records(claims.by_captioner.dropna(subset=["precision"]))
    shares = ", ".join(
        f"{row['captioner']} {percent(row['precision'], 0)} ({span(100 * row['low'], 100 * row['high'], 0)}, "
        f"by chance {percent(row['by_chance'], 0)})"
        for row in rows
    )
    return f"Of the claims that the motions of {claims.clips:,} clips decide, they support: {shares}."


def _recalls(dataset: str, space: Space, retrieval: CaptionerRetrieval) -> str:
    rows = records(video_to_text_r1(retrieval.recalls).sort_values("value", ascending=False, kind="stable"))
    if not rows:
        return f"Recall cannot be measured in {dataset}."
    shares = ", ".join(
        f"{row['captioner']} {number(row['value'], 1)} % ({span(row['low'], row['high'], 1)})" for row in rows
    )
    model = f"the stand-in {space.name}" if space.stand_in else space.name
    chance = number(float(rows[0]["chance"]), 1)
    return f"Video-to-text R@1 by {model}, N = {rows[0]['clips']:,} clips, chance {chance} %: {shares} (95 % CI)."


def _by_position(tests: pd.DataFrame) -> str:
    different = records(tests[tests["different"].astype(bool)])
    pairs = listed([f"{row['first']} and {row['second']}" for row in different]) if different else "no two of them"
    least = f"least adjusted p of {len(tests)} tests: {tests['p_holm'].min():.2f}"
    return f"McNemar's test distinguishes {pairs} ({least})."


def _lead(leader: Leader) -> str:
    if not leader.undistinguished:
        return f"McNemar's test distinguishes {leader.name} from every other one."
    rivals = f"McNemar's test does not distinguish {leader.name} from {listed(leader.undistinguished)}"
    if leader.clips_needed is None:
        return f"{rivals}, with one of which it ties."
    return f"{rivals}. Some {leader.clips_needed.text} would show a difference as observed."


def _shares(rows: list[dict[str, Any]]) -> str:
    shares = [
        f"{row['probe']} ({percent(row['true_preferred'])}, {span(100 * row['low'], 100 * row['high'], 1)}, "
        f"N = {row['n']:,})"
        for row in rows
    ]
    return listed(shares, "or")
