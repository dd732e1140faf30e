"""Third question: is the chosen captioner the best one?"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lib.base import state
from lib.base.slugs import slugs
from lib.metrics.decision import Relation, against_all, all_of
from lib.metrics.intervals import number, percent, span
from lib.run.provenance import UNREAD
from lib.run.provenance import record as record_of
from lib.run.redaction import WITHHELD
from lib.site import redaction_counts
from lib.site.answers.answer import Answer, Part, measure
from lib.site.answers.bounds import Bounds
from lib.site.answers.sources import Estimate, Sources

STEM = "03_captioner_comparison"
NAMED = re.compile(r"captioner_\d+")


def captioner(sources: Sources, bounds: Bounds) -> Answer:
    """Better than every other captioner on retrieval, and preferred to every other one by people.

    Example:
        >>> captioner(Sources({}), Bounds.of({})).verdict
        'not answered'
    """
    chosen, others, lacking = _chosen(sources, bounds)
    share = bounds.findings.no_difference
    rules = {
        "On retrieval": "Higher video-to-text R@1 than every other captioner, told apart by McNemar’s test with Holm’s "
        f"correction; an interval within {number(100 * share, 0)} points of zero is no difference.",
        "With people": "Ranked above every other captioner more often than not, told apart by a test over respondents "
        f"with Holm’s correction; an interval within {span(50 - 100 * share, 50 + 100 * share, 0)} % is no difference.",
    }
    parts = []
    for name, found in zip(rules, (_retrieval, _survey), strict=True):
        pairs = [] if lacking else [(rival, *found(sources, chosen, rival)) for rival in others]
        parts.append(_part(name, rules[name], [row for row in pairs if row[1]], bounds, sources, lacking))
    who = f"“{chosen}”, the chosen captioner," if chosen else "the chosen captioner"
    return Answer(
        key="captioner",
        question=f"Is {who} the best one?",
        verdict=all_of([part.outcome for part in parts]),
        rule="Yes when both parts are; in part when one is.",
        parts=parts,
        note=_noted(sources),
    )


def called(folder: Path, name: str) -> str:
    """What a result of 03 that was made under redaction calls a captioner; `WITHHELD` where it does not tell."""
    record, values = record_of(folder), state.read(folder / "values.json", dict[str, Any], then=UNREAD)
    if not record or not values or not redaction_counts.is_redacted(record):
        return WITHHELD
    try:
        names = (folder / "tables" / "captioner_names.txt").read_text(encoding="utf-8").split("\n")
        return str(values[f"captioner_{names.index(name) + 1}"])
    except (OSError, ValueError, KeyError):
        return WITHHELD


def _chosen(sources: Sources, bounds: Bounds) -> tuple[str, list[str], str]:
    values = sources.values.get(STEM, {})
    names = _compared(sources)
    asked = bounds.findings.captioner
    if values.get("by_position"):
        return asked or "", [], "captions are compared by their place here; there is no captioner to choose"
    if len(names) < 2:
        return asked or "", [], sources.lacking(STEM) or "fewer than two captioners to compare"
    chosen = asked or str(values.get("preferred") or values.get("leader"))
    if chosen not in names:
        return chosen, [], f"no captions by it were compared; there are {', '.join(names)}"
    return chosen, [name for name in names if name != chosen], ""


def _compared(sources: Sources) -> list[str]:
    return [str(value) for key, value in sources.values.get(STEM, {}).items() if NAMED.fullmatch(key)]


def _retrieval(sources: Sources, chosen: str, rival: str) -> tuple[Estimate | None, bool]:
    found, sure, turned = _pair(sources, "recall_{}_less_{}", chosen, rival)
    if found is None or not turned:
        return found, sure
    low, high = -found["high"], -found["low"]
    text = f"{number(-found['value'], 1)} points (95 % CI {span(low, high, 1)}, N = {found['n']:,})"
    return {**found, "value": -found["value"], "low": low, "high": high, "text": text}, sure


def _survey(sources: Sources, chosen: str, rival: str) -> tuple[Estimate | None, bool]:
    found, sure, turned = _pair(sources, "preferred_{}_to_{}", chosen, rival)
    if found is None or not turned:
        return found, sure
    value, low, high = (1 - found[part] for part in ("value", "high", "low"))
    text = f"{percent(value)} (95 % CI {span(100 * low, 100 * high, 1)}, N = {found['n']:,})"
    return {**found, "value": value, "low": low, "high": high, "text": text}, sure


def _pair(sources: Sources, pattern: str, chosen: str, rival: str) -> tuple[Estimate | None, bool, bool]:
    short = slugs(_compared(sources))
    names = [short[chosen], short[rival]]
    for turned in (False, True):
        name = pattern.format(*(names[::-1] if turned else names))
        if (found := sources.estimate(STEM, name)) is not None:
            return found, sources.value(STEM, f"{name}_sure") is True, turned
    return None, False, False


def _part(name: str, rule: str, rows: Sequence[Any], bounds: Bounds, sources: Sources, lacking: str) -> Part:
    survey = name == "With people"
    if not rows:
        why = lacking or ("no survey" if survey else "no vectors to retrieve by")
        return Part(name=name, rule=rule, outcome="not answered", measures=[], lacking=why)
    middle, margin = (0.5, bounds.findings.no_difference) if survey else (0.0, 100 * bounds.findings.no_difference)
    told = "of ballots rank it above {}" if survey else "of R@1 against {}"
    figure = ("tbl-pairs", "pairs.html") if survey else ("fig-differences", "differences.png")
    link = sources.link(STEM, *figure)
    closest = sorted(rows, key=lambda row: row[1]["low"])
    relations = [_relation(found, sure, middle, margin) for _, found, sure in closest]
    counted = "respondents" if survey else "test clips"
    measures = [
        measure(found, told.format(rival), counted=counted, said=said, link=link)
        for (rival, found, _), said in zip(closest, relations, strict=True)
    ]
    return Part(name=name, rule=rule, outcome=against_all(relations), measures=measures)


def _noted(sources: Sources) -> str:
    told = []
    if sources.value(STEM, "stand_in") is True:
        blind = (
            " and is not shown to notice every falsehood" if "is not shown" in str(sources.value(STEM, "judge")) else ""
        )
        told.append(f"TMR stands in for a video-text model: it hears of the motion, sees no video{blind}.")
    ballots, clips = (sources.value(STEM, name) for name in ("ballots", "items"))
    if isinstance(ballots, int) and isinstance(clips, int):
        told.append(f"N of ballots are respondents, who filled in {ballots:,} on {clips:,} clips.")
    return " ".join(told)


def _relation(found: Estimate, sure: bool, middle: float, margin: float) -> Relation:
    if middle - margin < found["low"] and found["high"] < middle + margin:
        return "no difference"
    if not sure:
        return "not shown"
    return "better" if found["value"] > middle else "worse"
