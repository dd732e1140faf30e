"""Third question: is the chosen captioner the best one?"""

from dataclasses import dataclass

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import sentence
from lib.metrics.decision import Relation, against_all, all_of, relation
from lib.metrics.intervals import Measure, number, span
from lib.sections.captioners.parameters import Captioners

STEM = "03_captioner_comparison"


@dataclass(frozen=True)
class _Rival:
    """The chosen captioner against another one by one measure.

    Args:
        name: the other captioner.
        measure: the difference to it in points, or the share of ballots that rank the chosen one above it.
        sure: whether the test, corrected for all pairs, distinguishes the two.
        needed: how many clips or respondents would, as prose quotes it; empty where it was not said.
        many: the same as a number.
    """

    name: str
    measure: Measure
    sure: bool
    needed: str = ""
    many: float = 0.0

    def relation(self, middle: float, margin: float) -> Relation:
        """What interval and test say together: without the test nothing is better, within the margin nothing is."""
        value, low, high = (end - middle for end in (self.measure.value, self.measure.low, self.measure.high))
        by_interval = relation(value, low, high, margin)
        return by_interval if self.sure or by_interval == "no difference" else "not shown"


def answer(recorded: Recorded, bounds: Bounds, parameters: Captioners) -> Answer:
    """Better than every other captioner on retrieval, and preferred to every other one by people.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Captioners()).verdict
        'not answered'
    """
    chosen = bounds.findings.captioner or ""
    if not chosen and not recorded.flag(STEM, "by_position"):
        chosen = recorded.text(STEM, "preferred") or recorded.text(STEM, "leader")
    lacking = _lacking(recorded, chosen)
    parts = [judge(recorded, bounds, chosen, lacking) for judge in (_on_retrieval, _with_people)]
    who = f"“{chosen}”, the chosen captioner," if chosen else "the chosen captioner"
    return Answer(
        key="captioner",
        question=f"Is {who} the best one?",
        subject=chosen,
        verdict=all_of([part.outcome for part in parts]),
        rule="Yes by both parts, in part by one.",
        parts=parts,
        note=_note(recorded),
        action=_action(recorded, bounds, chosen, parts),
    )


def _action(recorded: Recorded, bounds: Bounds, chosen: str, parts: list[Part]) -> str:
    """The captioner to use, and how many clips or respondents would decide what is open."""
    if {part.outcome for part in parts} == {"not answered"}:
        return to_answer(recorded, STEM, parts)
    margin = bounds.findings.no_difference
    by = {
        "on retrieval": _related(recorded, "recall", chosen, 0, 100 * margin),
        "with people": _related(recorded, "preferred", chosen, 0.5, margin),
    }
    better = {how: [rival.name for rival, said in rivals if said == "worse"] for how, rivals in by.items()}
    first = next(((names[0], how) for how, names in reversed(better.items()) if names), None)
    if first:
        clauses = [f"caption with “{first[0]}”, which is better {first[1]} than “{chosen}”"]
    else:
        clauses = [f"caption with “{chosen}”"]
    alike = [{rival.name for rival, said in rivals if said == "no difference"} for rivals in by.values() if rivals]
    if not first and alike and (equal := sorted(set.intersection(*alike))):
        clauses[0] += f" or “{equal[0]}”, which does as well"
    for how, rivals in by.items():
        still_open = [rival for rival, said in rivals if said == "not shown" and rival.needed]
        if not first and still_open:
            most = max(still_open, key=lambda rival: rival.many)
            clauses.append(f"some {most.needed} would tell it from “{most.name}” {how}")
    if parts[1].outcome == "not answered":
        clauses.append("ask people as well (make survey)")
    return sentence(clauses)


def _related(recorded: Recorded, key: str, chosen: str, middle: float, margin: float) -> list[tuple[_Rival, Relation]]:
    rivals = _rivals(recorded, key, chosen, middle=middle)
    return [(rival, rival.relation(middle, margin)) for rival in rivals]


def _lacking(recorded: Recorded, chosen: str) -> str:
    """Why neither part can be decided; empty where nothing stands against it."""
    if recorded.flag(STEM, "by_position"):
        return "captions are compared by their position here; there is no captioner to choose"
    names = [recorded.text(STEM, f"captioner_{index}") for index in _numbers(recorded, "captioners")]
    if len(names) < 2:
        return recorded.lacking(STEM) or recorded.text(STEM, "no_comparison") or "fewer than two captioners to compare"
    return "" if chosen in names else f"no captions by it were compared; there are {', '.join(names)}"


