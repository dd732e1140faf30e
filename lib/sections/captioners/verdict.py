"""Third question: is the chosen captioner the best one?"""

import re
from collections.abc import Sequence
from typing import Any

from lib.base.slugs import slugs
from lib.metrics.decision import Relation, against_all, all_of, relation
from lib.metrics.intervals import Measure, number, span
from lib.sections.answers import Answer, Bounds, Part, Reason, Recorded
from lib.sections.captioners.parameters import Captioners

STEM = "03_captioner_comparison"
NAMED = re.compile(r"captioner_\d+")


def answer(recorded: Recorded, bounds: Bounds, parameters: Captioners) -> Answer:
    """Better than every other captioner on retrieval, and preferred to every other one by people.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Captioners()).verdict
        'not answered'
    """
    chosen, others, lacking = _chosen(recorded, bounds)
    share = bounds.findings.no_difference
    rules = {
        "On retrieval": "Higher video-to-text R@1 than every other captioner, told apart by McNemar’s test with Holm’s "
        f"correction; an interval within {number(100 * share, 0)} points of zero is no difference.",
        "With people": "Ranked above every other captioner more often than not, told apart by a test over respondents "
        f"with Holm’s correction; an interval within {span(50 - 100 * share, 50 + 100 * share, 0)} % is no difference.",
    }
    parts = []
    for name, found in zip(rules, (_retrieval, _survey), strict=True):
        pairs = [] if lacking else [(rival, *found(recorded, chosen, rival)) for rival in others]
        parts.append(_part(name, rules[name], [row for row in pairs if row[1]], bounds, recorded, lacking))
    who = f"“{chosen}”, the chosen captioner," if chosen else "the chosen captioner"
    return Answer(
        key="captioner",
        question=f"Is {who} the best one?",
        verdict=all_of([part.outcome for part in parts]),
        rule="Yes when both parts are; in part when one is.",
        parts=parts,
        note=_noted(recorded),
    )


def _chosen(recorded: Recorded, bounds: Bounds) -> tuple[str, list[str], str]:
    names = _compared(recorded)
    asked = bounds.findings.captioner
    if recorded.flag(STEM, "by_position"):
        return asked or "", [], "captions are compared by their place here; there is no captioner to choose"
    if len(names) < 2:
        return asked or "", [], recorded.lacking(STEM) or "fewer than two captioners to compare"
    chosen = asked or (recorded.text(STEM, "preferred") or recorded.text(STEM, "leader"))
    if chosen not in names:
        return chosen, [], f"no captions by it were compared; there are {', '.join(names)}"
    return chosen, [name for name in names if name != chosen], ""


def _compared(recorded: Recorded) -> list[str]:
    return [recorded.text(STEM, name) for name in recorded.names(STEM) if NAMED.fullmatch(name)]


def _retrieval(recorded: Recorded, chosen: str, rival: str) -> tuple[Measure | None, bool]:
    found, sure, turned = _pair(recorded, "recall_{}_less_{}", chosen, rival)
    return (-found if found is not None and turned else found), sure


def _survey(recorded: Recorded, chosen: str, rival: str) -> tuple[Measure | None, bool]:
    found, sure, turned = _pair(recorded, "preferred_{}_to_{}", chosen, rival)
    if found is None or not turned:
        return found, sure
    low, high = found.low, found.high
    return Measure(1 - found.value, 1 - high, 1 - low, found.n, "share"), sure


def _pair(recorded: Recorded, pattern: str, chosen: str, rival: str) -> tuple[Measure | None, bool, bool]:
    short = slugs(_compared(recorded))
    names = [short[chosen], short[rival]]
    for turned in (False, True):
        name = pattern.format(*(names[::-1] if turned else names))
        if (found := recorded.measure(STEM, name)) is not None:
            return found, recorded.flag(STEM, f"{name}_sure"), turned
    return None, False, False


def _part(name: str, rule: str, rows: Sequence[Any], bounds: Bounds, recorded: Recorded, lacking: str) -> Part:
    survey = name == "With people"
    if not rows:
        why = lacking or ("no survey" if survey else "no vectors to retrieve by")
        return Part.unmeasured(name, rule, why)
    middle, margin = (0.5, bounds.findings.no_difference) if survey else (0.0, 100 * bounds.findings.no_difference)
    told = "of ballots rank it above {}" if survey else "of R@1 against {}"
    figure = ("tbl-pairs", "pairs.html") if survey else ("fig-differences", "differences.png")
    link = recorded.link(STEM, *figure)
    closest = sorted(rows, key=lambda row: row[1].low)
    relations = [_relation(found, sure, middle, margin) for _, found, sure in closest]
    counted = "respondents" if survey else "test clips"
    measures = [
        Reason.of(found, told.format(rival), counted=counted, said=said, link=link)
        for (rival, found, _), said in zip(closest, relations, strict=True)
    ]
    return Part(name=name, rule=rule, outcome=against_all(relations), measures=measures)


def _noted(recorded: Recorded) -> str:
    told = []
    if recorded.flag(STEM, "stand_in"):
        blind = " and is not shown to notice every falsehood" if "is not shown" in recorded.text(STEM, "judge") else ""
        told.append(f"TMR stands in for a video-text model: it hears of the motion, sees no video{blind}.")
    ballots, clips = (recorded.quoted(STEM, name) for name in ("ballots", "items"))
    if ballots and clips:
        told.append(f"N of ballots are respondents, who filled in {ballots} on {clips} clips.")
    return " ".join(told)


def _relation(found: Measure, sure: bool, middle: float, margin: float) -> Relation:
    low, high = found.low, found.high
    stated = relation(found.value - middle, low - middle, high - middle, margin)
    return stated if sure or stated == "no difference" else "not shown"
