"""Third question: is the chosen captioner the best one?"""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.metrics.decision import Relation, against_all, all_of, relation
from lib.metrics.intervals import Measure, number, span
from lib.sections.answers import Answer, Bounds, Part, Reason, Recorded
from lib.sections.captioners.parameters import Captioners

STEM = "03_captioner_comparison"


@dataclass(frozen=True)
class _Rival:
    """The chosen captioner against another one by one measure.

    Args:
        name: the other captioner.
        measure: the difference to it, or how often the chosen one is preferred to it.
        sure: whether the test, corrected for all pairs, distinguishes the two.
    """

    name: str
    measure: Measure
    sure: bool

    def relation(self, middle: float, margin: float) -> Relation:
        """What the measure and the test say together: the test decides, but not on a difference that is none."""
        value, low, high = (end - middle for end in (self.measure.value, self.measure.low, self.measure.high))
        by_interval = relation(value, low, high, margin)
        return by_interval if self.sure or by_interval == "no difference" else "not shown"


def answer(recorded: Recorded, bounds: Bounds, parameters: Captioners) -> Answer:
    """Better than every other captioner on retrieval, and preferred to every other one by people.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Captioners()).verdict
        'not answered'
    """
    chosen = bounds.findings.captioner or recorded.text(STEM, "preferred") or recorded.text(STEM, "leader")
    lacking = _lacking(recorded, chosen)
    parts = [part(recorded, bounds, chosen, lacking) for part in (_on_retrieval, _with_people)]
    who = f"“{chosen}”, the chosen captioner," if chosen else "the chosen captioner"
    return Answer(
        key="captioner",
        question=f"Is {who} the best one?",
        verdict=all_of([part.outcome for part in parts]),
        rule="Yes when both parts are; in part when one is.",
        parts=parts,
        note=_note(recorded),
    )


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
    name = "On retrieval"
    rule = (
        "Higher video-to-text R@1 than every other captioner, distinguished by McNemar’s test with Holm’s correction; "
        f"an interval within {number(margin, 0)} points of zero is no difference."
    )
    rivals = [
        _Rival(rival, -measure if turned else measure, sure)
        for rival, measure, sure, turned in _pairs(recorded, "recall", chosen)
    ]
    if lacking or not rivals:
        why = lacking or recorded.text(STEM, "no_comparison") or "no vectors to retrieve by"
        return Part.unmeasured(name, rule, why)
    link = recorded.link(STEM, "fig-differences", "differences.png")
    measured = f"of R@1 of “{chosen}” against"
    return _part(name, rule, rivals, middle=0, margin=margin, measured=measured, counted="test clips", link=link)


def _with_people(recorded: Recorded, bounds: Bounds, chosen: str, lacking: str) -> Part:
    margin = bounds.findings.no_difference
    name = "With people"
    rule = (
        "Ranked above every other captioner more often than not, distinguished by a test over respondents with Holm’s "
        f"correction; an interval within {span(50 - 100 * margin, 50 + 100 * margin, 0)} % is no difference."
    )
    rivals = [
        _Rival(rival, _opposite(measure) if turned else measure, sure)
        for rival, measure, sure, turned in _pairs(recorded, "preferred", chosen)
    ]
    if lacking or not rivals:
        return Part.unmeasured(name, rule, lacking or recorded.text(STEM, "no_survey") or "no survey")
    link = recorded.link(STEM, "tbl-pairs", "pairs.html")
    measured = f"of ballots rank “{chosen}” above"
    return _part(name, rule, rivals, middle=0.5, margin=margin, measured=measured, counted="respondents", link=link)


def _part(
    name: str,
    rule: str,
    rivals: Sequence[_Rival],
    *,
    middle: float,
    margin: float,
    measured: str,
    counted: str,
    link: str,
) -> Part:
    closest = sorted(rivals, key=lambda rival: rival.measure.low)
    relations = [rival.relation(middle, margin) for rival in closest]
    reasons = [
        Reason.of(rival.measure, f"{measured} “{rival.name}”", counted=counted, said=said, link=link)
        for rival, said in zip(closest, relations, strict=True)
    ]
    return Part(name=name, rule=rule, outcome=against_all(relations), measures=reasons)


def _pairs(recorded: Recorded, measure: str, chosen: str) -> list[tuple[str, Measure, bool, bool]]:
    """The recorded pairs with the chosen captioner: its rival, the measure, the test, whether the rival comes first."""
    pairs = []
    for key in (f"pair_{index}" for index in _numbers(recorded, "pairs")):
        first, second = recorded.text(STEM, f"{key}_first"), recorded.text(STEM, f"{key}_second")
        value = recorded.measure(STEM, f"{key}_{measure}")
        if value is not None and chosen in (first, second):
            sure = recorded.flag(STEM, f"{key}_{measure}_sure")
            pairs.append((second if chosen == first else first, value, sure, chosen != first))
    return pairs


def _numbers(recorded: Recorded, count: str) -> range:
    return range(1, int(recorded.number(STEM, count) or 0) + 1)


def _opposite(share: Measure) -> Measure:
    return Measure(1 - share.value, 1 - share.high, 1 - share.low, share.n, "share")


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