def _on_retrieval(recorded: Recorded, bounds: Bounds, chosen: str, lacking: str) -> Part:
    margin = 100 * bounds.findings.no_difference
    points = number(margin, 0)
    rule = (
        f"Video-to-text R@1 more than {points} points above every other captioner’s, by McNemar’s test with Holm’s "
        f"correction; an interval within ±{points} points is no difference."
    )
    rivals = [] if lacking else _rivals(recorded, "recall", chosen, middle=0)
    if not rivals:
        why = lacking or recorded.text(STEM, "no_comparison") or "no vectors to retrieve by"
        return Part.unmeasured("On retrieval", rule, why)
    relations = [rival.relation(0, margin) for rival in rivals]
    link = recorded.link(STEM, "fig-differences", "differences.png")
    reasons = [
        Reason.of(rival.measure, f"of R@1 against “{rival.name}”", counted="test clips", said=it, link=link)
        for rival, it in zip(rivals, relations, strict=True)
    ]
    return Part(name="On retrieval", rule=rule, outcome=against_all(relations), measures=reasons)


def _with_people(recorded: Recorded, bounds: Bounds, chosen: str, lacking: str) -> Part:
    margin = bounds.findings.no_difference
    most, alike = number(50 + 100 * margin, 0), span(50 - 100 * margin, 50 + 100 * margin, 0)
    rule = (
        f"Ranked above every other captioner by more than {most} % of ballots, by a test over respondents with Holm’s "
        f"correction; an interval within {alike} % is no difference."
    )
    rivals = [] if lacking else _rivals(recorded, "preferred", chosen, middle=0.5)
    if not rivals:
        return Part.unmeasured("With people", rule, lacking or recorded.text(STEM, "no_survey") or "no survey")
    relations = [rival.relation(0.5, margin) for rival in rivals]
    link = recorded.link(STEM, "tbl-pairs", "pairs.html")
    reasons = [
        Reason.of(rival.measure, f"of ballots rank it above “{rival.name}”", counted="respondents", said=it, link=link)
        for rival, it in zip(rivals, relations, strict=True)
    ]
    return Part(name="With people", rule=rule, outcome=against_all(relations), measures=reasons)


def _rivals(recorded: Recorded, key: str, chosen: str, *, middle: float) -> list[_Rival]:
    """The others by one measure, the closest first; a pair that has the chosen captioner second is turned about."""
    rivals = []
    for pair in (f"pair_{index}" for index in _numbers(recorded, "pairs")):
        first, second = recorded.text(STEM, f"{pair}_first"), recorded.text(STEM, f"{pair}_second")
        measure, sure = recorded.measure(STEM, f"{pair}_{key}"), recorded.flag(STEM, f"{pair}_{key}_sure")
        more = f"{pair}_{'clips' if key == 'recall' else 'respondents'}_needed"
        needed = recorded.quoted(STEM, more), recorded.number(STEM, more) or 0.0
        if measure is not None and chosen == first:
            rivals.append(_Rival(second, measure, sure, *needed))
        elif measure is not None and chosen == second:
            value, low, high = (2 * middle - end for end in (measure.value, measure.high, measure.low))
            rivals.append(_Rival(first, Measure(value, low, high, measure.n, measure.unit), sure, *needed))
    return sorted(rivals, key=lambda rival: rival.measure.low)


def _numbers(recorded: Recorded, count: str) -> range:
    return range(1, int(recorded.number(STEM, count) or 0) + 1)


def _note(recorded: Recorded) -> str:
    sentences = []
    if recorded.flag(STEM, "stand_in"):
        blind = ""
        if recorded.flag(STEM, "unseen_perturbation"):
            blind = " and is not shown to rank true captions above every kind of false ones"
        sentences.append(f"TMR stands in for a video-text model: it encodes the motion, sees no video{blind}.")
    ballots, clips = (recorded.quoted(STEM, name) for name in ("ballots", "items"))
    if ballots and clips:
        sentences.append(f"N of ballots are respondents, who filled in {ballots} on {clips} clips.")
    return " ".join(sentences)
